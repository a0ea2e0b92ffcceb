#include "app/session/session.hpp"

#include "app/store/output_files.hpp"
#include "core/grid/domain.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <iostream>

namespace cascade::app {

std::string read_everywhere(const CommandLine& line, const core::Communicator& communicator) {
  std::string text;
  communicator.agree([&] {
    if (communicator.rank() == 0)
      text = read_input_file(line.file);
  });
  return communicator.broadcast(text, 0);
}

std::string results_directory(const CommandLine& line, const RunConfig& config) {
  return line.output.value_or(config.output.directory + "/" + config.run.name);
}

core::Progress::Style progress_style(const CommandLine& line, const core::Communicator& communicator) {
  if (line.quiet || communicator.rank() != 0)
    return core::Progress::Style::silent;
  return core::terminal_style(line.colour).bar ? core::Progress::Style::bar : core::Progress::Style::lines;
}

core::ExitCode answer(const std::string& text, const core::Communicator& communicator) {
  communicator.agree([&] {
    if (communicator.rank() == 0 && !(std::cout << text << std::flush))
      throw core::Error(core::ExitCode::io_failure, "standard output cannot be written");
  });
  return core::ExitCode::complete;
}

std::int64_t expected_bytes(const RunConfig& config) {
  std::int64_t field = 0;
  if (config.output.field && config.field->points() > 0)
    field = core::Domain(config.field->dimensions(), config.field->points()).total_points() *
            static_cast<std::int64_t>(sizeof(double)) * config.field->components();
  return field + report_bytes;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm broken_down{};
  gmtime_r(&now, &broken_down);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &broken_down);
  return text;
}

void sign(Report& report, const RunConfig& config, const std::string& started, double wall_seconds,
          const core::Communicator& communicator) {
  sign_run(report, {config.run.name, config.input_file, config.input_text, config.json()}, config.seed(), started,
           wall_seconds, communicator);
}

void sign_run(Report& report, const RunIdentity& identity, std::uint64_t seed, const std::string& started,
              double wall_seconds, const core::Communicator& communicator) {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  RunSummary& run = report.run;
  run.name = identity.name;
  run.input_file = identity.input_file;
  run.input_text = identity.input_text;
  run.config_json = identity.config_json;
  run.seed = seed;
  run.ranks = communicator.size();
  run.host = communicator.broadcast(host, 0);
  run.started = communicator.broadcast(started, 0);
  run.wall_seconds = wall_seconds;
}

std::string summary(const Report& report, bool colour) {
  std::string out = "\n" + (colour ? "\x1b[1m" + report.verdict + "\x1b[0m" : report.verdict) + "\n";
  for (const Check& check : report.checks) {
    const std::string word = check.passed ? "passed" : "FAILED";
    const std::string shown = colour ? (check.passed ? "\x1b[32m" : "\x1b[31m") + word + "\x1b[0m" : word;
    out += fmt::format("check {}: {} measured {:.5g}, expected {:.5g} +- {:.2g}\n", shown, check.id, check.measured,
                       check.expected, check.tolerance);
  }
  for (const std::string& warning : report.warnings)
    out += "warning: " + warning + "\n";
  return out;
}

int conclude(const core::Outcome& outcome, const std::string& directory, bool quiet,
             const core::Communicator& communicator) {
  const int code = static_cast<int>(outcome.code);
  if (communicator.rank() != 0)
    return code;
  if (!outcome.message.empty()) {
    std::cout << std::flush;
    std::cerr << outcome.message << "\ncascade: exit code " << code << ": " << core::meaning(outcome.code) << std::endl;
  } else if (!quiet && !directory.empty()) {
    std::cout << "cascade: exit code " << code << ": " << core::meaning(outcome.code) << "; results in " << directory
              << std::endl;
  }
  return code;
}

} // namespace cascade::app
