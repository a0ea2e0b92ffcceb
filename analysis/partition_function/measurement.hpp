#pragma once
// The measurement `partition_function`: tau(q) and D_q of a measure on a grid.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// With mu_c the integral of |f| over cell c of side s, the partition sums
///     Z_q(s) = sum over cells with mu_c > 0 of mu_c^q ~ s^tau(q),       D_q = tau(q)/(q - 1),
/// and D_1 the slope of sum mu_c log2 mu_c / sum mu_c (Halsey et al., Phys. Rev. A 33 (1986) 1141). Dyadic cells (of a
/// box that is no cube: DyadicGrid). Z_q is not divided by the total of a realisation, so that its mean over
/// realisations is annealed: E Z_q. f(alpha) is the Legendre transform of the fitted tau(q) (legendre.hpp). One block a
/// realisation. tau(q) is a slope of log2 Z_q over cells of `smallest_cell` points a side and more, half the box and
/// less; no q < 0 where a cell of that size is empty.
class PartitionFunctionMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::vector<double> orders_{-2, -1, 0, 0.5, 1, 2, 3, 4};
  std::int64_t smallest_cell_ = 1;
};

std::optional<Predicted> partition_function_law(const theory::Law& law, const Result& result);

} // namespace cascade::analysis
