#include "app/tasks.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace cascade;
using namespace cascade::app;

namespace {

std::string owner(const std::string& text, const std::vector<core::Setting>& settings = {}) {
  return task_of(parse_input({"a.yaml", text, settings, false})).name;
}

std::string refused(const std::string& text, const std::vector<core::Setting>& settings = {}) {
  try {
    owner(text, settings);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("tasks: every input is somebody's, --set over the file", "[tasks]") {
  CHECK(owner("task: scaling_law\n") == "scaling_law");
  CHECK(owner("task: learning\nsweep: {manifolds: [M1]}\n") == "learning"); // its own sweep, no campaign
  CHECK(owner("field: {generator: gaussian}\n") == "field");
  CHECK(owner("task: field\n") == "field");
  CHECK(owner("a: 1\n", {{"task", "scaling_law", ""}}) == "scaling_law");
  CHECK(owner("task: scaling_law\n", {{"task", "field", ""}}) == "field");
  CHECK(owner("sweep: {over: {field.hurst: [0.2, 0.3]}}\n") == "campaign");
  CHECK(owner("field: {generator: gaussian}\n", {{"sweep.over", "{field.hurst: [0.2, 0.3]}", ""}}) == "campaign");
  CHECK(owner("task: field\nsweep: {}\n") == "campaign");
  CHECK(owner("task: campaign\n") == "campaign");
  CHECK(owner("") == "field");
}

TEST_CASE("tasks: one that does not exist is refused at its place", "[tasks]") {
  CHECK(refused("# two lines\ntask: scaling_lwa\n") == "a.yaml:2:7: task: 'scaling_lwa' is not known; allowed: field, "
                                                       "campaign, learning, scaling_law; did you mean 'scaling_law'?");
  CHECK(refused("task: field\n", {{"task", "fild", ""}}).starts_with("--set task: task: 'fild' is not known"));
  CHECK(refused("task: [field]\n").find("is not known") != std::string::npos);
}

TEST_CASE("tasks: a study without its task is told what it lacks", "[tasks]") {
  CHECK(refused("# a line\nstudy: pedestal\n") ==
        "a.yaml:2:1: study: a study belongs to a scaling law; add the line `task: scaling_law`");
  CHECK(refused("field: {generator: gaussian}\n", {{"study", "pedestal", ""}}).starts_with("--set study: study: "));
  CHECK(owner("task: scaling_law\nstudy: pedestal\n") == "scaling_law");
}

TEST_CASE("tasks: the table tells its lines apart", "[tasks]") {
  std::set<std::string> names, headings;
  for (const Task& task : tasks()) {
    names.insert(task.name);
    headings.insert(task.heading);
  }
  CHECK(names.size() == tasks().size());
  CHECK(headings.size() == tasks().size());
  CHECK(tasks().back().asked(parse_input({"a.yaml", "", {}, false}))); // the last takes what is left
}
