#pragma once
// Study loss_table: scaling laws fitted to a table of losses.

#include "analysis/losses/loss_table.hpp"
#include "app/scaling/study.hpp"

#include <optional>

namespace cascade::app {

struct FilterSection {
  std::string column;
  std::string equals;
  std::optional<double> at_least, at_most;
  void declare(core::ParameterVisitor& v);
};

/// What somebody else published for a parameter of the law, to stand beside the fitted one. Nothing is judged by it.
struct PublishedSection {
  std::string name; ///< "alpha", "A", "log A", "E", "beta", "B", "log B"
  std::optional<double> value;
  std::optional<double> error; ///< its standard error
  std::string source;
  void declare(core::ParameterVisitor& v);
};

/// Fits, how sure they are, and what follows from them (docs/scaling.md).
struct LossTableStudy final : Study {
  std::string file;
  std::string loss = "loss";
  std::string x;
  std::string z;
  bool z_is_compute = false;
  std::vector<FilterSection> filters;
  std::int64_t drop_highest = 0;
  std::string missing = "refuse";
  std::string weight;
  std::string model = "pedestal";
  std::vector<std::string> objectives{"least_squares"};
  double delta = 1e-3;
  double asymmetry = 10;
  std::string method = "variable_projection";
  std::int64_t bootstrap = 1000;
  double held_out = 0.2;
  std::string x_label, z_label; ///< empty: the names of the columns
  std::vector<PublishedSection> published;

  analysis::LossTable table;     ///< after load()
  core::MemoryParts read_memory; ///< what reading it took

  void declare(core::ParameterVisitor& v) override;
  void validate(core::Problems& problems) const override;
  void load(const std::string& input_file, const core::Communicator& communicator) override;
  core::MemoryParts memory() const override;
  std::string plan() const override;
  void run(const StudyRun& run, Report& report) const override;

  std::string x_name() const { return x_label.empty() ? x : x_label; }
  std::string z_name() const;

  /// Where the table is: `file`, relative to the folder of the input file.
  std::string path(const std::string& input_file) const;
};

} // namespace cascade::app
