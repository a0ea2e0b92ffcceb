#pragma once
// The input as a tree of plain values, each with its place in the text.

#include "core/input/diagnostics.hpp"
#include "core/input/parameters.hpp"

#include <string>
#include <vector>

namespace cascade::core {

struct ConfigEntry;

/// One YAML value as written; nothing is interpreted here.
struct ConfigNode {
  enum class Kind { null, scalar, list, mapping };
  Kind kind = Kind::null;
  std::string text;    ///< of a scalar
  bool quoted = false; ///< a scalar in quotes, hence text
  Position position;
  std::vector<ConfigNode> items;    ///< of a list
  std::vector<ConfigEntry> entries; ///< of a mapping, in the order written, no key twice

  const ConfigEntry* find(const std::string& key) const;
  ConfigEntry* find(const std::string& key);
};

struct ConfigEntry {
  std::string key;
  Position position; ///< of the key
  ConfigNode value;
};

/// Parses the text of an input file; `name` is what positions call it. The language is the safe part of YAML 1.2 (JSON
/// included): one document, one mapping at the top, no anchors, aliases, tags, directives or repeated keys, at most 16
/// levels deep and 10000 values. Invalid UTF-8, control characters, unclosed quotes are refused; a byte-order mark and
/// CRLF line ends are accepted. Problems go to `diagnostics`; what could be read is returned. Local, never throws for a
/// bad text.
ConfigNode parse_config(const std::string& text, const std::string& name, Diagnostics& diagnostics);

/// Assigns one dotted key (--set, or check.set) in the tree: an existing value is replaced, missing sections are made.
/// The value is YAML, lists and mappings included; all its positions read `setting.where`.
void assign(ConfigNode& root, const Setting& setting, Diagnostics& diagnostics);

/// The value as YAML flow text that parses to the same tree.
std::string to_text(const ConfigNode& node);

} // namespace cascade::core
