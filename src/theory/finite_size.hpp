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
/// what was counted; d is not a parameter. Exact for order 2; what other orders assume is said by each family. Sides
/// and separations in grid points.
class FiniteSize {
public:
  virtual ~FiniteSize() = default;
  virtual std::string name() const = 0;
  /// Mean of |f - P|^order, P the least-squares polynomial of total degree <= degree on aligned cells, one value a
  /// side.
  virtual std::vector<double> loss(double hurst, double order, int degree, bool active,
                                   std::span<const std::int64_t> sides, const Activity& activity) const = 0;
  /// S_order(r) averaged over the axes.
  virtual std::vector<double> increment(double hurst, double order, std::span<const std::int64_t> separations,
                                        const Activity& activity) const = 0;
  /// The same of a vector's component along the separation ("longitudinal") or across it ("transverse"); a scalar has
  /// "" alone.
  virtual std::vector<double> component_increment(const std::string&, double hurst, double order,
                                                  std::span<const std::int64_t> separations,
                                                  const Activity& activity) const {
    return increment(hurst, order, separations, activity);
  }
  /// Whether the field is stationary: the curves are then those of cells with any origin.
  virtual bool stationary() const { return false; }
  /// Variance of the scales below the grid, were the family continued for ever; `decay` is the factor by which the
  /// active fraction falls from one level to the next.
  virtual double missing_variance(double hurst, const Activity& activity, double decay) const = 0;
  /// How much larger the active-set mean of |f - P|^order on cells of each side would be with all scales present.
  virtual std::vector<double> completion(double hurst, double order, int degree, std::span<const std::int64_t> sides,
                                         const Activity& activity, double decay) const = 0;
  /// Covariance of log E between the sides (degree >= 0) or separations (degree < 0) of order 2, measured on one field;
  /// empty when the family cannot tell. For another order multiply by order_factor().
  virtual std::vector<std::vector<double>> log_covariance(double, int, std::span<const std::int64_t>) const {
    return {};
  }
  /// (order/2)^2 where E_q is a power of E_2: what scatters is the large scales.
  virtual double order_factor(double order, int /*degree*/) const { return order * order / 4; }
};

} // namespace cascade::theory
