#include "app/field/task.hpp"

#include "app/field/measuring.hpp"
#include "app/field/pipeline.hpp"
#include "app/session/session.hpp"
#include "app/store/output_files.hpp"
#include "app/store/unit_identity.hpp"
#include "app/store/unit_store.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;
using core::Communicator;
using core::Error;
using core::ExitCode;

OutputClaim claim_of(const CommandLine& line) {
  OutputClaim claim;
  claim.force = line.force;
  if (!line.merge.empty())
    claim.mode = OutputClaim::Mode::merge;
  else if (line.part)
    claim.mode = OutputClaim::Mode::part;
  else if (line.resume)
    claim.mode = OutputClaim::Mode::resume;
  claim.part = line.part.value_or(Part{});
  return claim;
}

/// The exit code of a result that needs no resuming: there is a report of this very input, and no units are left.
std::optional<ExitCode> finished_before(const std::string& directory, const std::string& identity,
                                        const Communicator& communicator) {
  std::int64_t code[] = {-1};
  communicator.agree([&] {
    const fs::path report = fs::path(directory) / "report.json";
    if (communicator.rank() != 0 || !fs::exists(report) || UnitStore::count_units(units_folder(directory)) > 0)
      return;
    std::ifstream stream(report);
    std::stringstream text;
    text << stream.rdbuf();
    std::string lines;
    for (const std::string& line : differences_from_report(text.str(), identity))
      lines += "\n  " + line;
    if (!lines.empty())
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: the result there is of another input, nothing to resume. Changed:{}\nChoose another "
                              "--output, or use --force to replace it.",
                              directory, lines));
    code[0] = nlohmann::json::parse(text.str()).value("exit_code", 0);
  });
  communicator.max(std::span<std::int64_t>(code));
  return code[0] < 0 ? std::nullopt : std::optional(static_cast<ExitCode>(code[0]));
}

ExitCode run_part(const CommandLine& line, const RunConfig& config, const RunPlan& plan, const fs::path& directory,
                  const UnitStore& store, core::Progress& progress, const Communicator& communicator) {
  communicator.agree([&] {
    if (communicator.rank() == 0)
      store.mark_part(*line.part);
  });
  measure_part(config, plan, *config.make_generator(), communicator, progress, store, *line.part);
  if (line.quiet)
    return ExitCode::complete;
  return answer(fmt::format("part {} is done; its units are in {}. When all parts are: cascade --merge {}\n",
                            line.part->text(), store.folder().string(), directory.string()),
                communicator);
}

/// Fits, report and files; then nothing is left to resume.
ExitCode run_to_the_end(const CommandLine& line, const RunConfig& config, const RunPlan& plan,
                        const fs::path& directory, const UnitStore& store, const std::string& started,
                        const core::Stopwatch& watch, core::Progress& progress, const Communicator& communicator,
                        std::string& results) {
  PipelineResult result = run_pipeline(config, plan, communicator, progress, &store);
  sign(result.report, resolved(config, plan), started, watch.seconds(), communicator);
  write_outputs(result.report, result.field ? &*result.field : nullptr, directory, communicator,
                {config.output.field, progress.log() + summary(result.report, false)});
  results = directory.string();
  if (communicator.rank() == 0 && !store.parts()) { // units of parts are their makers' to remove
    std::error_code ignored;                        // the result is complete, whatever is left over
    fs::remove_all(store.folder(), ignored);
  }
  if (!line.quiet)
    answer(summary(result.report, core::terminal_style(line.colour).colour), communicator);
  return static_cast<ExitCode>(result.report.exit_code);
}

std::string command_for(const RunConfig& config, const std::string& directory, const std::string& mode) {
  std::string command = "cascade " + config.input_file;
  for (const core::Setting& s : config.settings)
    command += fmt::format(" --set '{}={}'", s.key, s.value);
  return command + (config.checking ? " --check " : " ") + mode + " --output " + directory;
}

/// All units are there and whole, or the run says which are not and what would make them.
void require_all_units(const RunConfig& config, const RunPlan& plan, const UnitStore& store,
                       const std::string& directory, const Communicator& communicator) {
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const std::vector<WorkUnit> units = work_units(config, plan);
    const std::int64_t parts = store.parts().value_or(1);
    std::string missing, damaged;
    std::set<std::int64_t> lacking;
    for (std::size_t k = 0; k < units.size(); ++k) {
      const UnitStore::Unit unit = store.load(units[k].name());
      if (unit.tables)
        continue;
      (unit.damaged ? damaged : missing) += " " + units[k].name();
      lacking.insert(static_cast<std::int64_t>(k) % parts + 1);
    }
    if (lacking.empty())
      return;
    std::string text = fmt::format("{}: the run is not complete.", store.folder().string());
    if (!missing.empty())
      text += " Missing units:" + missing + ".";
    if (!damaged.empty())
      text += " Damaged units:" + damaged + ".";
    text += " Make them, then merge again:";
    for (const std::int64_t i : lacking)
      text += "\n  " + command_for(config, directory,
                                   parts == 1 ? std::string("--resume") : fmt::format("--part {}/{}", i, parts));
    throw Error(ExitCode::bad_input, text);
  });
}

} // namespace

ExitCode run_field(const CommandLine& line, const RunConfig& config, const RunPlan& plan, const std::string& directory,
                   const std::string& started, const core::Stopwatch& watch, const Communicator& communicator,
                   std::string& results) {
  const std::string identity = identity_text(config, plan);
  if (line.resume && !line.part)
    if (const auto code = finished_before(directory, identity, communicator)) {
      results = directory;
      if (!line.quiet)
        answer(directory + ": complete already, nothing to resume\n", communicator);
      return *code;
    }
  const OutputDirectory output(directory, claim_of(line), expected_bytes(config), communicator);
  const UnitStore store(units_folder(output.path()), identity, communicator);
  core::Progress progress(progress_style(line, communicator));
  if (line.part)
    return run_part(line, config, plan, output.path(), store, progress, communicator);
  return run_to_the_end(line, config, plan, output.path(), store, started, watch, progress, communicator, results);
}

ExitCode run_merge(const CommandLine& line, const std::string& started, const core::Stopwatch& watch,
                   const Communicator& communicator, std::string& results) {
  const std::string& directory = line.merge.front();
  std::string kept;
  communicator.agree([&] {
    if (communicator.rank() == 0)
      kept = UnitStore::read_identity(units_folder(directory));
  });
  kept = communicator.broadcast(kept, 0);
  const RunConfig config = config_from_identity(kept, directory);
  const RunPlan plan = make_plan(config, describe_machine(communicator));
  const OutputDirectory output(directory, claim_of(line), expected_bytes(config), communicator);
  UnitStore store(units_folder(output.path()), identity_text(config, plan), communicator);
  for (std::size_t i = 1; i < line.merge.size(); ++i)
    store.read_also(units_folder(line.merge[i]), communicator);
  require_all_units(config, plan, store, directory, communicator);
  core::Progress progress(progress_style(line, communicator));
  return run_to_the_end(line, config, plan, output.path(), store, started, watch, progress, communicator, results);
}

} // namespace cascade::app
