#include "app/campaign/task.hpp"

#include "app/campaign/cases.hpp"
#include "app/campaign/report.hpp"
#include "app/session/console.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/result_switch.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/safe_file.hpp"
#include "core/files/sha256.hpp"
#include "core/ranks/stop_signals.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

namespace cascade::app {
namespace {

/// The report of a campaign is made anew from its cases, whenever they are looked at again.
OutputClaim claim_on(const CommandLine& line) {
  OutputClaim claim = claim_of(line);
  claim.force = claim.force || (line.resume && !line.part);
  return claim;
}

/// Any file of a result, a campaign's or a single run's.
bool has_result(const std::filesystem::path& place) {
  return std::any_of(result_files.begin(), result_files.end(),
                     [&](const char* name) { return std::filesystem::exists(place / name); });
}

/// campaign.json is written by the first part that comes; the others wait for it.
void begin_once(const Campaign& campaign, const CampaignStore& store) {
  if (store.begun())
    return;
  const core::FileLock lock = core::wait_for_lock(store.directory() / ".campaign.lock");
  if (!store.begun())
    store.begin(campaign);
}

/// What is there already is not taken up, and must not be lost. Local to rank 0.
void refuse_begun(const Campaign& campaign, const CampaignStore& store, const CommandLine& line) {
  if (!store.begun())
    store.require_empty(campaign);
  else if (!line.resume && !line.part)
    throw core::Error(
        core::ExitCode::refused,
        fmt::format("{}: has {} of {} cases of a campaign that ended early or was shared out. Use --resume "
                    "to continue it, --force to start anew, or choose another --output.",
                    store.place().string(), store.count_sealed(campaign), campaign.cases.size()));
}

/// The report is made anew from its cases; that it was not as it should be must not pass without a word. Local to rank
/// 0.
void say_damage(const CampaignStore& store) {
  for (const std::string& line : store.damage_of_report())
    std::cout << fmt::format("{}: {}; the report is made anew\n", store.directory().string(), line) << std::flush;
}

/// What a folder that holds something already is good for. Local to rank 0.
void prepare(const Campaign& campaign, const CampaignStore& store, const CommandLine& line) {
  if (line.force) {
    store.clear();
    std::filesystem::create_directories(store.directory());
  }
  refuse_begun(campaign, store, line);
  begin_once(campaign, store);
  store.require_same(campaign);
  if (!line.part)
    say_damage(store);
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

/// Every case of the part is there, or an error says which are not and what makes them. Local to rank 0.
void require_complete(const Campaign& campaign, const CampaignStore& store, const Part& part,
                      core::ExitCode incomplete) {
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
  throw core::Error(
      code != 0 && incomplete != core::ExitCode::bad_input ? static_cast<core::ExitCode>(code) : incomplete,
      fmt::format("{}: {} of {} cases are missing:{}\nTo make them: {}", store.directory().string(), missing,
                  campaign.cases.size(), text, campaign.command("--resume", store.place().string())));
}

/// report.md, run.log, the checksums of everything and report.json, in the place of an older report's.
void write_files(const CampaignReport& report, const Campaign& campaign, const CampaignStore& store,
                 const Session& session) {
  const std::filesystem::path& folder = store.directory();
  std::vector<core::TemporaryFile> staged;
  std::string sums = store.checksums(campaign);
  const auto stage = [&](const char* name, const std::string& text) {
    core::TemporaryFile file(folder / name);
    file.write(text);
    file.sync();
    staged.push_back(std::move(file));
    sums += core::checksum_line(core::sha256(text), name);
  };
  const std::string json = to_json_text(report);
  stage("report.md", to_markdown(report));
  stage("run.log", heading(session) + summary(report.base, false));
  const std::string all = sums + core::checksum_line(core::sha256(json), "report.json");
  stage(core::checksum_file_name, all);
  stage("report.json", json);
  switch_result(folder, staged);
}

/// The report's rows and what follows from them. Local to rank 0.
CampaignReport report_of(const Campaign& campaign, const CampaignStore& store) {
  std::vector<CaseRow> rows;
  std::int64_t peak = 0;
  for (const CampaignCase& c : campaign.cases) {
    rows.push_back(case_row(c.sweep, store.report_of(c)));
    peak = std::max(peak, rows.back().peak_bytes_per_rank);
  }
  CampaignReport report = evaluate(campaign, std::move(rows));
  report.base.run.peak_bytes_per_rank = peak;
  double all = 0, longest = 0;
  for (const CaseRow& row : report.cases) {
    all += row.wall_seconds;
    longest = std::max(longest, row.wall_seconds);
  }
  report.base.timing = {{"cases, added up", all}, {"longest case", longest}};
  return report;
}

/// Reads the cases back and writes report.json, report.md and run.log of the campaign; says what came out. Rank 0 reads
/// and writes; the exit code is the same on every rank. Collective.
core::ExitCode finish(const Campaign& campaign, const CampaignStore& store, Session& session) {
  const core::Communicator& ranks = session.ranks;
  CampaignReport report;
  ranks.agree([&] {
    if (ranks.rank() == 0)
      report = report_of(campaign, store);
  });
  sign(report.base, campaign, campaign.run, campaign.json(), session);
  core::StopSignals::finish();
  ranks.agree([&] {
    if (ranks.rank() != 0)
      return;
    write_files(report, campaign, store, session);
    if (store.directory() != store.place())
      CampaignStore::replace(store.place());
  });
  session.results = store.place().string();
  std::array<std::int64_t, 1> code{report.base.exit_code};
  ranks.max(std::span<std::int64_t>(code));
  report.base.exit_code = static_cast<int>(code[0]);
  return say(report.base, session);
}

std::int64_t expected_bytes(const Campaign& campaign) {
  return report_bytes + static_cast<std::int64_t>(campaign.cases.size()) * (report_bytes / 16);
}

class CampaignJob final : public Job {
public:
  explicit CampaignJob(Campaign campaign) : campaign_(std::move(campaign)) {}

  std::string plan(const Session& session) const override {
    const std::string place = results_directory(session, campaign_.run, campaign_.output);
    on_first(session, [&] { // what the run would refuse, the plan must not promise
      const CommandLine& line = session.line;
      const bool beside = line.resume && CampaignStore::next(place).begun();
      const CampaignStore store = beside ? CampaignStore::next(place) : CampaignStore{place};
      if (line.resume && !line.part)
        require_begun(place);
      if (line.resume && !line.force)
        CampaignStore::require_own_result(place);
      require_usable(place, claim_on(line), expected_bytes(campaign_));
      if (!line.force || !store.begun()) // what was begun here is replaced by force
        refuse_begun(campaign_, store, line);
      if ((line.resume || line.part) && store.begun())
        store.require_same(campaign_);
    });
    return to_text(planned(session), campaign_, place);
  }

  std::string topic() const override { return "sweep"; }

  core::ExitCode run(Session& session) const override {
    const CommandLine& line = session.line;
    const CampaignPlan plan = planned(session);
    const std::string place = results_directory(session, campaign_.run, campaign_.output);
    on_first(session, [&] {
      if (line.resume && !line.part)
        require_begun(place);
    });
    const OutputDirectory output(place, claim_on(line), expected_bytes(campaign_), session.ranks);
    on_first(session, [&] {
      if (line.resume && !line.force) // what `claim_on` lets it replace
        CampaignStore::require_own_result(place);
    });
    const CampaignStore store = store_in(output.path(), session);
    on_first(session, [&] { prepare(campaign_, store, line); });
    run_cases(campaign_, plan, store, session);
    std::string said;
    on_first(session, [&] {
      const Part part = line.part.value_or(Part{});
      require_complete(campaign_, store, part, core::ExitCode::internal_failure);
      said = fmt::format("part {} is done, {} of {} cases are there. When all are: cascade --merge {}\n", part.text(),
                         store.count_sealed(campaign_), campaign_.cases.size(), store.directory().string());
    });
    if (line.part)
      return line.quiet ? core::ExitCode::complete : answer(said, session);
    return finish(campaign_, store, session);
  }

  core::ExitCode merge(Session& session) const override {
    const std::vector<std::string>& folders = session.line.merge;
    const CampaignStore store{folders.front()};
    // another version of the program may read the same text differently
    on_first(session, [&] {
      CampaignStore::require_unchanged(store.directory());
      store.require_same(campaign_);
    });
    const OutputDirectory output(store.directory(), claim_on(session.line), expected_bytes(campaign_), session.ranks);
    on_first(session, [&] {
      for (std::size_t i = 1; i < folders.size(); ++i)
        adopt_from(CampaignStore{folders[i]}, store);
      require_complete(campaign_, store, {}, core::ExitCode::bad_input);
      say_damage(store);
    });
    return finish(campaign_, store, session);
  }

private:
  template <class Work>
  static void on_first(const Session& session, const Work& work) {
    session.ranks.agree([&] {
      if (session.ranks.rank() == 0)
        work();
    });
  }

  CampaignPlan planned(const Session& session) const {
    return plan_campaign(campaign_, session.line.part.value_or(Part{}), describe_machine(session.ranks));
  }

  /// With --force beside an older campaign, which stays what it is until the new one is complete; a resumed one may
  /// have been begun so. Collective: rank 0 looks.
  static CampaignStore store_in(const std::filesystem::path& place, const Session& session) {
    std::array<std::int64_t, 1> beside{0};
    on_first(session, [&] {
      CampaignStore::finish_replacing(place);
      const bool older = CampaignStore{place}.begun() || has_result(place);
      beside[0] = (session.line.force && older) || (session.line.resume && CampaignStore::next(place).begun()) ? 1 : 0;
    });
    session.ranks.max(std::span<std::int64_t>(beside));
    return beside[0] != 0 ? CampaignStore::next(place) : CampaignStore{place};
  }

  void adopt_from(const CampaignStore& other, const CampaignStore& store) const {
    other.require_same(campaign_);
    for (const CampaignCase& c : campaign_.cases)
      if (!store.damage(c).empty() && other.damage(c).empty())
        store.adopt(other, c);
  }

  Campaign campaign_;
};

bool is_campaign(const Input& input) {
  const auto task = written(input, "task");
  const bool named = task && task->value.text != "field";
  return named ? task->value.text == "campaign" : written(input, "sweep").has_value();
}

std::optional<InputSource> kept_campaign(const std::filesystem::path& folder) {
  const CampaignStore store{folder};
  return store.begun() ? std::optional(store.kept_input()) : std::nullopt;
}

} // namespace

Task campaign_task() {
  return {"campaign",
          "many fields, one after the other, and one report over all (section sweep)",
          "Campaigns",
          "An input with `sweep` runs many cases and ends in one report ([campaigns.md](campaigns.md)).",
          is_campaign,
          [](const Input& input, const Session&) -> std::unique_ptr<Job> {
            return std::make_unique<CampaignJob>(load_campaign(input));
          },
          [](core::ParameterVisitor& v) { SweepSection().declare(v); },
          kept_campaign};
}

} // namespace cascade::app
