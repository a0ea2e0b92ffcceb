#include "app/reference/keys.hpp"

#include "app/tasks.hpp"

#include <fmt/format.h>

namespace cascade::app {

Keys keys_of(const Task& task) {
  core::ReferenceWriter writer;
  task.declare(writer);
  return writer.keys();
}

Keys common_keys() {
  core::ReferenceWriter writer;
  std::string task = tasks().back().name;
  writer.choice("task", task, task_names(), {"1", "what the input asks for; it follows from the sections if left out"});
  Keys keys = writer.keys();
  const Keys more = keys_of(tasks().back());
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

std::vector<Task> other_tasks() {
  return {tasks().begin(), tasks().end() - 1};
}

Keys generator_keys(const solvers::GeneratorEntry& entry) {
  core::ReferenceWriter writer;
  bool present = true;
  writer.begin("field", present, fmt::format("`generator: {}`: {}.", entry.name, entry.summary));
  entry.defaults()->declare(writer);
  writer.end();
  return writer.keys();
}

Keys all_keys() {
  Keys keys = common_keys();
  const auto add = [&](const Keys& more) { keys.insert(keys.end(), more.begin(), more.end()); };
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    add(generator_keys(entry));
  for (const Task& task : other_tasks())
    add(keys_of(task));
  return keys;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const core::KeyDescription& key : all_keys())
    names.push_back(key.path);
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    names.push_back(entry.name);
  for (const Task& task : other_tasks())
    names.push_back(task.name);
  return names;
}

} // namespace cascade::app
