#include "core/ranks/communicator.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <numeric>
#include <vector>

using namespace cascade::core;

TEST_CASE("Reductions, broadcast and gathering give every rank the same", "[mpi]") {
  const Communicator world = Communicator::world();
  const double me = world.rank(), n = world.size();
  std::vector<double> high{me, -me}, low{me};
  std::vector<std::int64_t> count{world.rank() + 1};
  world.max(high);
  world.min(low);
  world.sum(count);
  CHECK(high == std::vector<double>{n - 1, 0.0});
  CHECK(low[0] == 0.0);
  CHECK(count[0] == world.size() * (world.size() + 1) / 2);
  CHECK(world.broadcast(world.rank() == 0 ? std::string("text of rank 0") : std::string(), 0) == "text of rank 0");
  const std::vector<double> mine(static_cast<std::size_t>(world.rank()), me); // rank 0 gives nothing
  const auto all = world.gather_all(std::span<const double>(mine));
  double expected = 0;
  for (int r = 0; r < world.size(); ++r)
    expected += static_cast<double>(r) * r;
  CHECK(all.size() == static_cast<std::size_t>(world.size() * (world.size() - 1) / 2));
  CHECK(std::accumulate(all.begin(), all.end(), 0.0) == expected);
}

TEST_CASE("All-to-all delivers uneven and empty blocks in rank order", "[mpi]") {
  const Communicator world = Communicator::world();
  const auto volume = [](int from, int to) { return static_cast<std::int64_t>((3 * from + 5 * to) % 4); };
  const auto value = [](int from, int to, std::int64_t i) {
    return 1000.0 * from + 10.0 * to + static_cast<double>(i);
  };
  std::vector<std::int64_t> send_counts, receive_counts;
  std::vector<double> send, expected;
  for (int r = 0; r < world.size(); ++r) {
    send_counts.push_back(volume(world.rank(), r));
    receive_counts.push_back(volume(r, world.rank()));
    for (std::int64_t i = 0; i < send_counts.back(); ++i)
      send.push_back(value(world.rank(), r, i));
    for (std::int64_t i = 0; i < receive_counts.back(); ++i)
      expected.push_back(value(r, world.rank(), i));
  }
  std::vector<double> receive(expected.size());
  world.all_to_all(send, send_counts, receive, receive_counts);
  std::vector<std::int64_t> right{receive == expected ? 1 : 0};
  world.sum(right);
  CHECK(right[0] == world.size());
}

TEST_CASE("An error on one rank becomes the same error on all", "[mpi]") {
  const Communicator world = Communicator::world();
  const int last = world.size() - 1;
  std::string message;
  ExitCode code = ExitCode::complete;
  try {
    world.agree([&] {
      if (world.rank() == last)
        throw Error(ExitCode::io_failure, "disk full on rank " + std::to_string(last));
    });
  } catch (const Error& error) {
    message = error.what();
    code = error.code();
  }
  CHECK(message == "disk full on rank " + std::to_string(last));
  CHECK(code == ExitCode::io_failure);
  try { // a path that cannot be used is no internal failure, on whichever rank it is found
    world.agree([&] {
      if (world.rank() == last)
        throw std::filesystem::filesystem_error("cannot", "a/b", std::make_error_code(std::errc::not_a_directory));
    });
    FAIL("no rank heard of it");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::refused);
    CHECK_THAT(error.what(), Catch::Contains("a/b: Not a directory"));
  }
  CHECK_NOTHROW(world.agree([] {}));
}

TEST_CASE("A split communicator sees its own part", "[mpi]") {
  const Communicator world = Communicator::world();
  const Communicator part = world.split(world.rank() % 2, -world.rank()); // the key turns the order round
  std::vector<std::int64_t> members{1};
  part.sum(members);
  const std::int64_t expected = (world.size() + 1 - world.rank() % 2) / 2;
  std::vector<std::int64_t> wrong{members[0] == expected && part.size() == expected ? 0 : 1};
  wrong.push_back(part.rank() == part.size() - 1 - world.rank() / 2 ? 0 : 1);
  world.sum(wrong);
  CHECK(wrong == std::vector<std::int64_t>{0, 0});
}
