#include "app/campaign/task.hpp"

#include "app/session/session.hpp"
#include "app/store/output_files.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/safe_file.hpp"
#include "core/input/json_writer.hpp"
#include "core/talk/progress.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <thread>

namespace cascade::app {
namespace {

OutputClaim claim_of(const CommandLine& line) {
  if (!line.merge.empty())
    return {OutputClaim::Mode::merge, true, {}};
  if (line.part)
    return {OutputClaim::Mode::part, line.force, *line.part};
  return {line.resume ? OutputClaim::Mode::resume : OutputClaim::Mode::fresh, line.force || line.resume, {}};
}

/// campaign.json is written by the first part that comes; the others wait for it.
void begin_once(const Campaign& campaign, const CampaignStore& store, const CommandLine& line) {
  for (int attempt = 0; !store.begun(); ++attempt) {
    try {
      const core::FileLock lock(store.directory() / ".campaign.lock");
      if (!store.begun())
        store.begin(campaign, line.settings);
    } catch (const core::Error& error) {
      if (error.code() != core::ExitCode::refused || attempt > 100)
        throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
}

/// What a folder that holds something already is good for. Local to rank 0.
void prepare(const Campaign& campaign, const CampaignStore& store, const CommandLine& line) {
  if (line.force)
    store.clear();
  if (store.begun() && !line.resume && !line.part)
    throw core::Error(
        core::ExitCode::refused,
        fmt::format("{}: has {} of {} cases of a campaign that ended early or was shared out. Use --resume "
                    "to continue it, --force to start anew, or choose another --output.",
                    store.directory().string(), store.count_sealed(campaign), campaign.cases.size()));
  begin_once(campaign, store, line);
  store.require_same(campaign);
  for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
    const CampaignCase& c = campaign.cases[i];
    if (!line.part.value_or(Part{}).has(i) || !store.sealed(c.sweep.name))
      continue;
    const std::string what = store.damage(c);
    if (what.empty())
      continue;
    store.unseal(c.sweep.name);
    std::cout << fmt::format("case {}: {}; it is done again\n", c.sweep.name, what) << std::flush;
  }
}

std::string command_for(const Campaign& campaign, const CampaignStore& store,
                        const std::vector<core::Setting>& settings) {
  std::string command = "cascade " + campaign.input_file;
  for (const core::Setting& s : settings)
    command += fmt::format(" --set '{}={}'", s.key, s.value);
  return command + (campaign.checking ? " --check" : "") + " --resume --output " + store.directory().string();
}

/// Every case of the part is there, or an error says which are not and what makes them. Local to rank 0.
void require_complete(const Campaign& campaign, const CampaignStore& store, const Part& part,
                      const std::vector<core::Setting>& settings, core::ExitCode incomplete) {
  constexpr std::size_t most = 20;
  std::string text;
  std::size_t missing = 0;
  int code = 0;
  for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
    const CampaignCase& c = campaign.cases[i];
    const std::string what = part.has(i) ? store.damage(c) : "";
    if (what.empty())
      continue;
    const auto [failed, message] = store.failure_of(c.sweep.name);
    if (failed != 0 && code == 0)
      code = failed;
    if (++missing <= most)
      text += fmt::format("\n  {}: {}", c.sweep.name, failed != 0 ? "failed: " + message : what);
  }
  if (missing == 0)
    return;
  if (missing > most)
    text += fmt::format("\n  ... and {} more", missing - most);
  throw core::Error(code != 0 && incomplete != core::ExitCode::bad_input ? static_cast<core::ExitCode>(code)
                                                                         : incomplete,
                    fmt::format("{}: {} of {} cases are missing:{}\nTo make them: {}", store.directory().string(),
                                missing, campaign.cases.size(), text, command_for(campaign, store, settings)));
}

std::string terminal_text(const CampaignReport& report, bool colour) {
  Report shown = report.base;
  return summary(shown, colour);
}

void write_files(const CampaignReport& report, const CampaignStore& store) {
  const std::filesystem::path& folder = store.directory();
  std::error_code ignored;
  std::filesystem::remove(folder / "report.json", ignored); // its presence says that all is there
  std::filesystem::remove(folder / "report.html", ignored); // of an older result
  core::write_text(folder / "report.md", to_markdown(report));
  core::write_text(folder / "run.log", terminal_text(report, false));
  core::write_text(folder / "report.json", to_json_text(report));
}

} // namespace

CampaignReport conclude_campaign(const Campaign& campaign, const CampaignStore& store, const std::string& started,
                                 double wall_seconds, const core::Communicator& communicator) {
  CampaignReport report;
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    std::vector<CaseRow> rows;
    std::int64_t peak = 0;
    for (const CampaignCase& c : campaign.cases) {
      rows.push_back(case_row(c.sweep, store.report_of(c)));
      peak = std::max(peak, rows.back().peak_bytes_per_rank);
    }
    report = evaluate(campaign, std::move(rows));
    report.base.run.peak_bytes_per_rank = peak;
    double all = 0, longest = 0;
    for (const CaseRow& row : report.cases) {
      all += row.wall_seconds;
      longest = std::max(longest, row.wall_seconds);
    }
    report.base.timing = {{"cases, added up", all}, {"longest case", longest}};
  });
  Campaign copy = campaign;
  core::JsonWriter writer;
  copy.declare(writer);
  sign_run(report.base, {campaign.run.name, campaign.input_file, campaign.input_text, writer.json().dump(2)},
           static_cast<std::uint64_t>(campaign.run.seed), started, wall_seconds, communicator);
  communicator.agree([&] {
    if (communicator.rank() == 0)
      write_files(report, store);
  });
  std::array<std::int64_t, 1> code{report.base.exit_code};
  communicator.max(std::span<std::int64_t>(code));
  report.base.exit_code = static_cast<int>(code[0]);
  return report;
}

namespace {

core::ExitCode say(const CampaignReport& report, const CommandLine& line, const core::Communicator& communicator) {
  if (!line.quiet)
    answer(terminal_text(report, core::terminal_style(line.colour).colour), communicator);
  return static_cast<core::ExitCode>(report.base.exit_code);
}

std::int64_t expected_bytes(const Campaign& campaign) {
  return report_bytes + static_cast<std::int64_t>(campaign.cases.size()) * (report_bytes / 16);
}

} // namespace

core::ExitCode run_campaign(const CommandLine& line, const std::string& text, const core::Communicator& communicator,
                            const std::string& started, std::string& results) {
  const core::Stopwatch watch;
  const Campaign campaign = load_campaign(line.file, text, line.settings, line.check);
  const std::string directory = line.output.value_or(campaign.output.directory + "/" + campaign.run.name);
  const Part part = line.part.value_or(Part{});
  const CampaignPlan plan = plan_campaign(campaign, part, describe_machine(communicator));
  if (line.dry_run)
    return answer(to_text(plan, campaign, directory), communicator);

  const OutputDirectory output(directory, claim_of(line), expected_bytes(campaign), communicator);
  const CampaignStore store{output.path()};
  communicator.agree([&] {
    if (communicator.rank() == 0)
      prepare(campaign, store, line);
  });
  run_cases(campaign, plan, store, started, line.quiet, communicator);
  communicator.agree([&] {
    if (communicator.rank() == 0)
      require_complete(campaign, store, part, line.settings, core::ExitCode::internal_failure);
  });
  if (line.part)
    return line.quiet
               ? core::ExitCode::complete
               : answer(fmt::format("part {} is done, {} of {} cases are there. When all are: cascade --merge {}\n",
                                    part.text(), store.count_sealed(campaign), campaign.cases.size(), directory),
                        communicator);
  const CampaignReport report = conclude_campaign(campaign, store, started, watch.seconds(), communicator);
  results = directory;
  return say(report, line, communicator);
}

core::ExitCode merge_campaign(const CommandLine& line, const core::Communicator& communicator,
                              const std::string& started, std::string& results) {
  const core::Stopwatch watch;
  const CampaignStore store{line.merge.front()};
  Campaign campaign;
  std::vector<core::Setting> settings;
  communicator.agree([&] { campaign = store.reload(settings); }); // small, and every rank needs it
  const OutputDirectory output(store.directory(), claim_of(line), expected_bytes(campaign), communicator);
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    for (std::size_t i = 1; i < line.merge.size(); ++i) {
      const CampaignStore other{line.merge[i]};
      other.require_same(campaign);
      for (const CampaignCase& c : campaign.cases)
        if (!store.damage(c).empty() && other.damage(c).empty())
          store.adopt(other, c);
    }
    require_complete(campaign, store, {}, settings, core::ExitCode::bad_input);
  });
  const CampaignReport report = conclude_campaign(campaign, store, started, watch.seconds(), communicator);
  results = store.directory().string();
  return say(report, line, communicator);
}

} // namespace cascade::app
