#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>

namespace cascade::core {

template <class T, class Read>
void YamlReader::read_values(const char* key, std::vector<T>& value, const Read& read) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr || node->kind == ConfigNode::Kind::null)
    return;
  const std::string path = path_of(key);
  std::vector<T> out;
  bool good = true;
  const auto take = [&](const ConfigNode& item) {
    const std::optional<T> one = item.kind == ConfigNode::Kind::scalar ? read(item, path) : std::nullopt;
    if (item.kind != ConfigNode::Kind::scalar)
      complain(
          item, path,
          fmt::format("expected single values, got {}", item.kind == ConfigNode::Kind::list ? "a list" : "a section"));
    good = good && one;
    if (one)
      out.push_back(*one);
  };
  if (node->kind == ConfigNode::Kind::list)
    for (const ConfigNode& item : node->items)
      take(item);
  else
    take(*node);
  if (good)
    value = std::move(out);
}

void YamlReader::texts(const char* key, std::vector<std::string>& value, const KeyHelp&) {
  read_values(key, value,
              [](const ConfigNode& node, const std::string&) { return std::optional<std::string>(node.text); });
}

void YamlReader::axis_reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp&) {
  read_values(key, value,
              [&](const ConfigNode& node, const std::string& path) { return read_real(node, path, allowed); });
}

void YamlReader::axis_integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp&) {
  read_values(key, value,
              [&](const ConfigNode& node, const std::string& path) { return read_integer(node, path, allowed); });
}

void YamlReader::axis_booleans(const char* key, std::vector<bool>& value, const KeyHelp&) {
  read_values(key, value, [&](const ConfigNode& node, const std::string& path) { return read_boolean(node, path); });
}

} // namespace cascade::core
