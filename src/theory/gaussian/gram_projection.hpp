#pragma once
// Projection of a plane wave on the polynomials of a cell, along one axis.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cascade::theory {

/// For waves exp(i theta x) on x = 0..s-1 and the Gram polynomials g_j (degree j, mean over x of g_i g_j = delta_ij):
///   power_j = |mean_x g_j(x) exp(i theta x)|^2,   rest_j = 1 - power_0 - ... - power_j = sum_(i > j) power_i,
/// j = 0, 1, 2, both to a relative accuracy of about 1e-10 for any theta. With z = s theta/2 and sin(s u)/sin(u), u =
/// theta/2, the Dirichlet kernel, power_j comes from its derivatives for z > 1 and from its Taylor series for z <= 1.
class GramProjection {
public:
  explicit GramProjection(std::int64_t side);
  struct Parts {
    double power[3];
    double rest[3];
  };
  /// `cycles` = theta/(2 pi), folded into [-1/2, 1/2] by the caller.
  Parts parts(double cycles) const;
  /// Real c_j with mean_x g_j(x) exp(i theta x) = i^j c_j exp(i theta (s-1)/2); odd in theta for odd j.
  std::array<double, 3> amplitudes(double cycles) const;

private:
  static constexpr std::size_t degrees = 10, terms = 14; // enough for z <= 1
  std::array<double, degrees> near(double z) const;
  std::array<double, 3> far(double cycles) const;

  std::int64_t side_;
  std::vector<double>
      moments_; // [degree][term]: mean of g_j y^(j + 2 term), y = 2 x'/s, x' centred, over (j + 2 term)!
};

} // namespace cascade::theory
