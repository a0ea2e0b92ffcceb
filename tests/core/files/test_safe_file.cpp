// A file appears whole or not at all: the law of core/files/safe_file.hpp under disks that are full, limits and missing
// places.
#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>

#include <cerrno>

using namespace cascade;
using core::Communicator;
using core::Error;
using core::ExitCode;
using test::names_in;
using test::read_all;

namespace {

/// The error of a call that must fail; fails the test otherwise.
template <class Call>
Error error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error(ExitCode::complete, "no error was thrown");
}

} // namespace

TEST_CASE("A text is written whole and nothing else is left") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const std::string text(100'000, 'x');
  core::write_text(scratch.path() / "a.txt", text);
  CHECK(read_all(scratch.path() / "a.txt") == text);
  core::write_text(scratch.path() / "a.txt", "short");
  CHECK(read_all(scratch.path() / "a.txt") == "short");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"a.txt"});
}

TEST_CASE("An unfinished file is hidden until published and removed when it is not") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  {
    core::TemporaryFile file(scratch.path() / "a.txt");
    file.write("half");
    CHECK(names_in(scratch.path()) == std::vector<std::string>{".a.txt.partial"});
    core::TemporaryFile moved(std::move(file));
    CHECK(moved.descriptor() >= 0);
  }
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("A write beyond the allowed size keeps the old file and names file, call and reason") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const auto target = scratch.path() / "a.txt";
  core::write_text(target, "old");
  const test::FileSizeLimit limit(10'000);
  const Error error = error_of([&] { core::write_text(target, std::string(50'000, 'x')); });
  CHECK(error.code() == ExitCode::io_failure);
  CHECK_THAT(error.what(), Catch::Contains("a.txt") && Catch::Contains("write") && Catch::Contains("File too large") &&
                               Catch::Contains("bytes needed") && Catch::Contains("bytes free"));
  CHECK(read_all(target) == "old");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"a.txt"});
}

TEST_CASE("Reserving beyond the allowed size fails before a byte is written") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const test::FileSizeLimit limit(10'000);
  {
    core::TemporaryFile file(scratch.path() / "a.bin");
    const Error error = error_of([&] { file.reserve(1'000'000); });
    CHECK(error.code() == ExitCode::io_failure);
    CHECK_THAT(error.what(), Catch::Contains("posix_fallocate") && Catch::Contains("1000000 bytes needed"));
  }
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("A missing directory, a directory in the way and a bad descriptor are input/output failures") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  CHECK(error_of([&] { core::write_text(scratch.path() / "no" / "a.txt", "x"); }).code() == ExitCode::io_failure);
  test::fs::create_directories(scratch.path() / "dir" / "inside");
  CHECK_THAT(error_of([&] { core::write_text(scratch.path() / "dir", "x"); }).what(), Catch::Contains("rename"));
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"dir"});
  CHECK_THAT(error_of([&] { core::sync_file(-1, "a"); }).what(), Catch::Contains("fsync"));
  const int full = ::open("/dev/full", O_WRONLY);
  CHECK_THAT(error_of([&] { core::write_fully(full, "x", 0, "/dev/full"); }).what(),
             Catch::Contains("No space left on device"));
  ::close(full);
}

TEST_CASE("Free bytes are those of the nearest existing parent") {
  CHECK(core::free_bytes("/dev/shm/not/there/yet") == core::free_bytes("/dev/shm"));
  CHECK(core::free_bytes("relative/not/there") > 0);
}

TEST_CASE("A full disk keeps the old file, on rank 0 of any number of ranks", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const test::SmallDisk disk(scratch.path() / "disk", "64k", world);
  if (!disk.mounted()) {
    WARN("skipped: mounting a small disk is not allowed here");
    return;
  }
  const auto target = scratch.path() / "disk" / "a.txt";
  const Error error = error_of([&] {
    world.agree([&] {
      if (world.rank() != 0)
        return;
      core::write_text(target, "old");
      core::write_text(target, std::string(200'000, 'x'));
    });
  });
  CHECK(error.code() == ExitCode::io_failure);
  CHECK_THAT(error.what(), Catch::Contains("No space left on device"));
  CHECK(read_all(target, world) == "old");
  CHECK(names_in(scratch.path() / "disk", world) == std::vector<std::string>{"a.txt"});
}
