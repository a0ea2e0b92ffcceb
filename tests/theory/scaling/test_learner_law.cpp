// Which exponent which learner should have.

#include "theory/scaling/learner_law.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace cascade;
using theory::LearningSetting;

TEST_CASE("rough targets have 2h/d for every learner, smooth ones the learner's own", "[learner_law]") {
  const auto law = [](double d, std::optional<double> h, double smooth) {
    return *theory::learner_law({d, 12, h, smooth, false, false});
  };
  for (const double smooth : {2.0, 4.0, 5.0, 0.0}) {
    CHECK(law(2, 0.5, smooth).id == "2h/d");
    CHECK(law(2, 0.5, smooth).value == Approx(0.5));
  }
  CHECK(law(3, {}, 2).id == "2/d");
  CHECK(law(3, {}, 4).value == Approx(4.0 / 3));
  CHECK(law(2, {}, 5).id == "1+3/d"); // one hidden layer
  CHECK(law(2, {}, 5).value == Approx(2.5));
  CHECK(law(1, {}, 4).id == "4/d");      // where both are the same
  CHECK(law(2, {}, 6).id == "2(d+1)/d"); // Laplace kernel
  CHECK_FALSE(theory::learner_law({2, 12, {}}).has_value());
}

TEST_CASE("every formula put forward is judged, each once", "[learner_law]") {
  const auto all = theory::learner_formulas({2, 10, 0.3, 5, false, false});
  const auto value = [&](const std::string& id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const theory::Formula& f) { return f.id == id; });
    REQUIRE(found != all.end());
    return found->value;
  };
  CHECK(all.size() == 5);
  CHECK(value("4h/d") == Approx(0.6));
  CHECK(value("2h/d") == Approx(0.3));
  CHECK(value("4/d") == Approx(2));
  CHECK(value("2/d") == Approx(1));
  CHECK(value("2/D") == Approx(0.2));
  CHECK(theory::learner_formulas({2, 10, {}, 5, false, false}).size() == 4); // no h, but 1 + 3/d
}

TEST_CASE("a formula has the errors of what it is made of", "[learner_law]") {
  LearningSetting s{2, 10, 0.3, 5, false, false};
  s.dimension_error = 0.1;
  s.hurst_error = 0.06;
  const double relative = std::hypot(0.05, 0.2);
  for (const theory::Formula& f : theory::learner_formulas(s))
    CHECK(f.error == Approx(f.id == "2/D"                         ? 0
                            : f.id.find('h') == std::string::npos ? 0.05 * f.value
                                                                  : relative * f.value)
                         .epsilon(1e-6));
  s.hurst.reset();
  CHECK(theory::learner_law(s)->error == Approx(3 / 4.0 * 0.1).epsilon(1e-6)); // 1 + 3/d, not 5/d
}

TEST_CASE("with noise the best average has 2h/(2h+d), and nobody else has a law", "[learner_law]") {
  LearningSetting s{2, 12, 0.5};
  s.noisy = true;
  CHECK_FALSE(theory::learner_law(s).has_value());
  s.averages_noise = true;
  CHECK(theory::learner_law(s)->id == "2h/(2h+d)");
  CHECK(theory::learner_law(s)->value == Approx(1.0 / 3));
  const auto all = theory::learner_formulas(s);
  CHECK(std::count_if(all.begin(), all.end(), [](const theory::Formula& f) { return f.id == "2h/(2h+d)"; }) == 1);
}
