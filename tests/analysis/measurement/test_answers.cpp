// Several answers beside one another: which of them is judged, and which decides nothing.

#include "analysis/measurement/result.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace cascade;
using analysis::Answer;
using analysis::Answers;
using analysis::Evidence;
using analysis::FitStatus;
using analysis::Result;
using analysis::Way;

namespace {

Answer answer(double value, double error, FitStatus status = FitStatus::good) {
  Answer a;
  a.measured = {value, error, {value - 2 * error, value + 2 * error}};
  a.status = status;
  a.reason = status == FitStatus::good ? "" : "why";
  a.model = "model of " + std::to_string(value);
  return a;
}

Result settled(const Answers& answers, Way asked) {
  Result r;
  r.measured = {0.5, 0.1, {}};
  analysis::settle(r, answers, asked);
  return r;
}

} // namespace

TEST_CASE("The way asked for is the one that is judged", "[answers]") {
  Answers all{{Way::blind, answer(1, .1)}, {Way::curve, answer(2, .1)}, {Way::plain, answer(3, .1)}};
  all[Way::curve].evidence = Evidence::generators_curve;
  for (const auto& [way, value, evidence] : {std::tuple{Way::blind, 1.0, Evidence::counted},
                                             {Way::curve, 2.0, Evidence::generators_curve},
                                             {Way::plain, 3.0, Evidence::counted}}) {
    const Result r = settled(all, way);
    CHECK(r.judged_by == way);
    CHECK(r.measured.value == value);
    CHECK(r.evidence == evidence);
    CHECK(decides(r.status));
    CHECK(r.answers.size() == 3);
  }
}

TEST_CASE("Without a blind answer's range the next way is shown, and decides nothing", "[answers]") {
  for (const FitStatus status : {FitStatus::no_range, FitStatus::pinned, FitStatus::failed}) {
    const Answers all{{Way::blind, answer(1, .1, status)}, {Way::curve, answer(2, .1)}, {Way::plain, answer(3, .1)}};
    const Result r = settled(all, Way::blind);
    CHECK(r.judged_by == Way::curve);
    CHECK(r.measured.value == 2);
    CHECK_FALSE(decides(r.status));
    CHECK(r.reason == "why");
    CHECK(decides(settled(all, Way::curve).status)); // who asks for the curve gets it
  }
  const Result alone = settled({{Way::blind, answer(1, .1, FitStatus::no_range)}}, Way::blind);
  CHECK_FALSE(decides(alone.status));
}

TEST_CASE("A way that was not tried is stood in for, and what stands in decides", "[answers]") {
  const Result curve = settled({{Way::curve, answer(2, .1)}, {Way::plain, answer(3, .1)}}, Way::blind);
  CHECK(curve.measured.value == 2);
  CHECK(decides(curve.status));
  const Result plain = settled({{Way::plain, answer(3, .1)}}, Way::curve);
  CHECK(plain.measured.value == 3);
  CHECK(decides(plain.status));
  const Result none = settled({}, Way::blind);
  CHECK(none.measured.value == 0.5);
  CHECK_FALSE(none.judged_by);
}

TEST_CASE("Answers change with what they are answers of", "[answers]") {
  const Answer slope = linear(answer(0.6, .1), -1, -1);
  CHECK(slope.measured.value == Approx(-1.6));
  CHECK(slope.measured.standard_error == Approx(.1));
  CHECK(slope.measured.interval95 == std::vector<double>{-1 - (0.6 + .2), -1 - (0.6 - .2)});
  const Answer smooth = at_most(answer(2.1, .1), 2);
  CHECK(smooth.measured.value == 2);
  CHECK(smooth.measured.standard_error == .1);
  CHECK(smooth.measured.interval95[1] == 2);
  CHECK(smooth.measured.interval95[0] == Approx(1.8)); // never an interval without a width
  CHECK(smooth.evidence == Evidence::theory);
  CHECK(smooth.reason.find("2.1") != std::string::npos);
  CHECK(at_most(answer(1.9, .1), 2).evidence == Evidence::counted);
  CHECK(at_most(answer(1.9, .1), 2).measured.interval95[1] == 2);
  CHECK(at_most(answer(1, .1), 2).measured.value == 1);
}

TEST_CASE("How far two ways are apart counts in both their errors, where both have one", "[answers]") {
  const Answers all{
      {Way::blind, answer(1, .3)}, {Way::curve, answer(2, .4)}, {Way::plain, answer(3, .1, FitStatus::failed)}};
  CHECK(*sigmas_apart(all, Way::blind, Way::curve) == Approx(2));
  CHECK_FALSE(sigmas_apart(all, Way::blind, Way::plain));
  CHECK_FALSE(sigmas_apart({{Way::blind, answer(1, .3)}}, Way::blind, Way::curve));
}

TEST_CASE("Ways, evidence and statuses are read as they are written", "[answers]") {
  for (const Way way : {Way::blind, Way::curve, Way::plain})
    CHECK(analysis::way_from_text(to_text(way)) == way);
  for (const Evidence evidence : {Evidence::counted, Evidence::geometry, Evidence::generators_curve, Evidence::theory})
    CHECK(analysis::evidence_from_text(to_text(evidence)) == evidence);
  for (const FitStatus status :
       {FitStatus::good, FitStatus::widened, FitStatus::no_range, FitStatus::pinned, FitStatus::failed})
    CHECK(analysis::status_from_text(to_text(status)) == status);
  CHECK_THROWS_AS(analysis::way_from_text("clairvoyance"), std::invalid_argument);
}
