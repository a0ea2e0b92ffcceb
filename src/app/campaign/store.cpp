#include "app/campaign/store.hpp"

#include "app/report/report.hpp"
#include "app/store/output_directory.hpp"
#include "app/store/unit_identity.hpp"
#include "core/files/safe_file.hpp"
#include "core/files/sha256.hpp"
#include "core/sums/checksum.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* plan_schema = "cascade-campaign-plan/1";
constexpr const char* seal_file = "case.sum";
constexpr std::array<const char*, 3> sealed_files = {"report.json", "report.md", "results.h5"};
constexpr std::array<const char*, 12> case_files = {
    seal_file,  "report.json", "report.md",    "report.html", "results.h5", "run.log",
    "field.h5", "field.xmf",   "all_lags.xmf", "input.yaml",  "failed.txt", core::checksum_file_name};
/// Of a campaign as a whole.
constexpr std::array<std::string_view, 5> report_files = {"report.json", "report.md", "report.html", "run.log",
                                                          core::checksum_file_name};

std::string digest(const std::string& text) {
  return fmt::format("{:016x}", core::checksum(text));
}

std::string program() {
  const core::BuildInfo build = core::build_info();
  return fmt::format("cascade {} (git {})", build.version, build.git());
}

std::optional<std::string> content(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) // a pipe without a writer would never open
    return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return std::nullopt;
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return file.bad() ? std::nullopt : std::optional<std::string>(std::move(text));
}

fs::path plan_file(const CampaignStore& store) {
  return store.directory() / "campaign.json";
}

[[noreturn]] void throw_damaged(const CampaignStore& store) {
  const bool waits = store.directory().filename() == ".new"; // force would have to remove it, and it may be anybody's
  throw core::Error(core::ExitCode::io_failure,
                    fmt::format("{}: damaged, or written by another version; {}", plan_file(store).string(),
                                waits ? "move it away, or choose another --output" : "start again with --force"));
}

Json plan_of(const CampaignStore& store) {
  const std::optional<std::string> text = content(plan_file(store));
  if (!text && store.begun())
    throw core::Error(core::ExitCode::io_failure, plan_file(store).string() + ": cannot be read");
  if (!text)
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: not there; {} is not the folder of a campaign",
                                                             plan_file(store).string(), store.directory().string()));
  Json plan = Json::parse(*text, nullptr, false);
  if (plan.is_discarded() || !plan.is_object() || plan.value("schema", "") != plan_schema)
    throw_damaged(store);
  return plan;
}

} // namespace

bool CampaignStore::begun() const {
  std::error_code ignored;
  return fs::exists(plan_file(*this), ignored);
}

void CampaignStore::begin(const Campaign& campaign) const {
  Json set = Json::array(), cases = Json::array();
  for (const core::Setting& s : campaign.settings)
    set.push_back({{"key", s.key}, {"value", s.value}});
  for (const CampaignCase& c : campaign.cases)
    cases.push_back({{"name", c.sweep.name}, {"config", Json::parse(c.json)}});
  core::write_text(plan_file(*this), json_text({{"schema", plan_schema},
                                                {"program", program()},
                                                {"input", campaign.input_file},
                                                {"checking", campaign.checking},
                                                {"settings", set},
                                                {"input_text", campaign.input_text},
                                                {"cases", cases}}));
}

void CampaignStore::require_same(const Campaign& campaign) const {
  const Json plan = plan_of(*this);
  const std::string place = plan_file(*this).string();
  const auto refuse = [&](const std::string& what) {
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("{}: the campaign begun here differs from this input: {}. Undo the change, choose "
                                  "another --output, or start again with --force.",
                                  place, what));
  };
  const Json& cases = plan.at("cases");
  std::string names;
  const auto known = [&](const std::string& name) {
    return std::any_of(cases.begin(), cases.end(), [&](const Json& c) { return c.at("name") == name; });
  };
  const auto wanted = [&](const std::string& name) {
    return std::any_of(campaign.cases.begin(), campaign.cases.end(),
                       [&](const CampaignCase& c) { return c.sweep.name == name; });
  };
  for (const CampaignCase& c : campaign.cases)
    if (!known(c.sweep.name))
      names += fmt::format("{}{} is new", names.empty() ? "" : ", ", c.sweep.name);
  for (const Json& c : cases)
    if (!wanted(c.at("name").get<std::string>()))
      names += fmt::format("{}{} is gone", names.empty() ? "" : ", ", c.at("name").get<std::string>());
  if (!names.empty())
    refuse("sweep: case " + names);
  for (const CampaignCase& c : campaign.cases)
    for (const Json& before : cases)
      if (before.at("name") == c.sweep.name)
        if (const auto lines = config_differences(before.at("config").dump(), c.json); !lines.empty())
          refuse(fmt::format("{} (case {})", fmt::join(lines, "; "), c.sweep.name));
  if (plan.value("program", "") != program())
    refuse(fmt::format("(program): {} before, {} now", plan.value("program", ""), program()));
}

InputSource CampaignStore::kept_input() const {
  const Json plan = plan_of(*this);
  try {
    InputSource source{plan.at("input"), plan.at("input_text"), {}, plan.at("checking")};
    for (const Json& s : plan.at("settings"))
      source.settings.push_back({s.at("key"), s.at("value"), ""});
    return source;
  } catch (const Json::exception&) {
    throw_damaged(*this);
  }
}

namespace {

/// Finished there, or named by the campaign: what is in other folders is somebody else's.
std::vector<fs::path> own_cases(const CampaignStore& store) {
  std::vector<fs::path> folders;
  std::error_code ignored;
  const Json plan = Json::parse(content(plan_file(store)).value_or(""), nullptr, false);
  if (plan.is_object() && plan.value("schema", "") == plan_schema && plan.contains("cases"))
    for (const Json& c : plan["cases"])
      if (const std::string name = c.is_object() ? c.value("name", "") : "";
          fs::path(name).filename() == name && name.find_first_not_of('.') != name.npos)
        folders.push_back(store.of_case(name)); // a folder of its own, whatever a damaged file says
  for (const fs::path& folder : core::list_directory(store.directory() / "cases"))
    if (content(folder / seal_file).value_or("").starts_with("config "))
      folders.push_back(folder);
  std::erase_if(folders, [&](const fs::path& f) { return fs::is_symlink(f, ignored); });
  return folders;
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure)
    core::throw_system_error("rename", to, failure.value());
}

} // namespace

void CampaignStore::clear() const {
  std::error_code ignored;
  for (const fs::path& folder : own_cases(*this)) {
    for (const char* name : case_files) {
      fs::remove(folder / name, ignored);
      fs::remove(core::TemporaryFile::partial_name(folder / name), ignored);
    }
    fs::remove(folder / ".lock", ignored);
    fs::remove(folder, ignored); // stays when there is something of others in it
  }
  fs::remove(directory_ / "cases", ignored);
  for (const std::string_view name : report_files)
    fs::remove(directory_ / name, ignored);
  fs::remove(plan_file(*this), ignored);
}

void CampaignStore::require_empty(const Campaign& campaign) const {
  for (const CampaignCase& c : campaign.cases)
    for (const char* name : case_files)
      if (std::error_code ignored; fs::exists(fs::symlink_status(of_case(c.sweep.name) / name, ignored)) &&
                                   !(std::string_view(name) == "failed.txt" && // a folder cannot be overwritten
                                     fs::is_directory(of_case(c.sweep.name) / name, ignored)))
        throw core::Error(core::ExitCode::refused,
                          fmt::format("{}: would be overwritten, and no campaign was begun here. Move it, or choose "
                                      "another --output.",
                                      (of_case(c.sweep.name) / name).string()));
}

void CampaignStore::require_own_result(const fs::path& place) {
  std::error_code ignored;
  if (next(place).begun() || fs::is_directory(place / ".new", ignored)) // what is there was given up by --force
    return;
  const bool begun = CampaignStore{place}.begun();
  for (const char* name : result_files) {
    const bool of_campaigns =
        begun && std::find(report_files.begin(), report_files.end(), std::string_view(name)) != report_files.end();
    if (!of_campaigns && fs::exists(fs::symlink_status(place / name, ignored)))
      throw core::Error(core::ExitCode::refused,
                        fmt::format("{}: has a result that is not of this campaign ({}). Use --force to replace it, or "
                                    "choose another --output.",
                                    place.string(), name));
  }
  const Json report = Json::parse(content(place / "report.json").value_or(""), nullptr, false);
  if (report.is_object() && report.contains("schema") && report["schema"] == "cascade-report/1")
    throw core::Error(core::ExitCode::refused, fmt::format("{}: is of a single run, not of this campaign. Use --force "
                                                           "to replace it, or choose another --output.",
                                                           (place / "report.json").string()));
  require_unchanged(place);
}

void CampaignStore::require_unchanged(const fs::path& place) {
  std::error_code ignored;
  const std::string sums = content(place / core::checksum_file_name).value_or("");
  const fs::path plan = place / "campaign.json";
  const std::size_t name = sums.find("  campaign.json\n");
  if (name != sums.npos && fs::exists(plan, ignored) && !sums.substr(0, name).ends_with(core::sha256_of_file(plan)))
    throw core::Error(
        core::ExitCode::io_failure,
        fmt::format("{}: was changed after it was written. Undo the change, or run the campaign anew with --force.",
                    plan.string()));
}

std::vector<std::string> CampaignStore::damage_of_report() const {
  std::error_code ignored;
  std::vector<std::string> lines;
  const std::optional<std::string> sums = content(directory_ / core::checksum_file_name);
  if (!sums && fs::exists(directory_ / "report.json", ignored))
    lines.push_back(fmt::format("{} is missing or cannot be read", core::checksum_file_name));
  for (const char* name : {"report.json", "report.md", "run.log"}) {
    const std::size_t at = sums ? sums->find(fmt::format("  {}\n", name)) : std::string::npos;
    if (at == std::string::npos) {
      if (sums)
        lines.push_back(fmt::format("{} does not name {}", core::checksum_file_name, name));
      continue;
    }
    const std::optional<std::string> bytes = content(directory_ / name);
    if (!bytes)
      lines.push_back(fmt::format("{} is missing or cannot be read", name));
    else if (!sums->substr(0, at).ends_with(core::sha256(*bytes)))
      lines.push_back(fmt::format("{} was changed after it was written", name));
  }
  return lines;
}

CampaignStore CampaignStore::next(const fs::path& place) {
  CampaignStore store(place / ".next");
  store.place_ = place;
  return store;
}

void CampaignStore::replace(const fs::path& place) {
  core::sync_directory(place / ".next");
  move(place / ".next", place / ".new");
  core::sync_directory(place);
  finish_replacing(place);
}

void CampaignStore::finish_replacing(const fs::path& place) {
  const CampaignStore fresh(place / ".new"), older(place);
  std::error_code ignored;
  if (!fs::is_directory(fresh.directory(), ignored))
    return;
  if (fresh.begun()) {
    (void)plan_of(fresh); // ours, or nothing is touched
    if (older.begun())    // its last file: the older one is still there, whole or in part
      older.clear();
    for (const char* name : result_files) // or the result of a single run
      if (!fs::exists(fresh.directory() / name))
        fs::remove(place / name, ignored);
    for (const fs::path& folder : own_cases(fresh)) {
      fs::create_directories(older.of_case(folder.filename().string()));
      for (const fs::path& file : core::list_directory(folder))
        move(file, older.of_case(folder.filename().string()) / file.filename());
      fs::remove(folder, ignored);
    }
    for (const char* name : {"report.md", "run.log", core::checksum_file_name, "report.json", "campaign.json"})
      if (fs::exists(fresh.directory() / name))
        move(fresh.directory() / name, place / name);
    core::sync_directory(place);
  }
  fs::remove(fresh.directory() / "cases", ignored);
  fs::remove(fresh.directory(), ignored);
}

std::string CampaignStore::checksums(const Campaign& campaign) const {
  std::string text = core::checksum_line(core::sha256_of_file(plan_file(*this)), "campaign.json");
  for (const CampaignCase& c : campaign.cases)
    for (const char* name : sealed_files)
      text += core::checksum_line(core::sha256_of_file(of_case(c.sweep.name) / name),
                                  fmt::format("cases/{}/{}", c.sweep.name, name));
  return text;
}

bool CampaignStore::sealed(const std::string& name) const {
  std::error_code ignored;
  return fs::exists(of_case(name) / seal_file, ignored);
}

void CampaignStore::seal(const CampaignCase& c) const {
  std::string text = fmt::format("config {}\n", digest(c.json));
  for (const char* name : sealed_files) {
    const std::optional<std::string> bytes = content(of_case(c.sweep.name) / name);
    if (!bytes)
      throw core::Error(core::ExitCode::io_failure,
                        fmt::format("{}: cannot be read back", (of_case(c.sweep.name) / name).string()));
    text += fmt::format("{} {} {}\n", name, bytes->size(), digest(*bytes));
  }
  core::write_text(of_case(c.sweep.name) / seal_file, text);
}

std::string CampaignStore::damage(const CampaignCase& c) const {
  const fs::path folder = of_case(c.sweep.name);
  const std::optional<std::string> text = content(folder / seal_file);
  if (!text)
    return "not finished";
  std::istringstream lines(*text);
  std::string word, config;
  if (!(lines >> word >> config) || word != "config")
    return "case.sum is damaged";
  if (config != digest(c.json))
    return "it was made with another configuration";
  for (const char* name : sealed_files) {
    std::string sum;
    std::size_t size = 0;
    if (!(lines >> word >> size >> sum) || word != name)
      return "case.sum is damaged";
    const std::optional<std::string> bytes = content(folder / name);
    if (!bytes)
      return fmt::format("{} is missing", name);
    if (bytes->size() != size || digest(*bytes) != sum)
      return fmt::format("{} does not agree with its checksum", name);
  }
  return "";
}

void CampaignStore::adopt(const CampaignStore& other, const CampaignCase& c) const {
  const fs::path from = other.of_case(c.sweep.name), to = of_case(c.sweep.name);
  fs::create_directories(to);
  for (const char* name : sealed_files)
    core::write_text(to / name, content(from / name).value_or(""));
  core::write_text(to / seal_file, content(from / seal_file).value_or(""));
}

int CampaignStore::count_sealed(const Campaign& campaign) const {
  int count = 0;
  for (const CampaignCase& c : campaign.cases)
    count += sealed(c.sweep.name) ? 1 : 0;
  return count;
}

void CampaignStore::unseal(const std::string& name) const {
  std::error_code ignored;
  fs::remove(of_case(name) / seal_file, ignored);
}

Json CampaignStore::report_of(const CampaignCase& c) const {
  if (const std::string what = damage(c); !what.empty())
    throw core::Error(core::ExitCode::io_failure,
                      fmt::format("{}: {}; --resume does this case again", of_case(c.sweep.name).string(), what));
  return Json::parse(*content(of_case(c.sweep.name) / "report.json"));
}

void CampaignStore::record_failure(const std::string& name, int code, const std::string& message) const {
  core::write_text(of_case(name) / "failed.txt", fmt::format("{}\n{}\n", code, message));
}

std::pair<int, std::string> CampaignStore::failure_of(const std::string& name) const {
  const std::optional<std::string> text = content(of_case(name) / "failed.txt");
  if (!text)
    return {0, ""};
  std::istringstream lines(*text);
  int code = 0;
  std::string message;
  lines >> code >> std::ws;
  std::getline(lines, message);
  return {code, message};
}

} // namespace cascade::app
