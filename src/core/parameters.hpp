#pragma once
// One declaration per parameter, from which reading, error messages, --describe, the resolved config and the input
// reference are all made.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
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

/// A parameter struct declares its keys in one function `void declare(core::ParameterVisitor& v)`, calling one of these per
/// key; the visitor reads a YAML node into the members, or prints documentation, or writes the resolved values.
/// The member's value before the call is the default. Implementations: YamlReader, ReferenceWriter, JsonWriter.
class ParameterVisitor {
public:
  virtual ~ParameterVisitor() = default;
  virtual void real(const char* key, double& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void boolean(const char* key, bool& value, const KeyHelp& help) = 0;
  virtual void text(const char* key, std::string& value, const KeyHelp& help) = 0;
  virtual void choice(const char* key, std::string& value, const std::vector<std::string>& allowed, const KeyHelp& help) = 0;
  virtual void reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) = 0;
  virtual void choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
                       const KeyHelp& help) = 0;
  /// A nested mapping. Every declaration up to the matching end() belongs to it. `present` becomes true when the input
  /// has it; a section that is absent keeps its defaults.
  virtual void begin(const char* key, bool& present, const std::string& help) = 0;
  virtual void end() = 0;
};

} // namespace cascade::core
