#pragma once
// Study compute_optimal: what to train next, from a table of training runs.

#include "analysis/losses/loss_fit.hpp"
#include "analysis/scaling/isoflop.hpp"
#include "analysis/scaling/run_table.hpp"
#include "app/scaling/loss_table.hpp"
#include "app/scaling/optimum/target.hpp"
#include "app/scaling/study.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// A number of a law that is not fitted.
struct HeldSection {
  std::string law, number;
  std::optional<double> value;
  void declare(core::ParameterVisitor& v);
};

/// Docs/scaling.md, "What to train next". Columns that are empty are guessed; "none": there is none.
struct ComputeOptimalStudy final : Study {
  std::string file;
  analysis::RunColumns columns; ///< as asked; after load() as used
  std::vector<FilterSection> filters;
  std::string keep;
  std::int64_t drop_highest = 0;
  bool allow_unfinished = false;
  std::string model = "automatic";
  std::string objective = "huber_log";
  double delta = 1e-3;
  double asymmetry = 10;
  std::int64_t bootstrap = 1000;
  std::string target;
  std::string gpu = "H100";
  double utilisation = 0.4;
  double price = 2.5;
  double facility = 1.2;
  std::vector<double> budgets;
  double budget_tolerance = 0.1;
  double window = 0;
  std::string parabola_of = "loss";
  std::vector<std::string> laws;
  std::vector<HeldSection> hold;
  std::vector<PublishedSection> published;

  analysis::RunTable table; ///< after load()
  std::vector<std::string> notes;
  core::MemoryParts read_memory;

  void declare(core::ParameterVisitor& v) override;
  void validate(core::Problems& problems) const override;
  void load(const std::string& input_file, const core::Communicator& communicator) override;
  core::MemoryParts memory() const override;
  std::string plan() const override;
  std::string preface() const override;
  void run(const StudyRun& run, Report& report) const override;

  analysis::LossFitOptions options() const;
  std::string objective_words() const;
  analysis::IsoOptions iso_options() const;
};

} // namespace cascade::app
