#pragma once
// Exact second-order curves of a field on its own grid, with the roughness left free: what a finite box does to a power
// law.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cascade::theory {

/// Alive cells as counted in the field at hand.
struct Activity {
  std::vector<double> cells; ///< N_l, l = 0, 1, ... ; empty when the field fills space
};

/// A family of curves with one shape parameter, the Hurst exponent; amplitude 1. A fit of amplitude and h to a measured
/// curve takes out the finite-size distortion: no missing small scales, no last large eddy. Pure functions of h and of
/// what was counted; d is not a parameter. Sides and separations in grid points.
class FiniteSize {
public:
  virtual ~FiniteSize() = default;
  virtual std::string name() const = 0;
  /// Mean-square error of least-squares polynomials of total degree <= degree on aligned cells, one value a side.
  virtual std::vector<double> squared_loss(double hurst, int degree, bool active, std::span<const std::int64_t> sides,
                                           const Activity& activity) const = 0;
  /// S_2(r) averaged over the axes.
  virtual std::vector<double> squared_increment(double hurst, std::span<const std::int64_t> separations,
                                                const Activity& activity) const = 0;
  /// Variance of the scales below the grid, were the family continued for ever; `decay` is the factor by which the
  /// active fraction falls from one level to the next.
  virtual double missing_variance(double hurst, const Activity& activity, double decay) const = 0;
};

} // namespace cascade::theory
