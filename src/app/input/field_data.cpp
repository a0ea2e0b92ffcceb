#include "app/input/field_data.hpp"

#include "core/arrays/array_file.hpp"
#include "core/arrays/table_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>

namespace cascade::app {
namespace {

bool reads_like_losses(const std::string& file) {
  try {
    for (std::string column : core::table_head(file, "").columns) {
      std::transform(column.begin(), column.end(), column.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      for (const char* word : {"loss", "perplexity", "error"})
        if (column.find(word) != std::string::npos)
          return true;
    }
  } catch (const std::exception&) {
    // whoever reads it says what is wrong
  }
  return false;
}

/// As a double-quoted scalar of YAML.
std::string quoted_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

} // namespace

bool is_field_file(const std::string& file) {
  const core::ArrayFormat* format = core::format_of(file);
  return format != nullptr && !(format->name == "table" && reads_like_losses(file));
}

std::string input_for_field(const std::string& file) {
  core::require_readable(file);
  return fmt::format(
      "# Made for a field's file that was named without an input: a first look at it. More keys: cascade --describe "
      "file\n"
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
      quoted_text(std::filesystem::path(file).filename().string()));
}

} // namespace cascade::app
