#include "core/input/scalar.hpp"
#include "support/fp_traps.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <limits>
#include <random>

using namespace cascade::core;

namespace {

bool good(const Parsed<double>& p) {
  return std::holds_alternative<double>(p);
}
bool good(const Parsed<std::int64_t>& p) {
  return std::holds_alternative<std::int64_t>(p);
}

} // namespace

TEST_CASE("reals: what is accepted", "[yaml]") {
  const std::pair<const char*, double> cases[] = {
      {"2", 2.0},      {"-0.5", -0.5},   {".5", 0.5},  {"5.", 5.0},       {"1e3", 1000.0},
      {"1E-3", 0.001}, {"+1.5e+2", 150}, {"0", 0.0},   {"-0.0", -0.0},    {"1/3", 1.0 / 3.0},
      {"-2/8", -0.25}, {"1.5 / 3", 0.5}, {"0/7", 0.0}, {"4e-324", 5e-324}};
  for (const auto& [text, value] : cases) {
    INFO(text);
    const Parsed<double> parsed = parse_real(text);
    REQUIRE(good(parsed));
    CHECK(std::get<double>(parsed) == value);
  }
}

TEST_CASE("reals: what is refused", "[yaml]") {
  const cascade::test::FpTrapsOff off; // a fraction may overflow
  for (const char* text :
       {"",      ".",     "-",   "e3",    "1e",     "1e+", "0x10", "1_000", "010", "00.5", ".nan",         ".NaN",
        "nan",   "-.inf", "inf", "1e400", "1e-400", "1/0", "1//2", "1/2/3", "1/",  "/2",   "1e308/1e-308", "1,5",
        "2.8.1", "two",   "1 2", "--1",   "١"}) {
    INFO(text);
    CHECK_FALSE(good(parse_real(text)));
  }
}

TEST_CASE("integers: what is accepted and refused", "[yaml]") {
  CHECK(std::get<std::int64_t>(parse_integer("9223372036854775807")) == std::numeric_limits<std::int64_t>::max());
  CHECK(std::get<std::int64_t>(parse_integer("-9223372036854775808")) == std::numeric_limits<std::int64_t>::min());
  CHECK(std::get<std::int64_t>(parse_integer("+7")) == 7);
  CHECK(std::get<std::int64_t>(parse_integer("0")) == 0);
  for (const char* text :
       {"", "-", "9223372036854775808", "010", "0x10", "1_000", "6.5", "1e3", "64.0", "1/1", "seven"}) {
    INFO(text);
    CHECK_FALSE(good(parse_integer(text)));
  }
  CHECK(std::get<std::string>(parse_integer("1e3")).find("write 1000") != std::string::npos);
  CHECK(std::get<std::string>(parse_integer("64.0")).find("write 64") != std::string::npos);
}

TEST_CASE("booleans are true and false", "[yaml]") {
  CHECK(std::get<bool>(parse_boolean("true")));
  CHECK_FALSE(std::get<bool>(parse_boolean("false")));
  CHECK(std::get<std::string>(parse_boolean("yes")).find("did you mean 'true'?") != std::string::npos);
  CHECK(std::get<std::string>(parse_boolean("Off")).find("did you mean 'false'?") != std::string::npos);
  CHECK(std::get<std::string>(parse_boolean("maybe")).find("did you mean") == std::string::npos);
}

TEST_CASE("every finite double prints to a text that reads back to its bits", "[yaml]") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random();
    if ((bits >> 52 & 0x7FF) == 0x7FF)
      continue; // infinities and NaN; a signalling one may not even be looked at
    const auto value = std::bit_cast<double>(bits);
    const std::string text = format_real(value);
    const Parsed<double> parsed = parse_real(text);
    INFO(text);
    REQUIRE(good(parsed));
    REQUIRE(std::get<double>(parsed) == value);
  }
}

TEST_CASE("ranges in words", "[yaml]") {
  CHECK(format_range({0.05, 2.5}) == "0.05 to 2.5");
  CHECK(format_range({0, 0x1p63}) == "0 to 9223372036854775807");
  CHECK(format_range({1, std::numeric_limits<double>::infinity()}) == "at least 1");
  CHECK(format_range({}) == "any number");
}
