#pragma once
// The measurement `increment_pdf`: how increments are distributed at each separation, on the grid.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// With d = f(x + r e_a) - f(x) over points x and axes a (of a vector longitudinal and transverse apart) and s(r) the
/// root of <d^2> of realisation 0: the density p(d/s), int p = 1, in bins of equal width up to +-reach; increments
/// beyond are counted, in the lowest and the highest bin. A Gaussian field has the normal density at every r; tails
/// that widen towards small r are intermittency. Reference: U. Frisch, Turbulence (1995), section 8.2. Tables
/// "pdf/<kind>/<r in points>": x = bin centre in units of s, mean = density; "deviation/<kind>": s by r.
/// "moment/<kind>/<n>": <d^n>, n = 2 ... 6, x = r. results.h5: /increment_pdf. Results "increment_flatness/<kind>/<r in
/// points>": <d^4>/<d^2>^2 at the smallest, a middle and the largest r, with the density there for curve; the exponents
/// of the moments are those of structure_function and increment_moments.
class IncrementPdfMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  bool wants_pilot() const override { return true; }
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void datasets(const Subject& subject, View view, const Tables& tables, Datasets& all) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::int64_t bins_ = 201;
  double reach_ = 10;
  std::int64_t separations_per_octave_ = 1;
};

} // namespace cascade::analysis
