#pragma once
// The measurement `increment_moments`: skewness and flatness of increments against their separation, on the grid.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// With d = f(x + r e_a) - f(x), averaged over x and the axes a (of a vector longitudinal and transverse apart):
///   S(r) = <d^3> / <d^2>^(3/2),      F(r) = <d^4> / <d^2>^2,
/// 0 and 3 for a Gaussian field. F ~ r^(zeta_4 - 2 zeta_2): a field whose activity fades with scale is the more
/// intermittent the closer one looks. Reference: U. Frisch, Turbulence (1995), section 8.2.
///
/// The exponent of F is zeta_4 - 2 zeta_2 of the field's own finite-size curves where there are any, else the slope of
/// F. Tables "square", "cube", "fourth" (of a vector with "/<component>"): <d^2>, <d^3>, <d^4>, x = r; blocks as those
/// of structure functions. Derived: "skewness", "flatness". Results "skewness", the mean of S over the scales fitted,
/// and "flatness", the exponent of F.
class IncrementMomentsMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::int64_t separations_per_octave_ = 1;
};

/// Skewness 0 where a reflection turns an increment into its opposite (scalars, transverse components); flatness
/// zeta_4 - 2 zeta_2.
std::optional<Predicted> increment_moments_law(const theory::Law& law, const Result& result);
/// The same for S; F from the exact <d^4> and <d^2>. Increments with <d^4> = 3 <d^2>^2 and <d^6> = 15 <d^2>^3 at every
/// separation are taken for those of a Gaussian field, which are symmetric.
Expected expected_increment_moments(const theory::Expectation& expectation, const Result& result,
                                    const BlockTable& table, const theory::Activity* counts);
/// Single separations with enough cells of that size, evenly spread.
std::vector<Combination> tested_separations(const Subject& subject, const BlockTable& table,
                                            const std::vector<double>& expected, std::size_t most);

} // namespace cascade::analysis
