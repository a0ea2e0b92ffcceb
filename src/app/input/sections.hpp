#pragma once
// The sections of an input file, the generator's own keys aside: plain structs that declare and check themselves.

#include "core/input/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

struct RunSection {
  std::string name; ///< default: the input file's stem
  std::int64_t seed = 1;
  std::optional<std::int64_t> realisations; ///< default: the generator's
  std::optional<std::int64_t> group_size;   ///< ranks that share a realisation; default: as few as have the memory
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

/// Structure functions S_p(r) = <|f(x + r) - f(x)|^p>.
struct StructureFunctionSection {
  bool enabled = true;
  std::vector<double> orders{1, 2, 3, 4, 5, 6};
  std::int64_t separations_per_octave = 1;
};

struct SpectrumSection {
  bool enabled = true;
};

struct BoxCountingSection {
  bool enabled = true;
  std::vector<double> thresholds; ///< in units of the field's rms; the active set is always counted
};

/// A stage runs when the section `analysis` is absent or names it, unless it says enabled: false. After reading,
/// `enabled` alone says so.
struct AnalysisSection {
  StructureFunctionSection structure_function;
  SpectrumSection spectrum;
  BoxCountingSection box_counting;
  void declare(core::ParameterVisitor& v);
};

struct ApproximationSection {
  bool enabled = true;
  std::vector<std::int64_t> degrees{0, 1};
  std::vector<double> loss_powers{2};
  std::vector<std::string> partitions{"uniform", "adaptive"};
  std::vector<std::string> averages{"volume", "active"};
  std::string origin = "aligned";
  void declare(core::ParameterVisitor& v);
};

/// The method that evaluates the field point by point. What is unset is chosen from the field.
struct SamplingSection {
  bool enabled = true;
  std::int64_t trees = 64;
  std::optional<std::int64_t> pairs;       ///< draws per tree
  std::optional<std::int64_t> cells;       ///< cells per tree
  std::optional<std::int64_t> scales;      ///< finest scale is 2^-scales
  std::optional<std::int64_t> lattice;     ///< points per cell and side
  std::optional<std::int64_t> cell_points; ///< random points per cell
  void declare(core::ParameterVisitor& v);
};

struct FitSection {
  std::vector<double> window; ///< {lowest, highest} or empty for automatic
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

/// A theory the user declares in place of the generator's. It never reaches an estimator.
struct TheorySection {
  std::optional<double> dimension;
  std::optional<double> hurst;
  bool declared() const { return dimension || hurst; }
  void declare(core::ParameterVisitor& v);
};

/// One line of a check: result `id` must measure `value` (default: its own prediction) within `tolerance`.
struct CheckLine {
  std::string id;
  std::optional<double> value;
  std::optional<double> tolerance; ///< required
  void declare(core::ParameterVisitor& v);
};

/// Makes an input a test: --check applies `set` and judges `expect`.
struct CheckSection {
  std::vector<core::Setting> set;
  std::vector<CheckLine> expect;
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

struct OutputSection {
  bool field = false;
  std::string directory = "results";
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

} // namespace cascade::app
