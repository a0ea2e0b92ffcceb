#pragma once
// The measurement `blind`: exponents of the grid that lean on nothing but the field, for the results of others.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Tables "energy" and "moment/<order>" (band_layout.hpp), with "tapered/" before them where the field is not periodic.
/// They keep their blocks however many realisations there are. find() makes the fits, and
/// Findings::blind carries zeta_q to whoever has an exponent of order q. A box that is no cube is cut into cubes
/// (cubes.hpp); one with different spacings, or with missing values, is not measured. For the orders that
/// Subject::moments asks for. Of a field that was given it has one result, "hurst": h = zeta_2/2, that of a field that
/// fills its box.
class BlindMeasurement final : public Measurement {
public:
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  std::string why_not(const Subject& subject, View view) const override;
  bool keeps_blocks() const override { return true; }
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void find(const Subject& subject, View view, const Tables& tables, Findings& findings, Fits& fits) const override;
  void fit(const Subject&, View, const Tables&, const Findings&, Fits&) const override;
};

} // namespace cascade::analysis
