#pragma once
// Inputs with `task: scaling_law`: what they share, and how they are read.

#include "app/input/input.hpp"
#include "app/input/sections.hpp"
#include "app/scaling/study.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cascade::app {

/// Complete and checked; made by load_scaling_config() only. The same on every rank.
struct ScalingConfig : InputSource {
  RunSection run;
  std::string study_name;
  std::unique_ptr<Study> study;        ///< with the keys of its section; null when the name is none
  std::vector<double> band{0.05, 0.1}; ///< the exponents whose smallness is to be explained
  CheckSection check;
  OutputSection output;

  std::uint64_t seed() const { return static_cast<std::uint64_t>(run.seed); }
  /// The resolved configuration; of the studies' sections that of its own study.
  std::string json() const;
  void declare(core::ParameterVisitor& v);
  /// The keys that fields do not have: study, band and the sections.
  void declare_studies(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
};

/// As load_config(), for `task: scaling_law`.
ScalingConfig load_scaling_config(const Input& input);

} // namespace cascade::app
