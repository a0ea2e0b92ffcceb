#include "app/scaling/equivalent.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

bool nothing_set(const Json& value) {
  return value.is_null() || (value.is_string() && value.get<std::string>().empty()) ||
         (value.is_array() && value.empty()) || (value.is_object() && value.empty());
}

void write_block(const Json& object, const std::string& indent, std::string& out) {
  for (const auto& [key, value] : object.items()) {
    if (nothing_set(value))
      continue;
    if (value.is_object()) {
      std::string inner;
      write_block(value, indent + "  ", inner);
      if (!inner.empty())
        out += fmt::format("{}{}:\n{}", indent, key, inner);
    } else {
      out += fmt::format("{}{}: {}\n", indent, key, value.dump()); // JSON is YAML
    }
  }
}

} // namespace

std::string equivalent_input(const ScalingConfig& config) {
  if (!config.made())
    return "";
  Json tree = Json::parse(config.json());
  Json& section = tree[config.study_name];
  if (section.contains("file")) {
    const std::filesystem::path named = section["file"].get<std::string>();
    if (!named.is_absolute())
      section["file"] =
          std::filesystem::absolute(std::filesystem::path(config.input_file).parent_path() / named).lexically_normal();
  }
  std::string out = "# What the table alone was taken to mean: the same run as an input file.\n";
  write_block(tree, "", out);
  return out;
}

} // namespace cascade::app
