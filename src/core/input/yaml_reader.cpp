#include "core/input/yaml_reader.hpp"

#include "core/input/scalar.hpp"
#include "core/input/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace cascade::core {

namespace {

using Kind = ConfigNode::Kind;

std::string list_words(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string describe(const ConfigNode& node) {
  switch (node.kind) {
  case Kind::null:
    return "no value";
  case Kind::scalar:
    return fmt::format("'{}'", node.text);
  case Kind::list:
    return "a list";
  case Kind::mapping:
    return "a section";
  }
  return {};
}

bool within(double value, const Range1& allowed) {
  return value >= allowed.lowest && value <= allowed.highest;
}

} // namespace

YamlReader::YamlReader(const ConfigNode& root, Diagnostics& diagnostics)
    : root_(root), diagnostics_(diagnostics), frames_{{&root, "", {}, false}} {}

std::string YamlReader::path_of(const std::string& key) const {
  return frames_.back().path.empty() ? key : frames_.back().path + "." + key;
}

void YamlReader::complain(const ConfigNode& node, const std::string& path, const std::string& what) {
  diagnostics_.add(node.position, path, what);
}

/// The node of a key of the current section, or null; remembers that the key exists.
const ConfigNode* YamlReader::lookup(const char* key) {
  Frame& frame = frames_.back();
  frame.declared.emplace_back(key);
  known_paths_.push_back(path_of(key));
  if (frame.node == nullptr)
    return nullptr;
  const ConfigEntry* entry = frame.node->find(key);
  return entry ? &entry->value : nullptr;
}

/// The same for a single value; a list, a section or nothing at all is reported here.
const ConfigNode* YamlReader::value_of(const char* key) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr || node->kind == Kind::scalar)
    return node;
  complain(*node, path_of(key), fmt::format("expected a single value, got {}", describe(*node)));
  return nullptr;
}

std::optional<double> YamlReader::read_real(const ConfigNode& node, const std::string& path, Range1 allowed) {
  const std::string bounds = "; allowed: " + format_range(allowed);
  if (node.quoted) {
    complain(node, path, fmt::format("'{}' in quotes is text, not a number; remove the quotes", node.text) + bounds);
    return std::nullopt;
  }
  const Parsed<double> parsed = parse_real(node.text);
  if (const std::string* what = std::get_if<std::string>(&parsed)) {
    complain(node, path, *what + bounds);
    return std::nullopt;
  }
  const double value = std::get<double>(parsed);
  if (!within(value, allowed)) {
    complain(node, path, fmt::format("{} is out of range", node.text) + bounds);
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> YamlReader::read_integer(const ConfigNode& node, const std::string& path, Range1 allowed) {
  const std::string bounds = "; allowed: integers, " + format_range(allowed);
  if (node.quoted) {
    complain(node, path, fmt::format("'{}' in quotes is text, not a number; remove the quotes", node.text) + bounds);
    return std::nullopt;
  }
  const Parsed<std::int64_t> parsed = parse_integer(node.text);
  if (const std::string* what = std::get_if<std::string>(&parsed)) {
    complain(node, path, *what + bounds);
    return std::nullopt;
  }
  const std::int64_t value = std::get<std::int64_t>(parsed);
  if (!within(static_cast<double>(value), allowed)) {
    complain(node, path, fmt::format("{} is out of range", node.text) + bounds);
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> YamlReader::read_choice(const ConfigNode& node, const std::string& path,
                                                   const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), node.text) != allowed.end())
    return node.text;
  complain(node, path,
           fmt::format("'{}' is not known; allowed: {}", node.text, list_words(allowed)) +
               suggestion(node.text, allowed));
  return std::nullopt;
}

void YamlReader::real(const char* key, double& value, Range1 allowed, const KeyHelp&) {
  if (const ConfigNode* node = value_of(key))
    value = read_real(*node, path_of(key), allowed).value_or(value);
}

void YamlReader::real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp&) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr)
    return;
  if (node->kind == Kind::null)
    value.reset();
  else if (node->kind != Kind::scalar)
    complain(*node, path_of(key), fmt::format("expected a single number, got {}", describe(*node)));
  else if (const auto read = read_real(*node, path_of(key), allowed))
    value = read;
}

void YamlReader::integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp&) {
  if (const ConfigNode* node = value_of(key))
    value = read_integer(*node, path_of(key), allowed).value_or(value);
}

void YamlReader::integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed, const KeyHelp&) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr)
    return;
  if (node->kind == Kind::null)
    value.reset();
  else if (node->kind != Kind::scalar)
    complain(*node, path_of(key), fmt::format("expected a single integer, got {}", describe(*node)));
  else if (const auto read = read_integer(*node, path_of(key), allowed))
    value = read;
}

void YamlReader::boolean(const char* key, bool& value, const KeyHelp&) {
  if (const ConfigNode* node = value_of(key))
    value = read_boolean(*node, path_of(key)).value_or(value);
}

std::optional<bool> YamlReader::read_boolean(const ConfigNode& node, const std::string& path) {
  const Parsed<bool> parsed = parse_boolean(node.text);
  if (node.quoted)
    complain(node, path, fmt::format("'{}' in quotes is text; allowed: true, false", node.text));
  else if (const std::string* what = std::get_if<std::string>(&parsed))
    complain(node, path, *what);
  else
    return std::get<bool>(parsed);
  return std::nullopt;
}

void YamlReader::text(const char* key, std::string& value, const KeyHelp&) {
  if (const ConfigNode* node = value_of(key))
    value = node->text;
}

void YamlReader::choice(const char* key, std::string& value, const std::vector<std::string>& allowed, const KeyHelp&) {
  const bool required = value.empty();
  const ConfigNode* node = lookup(key);
  if (node == nullptr) {
    if (required && !frames_.back().broken)
      diagnostics_.add(where(path_of(key)), path_of(key), "missing; allowed: " + list_words(allowed));
  } else if (node->kind != Kind::scalar) {
    complain(*node, path_of(key),
             fmt::format("expected one word, got {}; allowed: {}", describe(*node), list_words(allowed)));
  } else if (const auto read = read_choice(*node, path_of(key), allowed)) {
    value = *read;
  }
}

/// The items of a list key, or null; anything that is no list, or is empty where it may not be, is reported.
const std::vector<ConfigNode>* YamlReader::list_of(const char* key, bool may_be_empty) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr)
    return nullptr;
  if (node->kind != Kind::list) {
    const std::string hint =
        node->kind == Kind::scalar ? fmt::format("; write [{}]", node->text) : "; write [a, b, ...]";
    complain(*node, path_of(key), fmt::format("expected a list, got {}", describe(*node)) + hint);
    return nullptr;
  }
  if (node->items.empty() && !may_be_empty) {
    complain(*node, path_of(key), "the list is empty; give at least one value");
    return nullptr;
  }
  return &node->items;
}

template <class T, class Read>
void YamlReader::read_list(const char* key, std::vector<T>& value, const Read& read) {
  const std::vector<ConfigNode>* items = list_of(key, value.empty());
  if (items == nullptr)
    return;
  std::vector<T> out;
  bool good = true;
  for (const ConfigNode& item : *items) {
    const std::string path = path_of(key);
    if (item.kind != Kind::scalar) {
      complain(item, path, fmt::format("expected single values in the list, got {}", describe(item)));
      good = false;
      continue;
    }
    const std::optional<T> one = read(item, path);
    good = good && one;
    if (one && std::find(out.begin(), out.end(), *one) != out.end()) {
      complain(item, path, fmt::format("{} stands twice in the list", item.text));
      good = false;
    }
    if (one)
      out.push_back(*one);
  }
  if (good)
    value = std::move(out);
}

void YamlReader::reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp&) {
  read_list(key, value,
            [&](const ConfigNode& node, const std::string& path) { return read_real(node, path, allowed); });
}

void YamlReader::integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp&) {
  read_list(key, value,
            [&](const ConfigNode& node, const std::string& path) { return read_integer(node, path, allowed); });
}

void YamlReader::choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
                         const KeyHelp&) {
  read_list(key, value,
            [&](const ConfigNode& node, const std::string& path) { return read_choice(node, path, allowed); });
}

void YamlReader::settings(const char* key, std::vector<Setting>& value, const KeyHelp&) {
  const ConfigNode* node = lookup(key);
  if (node == nullptr || node->kind == Kind::null)
    return;
  if (node->kind != Kind::mapping) {
    complain(*node, path_of(key),
             fmt::format("expected a section such as {{field.points: 32}}, got {}", describe(*node)));
    return;
  }
  value.clear();
  for (const ConfigEntry& entry : node->entries)
    value.push_back({entry.key, to_text(entry.value), entry.position.text()});
}

void YamlReader::begin(const char* key, bool& present, const std::string&) {
  const ConfigNode* node = lookup(key);
  present = node != nullptr;
  const std::string path = path_of(key);
  const bool broken = node != nullptr && node->kind != Kind::mapping && node->kind != Kind::null;
  if (broken) {
    complain(*node, path, fmt::format("expected a section, {}: {{...}}, got {}", key, describe(*node)));
    node = nullptr;
  }
  frames_.push_back({node, path, {}, broken});
}

void YamlReader::end() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.node == nullptr)
    return;
  for (const ConfigEntry& entry : frame.node->entries)
    if (std::find(frame.declared.begin(), frame.declared.end(), entry.key) == frame.declared.end())
      unknown_.push_back({&entry, frame.path.empty() ? entry.key : frame.path + "." + entry.key, frame.declared});
}

std::size_t YamlReader::begin_list(const char* key, std::size_t size, const std::string&) {
  const ConfigNode* node = lookup(key);
  const std::string path = path_of(key);
  if (node != nullptr && node->kind != Kind::list) {
    complain(*node, path, fmt::format("expected a list of sections, [{{...}}, {{...}}], got {}", describe(*node)));
    node = nullptr;
  }
  frames_.push_back({node, path, {}, false});
  return node ? node->items.size() : size;
}

void YamlReader::begin_item(std::size_t index) {
  const Frame& list = frames_.back();
  const std::string path = fmt::format("{}[{}]", list.path, index);
  const ConfigNode* node = list.node && index < list.node->items.size() ? &list.node->items[index] : nullptr;
  if (node != nullptr && node->kind != Kind::mapping) {
    complain(*node, path, fmt::format("expected a section, {{key: value, ...}}, got {}", describe(*node)));
    node = nullptr;
  }
  frames_.push_back({node, path, {}, false});
}

void YamlReader::end_item() {
  end();
}

void YamlReader::end_list() {
  frames_.pop_back();
}

void YamlReader::report(const Problems& problems) {
  for (const Problems::Problem& problem : problems.all())
    if (!diagnostics_.mentions(problem.key))
      diagnostics_.add(where(problem.key), problem.key, problem.message);
}

/// Right word, wrong place: the keys of that name, in the order in which inputs have them (field before theory).
std::vector<std::string> YamlReader::paths_named(const std::string& key) const {
  std::vector<std::string> found;
  for (const std::string& path : known_paths_)
    if ((path == key || path.ends_with("." + key)) && std::find(found.begin(), found.end(), path) == found.end())
      found.push_back(path);
  return found;
}

void YamlReader::finish() {
  while (!frames_.empty()) // the root, which nobody ends
    end();
  for (const Unknown& unknown : unknown_) {
    const std::string& key = unknown.entry->key;
    if (std::any_of(forgiven_.begin(), forgiven_.end(),
                    [&](const std::string& f) { return unknown.path.starts_with(f + "."); }))
      continue;
    const auto told = std::find_if(explanations_.begin(), explanations_.end(),
                                   [&](const auto& e) { return e.first == unknown.path; });
    std::string hint = suggestion(key, unknown.siblings, paths_named(key));
    if (told != explanations_.end())
      hint = "; " + told->second;
    const std::string section = unknown.path == key ? "at the top" : "here";
    const std::string colon = key.find(':') != std::string::npos ? " (a colon needs a space after it)" : "";
    diagnostics_.add(unknown.entry->position, unknown.path,
                     fmt::format("unknown key{}; allowed {}: {}", colon, section, list_words(unknown.siblings)) + hint);
  }
  unknown_.clear();
}

Position YamlReader::where(const std::string& path) const {
  const ConfigNode* node = &root_;
  Position position = root_.position;
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t stop = std::min(path.find_first_of(".[", start), path.size());
    const ConfigEntry* entry = node->find(path.substr(start, stop - start));
    if (entry == nullptr)
      break;
    node = &entry->value;
    position = node->kind == Kind::scalar || node->kind == Kind::list ? node->position : entry->position;
    start = stop + 1;
    if (stop < path.size() && path[stop] == '[') { // an item of a list
      const std::size_t index = std::stoul(path.substr(stop + 1));
      if (index >= node->items.size())
        break;
      node = &node->items[index];
      position = node->position;
      start = std::min(path.find(']', stop) + 2, path.size());
    }
  }
  return position;
}

} // namespace cascade::core
