#pragma once
// One run, fully decided: what the input file, --set and the defaults say together.

#include "app/input/analysis_section.hpp"
#include "app/input/input.hpp"
#include "app/input/sections.hpp"
#include "core/input/config_tree.hpp"
#include "solvers/catalogue.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// Complete and checked; made by load_config() only and const from then on. Plain value, the same on every rank.
struct RunConfig : InputSource {
  RunSection run;
  std::string generator;
  std::shared_ptr<const solvers::GeneratorParameters> field;
  AnalysisSection analysis;
  SamplingSection sampling;
  FitSection fit;
  TheorySection theory;
  CheckSection check;
  OutputSection output;

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

/// Completes and checks an input that measures a field (read_checked()). Throws core::Error(bad_input) with every
/// problem. Local; the same on every rank.
RunConfig load_config(const Input& input);

} // namespace cascade::app
