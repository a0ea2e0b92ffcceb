// One holder at a time; the second is told who; a death frees the lock.
#include "core/files/file_lock.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>

#include <optional>
#include <regex>

using namespace cascade;
using core::Communicator;
using core::FileLock;

TEST_CASE("A second holder is refused and told who holds the lock") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const auto path = scratch.path() / ".lock";
  {
    const FileLock first(path);
    CHECK(first.protects());
    try {
      const FileLock second(path);
      FAIL("the lock was given twice");
    } catch (const core::Error& error) {
      CHECK(error.code() == core::ExitCode::refused);
      CHECK_THAT(error.what(), Catch::Contains("process " + std::to_string(::getpid())) && Catch::Contains("host ") &&
                                   Catch::Contains("since 20") && Catch::Contains("--output"));
    }
    CHECK(test::fs::exists(path)); // a refused second must not take the first one's file away
  }
  CHECK_FALSE(test::fs::exists(path));
  const FileLock again(path);
  CHECK(again.protects());
}

TEST_CASE("A holder that is killed leaves no lock behind") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const auto path = scratch.path() / ".lock";
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      const FileLock held(path);
      ::kill(::getpid(), SIGKILL);
    } catch (...) {
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(test::fs::exists(path)); // the dead holder's file
  CHECK_NOTHROW(FileLock(path));
}

TEST_CASE("Shared holders keep exclusive ones out, and the last of them cleans up") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const auto path = scratch.path() / ".lock";
  {
    std::optional<FileLock> first(std::in_place, path, FileLock::Mode::shared);
    const FileLock second(path, FileLock::Mode::shared);
    CHECK_THROWS_AS(FileLock(path), core::Error);
    first.reset();
    CHECK(test::fs::exists(path)); // the second still holds it
    CHECK_THROWS_AS(FileLock(path), core::Error);
  }
  CHECK_FALSE(test::fs::exists(path));
  const FileLock alone(path);
  CHECK_THROWS_AS(FileLock(path, FileLock::Mode::shared), core::Error);
}

TEST_CASE("The batch job is named inside one") {
  ::setenv("SLURM_JOB_ID", "4711", 1);
  CHECK_THAT(core::describe_this_process(), Catch::Contains("batch job 4711"));
  ::unsetenv("SLURM_JOB_ID");
  CHECK(std::regex_match(core::utc_now(), std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")));
}
