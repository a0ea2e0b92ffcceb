#include "solvers/gaussian/residual_moments.hpp"

#include "core/grid/distributed_fft.hpp"
#include "core/grid/line_fft.hpp"
#include "theory/gaussian/gram_basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

namespace cascade::solvers {
namespace {

using core::Index;
using core::Index3;
using Complex = std::complex<double>;
using Powers3 = std::array<int, 3>; ///< degree of the polynomial along each array axis

constexpr Index gathered_points = Index{1} << 15; ///< separations (one octant) that every rank may hold
constexpr double lost = 1e-9;                     ///< v below this part of C(0) has fewer than six digits

/// Multi-indices of total degree `total` on the last `dimensions` axes.
std::vector<Powers3> of_degree(int dimensions, int total) {
  std::vector<Powers3> result;
  for (int a = 0; a <= (dimensions > 2 ? total : 0); ++a)
    for (int b = 0; a + b <= total && (b == 0 || dimensions > 1); ++b)
      if (const int c = total - a - b; dimensions > 1 || b == 0)
        result.push_back({a, b, c});
  return result;
}

/// The Gram polynomials of one side along one axis, and their transforms on n points.
struct Basis {
  std::vector<std::vector<double>> values; ///< [degree][x < side]
  std::vector<std::vector<Complex>> waves; ///< [degree][k <= n/2]
  Basis(Index side, Index n, int degree) {
    const int highest = static_cast<int>(std::min<Index>(degree, side - 1));
    const auto all = theory::GramBasis(side, highest).slice(0, side);
    const core::RealLineFft fft(n);
    for (int d = 0; d <= highest; ++d) {
      values.emplace_back(all.begin() + d * side, all.begin() + (d + 1) * side);
      std::vector<double> line(static_cast<std::size_t>(n), 0.0);
      std::copy(values.back().begin(), values.back().end(), line.begin());
      fft.forward(line.data(), waves.emplace_back(static_cast<std::size_t>(n / 2 + 1)).data());
    }
  }
  Complex wave(int degree, Index k) const {
    const Complex w = waves[static_cast<std::size_t>(degree)][static_cast<std::size_t>(std::abs(k))];
    return k < 0 ? std::conj(w) : w;
  }
  double at(int degree, Index x) const { return values[static_cast<std::size_t>(degree)][static_cast<std::size_t>(x)]; }
};

/// Covariances on one grid: the field's own, or a box of twice the cell's side.
class Convolver {
public:
  Convolver(const core::Decomposition& decomposition, const core::Communicator& communicator)
      : communicator_(communicator), fft_(decomposition, communicator), out_(decomposition, communicator.rank()) {}
  const core::Domain& domain() const { return out_.domain(); }
  const core::Decomposition& decomposition() const { return out_.decomposition(); }
  const core::Communicator& communicator() const { return communicator_; }
  std::vector<double>& spectrum() { return spectrum_; } ///< P(k) on this rank's modes, times the number of points

  /// sum_k P(k) factor(k) exp(2 pi i k.x): collective.
  template <class Factor>
  const core::RealField& convolve(const Factor& factor) {
    core::SpectralField modes(decomposition(), communicator_.rank());
    const auto values = modes.component(0);
    for_each_mode([&](std::size_t at, Index a, Index b, Index c) { values[at] = spectrum_[at] * factor(a, b, c); });
    fft_.backward(modes, out_);
    return out_;
  }
  /// visit(place in the array, wavenumbers).
  template <class Visit>
  void for_each_mode(const Visit& visit) const {
    const core::Box box = decomposition().spectral_box(communicator_.rank());
    std::size_t at = 0;
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k, ++at)
          visit(at, domain().wavenumber(0, i), domain().wavenumber(1, j), k);
  }
  void set_spectrum(const GridPower& power) {
    const auto points = static_cast<double>(domain().total_points());
    spectrum_.resize(static_cast<std::size_t>(decomposition().spectral_box(communicator_.rank()).size()));
    for_each_mode([&](std::size_t at, Index a, Index b, Index c) { spectrum_[at] = points * power(a, b, c); });
  }
  /// The same from covariances: C even along every axis, given for separations 0 .. side-1 and taken as zero beyond.
  void set_covariance(const std::vector<double>& octant, Index side) {
    core::RealField c(decomposition(), communicator_.rank());
    const core::Box& box = c.box();
    std::size_t at = 0;
    const auto fold = [&](Index i, int axis) {
      return domain().shape()[static_cast<std::size_t>(axis)] > 1 ? std::min(i, domain().points() - i) : 0;
    };
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k, ++at) {
          const Index a = fold(i, 0), b = fold(j, 1), d = fold(k, 2);
          const bool known = a < side && b < side && d < side;
          const Index rows = domain().dimensions() > 1 ? side : 1;
          c.component(0)[at] = known ? octant[static_cast<std::size_t>((a * rows + b) * side + d)] : 0.0;
        }
    core::SpectralField modes(decomposition(), communicator_.rank());
    fft_.forward(c, modes);
    spectrum_.clear();
    for (const Complex& m : modes.component(0))
      spectrum_.push_back(m.real()); // even, hence real
  }

private:
  const core::Communicator& communicator_;
  core::DistributedFft fft_;
  core::RealField out_;
  std::vector<double> spectrum_;
};

/// One size of cell on one grid.
class Cell {
public:
  Cell(Convolver& grid, Index side, int degree, double variance)
      : grid_(grid), side_(side), basis_(side, grid.domain().points(), degree), variance_(variance) {
    const core::Box& box = grid.decomposition().real_box(grid.communicator().rank());
    core::Box corner;
    for (int a = 0; a < 3; ++a)
      corner.end[static_cast<std::size_t>(a)] = a < grid.domain().first_axis() ? 1 : side;
    part_ = corner.intersect(box);
    box_ = box;
    base_.assign(static_cast<std::size_t>(part_.size()), variance);
  }

  /// Takes in all polynomials of this total degree, the degrees below having been taken.
  void add_degree(int degree) {
    for (const Powers3& p : of_degree(grid_.domain().dimensions(), degree)) {
      terms_.push_back(p);
      const auto factor = [&](Index a, Index b, Index c) {
        Complex w = basis_.wave(p[2], c);
        if (grid_.domain().dimensions() > 1)
          w *= basis_.wave(p[1], b);
        if (grid_.domain().dimensions() > 2)
          w *= basis_.wave(p[0], a);
        return w;
      };
      project(grid_.convolve(factor));
    }
  }

  /// Means over the cell of v^(q/2). Collective.
  std::vector<double> means(const std::vector<double>& powers) const {
    std::vector<core::ExactSum> sums(powers.size() + 1);
    for_each_line([&](Index i, Index j, std::size_t first) {
      std::vector<double> part(sums.size(), 0.0);
      const auto g = along(i, j);
      for (Index k = part_.begin[2]; k < part_.end[2]; ++k) {
        const double v = std::max(residual(g, k, base_[first + static_cast<std::size_t>(k - part_.begin[2])]), 0.0);
        part.back() += v;
        for (std::size_t q = 0; q < powers.size(); ++q)
          part[q] += powers[q] == 4 ? v * v : std::pow(v, 0.5 * powers[q]);
      }
      for (std::size_t q = 0; q < part.size(); ++q)
        sums[q].add(part[q]);
    });
    grid_.communicator().sum(sums);
    const double points = std::pow(static_cast<double>(side_), grid_.domain().dimensions());
    std::vector<double> result;
    for (std::size_t q = 0; q < powers.size(); ++q)
      result.push_back(sums.back().value() / points > lost * variance_ ? sums[q].value() / points : std::nan(""));
    return result;
  }

private:
  template <class Visit>
  void for_each_line(const Visit& visit) const {
    std::size_t first = 0;
    for (Index i = part_.begin[0]; i < part_.end[0]; ++i)
      for (Index j = part_.begin[1]; j < part_.end[1]; ++j, first += static_cast<std::size_t>(part_.extent(2)))
        visit(i, j, first);
  }
  /// Product of the terms' factors along axes 0 and 1 on the line (i, j).
  std::vector<double> along(Index i, Index j) const {
    std::vector<double> g;
    const int D = grid_.domain().dimensions();
    for (const Powers3& p : terms_)
      g.push_back((D > 2 ? basis_.at(p[0], i) : 1) * (D > 1 ? basis_.at(p[1], j) : 1));
    return g;
  }
  double residual(const std::vector<double>& g, Index k, double base) const {
    double v = base;
    for (std::size_t a = 0; a < terms_.size(); ++a) {
      double other = 0;
      for (std::size_t b = 0; b < terms_.size(); ++b)
        other += inner_[a][b] * g[b] * basis_.at(terms_[b][2], k);
      v += g[a] * basis_.at(terms_[a][2], k) * other;
    }
    return v;
  }
  /// base -= 2 g_b G_b, and the inner products of G_b with all g_a so far.
  void project(const core::RealField& smoothed) {
    const std::size_t count = terms_.size();
    std::vector<core::ExactSum> inner(count);
    for_each_line([&](Index i, Index j, std::size_t first) {
      const auto g = along(i, j);
      const auto line = smoothed.line(0, i - box_.begin[0], j - box_.begin[1]);
      std::vector<double> part(count, 0.0);
      for (Index k = part_.begin[2]; k < part_.end[2]; ++k) {
        const double G = line[static_cast<std::size_t>(k - box_.begin[2])];
        for (std::size_t a = 0; a < count; ++a)
          part[a] += g[a] * basis_.at(terms_[a][2], k) * G;
        base_[first + static_cast<std::size_t>(k - part_.begin[2])] -=
            2 * g[count - 1] * basis_.at(terms_.back()[2], k) * G;
      }
      for (std::size_t a = 0; a < count; ++a)
        inner[a].add(part[a]);
    });
    grid_.communicator().sum(inner);
    inner_.emplace_back();
    for (auto& row : inner_)
      row.resize(count);
    for (std::size_t a = 0; a < count; ++a) // C is symmetric
      inner_[a][count - 1] = inner_[count - 1][a] = inner[a].value();
  }

  Convolver& grid_;
  Index side_;
  Basis basis_;
  double variance_;
  core::Box box_, part_;
  std::vector<double> base_;
  std::vector<Powers3> terms_;
  std::vector<std::vector<double>> inner_;
};

/// C at separations 0 .. side-1 along each axis, on every rank. Collective.
std::vector<double> covariance_octant(Convolver& grid, Index side) {
  const core::RealField& c = grid.convolve([](Index, Index, Index) { return Complex(1); });
  const core::Box& box = c.box();
  const int D = grid.domain().dimensions();
  const Index planes = D > 2 ? side : 1, rows = D > 1 ? side : 1;
  std::vector<double> own; // place, value
  for (Index i = box.begin[0]; i < std::min(box.end[0], planes); ++i)
    for (Index j = box.begin[1]; j < std::min(box.end[1], rows); ++j)
      for (Index k = box.begin[2]; k < std::min(box.end[2], side); ++k) {
        own.push_back(static_cast<double>((i * rows + j) * side + k));
        own.push_back(c.line(0, i - box.begin[0], j - box.begin[1])[static_cast<std::size_t>(k - box.begin[2])]);
      }
  const auto all = grid.communicator().gather_all(std::span<const double>(own));
  std::vector<double> octant(static_cast<std::size_t>(planes * rows * side));
  for (std::size_t n = 0; n < all.size(); n += 2)
    octant[static_cast<std::size_t>(all[n])] = all[n + 1];
  return octant;
}

} // namespace

ResidualMoments residual_moments(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                 const GridPower& power, int highest_degree, const std::vector<double>& powers) {
  const core::Domain& domain = decomposition.domain();
  const int D = domain.dimensions();
  Convolver whole(decomposition, communicator);
  whole.set_spectrum(power);
  Index gathered = 1; // largest side whose separations are gathered; below half the box, whose ends meet
  while (std::pow(2.0 * static_cast<double>(gathered), D) <= static_cast<double>(gathered_points) &&
         4 * gathered <= domain.points() / 2)
    gathered *= 2;
  std::vector<Index> sides;
  for (Index side = domain.points() / 2, n = domain.points(); n % 2 == 0 && side >= 2; n = side, side /= 2)
    sides.push_back(side);
  Index small = 0; // the largest side that fits
  for (const Index side : sides)
    if (side <= gathered)
      small = std::max(small, side);
  const auto octant = covariance_octant(whole, std::max<Index>(small, 1));
  const double variance = octant.front();

  ResidualMoments result;
  const core::Communicator self = core::Communicator::self();
  const auto measure = [&](Convolver& grid, Index side) {
    const int degrees = static_cast<int>(std::min<Index>(highest_degree, side - 2));
    Cell cell(grid, side, degrees, variance);
    for (int degree = 0; degree <= degrees; ++degree) {
      cell.add_degree(degree);
      result.mean[{side, degree}] = cell.means(powers);
    }
  };
  for (const Index side : sides) {
    if (side > small) {
      measure(whole, side);
      continue;
    }
    Convolver local(core::Decomposition(core::Domain(D, 2 * side), 1), self);
    std::vector<double> near; // separations below this side
    for (Index i = 0; i < (D > 2 ? side : 1); ++i)
      for (Index j = 0; j < (D > 1 ? side : 1); ++j)
        for (Index k = 0; k < side; ++k)
          near.push_back(octant[static_cast<std::size_t>((i * (D > 1 ? small : 1) + j) * small + k)]);
    local.set_covariance(near, side);
    measure(local, side);
  }
  return result;
}

core::MemoryParts residual_moments_memory(const core::Decomposition& decomposition, int highest_degree) {
  const core::Domain& domain = decomposition.domain();
  double smoothed = 0, modes = 0, part = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const core::Box box = decomposition.real_box(rank);
    core::Box corner; // the largest cell, half the box a side
    for (int a = 0; a < 3; ++a)
      corner.end[static_cast<std::size_t>(a)] = a < domain.first_axis() ? 1 : domain.points() / 2;
    smoothed = std::max(smoothed, static_cast<double>(box.size()));
    modes = std::max(modes, static_cast<double>(decomposition.spectral_box(rank).size()));
    part = std::max(part, static_cast<double>(corner.intersect(box).size()));
  }
  const auto waves = static_cast<double>((highest_degree + 1) * (domain.points() + 4));
  return core::together({{"covariances", sizeof(double) * (smoothed + modes)},
                         {"modes of the covariances", sizeof(Complex) * modes},
                         {"residuals of the largest cell", sizeof(double) * (part + 2 * waves)}},
                        core::DistributedFft::memory(decomposition, false));
}

} // namespace cascade::solvers
