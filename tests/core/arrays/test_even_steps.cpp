// Even, gappy and uneven places of the points of a series; whether files are still the same.

#include "core/arrays/even_steps.hpp"
#include "core/arrays/fingerprint.hpp"
#include "core/scratch.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using namespace cascade;
using core::even_steps;

TEST_CASE("Places are even within what they are written with", "[arrays]") {
  std::vector<double> thirds, exact;
  for (int i = 0; i < 300; ++i) {
    thirds.push_back(std::round(100.0 * i / 3) / 100); // two digits
    exact.push_back(5 - 0.125 * i);                    // falling
  }
  CHECK(even_steps(thirds, 0.005).refusal.empty());
  CHECK(even_steps(thirds, 0.005).spacing == Approx(1.0 / 3).epsilon(1e-4));
  CHECK(even_steps(thirds, 0.005).gaps.empty());
  CHECK_THAT(even_steps(thirds, 0).refusal, Catch::Contains("not evenly spaced"));
  CHECK(even_steps(exact, 0).spacing == 0.125);
  CHECK(even_steps(std::vector<double>{7}, 0).spacing == 1);
  exact[40] = exact[39];
  CHECK_THAT(even_steps(exact, 0).refusal, Catch::Contains("point 41"));
}

TEST_CASE("Points that are not there leave gaps", "[arrays]") {
  const core::EvenSteps found = even_steps(std::vector<double>{0, 0.5, 2, 2.5, 3}, 0);
  CHECK(found.refusal.empty());
  CHECK(found.spacing == 0.5);
  CHECK(found.gaps == std::vector<core::Index>{0, 2, 0, 0, 0});
  CHECK_THAT(even_steps(std::vector<double>{0, 0.5, 2, 2.5, 30}, 0).refusal, Catch::Contains("steps of 0.5 to 27.5"));
  CHECK_THAT(even_steps(std::vector<double>{0, 1, 2.4, 3}, 0).refusal, Catch::Contains("numpy.interp"));
}

TEST_CASE("A fingerprint sees other bytes", "[arrays]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const auto file = scratch.path() / "data.bin";
  const auto write = [&](const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; };
  write(std::string(1000, 'a'));
  const std::string first = core::fingerprint({file});
  CHECK_THAT(first, Catch::StartsWith("1000 bytes, checksum "));
  write(std::string(999, 'a') + "b");
  CHECK(core::fingerprint({file}) != first);
  write(std::string(1000, 'a'));
  CHECK(core::fingerprint({file}) == first);
  CHECK(core::fingerprint({file, file}) != first);
  CHECK_THROWS_AS(core::fingerprint({scratch.path() / "none"}), core::Error);
  std::filesystem::resize_file(file, (std::uint64_t{1} << 26) + 1); // a hole: costs no disk
  const std::string large = core::fingerprint({file});
  CHECK_THAT(large, Catch::StartsWith("67108865 bytes, written 2") && Catch::Contains("checksum of pieces"));
  write(std::string(1000, 'c'));
  std::filesystem::resize_file(file, (std::uint64_t{1} << 26) + 1);
  CHECK(core::fingerprint({file}) != large);
}
