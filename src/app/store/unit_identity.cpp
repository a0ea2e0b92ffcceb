#include "app/store/unit_identity.hpp"

#include "core/sums/checksum.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_name = "cascade-units/1";
/// Keys that leave every number of a unit as it is.
const std::set<std::string>& irrelevant() {
  static const std::set<std::string> keys{"run.group_size", "output.directory", "output.field"};
  return keys;
}

/// Dotted keys and values as text; lists are one value.
void flatten(const Json& value, const std::string& key, std::map<std::string, std::string>& flat) {
  if (!value.is_object()) {
    if (!irrelevant().contains(key))
      flat[key] = value.dump();
    return;
  }
  for (const auto& [name, member] : value.items())
    flatten(member, key.empty() ? name : fmt::format("{}.{}", key, name), flat);
}

bool is_whole(const Json& json) {
  const auto text = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
  return json.is_object() && text("format") && json["format"] == format_name && text("program") &&
         json.contains("config") && json.contains("settings");
}

Json parse(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!is_whole(json))
    throw core::Error(core::ExitCode::io_failure,
                      "config.json of the units is damaged. Use --force to start the run anew.");
  return json;
}

/// What decides the numbers, by key.
std::map<std::string, std::string> essentials(const std::string& text) {
  const Json json = parse(text);
  std::map<std::string, std::string> flat;
  flatten(json["config"], "", flat);
  flat["--check"] = json.value("checking", false) ? "yes" : "no";
  flat["(program)"] = json["program"].get<std::string>();
  return flat;
}

/// "field.hurst: 0.3 before, 0.4 now", for each key with another value.
std::vector<std::string> changed(const std::map<std::string, std::string>& old_values,
                                 const std::map<std::string, std::string>& new_values) {
  std::set<std::string> keys;
  for (const auto* values : {&old_values, &new_values})
    for (const auto& [key, value] : *values)
      keys.insert(key);
  const auto shown = [](const std::map<std::string, std::string>& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string("absent") : found->second;
  };
  std::vector<std::string> lines;
  for (const std::string& key : keys)
    if (shown(old_values, key) != shown(new_values, key))
      lines.push_back(fmt::format("{}: {} before, {} now", key, shown(old_values, key), shown(new_values, key)));
  return lines;
}

} // namespace

std::string identity_text(const RunConfig& config, const RunPlan& plan) {
  const core::BuildInfo build = core::build_info();
  Json json;
  json["format"] = format_name;
  json["program"] = fmt::format("cascade {} (git {})", build.version, build.git());
  json["input_file"] = config.input_file;
  json["input_text"] = config.input_text;
  json["checking"] = config.checking;
  json["settings"] = Json::array();
  for (const core::Setting& s : config.settings)
    json["settings"].push_back({s.key, s.value});
  json["config"] = Json::parse(resolved(config, plan).json());
  return json.dump(2) + "\n";
}

bool is_identity(const std::string& text) {
  return is_whole(Json::parse(text, nullptr, /*allow_exceptions=*/false));
}

std::string identity_digest(const std::string& identity) {
  std::string all;
  for (const auto& [key, value] : essentials(identity))
    all += fmt::format("{}={}\n", key, value);
  return fmt::format("{:016x}", core::checksum(all));
}

std::vector<std::string> identity_differences(const std::string& before, const std::string& now) {
  return changed(essentials(before), essentials(now));
}

std::vector<std::string> config_differences(const std::string& before, const std::string& now) {
  std::map<std::string, std::string> old_values, new_values;
  flatten(Json::parse(before), "", old_values);
  flatten(Json::parse(now), "", new_values);
  return changed(old_values, new_values);
}

std::vector<std::string> differences_from_report(const std::string& report_json, const std::string& now) {
  const Json report = Json::parse(report_json, nullptr, /*allow_exceptions=*/false);
  if (!report.is_object() || !report.contains("run") || !report["run"].contains("config"))
    throw core::Error(core::ExitCode::io_failure, "report.json is damaged. Use --force to start the run anew.");
  Json before = parse(now); // program and --check are not compared: the result is there, whoever made it
  before["config"] = report["run"]["config"];
  return identity_differences(before.dump(), now);
}

InputSource input_from_identity(const std::string& identity) {
  const Json json = parse(identity);
  InputSource source{json.value("input_file", ""), json.value("input_text", ""), {}, json.value("checking", false)};
  for (const Json& pair : json["settings"])
    source.settings.push_back({pair.at(0), pair.at(1), "--set " + pair.at(0).get<std::string>()});
  return source;
}

} // namespace cascade::app
