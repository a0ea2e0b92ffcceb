#pragma once
// Inputs with `task: learning`.

#include "analysis/learners/learner.hpp"
#include "app/input/input.hpp"
#include "app/input/sections.hpp"
#include "solvers/manifold/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// A cloud in a file.
struct CloudFileSection {
  std::string path;
  std::string array;
  std::string columns;
  std::string target;
  std::string weights;
  std::string invalid = "refuse";
  std::optional<std::int64_t> points;
  void declare(core::ParameterVisitor& v);
};

/// Section `data`: a generated cloud, or one in a file.
struct DataSection {
  std::string generator = "manifold";
  solvers::ManifoldParameters made;
  CloudFileSection file;
  bool from_file() const { return generator == "file"; }
  /// Only the keys of its generator, unless `all`.
  void declare(core::ParameterVisitor& v, bool all);
  void validate(core::Problems& problems) const;
};

struct DimensionSection {
  bool enabled = true;
  std::vector<std::string> estimators{"two_nn", "two_nn_ml", "mle", "correlation", "gride"};
  std::vector<std::int64_t> neighbours{20};
  std::int64_t gride_neighbours = 64;
  std::int64_t calibration_points = 0;
  bool bias = true;
  std::string judge = "two_nn";
  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  bool wants(const std::string& estimator) const;
  /// Neighbours that the estimators take.
  std::int64_t most_neighbours() const;
};

struct RoughnessSection {
  bool enabled = true;
  std::vector<double> orders{2};
  void declare(core::ParameterVisitor& v);
};

struct CurvesSection {
  std::int64_t repeats = 4;
  std::int64_t test_points = 4096;
  bool fresh_targets = true;
  bool decompose = false;
  bool joint = false;
  /// One target, one set of test points, for bias and variance.
  bool one_target() const { return decompose || !fresh_targets; }
  double doublings = 5;
  double joules_per_flop = 1e-11;
  void declare(core::ParameterVisitor& v);
};

/// Cases beside one another: every manifold, d and h named, each replacing that of `data`.
struct CasesSection {
  std::vector<std::string> manifolds;
  std::vector<std::int64_t> dimensions;
  std::vector<double> hursts;
  std::vector<double> noises;
  bool smooth = false;
  void declare(core::ParameterVisitor& v);
  void validate(const DataSection& data, core::Problems& problems) const;
  bool empty() const { return manifolds.empty() && dimensions.empty() && hursts.empty() && noises.empty() && !smooth; }
};

struct LearningCase {
  std::string name; ///< "" where there is one only; otherwise the first part of its results' ids
  DataSection data;
};

/// Complete and checked; made by load_learning_config() only. The same on every rank.
struct LearningConfig : InputSource {
  RunSection run;
  DataSection data;
  DimensionSection dimension;
  RoughnessSection roughness;
  std::vector<analysis::LearnerOptions> learners;
  CurvesSection curves;
  CasesSection sweep;
  CheckSection check;
  OutputSection output;

  std::uint64_t seed() const { return static_cast<std::uint64_t>(run.seed); }
  std::string json() const;
  void declare(core::ParameterVisitor& v);
  /// The keys that fields do not have; all of them.
  void declare_own(core::ParameterVisitor& v, bool all);
  void validate(core::Problems& problems) const;
  std::vector<LearningCase> cases() const;
};

LearningConfig load_learning_config(const Input& input);

} // namespace cascade::app
