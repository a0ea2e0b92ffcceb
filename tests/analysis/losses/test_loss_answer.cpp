#include "analysis/losses/loss_answer.hpp"
#include "analysis/losses/loss_tables.hpp"
#include "support/loss_designs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace cascade;
using namespace cascade::analysis;
using test::gadre;
using test::one_law;
using test::synthetic;

TEST_CASE("loss answer: a good table") {
  const LossAnswer a = answer_losses(synthetic(one_law, false, 0.02, 5), LossModel::pedestal, {});
  CHECK(a.status == LossStatus::good);
  CHECK_FALSE(a.few);
  for (const LossEstimate& e : a.estimates) {
    CHECK(e.quoted == e.interval.any);
    const double longer = std::max(e.interval.value - e.quoted[0], e.quoted[1] - e.interval.value);
    CHECK(e.error == Approx(longer / 2.0796138).epsilon(1e-6)); // Student's t, 21 degrees
  }
  CHECK_THROWS_AS(a.of("beta"), std::out_of_range);
}

TEST_CASE("loss answer: few points quote the interval of equal residuals") {
  const LossAnswer a = answer_losses(gadre(), LossModel::pedestal, {});
  CHECK(a.few);
  CHECK(a.of("alpha").quoted == a.of("alpha").interval.equal);
  CHECK_FALSE(answer_losses(gadre(), LossModel::pedestal, {Objective::huber_log}).few);
}

TEST_CASE("loss answer: what cannot be read off a table is not identified") {
  const LossAnswer a = answer_losses(synthetic({3, 0.05, 0, 0, 0}, false, 0.05, 2), LossModel::pedestal, {});
  CHECK(a.status == LossStatus::not_identified);
  CHECK(a.of("E").quoted[0] == 0);
  CHECK(a.of("E").error > a.of("E").quoted[1] / 2 / 2.08 * 0.99); // not the half of an interval that a wall cuts off
}

TEST_CASE("loss answer: errors reach both ends of a skewed interval") {
  // E ends at zero, and so do the short sides of alpha and A: .0677 [.0585, .2246] for .2443, 5.2 errors of half the
  // interval's width, 2.6 of its longer side
  const test::KnownTable k = test::KnownTables(test::Design::isoflop, false, 0.03)(5005);
  const LossAnswer a = answer_losses(k.table, LossModel::pedestal, {Objective::least_squares_log});
  CHECK(a.status == LossStatus::not_identified);
  const double student = 2.4469118; // 6 degrees
  for (const LossEstimate& e : a.estimates) {
    CAPTURE(e.interval.name);
    CHECK(e.interval.value - student * e.error <= e.quoted[0] + 1e-6);
    CHECK(e.interval.value + student * e.error >= e.quoted[1] - 1e-6);
  }
  CHECK(std::abs(a.of("alpha").interval.value - k.law.alpha) < 3 * a.of("alpha").error);
}

TEST_CASE("loss answer: an exponent on the wall of the box is said to be there") {
  // one row far above the others, which fall no more: any steep term passes through it
  LossTable t;
  for (int i = 0; i < 16; ++i) {
    t.x.push_back(1e6 * std::pow(2, i));
    t.loss.push_back((i == 0 ? 3 : 2) * std::exp(-0.01 * std::sin(12.9898 * i * i))); // the second lies low
  }
  const LossAnswer a = answer_losses(t, LossModel::pedestal, {});
  CHECK(a.fit.parameters.alpha == highest_exponent);
  CHECK(a.status == LossStatus::pinned);
}

TEST_CASE("loss answer: a term that rests on one row decides nothing") {
  // nine rows, 10% of noise, the first a third too high: alpha = 3.2 for .33, and E = 2.66 [2.40, 2.89] for 1.83
  const test::KnownTable k = test::KnownTables(test::Design::isoflop, false, 0.1)(5141);
  const LossAnswer a = answer_losses(k.table, LossModel::pedestal, {Objective::least_squares_log});
  CHECK(a.fit.parameters.alpha < highest_exponent);
  CHECK(a.status == LossStatus::pinned);
}

TEST_CASE("loss answer: a term for one row is not taken for the law, and what is left open is said", "[slow]") {
  // twenty tokens a parameter: lowest of all, the second term takes all of the law, the first one point, at the highest
  // exponent there is
  const test::KnownTable k = test::KnownTables(test::Design::twenty_tokens, true, 0.01)(5029);
  const LossAnswer a = answer_losses(k.table, LossModel::two_variables, {Objective::least_squares_log});
  CHECK(a.fit.parameters.alpha < highest_exponent);
  CHECK(a.status == LossStatus::not_identified);
  const LossProblem problem(k.table, LossModel::two_variables);
  const SmallVector truth = problem.variables_of(k.law);
  for (const LossQuantity& quantity : problem.quantities()) {
    CAPTURE(quantity.name);
    CHECK(a.of(quantity.name).quoted[0] <= quantity.at(truth));
    CHECK(a.of(quantity.name).quoted[1] >= quantity.at(truth));
  }
}
