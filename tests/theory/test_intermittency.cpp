// Models of intermittency against exponents: each is found where it made them.

#include "theory/intermittency.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <string>

using namespace cascade::theory;

TEST_CASE("The model that made the exponents is found, with its parameter", "[intermittency]") {
  struct Made {
    const char* model;
    double parameter;
  };
  for (const Made& made : {Made{"beta", 0.2}, Made{"random beta", 0.125}, Made{"log-normal", 0.25},
                           Made{"p-model", 0.7}, Made{"K41", 0}, Made{"She-Leveque", 0}}) {
    CAPTURE(made.model);
    std::vector<ZetaPoint> points;
    for (int p = 1; p <= 8; ++p)
      points.push_back(
          {double(p), intermittency_zeta(made.model, made.parameter, p) + 1e-4 * std::sin(7.0 * p), 0.002});
    const auto fits = compare_intermittency(points);
    REQUIRE(fits.size() == 6);
    CHECK(fits.front().model == made.model);
    CHECK(fits.front().chi_squared < 1);
    CHECK_FALSE(fits.front().formula.empty());
    if (!fits.front().parameter.empty()) {
      CHECK(fits.front().value == Approx(made.parameter).margin(0.002));
      CHECK(fits.front().error > 0);
      CHECK(std::abs(fits.front().value - made.parameter) < 2 * fits.front().error);
      // An error three times as large in the exponents is three times as large in the parameter.
      for (ZetaPoint& p : points)
        p.error *= 3;
      CHECK(compare_intermittency(points).front().error == Approx(3 * fits.front().error).epsilon(0.05));
    } else {
      CHECK(fits.front().error == 0);
    }
    CHECK(fits.front().degrees_of_freedom == (fits.front().parameter.empty() ? 8 : 7));
    CHECK(fits[1].aic > fits[0].aic);
    CHECK(fits.back().chi_squared > 100); // and what it is not is told apart
  }
}

TEST_CASE("A parameter at the end of its range says so", "[intermittency]") {
  std::vector<ZetaPoint> points; // falling: no model of the list has this
  for (int p = 1; p <= 6; ++p)
    points.push_back({double(p), 1.2 - 0.1 * p, 0.01});
  int bound = 0;
  for (const IntermittencyFit& f : compare_intermittency(points))
    bound += f.at_bound ? 1 : 0;
  CHECK(bound >= 1);
  std::vector<ZetaPoint> straight; // no intermittency: the end itself, not 1e-16 beside it
  for (int p = 1; p <= 6; ++p)
    straight.push_back({double(p), p / 3.0, 0.01});
  const std::map<std::string, double> ends{{"beta", 0}, {"random beta", 0}, {"log-normal", 0}, {"p-model", .5}};
  for (const IntermittencyFit& f : compare_intermittency(straight))
    if (const auto end = ends.find(f.model); end != ends.end()) {
      CAPTURE(f.model, f.value);
      CHECK(f.at_bound);
      CHECK(f.value == end->second);
    }
  std::vector<ZetaPoint> usual;
  for (int p = 1; p <= 6; ++p)
    usual.push_back({double(p), intermittency_zeta("log-normal", 0.25, p), 0.01});
  for (const IntermittencyFit& f : compare_intermittency(usual))
    CHECK_FALSE(f.at_bound);
}

TEST_CASE("Too few exponents, or errors that are none, compare nothing", "[intermittency]") {
  CHECK(compare_intermittency({{1, .36, .01}, {2, .7, .01}}).empty());
  CHECK(compare_intermittency({{1, .36, .01}, {2, .7, .01}, {3, 1, 0}, {4, std::nan(""), .1}}).empty());
}
