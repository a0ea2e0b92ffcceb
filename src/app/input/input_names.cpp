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

/// Both "k41.yaml" and "k41" are called so.
std::string without_ending(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot != std::string::npos && (name.substr(dot) == ".yaml" || name.substr(dot) == ".yml") ? name.substr(0, dot)
                                                                                                 : name;
}

/// The name that was meant: endings do not count, since they would make short names alike.
std::optional<std::string> near(const std::string& name, const std::vector<std::string>& names) {
  std::vector<std::string> bare;
  for (const std::string& one : names)
    bare.push_back(without_ending(one));
  const std::optional<std::string> found = core::suggest(name, bare);
  if (!found)
    return std::nullopt;
  return names[static_cast<std::size_t>(std::find(bare.begin(), bare.end(), *found) - bare.begin())];
}

} // namespace

std::string hint_for_missing(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  const bool there = fs::is_directory(folder, ignored);
  const std::vector<std::string> names = there ? inputs_in(folder) : std::vector<std::string>();
  const std::string name = without_ending(file.filename().string());
  const std::optional<std::string> here = near(name, names), shipped = near(name, shipped_input_names());
  const bool closer =
      here && shipped && core::edit_distance(name, *shipped) < core::edit_distance(name, without_ending(*here));
  const std::string missing = there ? "" : fmt::format("; there is no folder {}", core::shown(folder.string(), 400));
  if (here && !closer)
    return fmt::format("; did you mean '{}'?",
                       core::shown((file.has_parent_path() ? folder / *here : fs::path(*here)).string(), 400));
  if (shipped && (!there || !file.has_parent_path()))
    return fmt::format("{}; did you mean '{}', which came with the program?", missing, core::shown(*shipped));
  if (!there)
    return missing;
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
