#pragma once
// The sections of an input file, the generator's own keys aside: plain structs that declare and check themselves.

#include "analysis/measurement/subject.hpp"
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

/// The method that evaluates the field point by point. What is unset is chosen from the field.
struct SamplingSection {
  bool enabled = true;
  analysis::SamplingWish wish;
  void declare(core::ParameterVisitor& v);
};

struct FitSection {
  std::vector<double> window; ///< {lowest, highest} or empty for automatic
  std::string judge = "blind";
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
