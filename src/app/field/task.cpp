#include "app/field/task.hpp"

#include "app/field/measuring.hpp"
#include "app/field/pipeline.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan_text.hpp"
#include "app/session/console.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/output_files.hpp"
#include "app/store/result_switch.hpp"
#include "app/store/unit_identity.hpp"
#include "app/store/unit_store.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/safe_file.hpp"
#include "core/files/sha256.hpp"
#include "core/grid/domain.hpp"
#include "core/ranks/stop_signals.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

/// Disk space the run's files may take: the field if asked for, and the report.
std::int64_t expected_bytes(const RunConfig& config) {
  const solvers::Shape shape = config.field->shape();
  std::int64_t field = 0;
  if (config.output.field && shape.points > 0)
    field = (shape.box ? *shape.box : core::Domain(shape.dimensions, shape.points)).total_points() *
            static_cast<std::int64_t>(sizeof(double)) * shape.components;
  return field + report_bytes;
}

/// A run that has taken its place: folder held, units at hand.
struct PlacedRun {
  Session& session;
  const RunConfig& config;
  const RunPlan& plan;
  OutputDirectory output;
  UnitStore store;
  core::Progress progress;

  PlacedRun(Session& s, const RunConfig& c, const RunPlan& p, const std::string& directory)
      : session(s), config(c), plan(p), output(directory, claim_of(s.line), expected_bytes(c), s.ranks),
        store(units_folder(output.path()), identity_text(c, p), s.ranks), progress(progress_of(s)) {}
};

/// A kill while the units of a finished run were removed leaves an empty folder and a lock. Local to rank 0.
void tidy(const fs::path& directory) {
  try {
    const core::FileLock alone(fs::path(directory) / ".lock");
    const std::vector<fs::path> left = core::list_directory(units_folder(directory));
    if (std::none_of(left.begin(), left.end(),
                     [](const fs::path& f) { return f.filename().string().starts_with("part-"); }))
      UnitStore::clear(units_folder(directory));
  } catch (const Error&) {
    // somebody is at work there, or nothing can be written: nothing is lost
  }
}

/// The exit code of the result in a folder, if all of it is there and no units are left. Throws Error(io_failure) when
/// it was changed, Error(bad_input) when it is of another input. Local.
std::optional<int> kept_exit_code(const fs::path& directory, const std::string& identity) {
  const fs::path kept = switch_broken_off(directory) ? directory / older_folder : directory;
  if (!fs::exists(kept / "report.json") || UnitStore::count_units(units_folder(directory)) > 0)
    return std::nullopt;
  if (const std::string what = core::checksum_damage(kept, {"report.json", "report.md", "results.h5"}); !what.empty())
    throw Error(ExitCode::io_failure,
                fmt::format("{}: {}. The result there cannot be relied on: use --force to replace it, or choose "
                            "another --output.",
                            directory.string(), what));
  std::ifstream stream(kept / "report.json");
  std::stringstream text;
  text << stream.rdbuf();
  std::string lines;
  for (const std::string& line : differences_from_report(text.str(), identity))
    lines += "\n  " + line;
  if (!lines.empty())
    throw Error(ExitCode::bad_input,
                fmt::format("{}: the result there is of another input, nothing to resume. Changed:{}\nChoose another "
                            "--output, or use --force to replace it.",
                            directory.string(), lines));
  return nlohmann::json::parse(text.str()).value("exit_code", 0);
}

/// The exit code of a result that needs no resuming: there is a report of this very input, and no units are left.
std::optional<ExitCode> finished_before(const std::string& directory, const std::string& identity,
                                        const core::Communicator& communicator) {
  std::int64_t code[] = {-1};
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    if (switch_broken_off(directory)) {
      const core::FileLock alone(fs::path(directory) / ".lock");
      undo_switch(directory);
    }
    const auto before = kept_exit_code(directory, identity);
    if (!before)
      return;
    tidy(directory);
    code[0] = *before;
  });
  communicator.max(std::span<std::int64_t>(code));
  return code[0] < 0 ? std::nullopt : std::optional(static_cast<ExitCode>(code[0]));
}

ExitCode run_part(PlacedRun& run) {
  const Part part = *run.session.line.part;
  run.session.ranks.agree([&] {
    if (run.session.ranks.rank() == 0)
      run.store.mark_part(part);
  });
  measure_part(run.config, run.plan, *run.config.make_generator(), run.session.ranks, run.progress, run.store, part);
  if (run.session.line.quiet)
    return ExitCode::complete;
  return answer(fmt::format("part {} is done; its units are in {}. When all parts are: cascade --merge {}\n",
                            part.text(), run.store.folder().string(), run.output.path().string()),
                run.session);
}

/// Fits, report and files; then nothing is left to resume.
ExitCode run_to_the_end(PlacedRun& run) {
  Session& session = run.session;
  PipelineResult result = run_pipeline(run.config, run.plan, session.ranks, run.progress, &run.store);
  const RunConfig all = resolved(run.config, run.plan);
  sign(result.report, all, all.run, all.json(), session);
  core::StopSignals::finish();
  write_outputs(result.report, result.field ? &*result.field : nullptr, run.output.path(), session.ranks,
                {run.config.output.field, run_log(session, run.progress, result.report), run.config.generator,
                 all.made() ? all.input_text : ""});
  session.results = run.output.path().string();
  if (session.ranks.rank() == 0)
    run.store.remove_unless_parts();
  return say(result.report, session);
}

/// The options of the fewest calls that make these units. Parts that were here may have cut the run differently
/// (1/2 and 1/3): any of their cuts will do, and what is there is not made again.
std::vector<std::string> remedies(const std::vector<std::size_t>& units, const std::vector<Part>& parts) {
  std::vector<std::string> fewest;
  for (const Part& part : parts) {
    std::set<std::string> calls;
    for (const std::size_t k : units)
      calls.insert("--part " + Part::with(k, part.count).text());
    if (fewest.empty() || calls.size() < fewest.size())
      fewest.assign(calls.begin(), calls.end());
  }
  return fewest.empty() ? std::vector<std::string>{"--resume"} : fewest;
}

/// All units are there and whole, or the run says which are not and what would make them. Local to rank 0.
void require_all_units(const PlacedRun& run) {
  const std::vector<WorkUnit> units = work_units(run.config, run.plan);
  std::string missing, damaged;
  std::vector<std::size_t> lacking;
  for (std::size_t k = 0; k < units.size(); ++k) {
    const UnitStore::Unit unit = run.store.load(units[k].name());
    if (unit.tables)
      continue;
    (unit.damaged ? damaged : missing) += " " + units[k].name();
    lacking.push_back(k);
  }
  if (lacking.empty())
    return;
  std::string text = fmt::format("{}: the run is not complete.", run.store.folder().string());
  if (!missing.empty())
    text += " Missing units:" + missing + ".";
  if (!damaged.empty())
    text += " Damaged units:" + damaged + ".";
  text += " Make them, then merge again:";
  for (const std::string& call : remedies(lacking, run.store.parts()))
    text += "\n  " + run.config.command(call, run.output.path().string());
  throw Error(ExitCode::bad_input, text);
}

class FieldJob final : public Job {
public:
  explicit FieldJob(RunConfig config) : config_(std::move(config)) {}

  std::string plan(const Session& session) const override {
    const RunPlan plan = planned(session);
    const std::string directory = results_directory(session, config_.run, config_.output);
    session.ranks.agree([&] { // what the run would refuse, the plan must not promise
      if (session.ranks.rank() != 0)
        return;
      const OutputClaim claim = claim_of(session.line);
      const std::string identity = identity_text(config_, plan);
      if (claim.mode == OutputClaim::Mode::resume && kept_exit_code(directory, identity))
        return;
      require_usable(directory, claim, expected_bytes(config_));
      if (claim.mode != OutputClaim::Mode::fresh)
        UnitStore::require_same_run(units_folder(directory), identity);
    });
    return to_text(plan, config_, directory);
  }

  std::string topic() const override { return config_.generator; }

  ExitCode run(Session& session) const override {
    const RunPlan plan = planned(session);
    const std::string directory = results_directory(session, config_.run, config_.output);
    if (session.line.resume && !session.line.part)
      if (const auto code = finished_before(directory, identity_text(config_, plan), session.ranks)) {
        session.results = directory;
        if (!session.line.quiet)
          answer(directory + ": complete already, nothing to resume\n", session);
        return *code;
      }
    PlacedRun run(session, config_, plan, directory);
    return session.line.part ? run_part(run) : run_to_the_end(run);
  }

  ExitCode merge(Session& session) const override {
    const std::vector<std::string>& folders = session.line.merge;
    const RunPlan plan = planned(session);
    PlacedRun run(session, config_, plan, folders.front());
    for (std::size_t i = 1; i < folders.size(); ++i)
      run.store.read_also(units_folder(folders[i]), session.ranks);
    session.ranks.agree([&] {
      if (session.ranks.rank() == 0)
        require_all_units(run);
    });
    return run_to_the_end(run);
  }

private:
  RunPlan planned(const Session& session) const { return make_plan(config_, describe_machine(session.ranks)); }

  RunConfig config_;
};

} // namespace

Task field_task() {
  return {"field",
          "one field, measured and judged (section field)",
          "Fields",
          "",
          [](const Input&) { return true; },
          [](const Input& input, const Session&) -> std::unique_ptr<Job> {
            return std::make_unique<FieldJob>(load_config(input));
          },
          [](core::ParameterVisitor& v) { RunConfig().declare(v); },
          [](const fs::path& folder) {
            const fs::path units = units_folder(folder);
            return UnitStore::begun(units) ? std::optional(input_from_identity(UnitStore::read_identity(units)))
                                           : std::nullopt;
          }};
}

} // namespace cascade::app
