#include "app/tasks.hpp"

#include "app/bare_files.hpp"
#include "app/campaign/task.hpp"
#include "app/field/task.hpp"
#include "app/learning/task.hpp"
#include "app/scaling/study.hpp"
#include "app/scaling/task.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::app {

const std::vector<Task>& tasks() {
  static const std::vector<Task> table{scaling_task(), learning_task(), campaign_task(), field_task()};
  return table;
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Task& task : tasks())
    names.insert(names.begin(), task.name);
  return names;
}

const Task& task_of(const Input& input) {
  if (const auto named = written(input, "task")) {
    const std::vector<std::string> names = task_names();
    const core::ConfigNode& value = named->value;
    const bool known = value.kind == core::ConfigNode::Kind::scalar &&
                       std::find(names.begin(), names.end(), value.text) != names.end();
    if (!known)
      throw core::Error(core::ExitCode::bad_input,
                        fmt::format("{}: task: '{}' is not known; allowed: {}{}", value.position.text(),
                                    core::to_text(value), fmt::join(names, ", "), core::suggestion(value.text, names)));
  }
  if (const auto study = written(input, "study"); study && !written(input, "task"))
    throw core::Error(core::ExitCode::bad_input,
                      study->position.text() +
                          ": study: a study belongs to a scaling law; add the line `task: scaling_law`");
  return *std::find_if(tasks().begin(), tasks().end(), [&](const Task& task) { return task.asked(input); });
}

namespace {

/// The input that a file of data stands for.
Input read_data(const CommandLine& line, const core::Communicator& ranks) {
  InputSource source{line.file, "", line.settings, line.check};
  const bool runs_asked = std::any_of(line.settings.begin(), line.settings.end(),
                                      [](const core::Setting& s) { return s.key.starts_with("compute_optimal."); });
  ranks.agree([&] {
    std::string note;
    if (ranks.rank() == 0)
      source.input_text = input_of_data(source.input_file, runs_asked, note);
    if (!note.empty())
      fmt::print("{}: {}\n", core::shown(source.input_file, 400), note);
  });
  source.input_text = ranks.broadcast(source.input_text, 0);
  return parse_input(std::move(source));
}

/// Local to one rank.
InputSource kept_in(const std::filesystem::path& folder) {
  for (const Task& task : tasks())
    if (task.kept != nullptr)
      if (std::optional<InputSource> source = task.kept(folder))
        return *source;
  throw core::Error(core::ExitCode::bad_input,
                    fmt::format("{}: no campaign.json, and no config.json of units: no run or part has kept "
                                "anything here. Name the --output directories of the parts.",
                                folder.string()));
}

/// What the command line sets for a study that the input does not ask for would be read and never used.
Input with_used_settings(Input input) {
  const auto study = written(input, "study");
  for (const core::Setting& setting : input.settings) {
    const std::string section = setting.key.substr(0, setting.key.find('.'));
    const bool of_study =
        std::any_of(studies().begin(), studies().end(), [&](const StudyEntry& entry) { return entry.name == section; });
    const bool flag = !setting.where.starts_with("--set ");
    if (!of_study || (study ? study->value.text == section : !flag))
      continue;
    const std::string what = study ? fmt::format("study is {}", core::to_text(study->value)) : "it names no study";
    throw core::Error(core::ExitCode::bad_input,
                      flag ? fmt::format("{}: is for a table of training runs (cascade FILE.csv, or `study: {}`); of "
                                         "{} {}",
                                         setting.where, section, core::shown(input.input_file, 400), what)
                           : fmt::format("{}: would have no effect: {}", setting.where, what));
  }
  return input;
}

} // namespace

Input find_input(const Session& session) {
  const CommandLine& line = session.line;
  if (line.merge.empty() && is_data_file(line.file))
    return with_used_settings(read_data(line, session.ranks));
  if (line.merge.empty())
    return with_used_settings(read_input({line.file, "", line.settings, line.check}, session.ranks));
  InputSource source;
  session.ranks.agree([&] {
    if (session.ranks.rank() == 0)
      source = kept_in(line.merge.front());
  });
  return parse_input(broadcast(source, session.ranks));
}

} // namespace cascade::app
