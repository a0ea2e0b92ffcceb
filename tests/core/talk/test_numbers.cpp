// The one table of numbers and their texts: postprocess writes the same (tests/postprocess/test_numbers.py).
#include "core/talk/numbers.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>

using namespace cascade::core;

namespace {

double number(const nlohmann::json& value) {
  return value.is_null()  ? std::numeric_limits<double>::quiet_NaN()
         : value == "inf" ? std::numeric_limits<double>::infinity()
                          : value.get<double>();
}

} // namespace

TEST_CASE("numbers are written as the table of both languages says", "[numbers]") {
  std::ifstream file(cascade::test::source_dir() / "tests" / "data" / "numbers.json");
  const auto table = nlohmann::json::parse(file);
  std::size_t compared = 0;
  for (const auto& row : table.at("number_text")) {
    CAPTURE(row.dump());
    CHECK(number_text(number(row.at("value")), row.at("digits").get<int>()) == row.at("text"));
    ++compared;
  }
  for (const auto& row : table.at("with_error_text")) {
    CAPTURE(row.dump());
    CHECK(with_error_text(number(row.at("value")), number(row.at("error"))) == row.at("text"));
    ++compared;
  }
  for (const auto& row : table.at("interval_text")) {
    CAPTURE(row.dump());
    CHECK(interval_text(number(row.at("low")), number(row.at("high"))) == row.at("text"));
    ++compared;
  }
  for (const auto& row : table.at("within_text")) {
    CAPTURE(row.dump());
    CHECK(within_text(number(row.at("value")), number(row.at("low")), number(row.at("high"))) == row.at("text"));
    ++compared;
  }
  for (const auto& row : table.at("p_text")) {
    CAPTURE(row.dump());
    CHECK(p_text(number(row.at("p"))) == row.at("text"));
    ++compared;
  }
  CHECK(compared > 60);
}

TEST_CASE("an error has two significant digits after rounding, and a half place is nobody's", "[numbers]") {
  CHECK(with_error_text(0.16, 0.0995) == "0.16 +- 0.10"); // not .099 and not .1
  CHECK(with_error_text(1.0, 0.25, " ± ") == "1.00 ± 0.25");
  CHECK(number_text(1 / 6.0) == "1/6");
  CHECK(number_text(0.16667) == "0.1667"); // a measured number near a fraction is none
}

TEST_CASE("a number below a bound is not written as the bound", "[numbers]") {
  CHECK(rounded_down_text(2.997) == "2.99");
  CHECK(rounded_down_text(1.97) == "1.97");
  CHECK(rounded_down_text(0) == "0.00");
}
