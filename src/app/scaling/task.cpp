#include "app/scaling/task.hpp"

#include "app/session/console.hpp"
#include "app/store/output_files.hpp"
#include "app/verdict/check.hpp"
#include "core/ranks/machine.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cascade::app {
namespace {

constexpr std::uintmax_t largest_table = std::uintmax_t{1} << 28;

/// Rank 0 reads, all get it. Collective.
std::string read_table(const std::string& file, const core::Communicator& communicator) {
  std::string text;
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const auto refuse = [&](const std::string& why) {
      throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", file, why));
    };
    std::error_code error;
    if (!std::filesystem::exists(file, error))
      refuse("no such file (loss_table.file is relative to the folder of the input file)");
    if (!std::filesystem::is_regular_file(file, error))
      refuse("is not a regular file");
    if (std::filesystem::file_size(file, error) > largest_table)
      refuse(fmt::format("larger than {} bytes", largest_table));
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream all;
    all << stream.rdbuf();
    if (!stream)
      refuse("cannot be read, or is empty");
    text = all.str();
  });
  return communicator.broadcast(text, 0);
}

std::string plan_text(const ScalingConfig& config, std::size_t points, const std::string& directory) {
  std::string what;
  if (config.study == "loss_table")
    what = fmt::format("{} ({} points), model {}, objectives {}, {} resampled tables each", config.table_file(), points,
                       config.loss_table.model, fmt::join(config.loss_table.objectives, ", "),
                       config.loss_table.bootstrap);
  else if (config.study == "pedestal")
    what = "closed forms only";
  else if (config.study == "reference_methods")
    what = fmt::format("Poisson problems of up to {} points, {} quadratures of up to {} samples",
                       config.reference_methods.most_points, config.reference_methods.repeats,
                       config.reference_methods.fewest_samples << config.reference_methods.doublings);
  else
    what = fmt::format("{} fields of {} samples, {} repeats, {} to {} pieces", config.noisy_samples.fields,
                       config.noisy_samples.samples, config.noisy_samples.repeats, config.noisy_samples.fewest_pieces,
                       config.noisy_samples.most_pieces);
  return fmt::format("{}: scaling law, study {}\n  {}\n  results: {}\n", config.run.name, config.study, what,
                     directory);
}

class ScalingJob final : public Job {
public:
  explicit ScalingJob(ScalingConfig config) : config_(std::move(config)) {}

  std::string plan(const Session& session) const override {
    return plan_text(config_, table(session.ranks).size(), results_directory(session, config_.run, config_.output));
  }

  core::ExitCode run(Session& session) const override {
    const analysis::LossTable losses = table(session.ranks);
    const OutputDirectory output(results_directory(session, config_.run, config_.output), claim_of(session.line),
                                 report_bytes, session.ranks);
    core::Progress progress(progress_style(session));
    Report report;
    report.task = "scaling_law";
    ScalingPage page;
    study(losses, session.ranks, progress, report, page);
    report.extra_json = to_json_text(page);
    report.extra_markdown = to_markdown(page);
    report.timing = progress.timing();
    if (config_.checking)
      judge(config_.check, report);
    report.run.peak_bytes_per_rank = core::peak_bytes(session.ranks);
    sign(report, config_, config_.run, config_.json(), session);
    write_outputs(report, nullptr, output.path(), session.ranks, {false, progress.log() + summary(report, false)});
    session.results = output.path().string();
    return say(report, session);
  }

private:
  analysis::LossTable table(const core::Communicator& ranks) const {
    return config_.study == "loss_table" ? loss_table_of(config_, read_table(config_.table_file(), ranks))
                                         : analysis::LossTable();
  }

  void study(const analysis::LossTable& losses, const core::Communicator& ranks, core::Progress& progress,
             Report& report, ScalingPage& page) const {
    if (config_.study == "pedestal")
      study_pedestal(config_, report, page);
    else if (config_.study == "loss_table")
      study_losses(config_, losses, ranks, progress, report, page);
    else if (config_.study == "reference_methods")
      study_methods(config_, ranks, progress, report, page);
    else
      study_noisy_samples(config_, ranks, progress, report, page);
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
