#pragma once
// What an input asks to be measured: every measurement of the table with its keys.

#include "analysis/measurement/measurement.hpp"
#include "core/input/parameters.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// A line of the table of measurements with its keys as read.
struct ChosenMeasurement {
  const analysis::MeasurementEntry* entry;
  std::shared_ptr<const analysis::Measurement> keys;

  const analysis::Measurement& operator*() const { return *keys; }
  const analysis::Measurement* operator->() const { return keys.get(); }
};

/// Value; copies share what is const. The section `analysis` with a section for each measurement, and those that stand
/// at the top of the input (Asked::always, Asked::serving).
class AnalysisSection {
public:
  AnalysisSection();
  void declare(core::ParameterVisitor& v);
  /// All of them, in the order of the table.
  const std::vector<ChosenMeasurement>& all() const { return all_; }
  bool any_asked() const;
  /// Those with something to do on the grid (of this decomposition) or, null, on the point view; none where the field
  /// has no such view. What is only owed to others is left when nobody asks for anything.
  std::vector<ChosenMeasurement> measured_on(const analysis::Subject& subject, const core::Decomposition* grid) const;
  void validate(const analysis::Subject& subject, core::Problems& problems) const;
  /// Every sample size of the point view.
  void choose(const analysis::SamplingWish& wish, const analysis::Subject& subject, analysis::Sampling& choice) const;
  /// The losses that any of them will ask expectations for.
  theory::ExpectedLosses losses() const;
  /// Orders of all exponents on the grid.
  std::vector<double> moments() const;
  /// Sections of the resolved configuration that mean nothing: of measurements that must be named and were not.
  std::vector<std::string> silent() const;

private:
  std::shared_ptr<analysis::Measurement> declare_one(core::ParameterVisitor& v, const ChosenMeasurement& one,
                                                     bool& present) const;

  std::vector<ChosenMeasurement> all_;
};

} // namespace cascade::app
