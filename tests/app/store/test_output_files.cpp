// Output: refused early, an old result kept until the new one is whole, report.json the last word.
#include "app/store/output_directory.hpp"
#include "app/store/output_files.hpp"
#include "core/files/field_file.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"
#include "support/source_dir.hpp"
#include "tests/app/sample_report.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <array>
#include <optional>

using namespace cascade;
using core::Communicator;
using core::ExitCode;
using test::names_in;
using test::read_all;

namespace {

struct Outcome {
  ExitCode code = ExitCode::complete;
  std::string message;
};

template <class Call>
Outcome outcome_of(Call&& call) {
  try {
    call();
  } catch (const core::Error& error) {
    return {error.code(), error.what()};
  }
  return {};
}

core::GridSample flat_field(const Communicator& communicator, core::Index points) {
  const core::Decomposition decomposition(core::Domain(3, points), communicator.size());
  core::GridSample sample{core::RealField(decomposition, communicator.rank()), std::nullopt};
  for (double& value : sample.field.component(0))
    value = 1.5;
  return sample;
}

const std::vector<std::string> complete_set = {"checksums.sha256", "field.h5",   "field.xmf", "report.json",
                                               "report.md",        "results.h5", "run.log"};

} // namespace

TEST_CASE("A whole output: every file, nothing unfinished, the lock gone", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const auto path = scratch.path() / "a" / "b";
  const app::Report report = test::sample_report();
  const core::GridSample field = flat_field(world, 12);
  {
    const app::OutputDirectory directory(path, false, app::report_bytes, world);
    app::write_outputs(report, &field, directory.path(), world, {true, "line\n"});
  }
  CHECK(names_in(path, world) == complete_set);
  CHECK(read_all(path / "report.json", world) == app::to_json_text(report));
  CHECK(read_all(path / "report.md", world) == app::to_markdown(report));
  CHECK(read_all(path / "run.log", world) == "line\n");
}

TEST_CASE("A result is refused without --force, replaced with it, and loses what the new one lacks", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const core::GridSample field = flat_field(world, 12);
  app::write_outputs(test::sample_report(), &field, scratch.path(), world, {true, ""});

  const Outcome refused = outcome_of([&] { app::OutputDirectory(scratch.path(), false, 0, world); });
  CHECK(refused.code == ExitCode::refused);
  CHECK_THAT(refused.message, Catch::Contains("--force") && Catch::Contains("--output"));
  CHECK(names_in(scratch.path(), world) == complete_set); // refused: untouched

  app::Report second = test::sample_report();
  second.run.seed = 2;
  {
    const app::OutputDirectory directory(scratch.path(), true, 0, world);
    app::write_outputs(second, nullptr, directory.path(), world, {false, ""});
  }
  CHECK(names_in(scratch.path(), world) ==
        std::vector<std::string>{"checksums.sha256", "report.json", "report.md", "results.h5", "run.log"});
  CHECK(read_all(scratch.path() / "report.json", world) == app::to_json_text(second));
}

TEST_CASE("One of our files alone is an older result; a stranger's file is not", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const auto touch = [&](const char* name) {
    if (world.rank() == 0)
      core::write_text(scratch.path() / name, "x");
    world.barrier();
  };
  touch("notes.txt");
  touch(".results.h5.partial"); // left by a killed run
  CHECK(outcome_of([&] { app::OutputDirectory(scratch.path(), false, 0, world); }).code == ExitCode::complete);
  CHECK(names_in(scratch.path(), world) == std::vector<std::string>{"notes.txt"});
  touch("results.h5");
  CHECK(outcome_of([&] { app::OutputDirectory(scratch.path(), false, 0, world); }).code == ExitCode::refused);
}

TEST_CASE("A second run in the same directory is refused while the first lasts", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const app::OutputDirectory first(scratch.path(), false, 0, world);
  const Outcome second = outcome_of([&] { app::OutputDirectory(scratch.path(), true, 0, world); });
  CHECK(second.code == ExitCode::refused);
  CHECK_THAT(second.message, Catch::Contains("another run") && Catch::Contains("process"));
}

TEST_CASE("A place that cannot be a directory, or has no room, is refused before computing", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  if (world.rank() == 0)
    core::write_text(scratch.path() / "file", "x");
  world.barrier();
  CHECK(outcome_of([&] { app::OutputDirectory(scratch.path() / "file", false, 0, world); }).code == ExitCode::refused);
  CHECK(outcome_of([&] { app::OutputDirectory(scratch.path() / "file" / "x", false, 0, world); }).code ==
        ExitCode::refused);
  CHECK(outcome_of([&] { app::OutputDirectory("/proc/cascade", false, 0, world); }).code == ExitCode::refused);
  const Outcome full = outcome_of([&] { app::OutputDirectory(scratch.path(), false, std::int64_t{1} << 60, world); });
  CHECK(full.code == ExitCode::io_failure);
  CHECK_THAT(full.message, Catch::Contains("1152921504606846976 bytes needed") && Catch::Contains("bytes free"));
}

TEST_CASE("A full disk keeps the older result as it was, on every rank the same error", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const auto path = scratch.path() / "disk";
  const test::SmallDisk disk(path, "2m", world);
  if (!disk.mounted()) {
    WARN("skipped: mounting a small disk is not allowed here");
    return;
  }
  app::write_outputs(test::sample_report(), nullptr, path, world, {false, ""});
  const std::string before = read_all(path / "report.json", world);
  const core::GridSample large = flat_field(world, 128); // 16 MiB, and a slice of 128 KiB
  const bool with_field = GENERATE(true, false);
  std::string ballast = with_field ? "" : std::string(1'800'000, 'x'); // the log is too long instead
  app::Report second = test::sample_report();
  second.run.seed = 2;
  const Outcome outcome = outcome_of([&] { app::write_outputs(second, &large, path, world, {with_field, ballast}); });
  CHECK(outcome.code == ExitCode::io_failure);
  CHECK_THAT(outcome.message, Catch::Contains("No space left on device") && Catch::Contains("bytes free"));
  CHECK(names_in(path, world) ==
        std::vector<std::string>{"checksums.sha256", "report.json", "report.md", "results.h5", "run.log"});
  CHECK(read_all(path / "report.json", world) == before);
}

TEST_CASE("A switch that fails between two files gives the older result back") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  app::write_outputs(test::sample_report(), nullptr, scratch.path(), self, {false, ""});
  const std::string before = read_all(scratch.path() / "report.json");
  // run.log cannot be replaced: a directory stands there. What comes before it has its place by then.
  test::fs::remove(scratch.path() / "run.log");
  test::fs::create_directories(scratch.path() / "run.log" / "inside");
  app::Report second = test::sample_report();
  second.run.seed = 2;
  const Outcome outcome = outcome_of([&] { app::write_outputs(second, nullptr, scratch.path(), self, {false, ""}); });
  CHECK(outcome.code == ExitCode::io_failure);
  CHECK_THAT(outcome.message, Catch::Contains("rename") && Catch::Contains("run.log"));
  CHECK(read_all(scratch.path() / "report.json") == before);
  CHECK_FALSE(test::fs::exists(scratch.path() / ".older"));
  for (const std::string& name : names_in(scratch.path()))
    CHECK_THAT(name, !Catch::Contains("partial"));
}

namespace {

/// Exit code of a script of postprocess/; what it said goes to `said`.
int run_script(const std::string& script_and_arguments, const test::fs::path& said) {
  const std::string command = "PATH=/usr/bin:$PATH python3 -B " +
                              (cascade::test::source_dir() / "postprocess").string() + "/" + script_and_arguments +
                              " >" + said.string() + " 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("report.html is made from a written output by the script alone") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const core::GridSample field = flat_field(self, 16);
  app::write_outputs(test::sample_report(), &field, scratch.path(), self, {false, ""});
  const auto said = scratch.path() / "said.txt";
  const int code = run_script("report.py " + scratch.path().string(), said);
  INFO(read_all(said));
  CHECK(code == 0);
  const std::string page = read_all(scratch.path() / "report.html");
  CHECK(page.size() > 50'000);
  CHECK(page.size() < 3'000'000);
  CHECK_THAT(page, Catch::Contains(test::sample_report().verdict.substr(0, 30)));
}

TEST_CASE("A damaged plane of the field is found and named, by a reader that shares no code with the writer") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  core::GridSample field = flat_field(self, 16);
  field.field.line(0, 11, 3)[5] = -2.25;
  app::write_outputs(test::sample_report(), &field, scratch.path(), self, {true, ""});
  const auto said = scratch.path() / "said.txt";
  CHECK(run_script("verify_field.py " + scratch.path().string(), said) == 0);

  std::string bytes = read_all(scratch.path() / "field.h5");
  const double mark = -2.25;
  const auto at = bytes.find(std::string(reinterpret_cast<const char*>(&mark), sizeof mark));
  REQUIRE(at != std::string::npos);
  bytes[at] ^= 1; // the last bit of one value
  core::write_text(scratch.path() / "field.h5", bytes);
  CHECK(run_script("verify_field.py " + scratch.path().string(), said) == 4);
  CHECK_THAT(read_all(said), Catch::Contains("damaged in plane 11\n"));
}

TEST_CASE("A field file whose box does not fit its data is found, and the axis named") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const core::Domain box(core::Axes{{12, 2.0}, {10, 1.0, false}, {7, 0.5}});
  core::GridSample field{core::RealField(core::Decomposition(box, 1), 0)};
  std::fill(field.field.component(0).begin(), field.field.component(0).end(), 1.5);
  app::write_outputs(test::sample_report(), &field, scratch.path(), self, {true, ""});
  const auto said = scratch.path() / "said.txt";
  CHECK(run_script("verify_field.py " + scratch.path().string(), said) == 0);

  std::string bytes = read_all(scratch.path() / "field.h5");
  const std::array<double, 3> spacings{2.0 / 12, 0.1, 0.5 / 7};
  const auto at = bytes.find(std::string(reinterpret_cast<const char*>(spacings.data()), sizeof spacings));
  REQUIRE(at != std::string::npos);
  bytes[at + 2 * sizeof(double) - 2] ^= 1; // the spacing of axis y, by more than roundoff
  core::write_text(scratch.path() / "field.h5", bytes);
  CHECK(run_script("verify_field.py " + scratch.path().string(), said) == 4);
  CHECK_THAT(read_all(said), Catch::Contains("along axis y\n"));
}
