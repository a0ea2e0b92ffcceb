#pragma once
// The contract of every measurement: its keys, cost, sums, fits, law and expectation in one place.

#include "analysis/measurement/cost.hpp"
#include "analysis/measurement/dataset.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/prediction.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"
#include "core/grid/grid_sample.hpp"
#include "core/input/parameters.hpp"
#include "core/points/point_sample.hpp"
#include "core/ranks/communicator.hpp"
#include "theory/expectation.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Which realisations are measured, by whom, and with what at hand.
struct Batch {
  std::int64_t first = 0, count = 1; ///< realisations [first, first + count); on the grid one
  const core::Communicator& ranks;
  std::function<void(double)> advance = {}; ///< told what fraction of the work is new; may be empty
  /// The measurement's own tables of realisation 0 on the grid, where wants_pilot() and this is another.
  const Tables* pilot = nullptr;
};

/// One measurement with its keys. What runs it (app/field) keeps the rest: fields, units of work and their storing, one
/// block a realisation where there are many, merging, sharing of fits among the ranks, progress. Nothing here knows d,
/// h or a law. Measuring is collective over the batch's ranks: tables are equal on all of them and the same bits at any
/// number. Everything else is local and the same on every rank.
class Measurement {
public:
  virtual ~Measurement() = default;
  /// Whether its results are wanted: the key `enabled` and the rule of its entry.
  bool asked = false;

  /// The keys of its section, `enabled` aside.
  virtual void declare(core::ParameterVisitor&) {}
  /// Keys of its section that came later and stand at their defaults: the resolved configuration leaves them out, so
  /// that an old input has the one it had.
  virtual std::vector<std::string> silent_keys() const { return {}; }
  /// The samples it draws from the point view, chosen where the input leaves them open.
  virtual void choose(const SamplingWish&, const Subject&, Sampling&) const {}
  /// What of its keys does not suit the field; keys as in the whole input, "analysis.spectrum.bins".
  virtual void validate(const Subject&, core::Problems&) const {}
  /// Measured on this view even if nobody asked for it: find() serves the fits of others.
  virtual bool owed(const Subject&, View) const { return false; }
  /// Steps on the grid of this decomposition, or (null) on the point view; none: that view is not measured. Asked only
  /// where it is asked or owed, and the field has the view.
  virtual std::vector<Cost> cost(const Subject&, const core::Decomposition* grid) const = 0;
  /// What to tell a reader who asked for it on a view it has no cost on; empty: nothing, but that it needs a grid where
  /// there is none.
  virtual std::string why_not(const Subject&, View) const { return {}; }
  /// The losses it will ask expectations and finite-size curves for.
  virtual theory::ExpectedLosses losses() const { return {}; }
  /// Orders q of the exponents zeta_q behind its results on the grid: the measurement `blind` finds them.
  virtual std::vector<double> moments() const { return {}; }
  /// Whether its tables of a grid keep parts of a realisation apart, however many realisations there are.
  virtual bool keeps_blocks() const { return false; }
  /// Whether realisations need the tables of realisation 0 (thresholds that all must share).
  virtual bool wants_pilot() const { return false; }

  virtual void measure_grid(const core::GridSample&, const Subject&, const Batch&, Tables&) const;
  virtual void measure_points(const core::PointSource&, const Subject&, const Batch&, Tables&) const;

  /// Arrays for results.h5 that no result's curve holds.
  virtual void datasets(const Subject&, View, const Tables&, Datasets&) const {}
  /// What its tables of this view tell the fits of all measurements. Called in the order of the table of measurements,
  /// for all before the first fit().
  virtual void find(const Subject&, View, const Tables&, Findings&, Fits&) const {}
  /// Lists its fits and results. What it hands over may refer to the arguments: they outlive Fits::finish().
  virtual void fit(const Subject&, View, const Tables&, const Findings&, Fits&) const = 0;
};

/// When a measurement is asked for. `when_named`: its section is there (rule for all new ones, so that old inputs mean
/// what they meant). `alone`: also when the input has no section `analysis` at all. `always`: unless enabled: false;
/// its section stands at the top of the input. `serving`: the same, but it has no results of its own and is no reason
/// to measure anything.
enum class Asked { when_named, alone, always, serving };

/// A line of the table of measurements.
struct MeasurementEntry {
  std::string name;    ///< of its section, of its tables, and the `stage` of its results
  std::string title;   ///< in plan, progress and timing: "structure functions"
  std::string summary; ///< help of its section
  std::shared_ptr<Measurement> (*make)(const Measurement* like); ///< with default keys (null), or a copy
  Asked rule = Asked::when_named;

  // Called by app/verdict alone, with a result of this measurement.
  std::optional<Predicted> (*law)(const theory::Law&, const Result&) = nullptr; ///< null: nothing is predicted
  Expected (*expected)(const theory::Expectation&, const Result&, const BlockTable&,
                       const theory::Activity*) = nullptr; ///< null: no curve is known exactly
  /// Sums of points to test (Expected); null: single scales, as lengths.
  std::vector<Combination> (*combinations)(const Subject&, const BlockTable&, const std::vector<double>& expected,
                                           std::size_t most) = nullptr;

  /// "structure functions, grid": its step on a view.
  std::string step(const Subject& subject, View view) const;
};

template <class Derived>
std::shared_ptr<Measurement> make_measurement(const Measurement* like) {
  return like == nullptr ? std::make_shared<Derived>() : std::make_shared<Derived>(dynamic_cast<const Derived&>(*like));
}

/// Every measurement (analysis/catalogue.cpp), in the order in which they find and fit: counts first.
const std::vector<MeasurementEntry>& measurements();
/// The entry of that name; null: there is none.
const MeasurementEntry* find_measurement(const std::string& name);

} // namespace cascade::analysis
