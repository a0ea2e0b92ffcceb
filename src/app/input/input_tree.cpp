#include "app/input/input_tree.hpp"

#include <cctype>
#include <filesystem>
#include <set>

namespace cascade::app {

void apply_settings(core::ConfigNode& root, const std::vector<core::Setting>& settings, bool from_command_line,
                    core::Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (core::Setting setting : settings) {
    if (from_command_line)
      setting.where = "--set " + setting.key;
    if (seen.insert(setting.key).second)
      core::assign(root, setting, diagnostics);
    else
      diagnostics.add({setting.where, 0, 0}, setting.key, "set twice; keep one");
  }
}

std::string default_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_' && c != '-')
      c = '_';
  return name.empty() || name[0] == '.' || name[0] == '-' ? "run" + name : name;
}

std::string task_of(const std::string& file, const std::string& text, const std::vector<core::Setting>& settings) {
  core::Diagnostics ignored;
  core::ConfigNode root = core::parse_config(text, file, ignored);
  for (const core::Setting& setting : settings)
    if (setting.key == "task")
      core::assign(root, setting, ignored);
  const core::ConfigEntry* entry = root.find("task");
  return entry != nullptr && entry->value.kind == core::ConfigNode::Kind::scalar ? entry->value.text : "field";
}

} // namespace cascade::app
