// The rule of docs/theory.md section 10, case by case.

#include "theory/beta_law.hpp"
#include "theory/verdict.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace cascade;
using theory::Formula;
using theory::Judgement;

namespace {

const Judgement& of(const std::vector<Judgement>& all, const std::string& id) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const Judgement& j) { return j.formula.id == id; });
  REQUIRE(it != all.end());
  return *it;
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

using Ids = std::vector<std::string>;

} // namespace

TEST_CASE("One prediction: supported below 2, rejected above 5, undecided between", "[verdict]") {
  for (const double sign : {-1.0, 1.0}) {
    CHECK(theory::verdict_of(sign * 1.99, false) == theory::Verdict::agrees);
    CHECK(theory::verdict_of(sign * 2.0, false) == theory::Verdict::undecided);
    CHECK(theory::verdict_of(sign * 5.0, false) == theory::Verdict::undecided);
    CHECK(theory::verdict_of(sign * 5.01, false) == theory::Verdict::rejected);
    CHECK(theory::verdict_of(sign * 100, true) == theory::Verdict::near_saturation);
  }
  CHECK(theory::verdict_of(std::numeric_limits<double>::quiet_NaN(), false) == theory::Verdict::undecided);
  CHECK(theory::verdict_of(0, true) == theory::Verdict::near_saturation);
}

TEST_CASE("A rival within 3 standard errors withholds support", "[verdict]") {
  // Values 0.10 and 0.143, error 0.01: 4.3 standard errors apart, no group.
  const std::vector<Formula> two = {{"a", 0.100}, {"b", 0.143}};
  const auto between = theory::judge(two, 0.115, 0.01, false); // z = 1.5 and -2.8
  CHECK(of(between, "a").verdict == theory::Verdict::undecided);
  CHECK(of(between, "b").verdict == theory::Verdict::undecided);
  CHECK(of(between, "a").group == Ids{"a"});
  const auto clear = theory::judge(two, 0.105, 0.01, false); // z = 0.5 and -3.8
  CHECK(of(clear, "a").verdict == theory::Verdict::supported);
  CHECK(of(clear, "b").verdict == theory::Verdict::undecided);
  const auto far = theory::judge(two, 0.09, 0.01, false); // z = -1 and -5.3
  CHECK(of(far, "a").verdict == theory::Verdict::supported);
  CHECK(of(far, "b").verdict == theory::Verdict::rejected);
  CHECK(of(far, "a").z == Approx(-1));
  CHECK(of(far, "b").z == Approx(-5.3));
}

TEST_CASE("Formulas closer than 2 standard errors are one group", "[verdict]") {
  const std::vector<Formula> three = {{"a", 0.100}, {"b", 0.119}, {"c", 0.300}};
  const auto all = theory::judge(three, 0.105, 0.01, false);
  CHECK(of(all, "a").verdict == theory::Verdict::not_distinguishable);
  CHECK(of(all, "a").group_verdict == theory::Verdict::supported); // the other member is no rival
  CHECK(sorted(of(all, "a").group) == Ids{"a", "b"});
  CHECK(of(all, "c").verdict == theory::Verdict::rejected);
  // A rejected group is rejected, alone or not: every member is wrong.
  const auto wrong = theory::judge(three, 0.305, 0.01, false);
  CHECK(of(wrong, "a").verdict == theory::Verdict::rejected);
  CHECK(of(wrong, "b").verdict == theory::Verdict::rejected);
  CHECK(of(wrong, "c").verdict == theory::Verdict::supported);
}

TEST_CASE("A formula between two that are apart is supported no more than they are", "[verdict]") {
  const std::vector<Formula> three = {{"low", 0.35}, {"middle", 0.69}, {"high", 0.98}};
  const auto all = theory::judge(three, 0.48, 0.28, false); // z = .5, -.8, -1.8; low and high are 2.3 errors apart
  CHECK(sorted(of(all, "middle").group) == sorted({"low", "middle", "high"}));
  for (const Judgement& j : all) {
    CHECK(j.verdict == theory::Verdict::undecided);
    CHECK(j.group_verdict == theory::Verdict::undecided);
  }
}

TEST_CASE("A formula of measured numbers is as uncertain as they are", "[verdict]") {
  const std::vector<Formula> two = {{"exact", 0.5}, {"measured", 1.0, 0.3}};
  const auto all = theory::judge(two, 0.1, 0.05, false);
  CHECK(of(all, "exact").z == Approx(-8));
  CHECK(of(all, "exact").verdict == theory::Verdict::rejected);
  CHECK(of(all, "measured").error == Approx(std::hypot(0.05, 0.3)));
  CHECK(of(all, "measured").z == Approx(-0.9 / std::hypot(0.05, 0.3)));
  CHECK(of(all, "measured").verdict == theory::Verdict::undecided);
  CHECK(of(all, "measured").group.size() == 1);
  // 2h/d and 4h/d of one uncertain h: both may be right, and neither is supported, nor both as if they were one.
  for (const Judgement& j : theory::judge({{"2h/d", 0.185, 0.07}, {"4h/d", 0.37, 0.14}}, 0.1, 0.005, false)) {
    CHECK(std::abs(j.z) < 2);
    CHECK(j.group.size() == 1);
    CHECK(j.group_verdict == theory::Verdict::undecided);
  }
}

TEST_CASE("4h/d and 2h/d on the beta model, for both loss powers", "[verdict]") {
  const theory::BetaLaw t(3, 2.8, 0.8 / 3, "");
  for (const double q : {2.0, 4.0}) {
    const theory::LossSetting setting{true, true, 0, q};
    const double law = q * *t.hurst() / *t.dimension();
    const auto all = theory::judge(theory::rival_formulas(t, setting), law + 0.001, 0.002, false);
    const std::string name = q == 2 ? "2h/d" : "4h/d", other = q == 2 ? "4h/d" : "2h/d";
    CHECK(of(all, name).verdict == theory::Verdict::not_distinguishable); // from q*h/d, which is the same number
    CHECK(of(all, name).group_verdict == theory::Verdict::supported);
    CHECK(of(all, "q*h/d").group_verdict == theory::Verdict::supported);
    CHECK(sorted(of(all, name).group) == sorted({name, "q*h/d"}));
    for (const std::string& id : {other, std::string("4/d"), std::string("2/d"), std::string("zeta_q/D"),
                                  std::string("zeta_q/d"), std::string("q*h/D"), std::string("a/D")}) {
      CAPTURE(q, id);
      CHECK(of(all, id).verdict == theory::Verdict::rejected);
    }
  }
}

TEST_CASE("Where the set fills space, D and d cannot be told apart", "[verdict]") {
  const theory::BetaLaw k41(3, 3, 1.0 / 3, "");
  const theory::LossSetting setting{true, true, 0, 2};
  const auto all = theory::judge(theory::rival_formulas(k41, setting), 2.0 / 9, 1e-4, false);
  CHECK(sorted(of(all, "zeta_q/D").group) == sorted({"2h/d", "q*h/d", "q*h/D", "zeta_q/D", "zeta_q/d"}));
  for (const char* id : {"2h/d", "q*h/d", "q*h/D", "zeta_q/D", "zeta_q/d"}) {
    CHECK(of(all, id).verdict == theory::Verdict::not_distinguishable);
    CHECK(of(all, id).group_verdict == theory::Verdict::supported);
  }
  CHECK(of(all, "4h/d").verdict == theory::Verdict::rejected);
}

TEST_CASE("Near saturation nothing is pronounced; no information decides nothing", "[verdict]") {
  const std::vector<Formula> two = {{"a", 0.1}, {"b", 0.9}};
  for (const auto& j : theory::judge(two, 0.1, 0.001, true)) {
    CHECK(j.verdict == theory::Verdict::near_saturation);
    CHECK(j.group_verdict == theory::Verdict::near_saturation);
  }
  for (const auto& j : theory::judge(two, 0.3, 10, false)) // both within a fraction of the error
    CHECK(j.verdict == theory::Verdict::not_distinguishable);
  for (const auto& j : theory::judge(two, std::numeric_limits<double>::quiet_NaN(), 0.1, false))
    CHECK(j.verdict == theory::Verdict::undecided);
}
