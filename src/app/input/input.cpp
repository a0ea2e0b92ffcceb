#include "app/input/input.hpp"

#include "app/input/input_names.hpp"
#include "core/files/read_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cctype>
#include <filesystem>
#include <set>

namespace cascade::app {

std::string InputSource::command(const std::string& mode, const std::string& folder, const std::string& program) const {
  std::string command = program + " " + core::shell_word(input_file);
  for (const core::Setting& s : settings)
    command += " --set " + core::shell_word(s.key + "=" + s.value);
  if (checking)
    command += " --check";
  if (!mode.empty())
    command += " " + mode;
  return command + " --output " + core::shell_word(folder);
}

bool InputSource::made() const {
  return input_text.starts_with("# made for ");
}

Input parse_input(InputSource source) {
  core::Diagnostics diagnostics;
  core::ConfigNode root = core::parse_config(source.input_text, source.input_file, diagnostics);
  diagnostics.throw_if_any(); // after a syntax error the rest would be guesswork
  return {std::move(source), std::move(root)};
}

std::string read_input_file(const std::string& file) {
  constexpr std::size_t largest = 1 << 20;
  std::error_code failure;
  if (!std::filesystem::exists(file, failure) && !failure)
    throw core::Error(core::ExitCode::bad_input, core::shown(file, 400) + ": no such file" + hint_for_missing(file));
  return core::read_file(file, largest);
}

Input read_input(InputSource source, const core::Communicator& communicator) {
  communicator.agree([&] {
    if (communicator.rank() == 0) {
      source.input_file = find_input_file(source.input_file);
      source.input_text = read_input_file(source.input_file);
    }
  });
  source.input_file = communicator.broadcast(source.input_file, 0);
  source.input_text = communicator.broadcast(source.input_text, 0);
  return parse_input(std::move(source));
}

InputSource broadcast(const InputSource& source, const core::Communicator& communicator) {
  using Json = nlohmann::json;
  Json settings = Json::array();
  for (const core::Setting& s : source.settings)
    settings.push_back({s.key, s.value, s.where});
  const std::string mine = Json{source.input_file, source.input_text, settings, source.checking}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
  const Json all = Json::parse(communicator.broadcast(mine, 0));
  InputSource out{all.at(0), all.at(1), {}, all.at(3)};
  for (const Json& s : all.at(2))
    out.settings.push_back({s.at(0), s.at(1), s.at(2)});
  return out;
}

std::optional<core::ConfigEntry> written(const Input& input, const std::string& key) {
  core::ConfigNode holder;
  holder.kind = core::ConfigNode::Kind::mapping;
  if (const core::ConfigEntry* entry = input.root.find(key))
    holder.entries.push_back(*entry);
  core::Diagnostics ignored;
  for (const core::Setting& s : input.settings)
    if (s.key == key || s.key.starts_with(key + "."))
      core::assign(holder, {s.key, s.value, "--set " + core::shown(s.key)}, ignored);
  return holder.entries.empty() ? std::nullopt : std::optional(holder.entries.front());
}

void apply_settings(core::ConfigNode& root, const std::vector<core::Setting>& settings, bool from_command_line,
                    core::Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (core::Setting setting : settings) {
    if (from_command_line)
      setting.where = "--set " + core::shown(setting.key);
    setting.key = canonical_key(setting.key);
    if (seen.insert(setting.key).second)
      core::assign(root, setting, diagnostics);
    else
      diagnostics.add({setting.where, 0, 0}, setting.key, "set twice; keep one");
  }
}

void remove_key(core::ConfigNode& root, const std::string& key) {
  std::erase_if(root.entries, [&](const core::ConfigEntry& e) { return e.key == key; });
}

std::string default_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_' && c != '-')
      c = '_';
  return name.empty() || name[0] == '.' || name[0] == '-' ? "run" + name : name;
}

} // namespace cascade::app
