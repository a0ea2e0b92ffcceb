#pragma once
// Finite-size curves of a Gaussian field with a power-law spectrum, as a family with h free.

#include "theory/finite_size.hpp"
#include "theory/gaussian/gaussian_expectation.hpp"

#include <map>
#include <utility>

namespace cascade::theory {

/// E_2(s; h) and S_2(r; h) are sums over the modes of the band (gaussian_expectation.hpp). They are smooth in h, so
/// each is kept as a Chebyshev series of its logarithm on lowest_hurst..highest_hurst (to 1e-9) and costs nothing to
/// evaluate. Other orders: an increment is a normal variable, S_p = c_p S_2^(p/2) exactly; a residual is normal with a
/// variance that depends on the position in its cell, whose pattern is nearly the same at every s: E_q = const
/// E_2^(q/2). Of a solenoidal vector: |f - P|^2 is the trace of its covariance, a scalar field's but for a factor, and
/// each component's increments are a family of their own; E_q = const E_2^(q/2) as before. log_covariance() of the
/// cells of a vector is 1/(D-1) of the scalar's, so many amplitudes does a mode have; that of increments is the
/// scalar's, which is exact in D = 2 and at most twice the true one in D = 3.
class GaussianFamily final : public FiniteSize {
public:
  static constexpr double lowest_hurst = 0.005, highest_hurst = 3.1;
  GaussianFamily(const PowerLawBand& band, int highest_degree, int components = 1);
  std::string name() const override { return "sum over the modes of the band"; }
  std::vector<double> loss(double hurst, double order, int degree, bool active, std::span<const std::int64_t> sides,
                           const Activity& activity) const override;
  std::vector<double> increment(double hurst, double order, std::span<const std::int64_t> separations,
                                const Activity& activity) const override;
  std::vector<double> component_increment(const std::string& component, double hurst, double order,
                                          std::span<const std::int64_t> separations,
                                          const Activity& activity) const override;
  bool stationary() const override { return true; }
  /// Sum of the power-law beyond the band, as an integral over |k|.
  double missing_variance(double hurst, const Activity& activity, double decay) const override;
  /// Factor by which the missing variance raises the mean of order 2, to the power order/2.
  std::vector<double> completion(double hurst, double order, int degree, std::span<const std::int64_t> sides,
                                 const Activity& activity, double decay) const override;
  /// gaussian_covariance.hpp for cells, PowerLawBand::diagonal_covariance for increments.
  std::vector<std::vector<double>> log_covariance(double hurst, int degree,
                                                  std::span<const std::int64_t> sides) const override;
  /// c_q = [Gamma(q + n/2) Gamma(n/2)/Gamma(q/2 + n/2)^2 - 1] n/2, n the components behind |v|^q: the covariance of log
  /// E_q is c_q times that of log E_2 or less. |v|^q of two Gaussian n-vectors with correlation rho has the relative
  /// covariance sum_m b_m rho^(2m), b_m >= 0, whose first term is q^2/4 that of |v|^2, and rho^(2m) <= rho^2. 16/3 for
  /// q = 4, n = 1, where the first term alone is 4.
  double order_factor(double order, int degree) const override;

private:
  using Series = std::vector<double>;
  Series series(const ShellWindow& window) const;
  static double evaluate(const Series& series, double hurst);

  PowerLawBand band_;
  int components_;
  std::map<std::pair<std::int64_t, int>, Series> losses_;
  std::map<std::int64_t, Series> increments_;
  std::map<std::pair<std::int64_t, bool>, Series> vector_increments_; ///< true: longitudinal
};

} // namespace cascade::theory
