#include "app/scaling/task.hpp"

#include "app/session/session.hpp"
#include "app/store/output_files.hpp"
#include "app/verdict/check.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

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

void sign_scaling(Report& report, const ScalingConfig& config, const std::string& started, double wall_seconds,
                  const core::Communicator& communicator) {
  sign_run(report, {config.run.name, config.input_file, config.input_text, config.json()}, config.seed(), started,
           wall_seconds, communicator);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::int64_t peak[] = {static_cast<std::int64_t>(usage.ru_maxrss) * 1024};
  communicator.max(std::span<std::int64_t>(peak));
  report.run.peak_bytes_per_rank = peak[0];
}

} // namespace

core::ExitCode run_scaling(const CommandLine& line, const std::string& text, const core::Communicator& communicator,
                           const std::string& started, std::string& results) {
  const core::Stopwatch watch;
  const ScalingConfig config = load_scaling_config(line.file, text, line.settings, line.check);
  const std::string directory = line.output.value_or(config.output.directory + "/" + config.run.name);
  analysis::LossTable table;
  if (config.study == "loss_table")
    table = loss_table_of(config, read_table(config.table_file(), communicator));
  if (line.dry_run)
    return answer(plan_text(config, table.size(), directory), communicator);

  const OutputDirectory output(directory, line.force, report_bytes, communicator);
  core::Progress progress(progress_style(line, communicator));
  Report report;
  report.task = config.task;
  ScalingPage page;
  if (config.study == "pedestal")
    study_pedestal(config, report, page);
  else if (config.study == "loss_table")
    study_losses(config, table, communicator, progress, report, page);
  else if (config.study == "reference_methods")
    study_methods(config, communicator, progress, report, page);
  else
    study_noisy_samples(config, communicator, progress, report, page);
  report.extra_json = to_json_text(page);
  report.extra_markdown = to_markdown(page);
  report.timing = progress.timing();
  if (config.checking)
    judge(config.check, report);

  sign_scaling(report, config, started, watch.seconds(), communicator);
  const std::string said = summary(report, false);
  write_outputs(report, nullptr, output.path(), communicator, {false, progress.log() + said});
  results = directory;
  if (!line.quiet)
    answer(summary(report, core::terminal_style(line.colour).colour), communicator);
  return static_cast<core::ExitCode>(report.exit_code);
}

} // namespace cascade::app
