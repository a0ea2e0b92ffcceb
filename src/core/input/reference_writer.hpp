#pragma once
// The input reference: what every key is, from the same declarations that read it.

#include "core/input/parameters.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cascade::core {

/// One key or section of the input, as documentation.
struct KeyDescription {
  std::string path; ///< dotted; items of a list of sections as list[]
  bool section = false;
  std::string type;          ///< "real", "list of integers", "one of", ...
  std::string default_value; ///< as one would write it; empty = required, "unset" for optional ones
  std::string allowed;       ///< bounds or words
  std::string unit;
  std::string help;
};

/// A ParameterVisitor that describes each key it meets. Values stay as they are, but a list of sections gets one item,
/// which stands for all. Local.
class ReferenceWriter final : public ParameterVisitor {
public:
  void real(const char* key, double& value, Range1 allowed, const KeyHelp& help) override;
  void real(const char* key, std::optional<double>& value, Range1 allowed, const KeyHelp& help) override;
  void integer(const char* key, std::int64_t& value, Range1 allowed, const KeyHelp& help) override;
  void integer(const char* key, std::optional<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void boolean(const char* key, bool& value, const KeyHelp& help) override;
  void text(const char* key, std::string& value, const KeyHelp& help) override;
  void choice(const char* key, std::string& value, const std::vector<std::string>& allowed,
              const KeyHelp& help) override;
  void reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) override;
  void integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void choices(const char* key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
               const KeyHelp& help) override;
  void texts(const char* key, std::vector<std::string>& value, const KeyHelp& help) override;
  void axis_reals(const char* key, std::vector<double>& value, Range1 allowed, const KeyHelp& help) override;
  void axis_integers(const char* key, std::vector<std::int64_t>& value, Range1 allowed, const KeyHelp& help) override;
  void axis_booleans(const char* key, std::vector<bool>& value, const KeyHelp& help) override;
  void settings(const char* key, std::vector<Setting>& value, const KeyHelp& help) override;
  void begin(const char* key, bool& present, const std::string& help) override;
  void end() override;

  const std::vector<KeyDescription>& keys() const { return keys_; }

private:
  std::size_t begin_list(const char* key, std::size_t size, const std::string& help) override;
  void begin_item(std::size_t index) override;
  void end_item() override;
  void end_list() override;

  std::string path_of(const std::string& key) const { return prefix_.empty() ? key : prefix_ + "." + key; }
  void add(const char* key, std::string type, std::string default_value, std::string allowed, const KeyHelp& help);
  void enter(const std::string& path, const std::string& type, const std::string& help);

  std::vector<KeyDescription> keys_;
  std::vector<std::string> outer_; ///< prefixes of the enclosing sections
  std::string prefix_;
};

/// A markdown table of these keys (sections become headings), and the same as plain text for a terminal.
std::string to_markdown(const std::vector<KeyDescription>& keys);
std::string to_plain_text(const std::vector<KeyDescription>& keys);

} // namespace cascade::core
