#pragma once
// The measurement `spectrum`: energy of shells on the grid, and the slope of E(k).

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Table "energy": E(k) of bins of shells (spectrum_bins), x = mean |k|, count = modes; "error": its standard error,
/// where a single block has none of its own. One block a realisation.
class SpectrumMeasurement final : public Measurement {
public:
  std::vector<double> moments() const override { return {2}; }
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;
};

/// -(1 + zeta_2), where the law's spectrum is a power of k.
std::optional<Predicted> spectrum_law(const theory::Law& law, const Result& result);
Expected expected_spectrum(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                           const theory::Activity* counts);
/// Energy of octaves of shells with enough modes: a single shell of a line is one mode, an exponential variable.
std::vector<Combination> spectrum_octaves(const Subject& subject, const BlockTable& table,
                                          const std::vector<double>& expected, std::size_t most);

} // namespace cascade::analysis
