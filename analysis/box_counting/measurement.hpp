#pragma once
// The measurement `box_counting`: how many boxes meet the active set and threshold sets, and their dimensions.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Tables "cells": N(s) of the active set, where the field has one; "set/<threshold>": boxes that meet {|f| > threshold
/// rms}, on the grid. The cells are counted whoever asks: every fit of a field that does not fill its space needs them.
class BoxCountingMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  bool owed(const Subject&, View) const override { return true; }
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void measure_points(const core::PointSource& source, const Subject& subject, const Batch& batch,
                      Tables& tables) const override;
  void find(const Subject& subject, View view, const Tables& tables, Findings& findings, Fits& fits) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  void fit_active(const Subject& subject, View view, const Findings& findings, Fits& fits) const;

  void fit_set(const Subject& subject, const std::string& kind, double threshold, const Tables& tables,
               Fits& fits) const;

  std::vector<double> thresholds_; ///< in units of the field's rms
  std::vector<double> gradients_;  ///< in units of the gradient's rms
};

/// d, for the active set; a threshold set has no law.
std::optional<Predicted> box_counting_law(const theory::Law& law, const Result& result);
Expected expected_boxes(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                        const theory::Activity* counts);

} // namespace cascade::analysis
