#pragma once
// The measurement `mfdfa`: multifractal detrended fluctuation analysis of a line.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Of a series x_i (D = 1), with the profile Y_k = sum_(i<=k) (x_i - mean) cut into segments of s points from its start
/// and from its end, F^2 the mean square of Y about the least-squares polynomial of each segment:
///     F_q(s) = <(F^2)^(q/2)>^(1/q) ~ s^h(q),      F_0 = exp(<ln F^2>/2)
/// (Kantelhardt et al., Physica A 316 (2002) 87). Of a measure h(q) = (tau(q) + 1)/q, of increments of a process of
/// roughness H h(2) = H. Segments whose F vanishes are left out and counted; for q <= 0 they are a refusal, and so is a
/// series that is smooth in some of its shortest segments, where F ~ s^(degree + 1) is that of the polynomials. Scales
/// a quarter octave apart from `smallest` points up to a quarter of the line. Blocks: realisations, or sixteenths of a
/// line.
class MfdfaMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::vector<double> orders_{-5, -2, -1, 0, 1, 2, 5};
  std::int64_t degree_ =
      2; ///< straight trends leave .03 of h(q) of a binomial measure at 65536 points, parabolic ones .02
  std::int64_t smallest_ = 16;
};

std::optional<Predicted> mfdfa_law(const theory::Law& law, const Result& result);

} // namespace cascade::analysis
