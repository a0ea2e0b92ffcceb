// Predictions and verdicts are put beside the measurement and never touch it.

#include "app/verdict/compare.hpp"
#include "app/verdict/judging.hpp"
#include "tests/app/sample_report.hpp"
#include "tests/app/tiny_runs.hpp"
#include "theory/beta_law.hpp"
#include "theory/verdict.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <regex>
#include <set>

using namespace cascade;
using analysis::Result;
using app::Report;

namespace {

theory::LawPtr law(double d, double h) {
  return std::make_shared<theory::BetaLaw>(3, d, h, "a law");
}

theory::LawPtr beta_model() {
  return law(2.8, 0.8 / 3);
}

/// What is known of a multifractal: its exponents, and that it has no single h and no d.
class OnlyExponents final : public theory::Law {
public:
  int embedding_dimension() const override { return 3; }
  double zeta(double order) const override { return order / 3 - 0.0125 * order * (order - 3); }
  std::string formula() const override { return "p/3 - mu p (p - 3)/18"; }
  std::string reference() const override { return "log-normal"; }
};

const app::Hypothesis& hypothesis(const Report& report, const std::string& result, const std::string& id) {
  for (const auto& h : report.hypotheses)
    if (h.result == result && h.id == id)
      return h;
  throw std::invalid_argument("no hypothesis " + id + " for " + result);
}

Result alpha(const std::string& partition, const std::string& average, int degree, double q, double value,
             double error) {
  Result r;
  r.id = "sampled/alpha/" + partition + "/" + average + "/k" + std::to_string(degree) + "/q" + fmt::format("{:g}", q);
  r.stage = "approximation";
  r.quantity = "alpha";
  r.method = "sampled";
  r.order = q;
  r.labels = analysis::loss_labels(partition, average, degree, q);
  r.measured = {value, error, {value - 2 * error, value + 2 * error}};
  return r;
}

/// The place of a "nan" in a text, with what stands around it.
std::string not_a_number_in(const std::string& text) {
  std::smatch found;
  const bool there = std::regex_search(text, found, std::regex("[^\n]*\\bnan\\b[^\n]*"));
  return there ? found.str() : "";
}

} // namespace

TEST_CASE("No theory, however wrong, moves a measured number", "[compare]") {
  const Report untouched = test::sample_report();
  for (const auto& t : {beta_model(), law(3, 1.0 / 3), law(1, 2.5), law(0.1, -1), theory::LawPtr()}) {
    Report report = untouched;
    app::compare(t, "input", report);
    CHECK(test::same_bits(test::measured_numbers(report), test::measured_numbers(untouched)));
    REQUIRE(report.results.size() == untouched.results.size());
    for (std::size_t i = 0; i < report.results.size(); ++i) {
      CHECK(report.results[i].result.id == untouched.results[i].result.id);
      CHECK(report.results[i].result.fit.model == untouched.results[i].result.fit.model);
    }
    CHECK((t ? report.theory.dimension == t->dimension() : std::isnan(report.theory.dimension)));
    CHECK(report.theory.source == (t ? "input" : "none"));
  }
}

TEST_CASE("Comparing twice is comparing once", "[compare]") {
  Report once = test::sample_report();
  app::compare(beta_model(), "generator", once);
  Report twice = once;
  app::compare(law(2, 0.9), "input", twice);
  CHECK(test::words(twice) != test::words(once));
  app::compare(beta_model(), "generator", twice);
  CHECK(test::same_bits(test::all_numbers(twice), test::all_numbers(once)));
  CHECK(test::words(twice) == test::words(once));
}

TEST_CASE("Each quantity is compared with its own law", "[compare]") {
  Report report = test::sample_report();
  app::compare(beta_model(), "generator", report);
  for (const app::Judged& j : report.results) {
    const Result& r = j.result;
    CAPTURE(r.id);
    REQUIRE(j.predicted);
    if (r.quantity == "zeta")
      CHECK(j.predicted->value == Approx(*r.order * 0.8 / 3 + 0.2));
    if (r.quantity == "dimension_box")
      CHECK(j.predicted->value == 2.8);
    if (r.quantity == "spectrum_slope")
      CHECK(j.predicted->value == Approx(-(1 + 2.2 / 3)));
    if (r.quantity == "alpha")
      CHECK(j.predicted->value ==
            theory::predicted_alpha(*beta_model(),
                                    {r.labels.text("partition") == "adaptive", r.labels.text("average") == "active",
                                     static_cast<int>(*r.labels.number("degree")), *r.labels.number("loss_power")})
                ->value);
    CHECK(*j.z == Approx((r.measured.value - j.predicted->value) / r.measured.standard_error));
    CHECK(j.verdict == theory::verdict_of(*j.z, false));
  }
  CHECK(report.theory.orders == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(report.theory.zeta[2] == Approx(1));
}

TEST_CASE("A threshold set has no law and is not judged", "[compare]") {
  Report report;
  Result r;
  r.id = "grid/dimension_box/threshold1";
  r.stage = "box_counting";
  r.quantity = "dimension_box";
  r.labels = analysis::set_labels("threshold");
  r.measured = {2.5, 0.1, {2.3, 2.7}};
  report.results.push_back(app::unjudged(r));
  app::compare(beta_model(), "generator", report);
  CHECK(report.results[0].verdict == app::Verdict::not_judged);
  CHECK_FALSE(report.results[0].predicted);
}

TEST_CASE("4h/d is judged for every loss power and average, not only where it wins", "[compare]") {
  const double h = 0.8 / 3, d = 2.8;
  Report report;
  report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 2, 2 * h / d, 0.002)));
  report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 4, 4 * h / d, 0.002)));
  report.results.push_back(app::unjudged(alpha("uniform", "volume", 0, 2, (2 * h + 0.2) / 3, 0.002)));
  report.results.push_back(app::unjudged(alpha("uniform", "active", 1, 2, 2 * h / 3, 0.002)));
  app::compare(beta_model(), "generator", report);
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& j : report.hypotheses) {
    CHECK(seen.emplace(j.result, j.id).second);
    CHECK_FALSE(j.sentence.empty());
    CHECK(std::find(j.group.begin(), j.group.end(), j.id) != j.group.end());
  }
  CHECK(seen.size() == 4 * 9);
  CHECK(hypothesis(report, report.results[0].result.id, "4h/d").verdict == app::Verdict::rejected);
  CHECK(hypothesis(report, report.results[0].result.id, "2h/d").group_verdict == app::Verdict::supported);
  CHECK(hypothesis(report, report.results[1].result.id, "4h/d").group_verdict == app::Verdict::supported);
  CHECK(hypothesis(report, report.results[1].result.id, "2h/d").verdict == app::Verdict::rejected);
  CHECK(hypothesis(report, report.results[2].result.id, "4h/d").verdict == app::Verdict::rejected);
  CHECK(hypothesis(report, report.results[2].result.id, "zeta_q/D").verdict == app::Verdict::supported);
  CHECK(hypothesis(report, report.results[3].result.id, "4h/d").verdict == app::Verdict::rejected);
  CHECK(hypothesis(report, report.results[3].result.id, "q*h/D").verdict == app::Verdict::supported);
  // The headline speaks of both loss powers, in the paper's own setting.
  CHECK(report.verdict.find("|error|^2") != std::string::npos);
  CHECK(report.verdict.find("|error|^4") != std::string::npos);
  CHECK(report.verdict.find("4 of 4") != std::string::npos);
}

TEST_CASE("Near saturation the report pronounces nothing", "[compare]") {
  Report report;
  report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 2, 0.6, 0.002)));
  Result zeta;
  zeta.id = "sampled/zeta/p2";
  zeta.stage = "structure_function";
  zeta.quantity = "zeta";
  zeta.order = 2;
  zeta.measured = {1.9, 0.01, {1.88, 1.92}};
  report.results.push_back(app::unjudged(zeta));
  app::compare(law(2.9, 0.9), "generator", report); // q |k - h| = .2; zeta_2 = 1.9
  for (const app::Judged& r : report.results)
    CHECK(r.verdict == app::Verdict::near_saturation);
  for (const auto& j : report.hypotheses)
    CHECK(j.verdict == app::Verdict::near_saturation);
}

TEST_CASE("What a law says of saturation does not shield it from a measurement that is nowhere near", "[compare]") {
  Report report;
  report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 2, 0.4, 0.002))); // 1.16 in s, of 2
  app::compare(law(2.9, 0.9), "input", report);
  CHECK(report.results[0].verdict == app::Verdict::rejected);
  CHECK(hypothesis(report, report.results[0].result.id, "2h/d").verdict == app::Verdict::rejected);
}

TEST_CASE("A fit that is pinned or failed decides nothing, however near or far it is", "[compare]") {
  for (const double measured : {0.4, 2 * 0.3 / 2.5}) {
    Report report;
    report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 2, measured, 1e-9)));
    report.results[0].result.status = analysis::FitStatus::pinned;
    report.results[0].result.reason = "at a bound";
    app::compare(law(2.5, 0.3), "generator", report);
    CHECK(report.results[0].verdict == app::Verdict::undecided);
    CHECK_FALSE(report.results[0].z);
    CHECK(report.results[0].predicted->value == Approx(0.24));
    REQUIRE_FALSE(report.hypotheses.empty());
    for (const auto& h : report.hypotheses) {
      CHECK(h.verdict == app::Verdict::undecided);
      CHECK(h.group_verdict == app::Verdict::undecided);
      CHECK(h.sentence.find("at a bound") != std::string::npos);
    }
    CHECK(report.verdict.find("pinned") != std::string::npos);
    CHECK(report.verdict.find("No exponent is judged: 1 for want of a fit that decides") != std::string::npos);
    CHECK(not_a_number_in(app::to_markdown(report)).empty());
    report.results[0].result.status = analysis::FitStatus::widened;
    app::compare(law(2.5, 0.3), "generator", report);
    CHECK(report.results[0].verdict != app::Verdict::undecided);
  }
}

TEST_CASE("An exponent that is exact by construction is compared without dividing by zero", "[compare]") {
  Report report;
  Result r;
  r.id = "grid/dimension_box/active";
  r.stage = "box_counting";
  r.quantity = "dimension_box";
  r.labels = analysis::set_labels("active");
  r.measured = {3, 0, {3, 3}};
  report.results.push_back(app::unjudged(r));
  app::compare(law(3, 1.0 / 3), "generator", report);
  CHECK(*report.results[0].z == 0);
  CHECK(report.results[0].verdict == app::Verdict::agrees);
  app::compare(law(2.9, 0.3), "generator", report);
  CHECK(std::isfinite(*report.results[0].z));
  CHECK(report.results[0].verdict == app::Verdict::rejected);
}

TEST_CASE("Where nothing is promised nothing is judged, and the report says so", "[compare]") {
  Report report = test::sample_report();
  report.theory.embedding_dimension = 3;
  app::compare(nullptr, "generator", report);
  CHECK(report.hypotheses.empty());
  for (const app::Judged& j : report.results) {
    CHECK(j.verdict == app::Verdict::not_judged);
    CHECK_FALSE(j.predicted);
    CHECK_FALSE(j.z);
  }
  CHECK(report.verdict.find("nothing is judged") != std::string::npos);
  CHECK(report.verdict.find("agree with their law") == std::string::npos);
  const auto json = app::to_json(report);
  CHECK(json["theory"]["embedding_dimension"] == 3);
  CHECK(json["theory"]["dimension"].is_null());
  CHECK(json["theory"]["hurst"].is_null());
  CHECK(json["theory"]["zeta"].empty());
  const std::string text = app::to_markdown(report);
  CHECK(text.find("D = 3") != std::string::npos);
  CHECK(text.find("othing is promised") != std::string::npos);
  CHECK(not_a_number_in(text).empty());
}

TEST_CASE("A law with exponents only is judged by those, and by no formula of d and h", "[compare]") {
  Report report = test::sample_report();
  report.results.push_back(app::unjudged(alpha("uniform", "volume", 0, 2, 0.25, 0.002)));
  report.results.push_back(app::unjudged(alpha("adaptive", "active", 0, 2, 0.2, 0.002)));
  app::compare(std::make_shared<OnlyExponents>(), "generator", report);
  for (const app::Judged& j : report.results) {
    const Result& r = j.result;
    CAPTURE(r.id);
    const bool told = r.quantity == "zeta" || r.quantity == "spectrum_slope" ||
                      (r.labels.text("average") == "volume" && r.labels.text("partition") == "uniform");
    CHECK(j.predicted.has_value() == told);
    CHECK((j.verdict == app::Verdict::not_judged) == !told);
    if (r.quantity == "zeta" && *r.order == 6)
      CHECK(j.predicted->value == Approx(1.775)); // 2 - mu, mu = .225
  }
  for (const auto& h : report.hypotheses)
    CHECK((h.id == "zeta_q/D" || h.id == "a/D" || h.id == "adaptive(zeta)"));
  CHECK(not_a_number_in(app::to_markdown(report)).empty());
}

TEST_CASE("A quantity that no law speaks of is not judged, and is no exponent that failed to agree", "[compare]") {
  Report report;
  Result r;
  r.id = "grid/asymmetry/odd";
  r.stage = r.quantity = "asymmetry";
  r.labels = {{"kind", "odd"}};
  r.measured = {-0.25, 0.01, {-0.27, -0.23}};
  report.results.push_back(app::unjudged(r));
  app::compare(beta_model(), "generator", report);
  CHECK(report.results[0].verdict == app::Verdict::not_judged);
  CHECK(report.hypotheses.empty());
  CHECK(report.verdict == "Nothing is judged: no law says what the measured values should be.");

  report.results.clear();
  app::compare(beta_model(), "generator", report);
  CHECK(report.verdict == "Nothing was measured.");

  report = test::sample_report();
  app::compare(beta_model(), "generator", report);
  const std::string known = report.verdict;
  report.results.push_back(app::unjudged(r));
  app::compare(beta_model(), "generator", report);
  CHECK(report.verdict == known);
}

TEST_CASE("An alpha of another measurement, without partition and loss, is put beside no formula", "[compare]") {
  Report report;
  Result r;
  r.id = "learner/alpha";
  r.stage = "learning_curve";
  r.quantity = "alpha";
  r.labels = {{"learner", "nearest"}};
  r.measured = {0.3, 0.01, {}};
  report.results.push_back(app::unjudged(r));
  app::compare(std::make_shared<OnlyExponents>(), "generator", report);
  CHECK(report.hypotheses.empty());
  CHECK(report.verdict.find("|error|") == std::string::npos);
}
