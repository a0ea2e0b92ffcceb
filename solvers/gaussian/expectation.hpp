#pragma once
// Exact expectations of a Gaussian field on its own grid.

#include "solvers/gaussian/gaussian.hpp"
#include "solvers/gaussian/residual_moments.hpp"
#include "theory/expectation.hpp"
#include "theory/gaussian/gaussian_expectation.hpp"

namespace cascade::solvers {

/// Sums over the modes of the field's band with the power each mode has, oversampling and cut-offs included:
///   S_p = c_p S_2^(p/2) for every order and component, c_p = E |Z|^p; spectrum by shell; mean-square losses of degree
///   0, 1, 2; other loss powers c_q <v^(q/2)> with the residual variance v of residual_moments.hpp (scalar fields).
/// docs/theory.md (15), (16), (31), (34b). A vector's losses are known for q = 2 only.
class GaussianExpectation final : public theory::Expectation {
public:
  /// Collective: the residual variances are of field size. `losses` says which of them will be needed.
  GaussianExpectation(const GaussianParameters& parameters, const core::Decomposition& decomposition,
                      const core::Communicator& communicator, const theory::ExpectedLosses& losses);
  bool stationary() const override { return true; }
  std::string name() const override { return "sum over the modes of the field"; }
  Values increment(const std::string& component, double order, std::span<const double> separations,
                   const theory::Activity* counts) const override;
  Values loss(double order, int degree, bool active, std::span<const double> sides,
              const theory::Activity* counts) const override;
  Values spectrum(const theory::Activity* counts) const override;
  Values cells(std::span<const double>) const override { return {}; }

private:
  core::Index in_points(double x) const;

  theory::PowerLawBand band_;
  double hurst_;
  int components_;
  double scale_; ///< of a scalar's or a component's power, so that its variance is 1
  std::vector<double> powers_;
  ResidualMoments residuals_;
};

} // namespace cascade::solvers
