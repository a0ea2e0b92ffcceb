#include "theory/gaussian/gaussian_covariance.hpp"

#include "theory/gaussian/gram_projection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace cascade::theory {
namespace {

using Index = std::int64_t;

constexpr Index nearest = 12; // images on either side

/// One wavenumber of a class along one axis: amplitudes of its projections for both cell sizes, and the angle between
/// the centres of the two kinds of cells.
struct Image {
  double square;
  double angle;
  std::array<double, 3> first, second;
};

struct AxisClass {
  double weight; // how many classes it stands for, mirror images included
  std::vector<Image> images;
};

/// The classes 0 .. modulus/2 of wavenumbers along an axis (one of each pair of mirror images), with their images in
/// the band. From 64 on, strata of a thirtieth of the wavenumber stand for themselves by their middle (odd widths have
/// one).
std::vector<AxisClass> axis_classes(const PowerLawBand& band, Index modulus, Index side1, Index side2) {
  const GramProjection projection1(side1), projection2(side2);
  const auto n = static_cast<double>(band.points());
  const Index last = modulus / 2;
  std::vector<AxisClass> result;
  for (Index k = 0, width = 1; k <= last; k += width) {
    width = std::min(1 + 2 * (k / 64), last + 1 - k);
    const Index middle = k + width / 2;
    const bool own_mirror = middle == 0 || 2 * middle == modulus;
    AxisClass c{static_cast<double>(width) * (own_mirror ? 1 : 2), {}};
    for (Index p = -nearest; p <= nearest; ++p) {
      const Index image = middle + p * modulus;
      if (std::abs(image) > band.largest())
        continue;
      const Index folded = image - band.points() * std::llround(static_cast<double>(image) / n);
      const double cycles = static_cast<double>(folded) / n;
      c.images.push_back({static_cast<double>(image) * static_cast<double>(image),
                          std::numbers::pi * cycles * static_cast<double>(side1 - side2),
                          projection1.amplitudes(cycles), projection2.amplitudes(cycles)});
    }
    result.push_back(std::move(c));
  }
  return result;
}

/// Powers (a0, a1, a2) with a0 + a1 + a2 <= degree on the axes that are there.
std::vector<std::array<std::size_t, 3>> multi_indices(int dimensions, int degree) {
  std::vector<std::array<std::size_t, 3>> result;
  const auto limit = static_cast<std::size_t>(degree);
  for (std::size_t a = 0; a <= (dimensions > 2 ? limit : 0); ++a)
    for (std::size_t b = 0; a + b <= (dimensions > 1 ? limit : a); ++b)
      for (std::size_t c = 0; a + b + c <= limit; ++c)
        result.push_back({a, b, c});
  return result;
}

/// Sums P u over the members of a class and the products P P' u.u' of different members on the way: positive terms plus
/// small ones, never the difference of two large sums. Cells of equal size have equal centres and need no angles.
class PairSum {
public:
  PairSum(int dimensions, int degree, bool equal)
      : indices_(multi_indices(dimensions, degree)), equal_(equal),
        sum_((equal ? 1 : 2) * indices_.size() * indices_.size(), 0.0), one_(sum_.size()), first_(indices_.size()),
        second_(indices_.size()) {}
  void restart() {
    std::fill(sum_.begin(), sum_.end(), 0.0);
    pairs_ = 0;
  }
  void add(const Image& a, const Image& b, const Image& c, double power) {
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      const auto& [p, q, r] = indices_[i];
      first_[i] = a.first[p] * b.first[q] * c.first[r];
      second_[i] = a.second[p] * b.second[q] * c.second[r];
    }
    const double angle = a.angle + b.angle + c.angle;
    const double cosine = equal_ ? power : power * std::cos(angle), sine = equal_ ? 0 : power * std::sin(angle);
    std::size_t at = 0;
    for (const double f : first_)
      for (const double s : second_)
        one_[at++] = f * s * cosine;
    for (std::size_t i = 0; !equal_ && i < first_.size(); ++i)
      for (const double s : second_)
        one_[at++] = first_[i] * s * sine;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      pairs_ += 2 * sum_[i] * one_[i];
      sum_[i] += one_[i];
    }
  }
  double pairs() const { return pairs_; } ///< sum over ordered pairs of different members

private:
  std::vector<std::array<std::size_t, 3>> indices_;
  bool equal_;
  std::vector<double> sum_, one_, first_, second_;
  double pairs_ = 0;
};

double orders(int dimensions, std::size_t a, std::size_t b, std::size_t c) {
  if (dimensions == 1)
    return 1;
  if (dimensions == 2)
    return b == c ? 1 : 2;
  return a == b && b == c ? 1 : (a == b || b == c ? 3 : 6);
}

double coupled_modes(const PowerLawBand& band, Index side1, Index side2, int degree, double hurst) {
  // Cells that do not tile the box (of 100 points 96 are covered) are taken for the nearest number that does.
  const Index cells1 = band.points() / side1, cells2 = band.points() / side2;
  const bool tiled = band.points() % side1 == 0 && band.points() % side2 == 0;
  const Index modulus = tiled ? std::lcm(cells1, cells2) : std::max(cells1, cells2);
  const auto axis = axis_classes(band, modulus, side1, side2);
  const AxisClass absent{1, {{0, 0, {1, 0, 0}, {1, 0, 0}}}};
  const int D = band.dimensions();
  PairSum sum(D, degree, side1 == side2);
  const auto of_class = [&](const AxisClass& a, const AxisClass& b, const AxisClass& c) {
    sum.restart();
    for (const Image& x : a.images)
      for (const Image& y : b.images)
        for (const Image& z : c.images)
          if (const double power = band.power(x.square + y.square + z.square, hurst); power > 0)
            sum.add(x, y, z, power);
    return sum.pairs();
  };
  double total = 0;
  for (std::size_t a = 0; a < (D > 2 ? axis.size() : 1); ++a)
    for (std::size_t b = 0; b < (D > 2 ? a + 1 : (D > 1 ? axis.size() : 1)); ++b)
      for (std::size_t c = 0; c < (D > 1 ? b + 1 : axis.size()); ++c) {
        const AxisClass& first = D > 2 ? axis[a] : absent;
        const AxisClass& second = D > 1 ? axis[b] : absent;
        total += first.weight * second.weight * axis[c].weight * orders(D, a, b, c) * of_class(first, second, axis[c]);
      }
  return 2 * total;
}

} // namespace

std::vector<std::vector<double>> cell_error_covariance(const PowerLawBand& band, std::span<const Index> sides,
                                                       int degree, double hurst) {
  std::vector<ShellWindow> windows;
  for (const Index side : sides)
    windows.push_back(band.cell_error(side, degree));
  std::vector<std::vector<double>> result(sides.size(), std::vector<double>(sides.size()));
  for (std::size_t i = 0; i < sides.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      result[i][j] = result[j][i] = band.diagonal_covariance(windows[i], windows[j], hurst) +
                                    (i - j <= 1 ? coupled_modes(band, sides[i], sides[j], degree, hurst) : 0.0);
  return result;
}

} // namespace cascade::theory
