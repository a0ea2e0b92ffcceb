#pragma once
// One declaration per parameter, from which reading, error messages, --describe, the resolved config and the input
// reference are all made.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {

/// Closed interval of allowed values.
struct Range1 {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
};

/// What every key says of itself: its unit ("1" when dimensionless) and one line of help.
struct KeyHelp {
  std::string unit;
  std::string text;
};

/// What is wrong between keys that are each fine alone (d > D, points that are no power of two, ...). A parameter
/// struct says so in `void validate(core::Problems& problems) const`, naming the key to blame relative to its own
/// section; the reader adds file:line:column (of the key, or of the nearest section when the key kept its default).
/// Local.
class Problems {
public:
  struct Problem {
    std::string key;     ///< dotted path, e.g. "dimension"; empty = the section itself
    std::string message; ///< what is wrong and what is allowed, without the key and without a full stop
  };
  void add(std::string key, std::string message) { all_.push_back({std::move(key), std::move(message)}); }
  /// Takes over the problems of a section: their keys get `section.` in front.
  void add_section(const std::string& section, const Problems& inner) {
    for (const Problem& p : inner.all_)
      add(p.key.empty() ? section : section + "." + p.key, p.message);
  }
  /// The problems whose key is neither this section nor inside it.
  Problems without(const std::string& section) const {
    Problems out;
    for (const Problem& p : all_)
      if (p.key != section && !p.key.starts_with(section + "."))
        out.all_.push_back(p);
    return out;
  }
  const std::vector<Problem>& all() const { return all_; }
  bool empty() const { return all_.empty(); }

private:
  std::vector<Problem> all_;
};

/// One assignment as written, e.g. from --set: dotted key, value as YAML text, and where it was written.
struct Setting {
  std::string key;
  std::string value;
  std::string where; ///< "--set field.points" or "file:line:column"
};

/// A parameter struct declares its keys in one function `void declare(core::ParameterVisitor& v)`, calling one of these
/// per key; the visitor reads a YAML node into the members, or prints documentation, or writes the resolved values. The
/// member's value before the call is the default. Implementations: YamlReader, ReferenceWriter, JsonWriter.
class ParameterVisitor {
public:
  virtual ~ParameterVisitor() = default;
  virtual void real(const char* key, double& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void boolean(const char* key, bool& value, const KeyHelp& help) = 0;
  virtual void text(const char* key, std::string& value, const KeyHelp& help) = 0;
  virtual void choice(const char* key, std::string& value, const std::vector<std::string>& allowed,
                      const KeyHelp& help) = 0;
  virtual void reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
                       const KeyHelp& help) = 0;
  /// One text or a list of them, in this order; a text may stand twice.
  virtual void texts(const char* key, std::vector<std::string>& value, const KeyHelp& help) = 0;
  /// One value for all axes, or a list with one for each, of which some may be equal; empty by default.
  virtual void axis_reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void axis_integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed,
                             const KeyHelp& help) = 0;
  virtual void axis_booleans(const char* key, std::vector<bool>& value, const KeyHelp& help) = 0;
  /// A nested mapping. Every declaration up to the matching end() belongs to it. `present` becomes true when the input
  /// has it; a section that is absent keeps its defaults.
  virtual void begin(const char* key, bool& present, const std::string& help) = 0;
  virtual void end() = 0;
  /// A mapping of dotted keys of the whole input to values, kept as written.
  virtual void settings(const char* key, std::vector<Setting>& value, const KeyHelp& help) = 0;
  /// A list of mappings of one kind, each with its own declare().
  template <class Item>
  void sections(const char* key, std::vector<Item>& items, const std::string& help) {
    items.resize(begin_list(key, items.size(), help));
    for (std::size_t i = 0; i < items.size(); ++i) {
      begin_item(i);
      items[i].declare(*this);
      end_item();
    }
    end_list();
  }

protected:
  /// Returns how many items follow (a reader: those in the input; `size` when the key is absent).
  virtual std::size_t begin_list(const char* key, std::size_t size, const std::string& help) = 0;
  virtual void begin_item(std::size_t index) = 0;
  virtual void end_item() = 0;
  virtual void end_list() = 0;
};

} // namespace cascade::core
