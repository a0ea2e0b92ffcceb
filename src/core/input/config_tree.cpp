#include "core/input/config_tree.hpp"

#include "core/input/input_text.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <sstream>
#include <utility>

namespace cascade::core {

namespace {

constexpr std::size_t deepest = 16;
constexpr std::size_t most_values = 10000;

/// Stops the parser; carries the message.
struct Refused {
  Position position;
  std::string message;
};

/// Builds the tree from the parser's events. The parser alone would let repeated keys, anchors inside themselves, tags
/// and unclosed quotes through; each is refused here.
class TreeBuilder final : public YAML::EventHandler {
public:
  using Locate = std::function<Position(const YAML::Mark&)>;
  TreeBuilder(const InputText& text, Locate locate, Diagnostics& diagnostics)
      : text_(text), locate_(std::move(locate)), diagnostics_(diagnostics) {}

  ConfigNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      throw Refused{locate_(mark), "a second document starts here; an input file holds one"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    place(mark, ConfigNode{});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{locate_(mark), "aliases (*name) are not supported; write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    ConfigNode node;
    node.kind = ConfigNode::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!";
    if (node.quoted)
      check_quotes(mark);
    place(mark, std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }

private:
  struct Level {
    ConfigNode node;
    std::optional<ConfigEntry> pending; ///< a mapping's key that waits for its value
  };

  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const {
    throw Refused{locate_(mark), "anchors (&name) are not supported; write the value out"};
  }
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      refuse_anchor(mark);
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Refused{locate_(mark), "tags (!name) are not supported"};
    if (++values_ > most_values)
      throw Refused{locate_(mark), fmt::format("more than {} values", most_values)};
  }
  void check_quotes(const YAML::Mark& mark) const {
    const std::string& s = text_.body();
    std::size_t i = text_.offset(mark.line, mark.column);
    if (i >= s.size() || (s[i] != '"' && s[i] != '\''))
      return; // a block scalar
    const char quote = s[i];
    for (++i; i < s.size(); ++i) {
      if (s[i] == '\\' && quote == '"')
        ++i;
      else if (s[i] == quote && quote == '\'' && i + 1 < s.size() && s[i + 1] == quote)
        ++i;
      else if (s[i] == quote)
        return;
    }
    throw Refused{locate_(mark), fmt::format("the quote {} that opens here is never closed", quote)};
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, ConfigNode::Kind kind) {
    check(mark, tag, anchor);
    if (levels_.size() >= deepest)
      throw Refused{locate_(mark), fmt::format("nested more than {} levels deep", deepest)};
    Level level;
    level.node.kind = kind;
    level.node.position = locate_(mark);
    if (waits_for_key())
      throw Refused{level.node.position, "a key must be a single word"};
    levels_.push_back(std::move(level));
  }
  void close() {
    ConfigNode done = std::move(levels_.back().node);
    levels_.pop_back();
    attach(std::move(done));
  }
  bool waits_for_key() const {
    return !levels_.empty() && levels_.back().node.kind == ConfigNode::Kind::mapping && !levels_.back().pending;
  }
  void place(const YAML::Mark& mark, ConfigNode node) {
    node.position = locate_(mark);
    if (!waits_for_key())
      return attach(std::move(node));
    if (node.kind != ConfigNode::Kind::scalar || node.text.empty())
      throw Refused{node.position, "a key must be a single word"};
    levels_.back().pending = ConfigEntry{node.text, node.position, ConfigNode{}};
  }
  void attach(ConfigNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& top = levels_.back();
    if (top.node.kind == ConfigNode::Kind::list) {
      top.node.items.push_back(std::move(node));
      return;
    }
    ConfigEntry entry = std::move(*top.pending);
    top.pending.reset();
    entry.value = std::move(node);
    if (entry.value.kind == ConfigNode::Kind::null) // the parser places it at whatever comes next
      entry.value.position = entry.position;
    if (const ConfigEntry* first = top.node.find(entry.key))
      diagnostics_.add(entry.position, path(entry.key),
                       fmt::format("key repeated; first given at line {}, keep one", first->position.line));
    else
      top.node.entries.push_back(std::move(entry));
  }
  std::string path(const std::string& key) const {
    std::string out;
    for (const Level& level : levels_)
      if (level.pending)
        out += level.pending->key + ".";
    return out + key;
  }

  const InputText& text_;
  Locate locate_;
  Diagnostics& diagnostics_;
  ConfigNode root_;
  std::vector<Level> levels_;
  int documents_ = 0;
  std::size_t values_ = 0;
};

/// yaml-cpp's own words, with the puzzling ones replaced.
std::string explain(const std::string& message) {
  if (message.find("bad file") != std::string::npos)
    return "nested too deep";
  if (message.find("end of map not found") != std::string::npos)
    return "not valid YAML here: write 'key: value' (with a space after the colon), one a line, sections indented "
           "alike";
  if (message.find("illegal map value") != std::string::npos)
    return "not valid YAML here: an unexpected ':'; is the line above complete, and are sections indented alike?";
  if (message.find("illegal tab") != std::string::npos || message.find("illegal EOF") != std::string::npos)
    return "not valid YAML here: " + message + "; indent with spaces";
  return "not valid YAML here: " + message;
}

ConfigNode build(const InputText& text, const TreeBuilder::Locate& locate, Diagnostics& diagnostics) {
  TreeBuilder builder(text, locate, diagnostics);
  try {
    std::istringstream stream(text.body());
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    diagnostics.add(refused.position, "", refused.message);
  } catch (const YAML::Exception& e) {
    diagnostics.add(locate(e.mark), "", explain(e.msg));
  }
  return builder.take();
}

std::vector<std::string> split_key(const std::string& key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

std::string quote(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + '"';
}

} // namespace

const ConfigEntry* ConfigNode::find(const std::string& key) const {
  for (const ConfigEntry& entry : entries)
    if (entry.key == key)
      return &entry;
  return nullptr;
}

ConfigEntry* ConfigNode::find(const std::string& key) {
  return const_cast<ConfigEntry*>(std::as_const(*this).find(key));
}

ConfigNode parse_config(const std::string& raw, const std::string& name, Diagnostics& diagnostics) {
  const InputText text(raw);
  const auto at = [&](std::size_t offset) {
    const auto [line, column] = text.place(offset);
    return Position{name, line, column};
  };
  const auto locate = [&](const YAML::Mark& mark) { return at(text.offset(mark.line, mark.column)); };
  ConfigNode root;
  if (const auto problem = text.first_problem())
    diagnostics.add(at(problem->first), "", problem->second);
  else
    root = build(text, locate, diagnostics);
  if (root.kind == ConfigNode::Kind::null)
    root.kind = ConfigNode::Kind::mapping; // an empty file: the reader says which keys it misses
  if (root.position.source.empty())
    root.position = Position{name, 1, 1};
  if (root.kind != ConfigNode::Kind::mapping) {
    diagnostics.add(
        root.position, "",
        "expected sections at the top, such as 'field: {generator: beta_cascade}' (with a space after each colon)");
    root = ConfigNode{ConfigNode::Kind::mapping, {}, false, root.position, {}, {}};
  }
  return root;
}

void assign(ConfigNode& root, const Setting& setting, Diagnostics& diagnostics) {
  const Position position{setting.where, 0, 0};
  const InputText text(setting.value);
  Diagnostics inner;
  ConfigNode value;
  if (!text.first_problem())
    value = build(
        text, [&](const YAML::Mark&) { return position; }, inner);
  if (text.first_problem() || !inner.empty()) {
    diagnostics.add(position, setting.key, fmt::format("the value '{}' is not valid YAML", shown(setting.value)));
    return;
  }
  value.position = position;
  ConfigNode* node = &root;
  if (static_cast<std::size_t>(std::count(setting.key.begin(), setting.key.end(), '.')) >= deepest) {
    diagnostics.add(position, shown(setting.key), fmt::format("nested more than {} levels deep", deepest));
    return;
  }
  const std::vector<std::string> parts = split_key(setting.key);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) {
      diagnostics.add(position, setting.key,
                      "expected key.path=value with words between the dots, e.g. field.points=128");
      return;
    }
    if (node->kind == ConfigNode::Kind::null)
      node->kind = ConfigNode::Kind::mapping;
    if (node->kind != ConfigNode::Kind::mapping) {
      diagnostics.add(position, setting.key,
                      fmt::format("there is no section '{}' to set a key of", shown(parts[i - 1])));
      return;
    }
    ConfigEntry* entry = node->find(parts[i]);
    if (entry == nullptr) {
      ConfigNode fresh;
      fresh.position = position;
      node->entries.push_back({parts[i], position, std::move(fresh)});
      entry = &node->entries.back();
    }
    if (i + 1 == parts.size())
      entry->position = position;
    node = &entry->value;
  }
  *node = std::move(value);
}

std::string to_text(const ConfigNode& node) {
  switch (node.kind) {
  case ConfigNode::Kind::null:
    return "null";
  case ConfigNode::Kind::scalar:
    return node.quoted ? quote(node.text) : node.text;
  case ConfigNode::Kind::list: {
    std::vector<std::string> items;
    for (const ConfigNode& item : node.items)
      items.push_back(to_text(item));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  case ConfigNode::Kind::mapping: {
    std::vector<std::string> items;
    for (const ConfigEntry& entry : node.entries)
      items.push_back(quote(entry.key) + ": " + to_text(entry.value));
    return fmt::format("{{{}}}", fmt::join(items, ", "));
  }
  }
  return {};
}

} // namespace cascade::core
