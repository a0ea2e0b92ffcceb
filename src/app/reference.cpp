#include "app/reference.hpp"

#include "app/tasks.hpp"
#include "core/input/reference_writer.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"
#include "solvers/catalogue.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace cascade::app {

namespace {

using Keys = std::vector<core::KeyDescription>;

Keys keys_of(const Task& task) {
  core::ReferenceWriter writer;
  task.declare(writer);
  return writer.keys();
}

/// The keys of inputs that name no task; of `field` only the generator's name.
Keys common_keys() {
  core::ReferenceWriter writer;
  std::string task = tasks().back().name;
  writer.choice("task", task, task_names(), {"1", "what the input asks for; it follows from the sections if left out"});
  Keys keys = writer.keys();
  const Keys more = keys_of(tasks().back());
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

/// The tasks whose keys come after the common ones.
std::vector<Task> other_tasks() {
  return {tasks().begin(), tasks().end() - 1};
}

/// The keys of one generator, as they stand in the section `field`.
Keys generator_keys(const solvers::GeneratorEntry& entry) {
  core::ReferenceWriter writer;
  bool present = true;
  writer.begin("field", present, fmt::format("`generator: {}`: {}.", entry.name, entry.summary));
  entry.defaults()->declare(writer);
  writer.end();
  return writer.keys();
}

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

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const core::KeyDescription& key : common_keys())
    names.push_back(key.path);
  for (const Task& task : other_tasks())
    for (const core::KeyDescription& key : keys_of(task))
      names.push_back(key.path);
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    names.push_back(entry.name);
    for (const core::KeyDescription& key : generator_keys(entry))
      names.push_back(key.path);
  }
  return names;
}

} // namespace

std::string reply(const Question& question) {
  switch (question.kind) {
  case Question::Kind::help:
    return help_text();
  case Question::Kind::version:
    return version_text();
  case Question::Kind::list:
    return list_generators();
  case Question::Kind::describe:
    return describe(question.key);
  case Question::Kind::reference:
    return input_reference();
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
  const Keys common = common_keys();
  if (key.empty()) {
    std::string out = core::to_plain_text(common);
    for (const solvers::GeneratorEntry& entry : solvers::catalogue())
      out += core::to_plain_text(generator_keys(entry));
    for (const Task& task : other_tasks())
      out += plain(task.heading) + core::to_plain_text(keys_of(task));
    return out;
  }
  std::string out;
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    if (entry.name == key)
      return core::to_plain_text(generator_keys(entry));
  out = core::to_plain_text(select(common, key));
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    const Keys found = select(generator_keys(entry), key);
    if (!found.empty())
      out += fmt::format("with generator: {}\n", entry.name) + core::to_plain_text(found);
  }
  for (const Task& task : other_tasks())
    if (const Keys found = select(keys_of(task), key); !found.empty())
      out += plain(task.heading) + core::to_plain_text(found);
  if (out.empty())
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("--describe {}: no such key, section or generator; `cascade --describe` lists all", key) +
            core::suggestion(key, all_names()));
  return out;
}

std::string list_generators() {
  std::string out = "generators (field.generator):\n";
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    out += fmt::format("  {:<14} {}\n", entry.name, entry.summary);
  return out + "`cascade --describe NAME` lists a generator's keys\n";
}

std::string version_text() {
  const core::BuildInfo info = core::build_info();
  std::string out = fmt::format("cascade {} ({})\ncompiler: {}\n", info.version, info.git(), info.compiler);
  for (const auto& [name, version] : info.libraries)
    out += fmt::format("{}: {}\n", name, version);
  return out;
}

} // namespace cascade::app
