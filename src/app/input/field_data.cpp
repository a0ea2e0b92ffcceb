#include "app/input/field_data.hpp"

#include "core/arrays/array_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// Rows of a few coordinates are points, not a field: there is no scale to be seen along an axis of a few values. What
/// cannot be opened is left to the reader of the field, who knows the words for it.
void refuse_points(const std::string& file) {
  constexpr core::Index few = 16, more = 16;
  std::vector<core::ArrayListing> arrays;
  try {
    core::ArrayWish wish;
    wish.path = file;
    arrays = core::arrays_in(wish);
  } catch (const core::Error&) {
    return;
  }
  if (arrays.size() != 1 || arrays.front().shape.size() != 2)
    return;
  const auto [shortest, longest] = std::minmax(arrays.front().shape[0], arrays.front().shape[1]);
  if (shortest > 1 && shortest < few && longest >= more * shortest)
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("{}: {} x {}: points, or a field? An axis of {} values has no scales for a field. For points, a "
                    "row each, write an input with `task: learning` and `data: {{generator: file, path: {}}}`; for a "
                    "field all the same, or one of several columns, one with `field: {{generator: file, path: {}}}`",
                    core::shown(file, 400), arrays.front().shape[0], arrays.front().shape[1], shortest,
                    core::shown(file, 400), core::shown(file, 400)));
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
  refuse_points(file);
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
