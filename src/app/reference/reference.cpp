#include "app/reference/reference.hpp"

#include "app/input/input_names.hpp"
#include "app/reference/completion.hpp"
#include "app/reference/keys.hpp"
#include "app/reference/manual.hpp"
#include "app/scaling/study.hpp"
#include "app/tasks.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace cascade::app {

namespace {

/// A heading without its marks.
std::string plain(std::string heading) {
  std::erase(heading, '`');
  return heading + "\n";
}

bool belongs_to(const std::string& path, const std::string& key) {
  return path == key || path == key + "[]" || path.starts_with(key + ".") || path.starts_with(key + "[].");
}

Keys select(const Keys& keys, const std::string& key) {
  Keys out;
  for (const core::KeyDescription& k : keys)
    if (belongs_to(k.path, key))
      out.push_back(k);
  return out;
}

bool is_named(const std::string& path, const std::string& name) {
  return path.ends_with("." + name);
}

/// The paths of the keys and sections that are called so, wherever they are.
std::vector<std::string> paths_named(const std::string& name) {
  std::vector<std::string> paths;
  for (const std::string& path : all_names())
    if (is_named(path, name) && std::find(paths.begin(), paths.end(), path) == paths.end())
      paths.push_back(path);
  // those of the field first: who names a quantity asks for what is made, not for what is declared of it
  std::stable_partition(paths.begin(), paths.end(), [](const std::string& path) { return path.starts_with("field."); });
  return paths;
}

/// What `--describe` answers to: whole paths, and their last words.
std::vector<std::string> words_to_ask_for() {
  std::vector<std::string> words = all_names();
  const std::size_t paths = words.size();
  for (std::size_t i = 0; i < paths; ++i)
    if (const std::size_t dot = words[i].rfind('.'); dot != std::string::npos)
      words.push_back(words[i].substr(dot + 1));
  return words;
}

/// What is known of one key, section or generator by its whole name; empty for anything else.
std::string description(const std::string& key) {
  const Keys common = common_keys();
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    if (entry.name == key)
      return core::to_plain_text(generator_keys(entry));
  std::string out = core::to_plain_text(select(common, key));
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    const Keys found = select(generator_keys(entry), key);
    if (!found.empty())
      out += fmt::format("with generator: {}\n", entry.name) + core::to_plain_text(found);
  }
  for (const Task& task : other_tasks())
    if (const Keys found = task.name == key ? keys_of(task) : select(keys_of(task), key); !found.empty())
      out += plain(task.heading) + core::to_plain_text(found);
  return out;
}

} // namespace

std::string reply(const Question& question) {
  switch (question.kind) {
  case Question::Kind::help:
    return help_text();
  case Question::Kind::version:
    return version_text();
  case Question::Kind::list:
    return list_names();
  case Question::Kind::describe:
    return describe(question.key);
  case Question::Kind::reference:
    return input_reference();
  case Question::Kind::manual:
    return manual_page();
  case Question::Kind::completion:
    return completion(question.key);
  }
  throw std::logic_error("a question nobody knows");
}

std::string input_reference() {
  std::string out = R"(# Input reference

Made by `cascade --describe --markdown` from the declarations the program reads its input with; do not edit.

An input file is one YAML document of sections. Only `field.generator` is required (and `study`, where `task` is `scaling_law`). Any key can also be given on the command
line, `--set key.path=value` (lists too: `--set 'approximation.loss_powers=[2, 4]'`), which wins over the file.

- **Numbers** are decimal: `2`, `0.5`, `1e-3`; reals may be fractions, `1/3`. Integers have no point and no exponent.
- **Lists** are written `[1, 2, 3]`, without repeats. **Words** need no quotes. Optional keys accept `null`: unset.
- **Refused**: unknown or repeated keys, `.nan`, `.inf`, numbers in quotes, leading zeros, `yes`/`no`, anchors, aliases, tags,
  a second document. All errors are listed at once as `file:line:column: key: what is wrong; allowed: ...`, exit code 2.
- Lengths are in units of the box side, wavenumbers in waves a box.
)";
  const Keys keys = common_keys();
  Keys part;
  for (const core::KeyDescription& key : keys) {
    part.push_back(key);
    if (key.path == "field.generator") {
      out += core::to_markdown(part);
      part.clear();
      for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
        Keys generator = generator_keys(entry);
        generator.front().path = "field (" + entry.name + ")";
        out += core::to_markdown(generator);
      }
    }
  }
  out += core::to_markdown(part);
  for (const Task& task : other_tasks())
    out += fmt::format("\n# {}\n\n{}\n", task.heading, task.document) + core::to_markdown(keys_of(task));
  return out;
}

std::string describe(const std::string& key) {
  if (key.empty()) {
    std::string out = core::to_plain_text(common_keys());
    for (const solvers::GeneratorEntry& entry : solvers::catalogue())
      out += core::to_plain_text(generator_keys(entry));
    for (const Task& task : other_tasks())
      out += plain(task.heading) + core::to_plain_text(keys_of(task));
    return out;
  }
  std::string out = description(key);
  if (out.empty()) // its last word alone: all that are called so
    for (const std::string& path : paths_named(key))
      out += description(path);
  if (out.empty())
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("--describe {}: no such key, section, generator, study or task; `cascade --describe` lists all",
                    core::shown(key)) +
            core::suggestion(key, words_to_ask_for()));
  return out;
}

std::string list_names() {
  std::string out = "generators (field.generator):\n";
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    out += fmt::format("  {:<22} {}\n", entry.name, entry.summary);
  out += "tasks (task; it follows from the sections but for scaling laws):\n";
  for (const Task& task : tasks())
    out += fmt::format("  {:<22} {}\n", task.name, task.summary);
  out += "studies (study, with task: scaling_law):\n";
  for (const StudyEntry& entry : studies())
    out += fmt::format("  {:<22} {}\n", entry.name, entry.summary);
  if (const std::string inputs = list_of_inputs("inputs"); !inputs.empty())
    out += "inputs here:\n" + inputs;
  if (const std::string inputs = list_of_shipped_inputs("inputs"); !inputs.empty())
    out += "inputs that came with the program (`cascade NAME` runs them from anywhere):\n" + inputs;
  return out + "`cascade --describe NAME` lists the keys of a generator, section, study or task\n";
}

std::string version_text() {
  const core::BuildInfo info = core::build_info();
  std::string out = fmt::format("cascade {} ({})\ncompiler: {}\n", info.version, info.git(), info.compiler);
  for (const auto& [name, version] : info.libraries)
    out += fmt::format("{}: {}\n", name, version);
  return out;
}

} // namespace cascade::app
