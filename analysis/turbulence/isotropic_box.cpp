#include "analysis/turbulence/isotropic_box.hpp"

#include "analysis/spectrum/spectrum.hpp"
#include "core/sums/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

constexpr double first_wide_band = 3.5; ///< |k| L; below it waves of one length alone are a band
constexpr double smooth_from = 64;      ///< |k| L; a band one wave wide is narrow beyond

/// Bands of |k| L, L the longest side.
class WaveBands {
public:
  explicit WaveBands(const core::Domain& domain) : domain_(domain) {
    for (int axis = domain.first_axis(); axis < 3; ++axis)
      ratio_[static_cast<std::size_t>(axis)] = domain.longest() / domain.length(axis);
    std::array<Index, 3> most{};
    for (std::size_t a = 0; a < 3; ++a)
      most[a] = std::min(domain.points(static_cast<int>(a)) / 2, static_cast<Index>(first_wide_band / ratio_[a]));
    for (Index i = 0; i <= most[0]; ++i)
      for (Index j = 0; j <= most[1]; ++j)
        for (Index k = 0; k <= most[2]; ++k)
          if (const double length = (*this)(i, j, k); length > 0 && length < first_wide_band)
            single_.push_back(length);
    std::sort(single_.begin(), single_.end());
    const auto same = [](double a, double b) { return b - a < tolerance; };
    single_.erase(std::unique(single_.begin(), single_.end(), same), single_.end());
  }
  double operator()(Index i, Index j, Index k) const {
    const double x = static_cast<double>(i) * ratio_[0], y = static_cast<double>(j) * ratio_[1],
                 z = static_cast<double>(k) * ratio_[2];
    return std::sqrt(x * x + y * y + z * z);
  }
  std::size_t count() const {
    const double corner = (*this)(domain_.points(0) / 2, domain_.points(1) / 2, domain_.points(2) / 2);
    return corner < first_wide_band ? single_.size() : of(corner) + 1;
  }
  /// Not of the wave zero.
  std::size_t of(double length) const {
    if (length >= first_wide_band)
      return single_.size() + static_cast<std::size_t>(std::lround(length) - std::lround(first_wide_band));
    return static_cast<std::size_t>(std::lower_bound(single_.begin(), single_.end(), length - tolerance) -
                                    single_.begin());
  }

private:
  static constexpr double tolerance = 1e-9;
  const core::Domain& domain_;
  std::array<double, 3> ratio_{1, 1, 1};
  std::vector<double> single_;
};

double signs_of(Index points, Index wave) {
  return wave == 0 || 2 * wave == points ? 1 : 2;
}

/// Calls visit(waves along each axis, how many waves differ from them by signs alone) for all but the wave zero.
template <class Visit>
void each_wave(const core::Domain& domain, Visit visit) {
  std::array<Index, 3> m{};
  for (m[0] = 0; m[0] <= domain.points(0) / 2; ++m[0])
    for (m[1] = 0; m[1] <= domain.points(1) / 2; ++m[1])
      for (m[2] = 0; m[2] <= domain.points(2) / 2; ++m[2])
        if (m[0] + m[1] + m[2] > 0)
          visit(m,
                signs_of(domain.points(0), m[0]) * signs_of(domain.points(1), m[1]) * signs_of(domain.points(2), m[2]));
}

/// Powers of |k| within the bands, from one neighbour to the other.
std::vector<double> powers_within(const core::Domain& domain, const WaveBands& bands,
                                  const std::vector<double>& energy) {
  std::vector<double> waves(energy.size(), 0.0), length(energy.size(), 0.0), power(energy.size(), 0.0);
  each_wave(domain, [&](const std::array<Index, 3>& m, double copies) {
    const double size = bands(m[0], m[1], m[2]);
    const std::size_t band = bands.of(size);
    waves[band] += copies;
    length[band] += copies * size;
  });
  for (std::size_t b = 1; b + 1 < energy.size(); ++b) {
    const std::size_t before = b - 1, after = b + 1;
    if (!(energy[before] > 0 && energy[after] > 0 && waves[before] > 0 && waves[after] > 0))
      continue;
    const double ratio = energy[after] / waves[after] / (energy[before] / waves[before]);
    const double apart = length[after] / waves[after] / (length[before] / waves[before]);
    power[b] = std::clamp(std::log(ratio) / std::log(apart), -12.0, 12.0);
  }
  return power;
}

} // namespace

bool IsotropicBox::suits(const core::Domain& domain) {
  constexpr double most = 1 << 18; // bands
  if (domain.dimensions() == 1 || !(domain.longest() / domain.spacing(2) < most))
    return false;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    if (!domain.periodic(axis) || std::abs(domain.spacing(axis) / domain.spacing(2) - 1) > 1e-9)
      return false;
  return true;
}

IsotropicBox::IsotropicBox(const core::Domain& domain, const std::vector<double>& energy, const std::vector<double>& r)
    : lengths_(r.size()), along_(energy.size() * r.size(), 0.0), across_(energy.size() * r.size(), 0.0) {
  const WaveBands bands(domain);
  const std::vector<double> power = powers_within(domain, bands, energy);
  const int dimensions = domain.dimensions();
  const bool alike = domain.cube(); // along every axis
  std::vector<double> total(energy.size(), 0.0);
  // By the plane of waves with as many along the axis, for which 1 - cos(2 pi k_a r) is one number.
  std::vector<double> plane_along(energy.size()), plane_all(energy.size());
  for (int axis = alike ? 2 : domain.first_axis(); axis < 3; ++axis) {
    std::array<int, 3> turn{0, 1, 2}; // the axis is the slowest here, so that a plane ends before the next begins
    std::swap(turn[0], turn[static_cast<std::size_t>(axis)]);
    const auto half = [&](int place) { return domain.points(turn[static_cast<std::size_t>(place)]) / 2; };
    for (Index a = 0; a <= half(0); ++a) {
      std::fill(plane_along.begin(), plane_along.end(), 0.0);
      std::fill(plane_all.begin(), plane_all.end(), 0.0);
      for (Index b = 0; b <= half(1); ++b)
        for (Index c = 0; c <= half(2); ++c) {
          if (a + b + c == 0)
            continue;
          std::array<Index, 3> m{};
          m[static_cast<std::size_t>(turn[0])] = a;
          m[static_cast<std::size_t>(turn[1])] = b;
          m[static_cast<std::size_t>(turn[2])] = c;
          const double size = bands(m[0], m[1], m[2]);
          const std::size_t band = bands.of(size);
          const double copies =
              signs_of(domain.points(0), m[0]) * signs_of(domain.points(1), m[1]) * signs_of(domain.points(2), m[2]);
          const double share = copies * (size < smooth_from && power[band] != 0 ? std::pow(size, power[band]) : 1.0);
          const double part = static_cast<double>(a) * domain.longest() / domain.length(axis) / size;
          plane_all[band] += share;
          plane_along[band] += share * (1 - part * part) / (dimensions - 1);
        }
      std::vector<double> moved(lengths_);
      for (std::size_t i = 0; i < lengths_; ++i)
        moved[i] = 2 - 2 * std::cos(2 * std::numbers::pi * static_cast<double>(a) * r[i] / domain.length(axis));
      for (std::size_t band = 0; band < energy.size(); ++band) {
        if (!(plane_all[band] > 0))
          continue;
        total[band] += plane_all[band];
        const double across = (plane_all[band] - plane_along[band]) / (dimensions - 1);
        for (std::size_t i = 0; i < lengths_; ++i) {
          along_[band * lengths_ + i] += plane_along[band] * moved[i];
          across_[band * lengths_ + i] += across * moved[i];
        }
      }
    }
  }
  for (std::size_t band = 0; band < energy.size(); ++band)
    for (std::size_t i = 0; total[band] > 0 && i < lengths_; ++i) {
      along_[band * lengths_ + i] /= total[band];
      across_[band * lengths_ + i] /= total[band];
    }
}

IsotropicBox::Increments IsotropicBox::increments(const std::vector<double>& energy) const {
  Increments sum{std::vector<double>(lengths_, 0.0), std::vector<double>(lengths_, 0.0)};
  for (std::size_t band = 0; band < energy.size(); ++band)
    for (std::size_t i = 0; i < lengths_; ++i) {
      sum.along[i] += energy[band] * along_[band * lengths_ + i];
      sum.across[i] += energy[band] * across_[band * lengths_ + i];
    }
  return sum;
}

namespace {

/// Energies of a wave by component, those without a component zero.
struct Wave {
  std::array<Index, 3> m{};          ///< waves along each axis, without signs
  std::array<double, 3> component{}; ///< |u_a|^2 along axis a
  double energy = 0;
  double copies = 1; ///< 2: it stands for its conjugate, too
};

/// This rank's waves but the wave zero.
template <class Visit>
void each_own_wave(const core::SpectralField& modes, Visit visit) {
  const core::Domain& domain = modes.domain();
  const core::Box& box = modes.box();
  const auto points = static_cast<double>(domain.total_points());
  const int first = domain.first_axis();
  std::size_t at = 0;
  for (Index i = box.begin[0]; i < box.end[0]; ++i)
    for (Index j = box.begin[1]; j < box.end[1]; ++j)
      for (Index k = box.begin[2]; k < box.end[2]; ++k, ++at) {
        Wave wave{{std::abs(domain.wavenumber(0, i)), std::abs(domain.wavenumber(1, j)), k}, {}, 0, 1};
        if (wave.m[0] + wave.m[1] + wave.m[2] == 0)
          continue;
        for (int c = 0; c < modes.components(); ++c)
          wave.energy += wave.component[static_cast<std::size_t>(first + c)] =
              std::norm(modes.component(c)[at]) / (points * points);
        wave.copies = signs_of(domain.points(2), k);
        visit(wave);
      }
}

} // namespace

BlockTable wave_energies(const core::SpectralField& velocity, const core::Communicator& communicator) {
  const WaveBands bands(velocity.domain());
  std::vector<ExactSum> sums(bands.count());
  each_own_wave(velocity, [&](const Wave& wave) {
    sums[bands.of(bands(wave.m[0], wave.m[1], wave.m[2]))].add(wave.copies * wave.energy);
  });
  communicator.sum(std::span<ExactSum>(sums));
  BlockTable table{{}, {{}}, {{}}, {}};
  for (std::size_t band = 0; band < sums.size(); ++band) {
    table.x.push_back(static_cast<double>(band));
    table.sum[0].push_back(sums[band].value());
  }
  table.weight[0].assign(sums.size(), 1.0);
  table.count.assign(sums.size(), 1.0);
  return table;
}

BlockTable wave_scatter(const core::SpectralField& velocity, const core::Communicator& communicator,
                        const std::vector<double>& energy, const std::vector<double>& r,
                        const std::vector<double>& along, const std::vector<double>& across) {
  const core::Domain& domain = velocity.domain();
  const int dimensions = domain.dimensions();
  const WaveBands bands(domain);
  const std::vector<double> power = powers_within(domain, bands, energy);
  std::array<std::vector<double>, 3> of_along, of_across; // weights of a wave by its number of waves along an axis
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    for (Index m = 0; m <= domain.points(axis) / 2; ++m) {
      double first = 0, second = 0;
      for (std::size_t i = 0; i < r.size(); ++i) {
        const double moved =
            2 - 2 * std::cos(2 * std::numbers::pi * static_cast<double>(m) * r[i] / domain.length(axis));
        first += along[i] * moved / dimensions;
        second += across[i] * moved / (dimensions * (dimensions - 1));
      }
      of_along[static_cast<std::size_t>(axis)].push_back(first);
      of_across[static_cast<std::size_t>(axis)].push_back(second);
    }
  struct Share {
    std::size_t band;
    double share;  ///< of the energy of its band, times a number of the band
    double weight; ///< of its energy in f, its direction unknown
    double own;    ///< what it adds to f
  };
  const auto look = [&](const Wave& wave) {
    const double size = bands(wave.m[0], wave.m[1], wave.m[2]);
    Share share{bands.of(size), 1, 0, 0};
    if (size < smooth_from && power[share.band] != 0)
      share.share = std::pow(size, power[share.band]);
    for (int axis = domain.first_axis(); axis < 3; ++axis) {
      const auto a = static_cast<std::size_t>(axis), m = static_cast<std::size_t>(wave.m[a]);
      const double part = static_cast<double>(m) * domain.longest() / domain.length(axis) / size;
      const double expected = (1 - part * part) / (dimensions - 1);
      share.weight += of_along[a][m] * expected + of_across[a][m] * (1 - expected);
      share.own += of_along[a][m] * wave.component[a] + of_across[a][m] * (wave.energy - wave.component[a]);
    }
    return share;
  };
  std::vector<ExactSum> sums(2 * energy.size());
  each_own_wave(velocity, [&](const Wave& wave) {
    const Share s = look(wave);
    sums[2 * s.band].add(wave.copies * s.share);
    sums[2 * s.band + 1].add(wave.copies * s.share * s.weight);
  });
  communicator.sum(std::span<ExactSum>(sums));
  std::vector<double> shares(energy.size()), weights(energy.size());
  for (std::size_t band = 0; band < energy.size(); ++band)
    if (shares[band] = sums[2 * band].value(); shares[band] > 0)
      weights[band] = sums[2 * band + 1].value() / shares[band];
  std::vector<ExactSum> squares(2);
  each_own_wave(velocity, [&](const Wave& wave) {
    const Share s = look(wave);
    const double more = wave.energy - energy[s.band] * s.share / shares[s.band];
    const double adds = wave.copies * (more * (s.weight - weights[s.band]) + s.own - wave.energy * s.weight);
    const double square = adds * adds; // a wave on a face without conjugates of its own is there with its conjugate
    const double pairs = wave.copies > 1 ? 1 : 2;
    squares[0].add(pairs * square);
    squares[1].add(pairs * pairs * pairs * square * square);
  });
  communicator.sum(std::span<ExactSum>(squares));
  const std::vector<double> ones(2, 1.0);
  return {{0, 1}, {{squares[0].value(), squares[1].value()}}, {ones}, ones};
}

core::MemoryParts waves_memory(const core::Decomposition& decomposition, int components) {
  return spectrum_memory(decomposition, components);
}

} // namespace cascade::analysis
