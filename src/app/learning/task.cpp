#include "app/learning/task.hpp"

#include "analysis/neighbours/neighbours.hpp"
#include "app/learning/case_run.hpp"
#include "app/plan/fit.hpp"
#include "app/session/console.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/output_files.hpp"
#include "app/verdict/check.hpp"
#include "core/ranks/machine.hpp"
#include "core/ranks/shared_numbers.hpp"
#include "core/ranks/stop_signals.hpp"

#include <fmt/format.h>

#include <array>

namespace cascade::app {
namespace {

class LearningJob final : public Job {
public:
  explicit LearningJob(LearningConfig config) : config_(std::move(config)) {}

  std::string plan(const Session& session) const override {
    const Machine machine = describe_machine(session.ranks);
    const std::vector<LearningCase> cases = config_.cases();
    std::string lines;
    Need most{{}, advice()};
    for (const LearningCase& c : cases) {
      const CloudSource source(config_, c, session.ranks);
      lines += fmt::format("  {}{}\n", c.name.empty() ? "" : c.name + ": ", source.description());
      most.parts = core::in_turn(most.parts, memory(source, machine));
    }
    require_room(config_.input_file + ": data", most, machine);
    const std::string folder = results_directory(session, config_.run, config_.output);
    session.ranks.agree([&] { // what the run would refuse, the plan must not promise
      if (session.ranks.rank() == 0)
        require_usable(folder, claim_of(session.line), report_bytes);
    });
    return fmt::format("{}: learning, {} case{}, {} learner{}, {} repeats\n{}{}  results: {}\n", config_.run.name,
                       cases.size(), cases.size() == 1 ? "" : "s", config_.learners.size(),
                       config_.learners.size() == 1 ? "" : "s", config_.curves.repeats, lines, to_text(most, machine),
                       folder);
  }

  std::string topic() const override { return "data"; }
  const char* when_stopped() const override { return "nothing is kept: a learning task is worked out in one go"; }

  core::ExitCode run(Session& session) const override {
    const std::vector<LearningCase> cases = config_.cases();
    const Machine machine = describe_machine(session.ranks);
    std::vector<std::unique_ptr<CloudSource>> sources;
    for (const LearningCase& c : cases) {
      sources.push_back(std::make_unique<CloudSource>(config_, c, session.ranks));
      require_room(config_.input_file + ": data", {memory(*sources.back(), machine), advice()}, machine);
    }
    const OutputDirectory output(results_directory(session, config_.run, config_.output), claim_of(session.line),
                                 report_bytes, session.ranks);
    core::Progress progress = progress_of(session);
    Report report;
    report.task = "learning";
    std::vector<CaseRun> runs;
    std::vector<CaseOutcome> outcomes;
    bool copies = false; // said once
    for (std::size_t i = 0; i < cases.size(); ++i) {
      runs.push_back({config_, cases[i], *sources[i], session.ranks, progress});
      CaseOutcome outcome;
      for (const std::string& warning : sources[i]->warnings())
        outcome.warnings.push_back(runs.back().where() + warning);
      {
        const core::PointCloud cloud = sources[i]->whole();
        if (!copies && has_copies(cloud, session.ranks)) {
          copies = true;
          report.warnings.push_back(
              fmt::format("each rank had a copy of the cloud, {}: the node's shared memory (/dev/shm) had no room for "
                          "it, or a limit of the sizes of files forbade it",
                          format_bytes(static_cast<std::int64_t>(cloud.points.size() * sizeof(double)))));
        }
        measure_dimension(runs.back(), cloud, i == 0, outcome);
        measure_roughness(runs.back(), cloud, outcome);
      }
      learn_curves(runs.back(), outcome);
      fit_joint_laws(runs.back(), outcome);
      judge_case(runs.back(), outcome, report);
      report.warnings.insert(report.warnings.end(), outcome.warnings.begin(), outcome.warnings.end());
      outcomes.push_back(std::move(outcome));
    }
    show_cases(config_, runs, outcomes, report);
    report.timing = progress.timing();
    if (config_.checking)
      judge(config_.check, report);
    report.run.peak_bytes_per_rank = core::peak_bytes(session.ranks);
    sign(report, config_, config_.run, config_.json(), session);
    core::StopSignals::finish();
    write_outputs(report, nullptr, output.path(), session.ranks, {false, run_log(session, progress, report)});
    session.results = output.path().string();
    return say(report, session);
  }

private:
  /// Whether the ranks of some node have a copy of the coordinates each that they should have in common. Collective.
  static bool has_copies(const core::PointCloud& cloud, const core::Communicator& ranks) {
    if (static_cast<std::int64_t>(cloud.points.size() * sizeof(double)) < core::least_shared_bytes)
      return false;
    std::array<double, 1> copied{ranks.node().size() > 1 && !cloud.points.shared() ? 1.0 : 0.0};
    ranks.max(copied);
    return copied[0] > 0;
  }

  static std::string advice() { return "lower data.points or data.embedding_dimension"; }

  /// Coordinates of which the ranks of a node have one copy: a rank's share of it.
  static core::MemoryPart shared(const std::string& name, double bytes, const Machine& machine) {
    const int sharing = core::ranks_that_share(bytes, machine.ranks_per_node);
    if (sharing > 1)
      return {fmt::format("{}, once for {} ranks", name, sharing), bytes / sharing};
    const bool no_room = machine.ranks_per_node > 1 && bytes >= static_cast<double>(core::least_shared_bytes);
    return {name + (no_room ? ", a copy a rank: no room in /dev/shm" : ""), bytes};
  }

  core::MemoryParts memory(const CloudSource& source, const Machine& machine) const {
    const int ranks = machine.ranks;
    const auto n = static_cast<double>(source.points()), D = static_cast<double>(source.dimension());
    const auto tests = static_cast<double>(config_.curves.test_points);
    const double row = D * sizeof(double), number = sizeof(double);
    const std::int64_t most_neighbours = config_.dimension.enabled ? config_.dimension.most_neighbours() : 16,
                       neighbours = std::min(most_neighbours, source.points() - 1);
    const bool file = source.from_file();
    const core::MemoryPart cloud = shared("cloud", n * row, machine);
    const double d = source.declared().dimension.value_or(0) + 2, copies = ranks > 1 ? row : 0;
    core::MemoryParts making{cloud, {"cloud, being made", file ? n * (3 * number + copies) : n * d * number / ranks}};
    core::MemoryParts searching{cloud, {"targets", n * number}};
    if (source.rounded())
      searching.push_back(shared("cloud, rounded", n * row, machine));
    searching = core::together(
        searching, analysis::search_memory(source.points(), source.dimension(), source.points(), neighbours, ranks));
    core::MemoryParts learning;
    for (const analysis::LearnerOptions& options : config_.learners) {
      const auto learner = analysis::make_learner(options);
      for (const std::int64_t size : learner_sizes(options, *learner, source))
        learning = core::in_turn(
            learning, learner->memory(size, source.train_points(), source.dimension(), config_.curves.test_points));
    }
    if (!config_.learners.empty())
      learning = core::together({shared("training points", static_cast<double>(source.train_points()) * row, machine),
                                 shared("test points", tests * row, machine),
                                 {"their targets", (static_cast<double>(source.train_points()) + tests) * number}},
                                learning);
    core::MemoryParts most = core::in_turn(core::in_turn(making, searching), learning);
    return file ? core::together({shared("rows of the file", n * row, machine)}, most) : most;
  }

  LearningConfig config_;
};

std::unique_ptr<Job> read_learning(const Input& input, const Session& session) {
  if (session.line.resume || session.line.part)
    throw core::Error(core::ExitCode::bad_input, input.input_file +
                                                     ": a learning task is worked out in one go; leave " +
                                                     (session.line.part ? "--part" : "--resume") + " out");
  return std::make_unique<LearningJob>(load_learning_config(input));
}

} // namespace

Task learning_task() {
  return {"learning",
          "dimension and roughness of data, and learning curves of machines that learn them",
          "Inputs with `task: learning`",
          "They have the sections `run`, `check` and `output` as above, and these ([learning.md](learning.md)).",
          [](const Input& input) {
            const auto task = written(input, "task");
            return task && task->value.text == "learning";
          },
          read_learning,
          [](core::ParameterVisitor& v) { LearningConfig().declare_own(v, true); }};
}

} // namespace cascade::app
