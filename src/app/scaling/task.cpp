#include "app/scaling/task.hpp"

#include "app/plan/fit.hpp"
#include "app/scaling/config.hpp"
#include "app/scaling/equivalent.hpp"
#include "app/session/console.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/output_files.hpp"
#include "app/verdict/check.hpp"
#include "core/ranks/machine.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

namespace cascade::app {
namespace {

class ScalingJob final : public Job {
public:
  explicit ScalingJob(ScalingConfig config) : config_(std::move(config)) {}

  std::string plan(const Session& session) const override {
    config_.study->load(config_.input_file, session.ranks);
    const Machine machine = describe_machine(session.ranks);
    require_memory(machine);
    const std::string folder = results_directory(session, config_.run, config_.output);
    session.ranks.agree([&] { // what the run would refuse, the plan must not promise
      if (session.ranks.rank() == 0)
        require_usable(folder, claim_of(session.line), report_bytes);
    });
    const std::string preface = config_.study->preface();
    return fmt::format("{}{}{}: scaling law, study {}\n  {}\n{}  results: {}\n", preface, preface.empty() ? "" : "\n",
                       config_.run.name, config_.study_name, config_.study->plan(),
                       to_text(Need{config_.study->memory(), ""}, machine), folder);
  }

  std::string topic() const override { return config_.study_name; }
  const char* when_stopped() const override { return "nothing is kept: a scaling law is worked out in one go"; }

  core::ExitCode run(Session& session) const override {
    config_.study->load(config_.input_file, session.ranks);
    require_memory(describe_machine(session.ranks));
    const OutputDirectory output(results_directory(session, config_.run, config_.output), claim_of(session.line),
                                 report_bytes, session.ranks);
    core::Progress progress = progress_of(session);
    if (const std::string preface = config_.study->preface(); !preface.empty())
      progress.message(core::plain(preface));
    Report report;
    report.task = "scaling_law";
    config_.study->run({config_.seed(), config_.band, session.ranks, progress}, report);
    report.timing = progress.timing();
    if (config_.checking)
      judge(config_.check, report);
    report.run.peak_bytes_per_rank = core::peak_bytes(session.ranks);
    sign(report, config_, config_.run, config_.json(), session);
    core::StopSignals::finish();
    write_outputs(report, nullptr, output.path(), session.ranks,
                  {false, run_log(session, progress, report), "", equivalent_input(config_)});
    session.results = output.path().string();
    return say(report, session);
  }

private:
  /// Throws DoesNotFit, with keys of the study that would make it fit.
  void require_memory(const Machine& machine) const {
    Need need{config_.study->memory(), ""};
    const std::int64_t peak = peak_bytes(need, machine);
    if (peak <= machine.bytes_per_rank())
      return;
    const PeakOf peak_of = [&machine](const Input& input) {
      return peak_bytes({load_scaling_config(input).study->memory(), ""}, machine);
    };
    const std::vector<Remedy> list = remedies({config_.input_file, config_.json(), {}, false}, peak, machine, peak_of);
    need.advice = advice_of(list);
    require_room(list.empty() ? config_.input_file + ": this study"
                              : fmt::format("{}: {}: {}", position_of(config_, list.front().key), list.front().key,
                                            list.front().before),
                 need, machine);
  }

  ScalingConfig config_;
};

std::unique_ptr<Job> read_job(const Input& input, const Session& session) {
  if (session.line.resume || session.line.part)
    throw core::Error(core::ExitCode::bad_input, input.input_file + ": a scaling law is worked out in one go; leave " +
                                                     (session.line.part ? "--part" : "--resume") + " out");
  return std::make_unique<ScalingJob>(load_scaling_config(input));
}

} // namespace

Task scaling_task() {
  return {"scaling_law",
          "the law of a table of losses, or of a method on fields or functions whose law is known",
          "Inputs with `task: scaling_law`",
          "They have the sections `run`, `check` and `output` as above, and these ([scaling.md](scaling.md)).",
          [](const Input& input) {
            const auto task = written(input, "task");
            return task && task->value.text == "scaling_law";
          },
          read_job,
          [](core::ParameterVisitor& v) { ScalingConfig().declare_studies(v); }};
}

} // namespace cascade::app
