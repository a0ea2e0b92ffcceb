#include "app/input/field_data.hpp"

#include "core/arrays/array_file.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace cascade::app {
namespace {

/// As a double-quoted scalar of YAML.
std::string quoted_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

} // namespace

std::vector<std::string> field_file_endings() {
  std::vector<std::string> endings;
  for (const core::ArrayFormat& format : core::array_formats())
    endings.insert(endings.end(), format.endings.begin(), format.endings.end());
  return endings;
}

std::string input_for_field(const std::string& file) {
  core::require_readable(file);
  return fmt::format(
      "# made for a field's file that was named without an input: a first look. More keys: cascade --describe file\n"
      "field:\n"
      "  generator: file\n"
      "  path: {}\n"
      "analysis:\n"
      "  box_counting: {{thresholds: [1], gradients: [1]}}\n"
      "  structure_function: {{orders: [1, 2, 3, 4]}}\n"
      "  spectrum: {{}}\n"
      "approximation:\n"
      "  degrees: [0, 1]\n"
      "  loss_powers: [2, 4]\n"
      "  partitions: [uniform, adaptive]\n"
      "  averages: [volume]\n",
      quoted_text(std::filesystem::absolute(file).lexically_normal().string()));
}

} // namespace cascade::app
