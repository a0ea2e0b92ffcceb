// Ways to an exponent of a grid put beside one another: what is said where they disagree, and what stays where one of
// them is missing.

#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using namespace cascade::analysis;

namespace {

/// A family that is never evaluated: it only has to be there.
struct SomeFamily final : theory::FiniteSize {
  std::string name() const override { return "some family"; }
  std::vector<double> loss(double, double, int, bool, std::span<const std::int64_t>,
                           const theory::Activity&) const override {
    return {};
  }
  std::vector<double> increment(double, double, std::span<const std::int64_t>, const theory::Activity&) const override {
    return {};
  }
  double missing_variance(double, const theory::Activity&, double) const override { return 0; }
  std::vector<double> completion(double, double, int, std::span<const std::int64_t>, const theory::Activity&,
                                 double) const override {
    return {};
  }
};

Answer blind_answer(double value, FitStatus status = FitStatus::good) {
  Answer a;
  a.measured = {value, 0.01, {value - 0.02, value + 0.02}};
  a.model = "blind";
  a.status = status;
  a.reason = status == FitStatus::good ? "" : "one octave only";
  return a;
}

ExponentFit curve_fit(double value) {
  ExponentFit fit;
  fit.exponent = value;
  fit.standard_error = 0.01;
  fit.interval95[0] = value - 0.02;
  fit.interval95[1] = value + 0.02;
  fit.model = "curve";
  return fit;
}

struct Settled {
  std::vector<Result> results;
  std::vector<std::string> warnings;
};

/// zeta_2 of a grid by a blind answer and the fit of the curve; a missing fit says why.
Settled settled(const Answer& blind, const std::optional<ExponentFit>& curve) {
  Subject subject;
  subject.family = std::make_shared<SomeFamily>();
  Findings findings;
  findings.blind[2] = blind;
  const auto means = std::make_shared<GridMeans>(subject, findings);
  const BlockTable table;
  Fits fits("structure_function", View::grid, true);
  fits.give_anyhow(
      "zeta/p2", [&] { return curve ? *curve : throw NoFit("2 scales"); },
      [&](const ExponentFit* fit, const std::string& why) {
        Result r;
        if (fit != nullptr)
          set_fit(r, *fit);
        means->settle_ways("zeta/p2", r, {table, 2, -1, false, ""}, std::nullopt, fits, why);
        return r;
      });
  fits.finish(core::Communicator::self());
  return {fits.take_results(), fits.take_warnings()};
}

} // namespace

TEST_CASE("Blind and curve more than three errors apart: a warning that says how far", "[answers]") {
  const double far = 1 + 3.1 * std::hypot(0.01, 0.01), near = 1 + 2.9 * std::hypot(0.01, 0.01);
  const Settled apart = settled(blind_answer(1), curve_fit(far));
  REQUIRE(apart.warnings.size() == 1);
  CHECK(apart.warnings[0].starts_with("grid/zeta/p2: "));
  CHECK(apart.warnings[0].find("3.1 errors apart") != std::string::npos);
  CHECK(settled(blind_answer(1), curve_fit(near)).warnings.empty());
  CHECK(settled(blind_answer(1, FitStatus::no_range), curve_fit(far)).warnings.empty()); // nothing to disagree with
}

TEST_CASE("Without the curve's fit the blind answer stands alone", "[answers]") {
  const Settled alone = settled(blind_answer(1), std::nullopt);
  REQUIRE(alone.results.size() == 1);
  const Result& r = alone.results[0];
  CHECK(r.measured.value == 1);
  CHECK(r.judged_by == Way::blind);
  CHECK(decides(r.status));
  CHECK(r.answers.at(Way::curve).status == FitStatus::no_range);
  CHECK(r.answers.at(Way::curve).reason == "2 scales");
  CHECK_FALSE(r.exponent);
}

TEST_CASE("Without any number there is no result, and the reason is said", "[answers]") {
  const Settled none = settled(no_answer("one octave only"), std::nullopt);
  CHECK(none.results.empty());
  REQUIRE(none.warnings.size() == 1);
  CHECK(none.warnings[0] == "grid/zeta/p2: 2 scales; no exponent is given");
}

TEST_CASE("A loss of order 4 of a given field is fitted as the square that it is of one of order 2", "[grid_means]") {
  // (A s^2h + B s^2)^2, what a Gaussian field has: a sum of s^4h and s^4 misses 2 A B s^(2h + 2), and read
  // 2.8 as 2.782.
  Subject subject;
  subject.dimensions = 1;
  subject.points = 1 << 14;
  subject.given = true;
  const Findings findings;
  const auto means = std::make_shared<GridMeans>(subject, findings);
  for (const double h : {0.2, 0.7}) {
    const auto square = [h](double s) { return std::pow(s, 2 * h) - std::pow(s, 2); };
    const BlockTable table =
        test::synthetic_table([&](double s) { return std::pow(square(s), 2); }, 1, 13, {24, 0.01, 0.0003, 0.0003}, 7);
    const ExponentFit fit = means->plain({table, 4, 0, false, ""})();
    CAPTURE(h, fit.exponent, fit.standard_error, fit.model);
    CHECK(std::abs(fit.exponent - 4 * h) < 4 * fit.statistical_error);
    CHECK(fit.standard_error < 0.02);
    // the fitted curve is that of the loss, not of its root
    for (std::size_t i = 0; i < fit.curve.x.size(); ++i)
      CHECK(fit.curve.y[i] == Approx(std::pow(square(fit.curve.x[i]), 2)).epsilon(0.03));
  }
}
