// The plain answer never says more than the verdicts.

#include "app/verdict/answering.hpp"
#include "app/verdict/compare.hpp"
#include "app/verdict/judging.hpp"
#include "theory/beta_law.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cascade;

namespace {

constexpr double d_field = 2.8, h_field = 0.8 / 3;

app::Judged measured_alpha(const std::string& partition, const std::string& average, double q, double value,
                           double error) {
  analysis::Result r;
  r.id = "sampled/alpha/" + partition + "/" + average + "/k0/q" + std::to_string(static_cast<int>(q));
  r.stage = "approximation";
  r.quantity = "alpha";
  r.method = "sampled";
  r.order = q;
  r.labels = analysis::loss_labels(partition, average, 0, q);
  r.measured = {value, error, {value - 2 * error, value + 2 * error}};
  return app::unjudged(r);
}

app::Report compared(std::vector<app::Judged> results, theory::LawPtr law, const std::string& source = "generator") {
  app::Report report;
  report.results = std::move(results);
  app::compare(law, source, report);
  return report;
}

theory::LawPtr law_of(int space, double d, double h) {
  return std::make_shared<theory::BetaLaw>(space, d, h, "a law");
}

std::string answer_to(double q, double value, double error) {
  return compared({measured_alpha("adaptive", "active", q, value, error)}, law_of(3, d_field, h_field)).answer.text;
}

} // namespace

TEST_CASE("The answer is no for the mean square and yes for the quartic loss where the verdicts are", "[answer]") {
  const app::Report report = compared({measured_alpha("adaptive", "active", 2, 2 * h_field / d_field, 0.00024),
                                       measured_alpha("adaptive", "active", 4, 4 * h_field / d_field, 0.00052),
                                       measured_alpha("uniform", "volume", 2, (2 * h_field + 0.2) / 3, 0.0003)},
                                      law_of(3, d_field, h_field));
  CHECK(report.answer.question == "Is alpha = 4h/d?");
  CHECK(report.answer.text == "No for the mean-square loss: 0.19048 +- 0.00024 = 2h/d. "
                              "Yes for the quartic loss: 0.38095 +- 0.00052 = 4h/d.");
  CHECK(report.answer.results ==
        std::vector<std::string>{"sampled/alpha/adaptive/active/k0/q2", "sampled/alpha/adaptive/active/k0/q4"});
  CHECK(report.verdict.starts_with(report.answer.line() + " For the mean of |error|^2 ("));
}

TEST_CASE("What is undecided, pinned, near saturation or no formula's is said so", "[answer]") {
  CHECK(answer_to(2, 4 * h_field / d_field - 0.003, 0.001) ==
        "Undecided for the mean-square loss: 0.3780 +- 0.0010 against 4h/d = 0.381.");
  CHECK(answer_to(2, 0.3, 0.001) ==
        "No for the mean-square loss: 0.3000 +- 0.0010 against 4h/d = 0.381; no formula is supported.");
  CHECK(answer_to(2, 0.1884, 0.0037) == "No for the mean-square loss: 0.1884 +- 0.0037 against 4h/d = 0.381; 2h/d = "
                                        "0.190 and q*h/D = 0.178 are undecided.");

  app::Judged pinned = measured_alpha("adaptive", "active", 2, 0.381, 1e-4);
  pinned.result.status = analysis::FitStatus::pinned;
  CHECK(compared({pinned}, law_of(3, d_field, h_field)).answer.text ==
        "Undecided for the mean-square loss: the fit is pinned.");
  CHECK(compared({measured_alpha("adaptive", "active", 2, 0.6, 0.002)}, law_of(3, 2.9, 0.9)).answer.text ==
        "Not to be told for the mean-square loss: alpha = 0.6000 +- 0.0020 is too close to its smooth limit.");
}

TEST_CASE("Formulas that have the same value are named with the one that is supported", "[answer]") {
  const std::string text =
      compared({measured_alpha("uniform", "volume", 2, 0.25, 0.001)}, law_of(2, 2, 0.25)).answer.text;
  CHECK(text.starts_with("No for the mean-square loss: 0.2500 +- 0.0010 = 2h/d (not told apart here: "));
  CHECK(text.find("zeta_q/D") != std::string::npos);
  CHECK(text.find("q*h/d") == std::string::npos); // that is 2h/d itself
}

TEST_CASE("A theory that the input declares is named; without one nothing is judged", "[answer]") {
  const std::vector<app::Judged> one{measured_alpha("adaptive", "active", 2, 0.19, 0.001)};
  CHECK(compared(one, law_of(3, 2.5, 0.5), "input")
            .answer.text.starts_with(
                "By the theory that the input declares (d = 2.5, h = 0.5): No for the mean-square loss"));
  const app::Report nothing = compared(one, nullptr);
  CHECK(nothing.answer.question == "What is alpha?");
  CHECK(nothing.answer.text == "0.1900 +- 0.0010 for the mean-square loss. Nothing is promised of this field: no "
                               "formula is judged.");
  CHECK(nothing.verdict.find("No for") == std::string::npos);
  CHECK(compared({}, law_of(3, d_field, h_field)).answer.empty());
}

TEST_CASE("The answer is in report.json, and comes back", "[answer]") {
  const app::Report report =
      compared({measured_alpha("adaptive", "active", 2, 0.1905, 0.0002)}, law_of(3, d_field, h_field));
  const app::PlainAnswer again = app::plain_answer_from_json(app::to_json(report).at("answer"));
  CHECK(again.line() == report.answer.line());
  CHECK(again.results == report.answer.results);
  CHECK(app::loss_name(3) == "the mean of |error|^3");
}
