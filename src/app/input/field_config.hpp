#pragma once
// One run, fully decided: what the input file, --set and the defaults say together.

#include "app/input/sections.hpp"
#include "core/input/config_tree.hpp"
#include "solvers/catalogue.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// Complete and checked; made by load_config() only and const from then on. Plain value, the same on every rank.
struct RunConfig {
  std::string task = "field"; ///< scaling_law inputs have a configuration of their own (scaling/config.hpp)
  RunSection run;
  std::string generator;
  std::shared_ptr<const solvers::GeneratorParameters> field;
  AnalysisSection analysis;
  ApproximationSection approximation;
  SamplingSection sampling;
  FitSection fit;
  TheorySection theory;
  CheckSection check;
  OutputSection output;

  std::string input_file;              ///< as named by the user
  std::string input_text;              ///< as written
  std::vector<core::Setting> settings; ///< --set, in order
  bool checking = false;               ///< --check: the shrunken version, whose expectations are judged
  std::string points_position;         ///< where field.points was written, for complaints that need the machine

  std::uint64_t seed() const { return static_cast<std::uint64_t>(run.seed); }
  std::int64_t realisations() const { return *run.realisations; }
  std::unique_ptr<solvers::Generator> make_generator() const { return field->make(seed()); }
  /// The resolved configuration: every key with its value, defaults and what follows from them included. It is an input
  /// file too (JSON is YAML) and reads back to the same configuration.
  std::string json() const;
  /// Goes through every key; the generator's are those of the generator chosen.
  void declare(core::ParameterVisitor& v);
};

/// One reading of an input's tree. What cannot be read keeps its default; everything wrong goes to `diagnostics`.
/// Local.
RunConfig read_config(const core::ConfigNode& root, const std::string& file, core::Diagnostics& diagnostics);

/// Parses, completes and checks an input. Later sources win: defaults, file, check.set (when `checking`), then
/// `settings`
/// (--set; `where` of each is made here). check.set is tried out also when it is not applied. Throws
/// core::Error(bad_input) with every problem, one a line. Local; deterministic, so all ranks agree without a word.
RunConfig load_config(const std::string& file, const std::string& text, const std::vector<core::Setting>& settings,
                      bool checking);

/// The file's text. Throws core::Error(bad_input) with the system's reason (missing, a directory, unreadable, too big).
/// Local; rank 0 reads for all.
std::string read_input_file(const std::string& file);

} // namespace cascade::app
