#include "app/input/input_names.hpp"

#include "core/input/suggest.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <vector>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;

/// Names of the input files of a folder, sorted; none where it cannot be read.
std::vector<std::string> inputs_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    if (const fs::path ending = at->path().extension(); ending == ".yaml" || ending == ".yml")
      names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Of the comment a file begins with: up to a full stop that ends a sentence.
std::string first_sentence(const fs::path& file) {
  std::ifstream stream(file);
  std::string text;
  for (std::string line; std::getline(stream, line) && line.starts_with("#");)
    text += line.substr(1);
  std::size_t stop = text.find(". "); // not that of "et al. (2022)": a sentence begins with a capital
  while (stop != std::string::npos && stop + 2 < text.size() &&
         std::isupper(static_cast<unsigned char>(text[stop + 2])) == 0)
    stop = text.find(". ", stop + 2);
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  constexpr std::size_t longest = 140;
  text = text.substr(begin, stop == std::string::npos ? stop : stop - begin);
  if (text.size() > longest) // cut between words, never inside a letter
    text = text.substr(0, text.rfind(' ', longest)) + " ...";
  if (text.ends_with('.') && !text.ends_with(".."))
    text.pop_back();
  return core::shown(text, 2 * longest);
}

} // namespace

std::string hint_for_missing(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return fmt::format("; there is no folder {}", core::shown(folder.string(), 400));
  const std::vector<std::string> names = inputs_in(folder);
  const std::string name = file.filename().string();
  std::optional<std::string> near = core::suggest(name, names);
  if (!near && file.extension().empty()) // the ending left out
    near = core::suggest(name + ".yaml", names);
  if (near)
    return fmt::format("; did you mean '{}'?",
                       core::shown((file.has_parent_path() ? folder / *near : fs::path(*near)).string(), 400));
  if (const auto shipped = core::suggest(name, shipped_input_names()); shipped && !file.has_parent_path())
    return fmt::format("; did you mean '{}', which came with the program?", core::shown(*shipped));
  if (names.empty())
    return fmt::format("; no .yaml file is in {}", folder == "." ? "this folder" : core::shown(folder.string(), 400));
  return fmt::format("; there are {}", core::shown(fmt::format("{}", fmt::join(names, ", ")), 1000));
}

std::string list_of_inputs(const fs::path& folder) {
  std::string out;
  for (const std::string& name : inputs_in(folder))
    out += fmt::format("  {:<38} {}\n", core::shown((folder / name).string()), first_sentence(folder / name));
  return out;
}

fs::path shipped_inputs() {
  std::error_code failure;
  if (const char* set = std::getenv("CASCADE_INPUTS"); set != nullptr && *set != '\0')
    return set;
  const fs::path program = fs::read_symlink("/proc/self/exe", failure);
  if (failure)
    return {};
  const fs::path installed = (program.parent_path() / CASCADE_INPUTS_FROM_PROGRAM).lexically_normal();
  if (fs::is_directory(installed, failure))
    return installed;
  // not installed: a build in build/PRESET of the sources
  const fs::path built = (program.parent_path() / "../../inputs").lexically_normal();
  return fs::exists(program.parent_path() / "CMakeCache.txt", failure) && fs::is_directory(built, failure) ? built
                                                                                                           : fs::path();
}

std::vector<std::string> shipped_input_names() {
  std::vector<std::string> names;
  if (const fs::path folder = shipped_inputs(); !folder.empty())
    for (const std::string& name : inputs_in(folder))
      names.push_back(fs::path(name).stem().string());
  return names;
}

std::string find_input_file(const std::string& called) {
  std::error_code failure;
  const bool file_here = fs::exists(called, failure) && !fs::is_directory(called, failure);
  if (called.empty() || called.find('/') != std::string::npos || file_here || failure)
    return called;
  const fs::path folder = shipped_inputs();
  if (!folder.empty())
    for (const std::string& name : inputs_in(folder))
      if (name == called || fs::path(name).stem() == called)
        return (folder / name).string();
  return called;
}

std::string list_of_shipped_inputs(const fs::path& folder) {
  const fs::path shipped = shipped_inputs();
  std::error_code failure;
  if (shipped.empty() || fs::equivalent(folder, shipped, failure))
    return "";
  std::string out;
  for (const std::string& name : inputs_in(shipped))
    out += fmt::format("  {:<26} {}\n", core::shown(fs::path(name).stem().string()), first_sentence(shipped / name));
  return out;
}

} // namespace cascade::app
