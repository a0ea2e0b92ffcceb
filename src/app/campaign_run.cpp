#include "app/campaign_run.hpp"

#include "app/output.hpp"
#include "app/session.hpp"
#include "core/json_writer.hpp"
#include "core/progress.hpp"
#include "core/safe_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iostream>

namespace cascade::app {
namespace {

/// What a folder that holds something already is good for. Local to rank 0.
void prepare(const Campaign& campaign, const CampaignStore& store, const CommandLine& line) {
  if (!store.begun()) {
    store.begin(campaign, line.settings);
    return;
  }
  store.require_same(campaign);
  for (const CampaignCase& c : campaign.cases) {
    if (!store.sealed(c.sweep.name))
      continue;
    const std::string what = store.damage(c);
    if (what.empty())
      continue;
    store.unseal(c.sweep.name);
    std::cout << fmt::format("case {}: {}; it is done again\n", c.sweep.name, what) << std::flush;
  }
}

/// Every case is there, or an error says which are not and what to do.
void require_complete(const Campaign& campaign, const CampaignStore& store, core::ExitCode incomplete) {
  constexpr std::size_t most = 20;
  std::string text;
  std::size_t missing = 0;
  int code = 0;
  for (const CampaignCase& c : campaign.cases) {
    const std::string what = store.damage(c);
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
  throw core::Error(code != 0 ? static_cast<core::ExitCode>(code) : incomplete,
                    fmt::format("{}: {} of {} cases are missing:{}\ncascade {} --output {} --resume makes them",
                                store.directory().string(), missing, campaign.cases.size(), text, campaign.input_file,
                                store.directory().string()));
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
      const nlohmann::ordered_json json = store.report_of(c);
      rows.push_back(case_row(c.sweep, json));
      peak = std::max(peak, json.at("run").at("peak_bytes_per_rank").get<std::int64_t>());
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

core::ExitCode run_campaign(const CommandLine& line, const std::string& text, const core::Communicator& communicator,
                            const std::string& started, std::string& results) {
  const core::Stopwatch watch;
  const Campaign campaign = load_campaign(line.file, text, line.settings, line.check);
  const std::string directory = line.output.value_or(campaign.output.directory + "/" + campaign.run.name);
  const CampaignPart part;
  const CampaignPlan plan = plan_campaign(campaign, part, describe_machine(communicator));
  if (line.dry_run)
    return answer(to_text(plan, campaign, directory), communicator);

  const OutputDirectory output(directory, line.force,
                               report_bytes + static_cast<std::int64_t>(campaign.cases.size()) * (report_bytes / 16),
                               communicator);
  const CampaignStore store{output.path()};
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    if (line.force)
      store.clear();
    prepare(campaign, store, line);
  });
  run_cases(campaign, plan, store, started, line.quiet, communicator);
  communicator.agree([&] {
    if (communicator.rank() == 0)
      require_complete(campaign, store, core::ExitCode::internal_failure);
  });
  const CampaignReport report = conclude_campaign(campaign, store, started, watch.seconds(), communicator);
  results = directory;
  if (!line.quiet)
    answer(terminal_text(report, core::terminal_style(line.colour).colour), communicator);
  return static_cast<core::ExitCode>(report.base.exit_code);
}

} // namespace cascade::app
