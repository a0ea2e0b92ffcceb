#include "analysis/approximation/alphas.hpp"
#include "app/campaign/report.hpp"
#include "app/verdict/compare.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/errors.hpp"
#include "theory/beta_law.hpp"
#include "theory/exponents.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace cascade;

namespace {

struct Setting {
  const char* partition;
  const char* average;
  int degree;
  double q;
};

const std::vector<Setting> tried_settings = {
    {"adaptive", "active", 0, 2}, {"adaptive", "active", 0, 4}, {"uniform", "active", 0, 2}};

/// The report.json of a run that measured `factor` times the law for every setting, with errors of 0.2%.
nlohmann::ordered_json case_report(double D, double d, double h, double factor,
                                   const std::vector<Setting>& settings = tried_settings) {
  app::Report report;
  const auto promise = std::make_shared<theory::BetaLaw>(static_cast<int>(D), d, h, "");
  for (const Setting& s : settings) {
    analysis::Result r;
    r.stage = "approximation";
    r.quantity = "alpha";
    r.method = "sampled";
    r.order = s.q;
    r.labels = analysis::loss_labels(s.partition, s.average, s.degree, s.q);
    r.id = "sampled/" + analysis::alpha_id(s.partition, s.average, s.degree, s.q);
    const double law =
        theory::predicted_alpha(*promise, {r.labels.text("partition") == "adaptive", true, s.degree, s.q})->value;
    r.measured = {factor * law, 0.002 * law, {0.996 * factor * law, 1.004 * factor * law}};
    r.fit.statistical_error = 0.002 * law;
    report.results.push_back(app::unjudged(std::move(r)));
  }
  app::compare(promise, "generator", report);
  report.run.config_json = R"({"field": {"generator": "beta_cascade"}})";
  return app::to_json(report);
}

app::SweepCase named(const std::string& name, const std::string& family) {
  return {name, family, {}, {{"field.hurst", "0.3", ""}}};
}

/// D = 3 and 2, several d and h; alpha is `factor` times the law.
std::vector<app::CaseRow> rows(double factor) {
  std::vector<app::CaseRow> all;
  for (const double D : {3.0, 2.0})
    for (const double d : {D - 0.8, D - 0.4, D})
      for (const double h : {0.2, 0.5, 0.9}) // 0.9: near saturation for constants
        all.push_back(app::case_row(named("c" + std::to_string(all.size()), D == 3 ? "cube" : "square"),
                                    case_report(D, d, h, factor)));
  return all;
}

const app::SettingCoefficient& coefficient(const app::CampaignReport& report, const std::string& id) {
  for (const app::SettingCoefficient& c : report.coefficients)
    if (c.id == id)
      return c;
  throw std::invalid_argument("no coefficient " + id);
}

const theory::Judgement& judgement(const app::SettingCoefficient& c, double target) {
  for (const theory::Judgement& j : c.judgements)
    if (j.formula.value == target)
      return j;
  throw std::invalid_argument("not judged");
}

} // namespace

TEST_CASE("the law in every case gives c = q, and rejects the rival", "[campaign]") {
  const auto report = app::evaluate({}, rows(1));
  const auto& two = coefficient(report, "all/sampled/alpha/adaptive/active/k0/q2");
  CHECK(two.law_is_c);
  CHECK(two.c.value == Approx(2));
  CHECK(two.c.cases == 12);
  CHECK(two.near_saturation == 6);
  CHECK(judgement(two, 2).group_verdict == app::Verdict::supported);
  CHECK(judgement(two, 4).group_verdict == app::Verdict::rejected);
  CHECK(two.covered == 12);
  const auto& four = coefficient(report, "square/sampled/alpha/adaptive/active/k0/q4");
  CHECK(four.c.value == Approx(4));
  CHECK(four.c.cases == 9); // q (k - h) is .4 at h = .9: not near saturation
  CHECK(judgement(four, 2).group_verdict == app::Verdict::rejected);
  CHECK(report.base.verdict.find("for the mean-square loss alpha ~ 2h/d holds (c = 2.0000") != std::string::npos);
  CHECK(report.base.verdict.find("for the quartic loss alpha ~ 4h/d holds (c = 4.0000") != std::string::npos);
}

TEST_CASE("a setting of another law says so", "[campaign]") {
  const auto report = app::evaluate({}, rows(1));
  const auto& uniform = coefficient(report, "all/sampled/alpha/uniform/active/k0/q2");
  CHECK_FALSE(uniform.law_is_c); // q h/D
  CHECK(uniform.law == "q*h/D");
  CHECK(uniform.judgements.empty());
  CHECK(uniform.c.p_value < 1e-6);
  CHECK(uniform.relative.value == Approx(1));
}

TEST_CASE("where no setting has a law c h/d the answer is about the laws that there are", "[campaign]") {
  const auto answer = [](double factor) {
    std::vector<app::CaseRow> cases;
    for (const double d : {2.2, 2.6})
      cases.push_back(app::case_row(named("c" + std::to_string(cases.size()), "cube"),
                                    case_report(3, d, 0.2, factor, {{"uniform", "active", 0, 2}})));
    return app::evaluate({}, std::move(cases)).base.answer;
  };
  CHECK(answer(1).question == "Does alpha follow the law of its field?");
  CHECK(answer(1).text.starts_with("Yes: alpha is 1.0000 +- 0.00"));
  CHECK(answer(1).text.find("of q*h/D with uniform pieces (active set, q = 2, degree 0).") != std::string::npos);
  CHECK(answer(1.05).text.starts_with("No: alpha is 1.0500"));
}

TEST_CASE("a case that promises nothing belongs to no coefficient", "[campaign]") {
  const auto report = app::evaluate({}, rows(1));
  auto cases = rows(1);
  auto silent = case_report(3, 2.5, 0.3, 1);
  silent["theory"]["dimension"] = silent["theory"]["hurst"] = nullptr;
  cases.push_back(app::case_row(named("silent", "cube"), silent));
  for (const auto& a : cases.back().alphas)
    CHECK(a.regime == "no law");
  const auto with = app::evaluate({}, cases);
  REQUIRE(with.coefficients.size() == report.coefficients.size());
  for (std::size_t i = 0; i < report.coefficients.size(); ++i)
    CHECK(with.coefficients[i].c.value == report.coefficients[i].c.value);
}

TEST_CASE("a field that breaks the law is not made to keep it", "[campaign]") {
  const auto twice = app::evaluate({}, rows(2)); // as if 4h/d held for the mean-square loss
  const auto& c = coefficient(twice, "all/sampled/alpha/adaptive/active/k0/q2");
  CHECK(c.c.value == Approx(4));
  CHECK(judgement(c, 4).group_verdict == app::Verdict::supported);
  CHECK(judgement(c, 2).group_verdict == app::Verdict::rejected);
  CHECK(c.near_saturation == 6); // decided by the declared theory alone
  CHECK(c.covered == 0);
  CHECK(twice.base.verdict.find("for the mean-square loss alpha ~ 4h/d holds") != std::string::npos);
  const auto off = app::evaluate({}, rows(1.25));
  CHECK(off.base.verdict.find("2h/d is rejected") != std::string::npos);
  CHECK(off.base.verdict.find("holds") == std::string::npos);
}

TEST_CASE("expectations of a campaign are of its coefficients", "[campaign]") {
  app::Campaign campaign;
  campaign.checking = true;
  campaign.check.expect = {{"coefficient/all/sampled/alpha/adaptive/active/k0/q2", 2.0, 0.02},
                           {"relative/cube/sampled/alpha/uniform/active/k0/q2", std::nullopt, 0.02}};
  CHECK(app::evaluate(campaign, rows(1)).base.exit_code == 0);
  CHECK(app::evaluate(campaign, rows(1.02)).base.exit_code == 6);
  campaign.check.expect = {{"coefficient/all/nothing", 2.0, 0.02}};
  CHECK(app::evaluate(campaign, rows(1)).base.exit_code == 6);
}

TEST_CASE("a case's report without its parts is damage, not a crash", "[campaign]") {
  nlohmann::ordered_json report = case_report(3, 2.8, 0.3, 1);
  report["results"][0].erase("measured");
  CHECK_THROWS_AS(app::case_row(named("c", "f"), report), core::Error);
}

TEST_CASE("the campaign's report names the thresholds of its h", "[campaign]") {
  const auto json = nlohmann::json::parse(app::to_json_text(app::evaluate({}, rows(1))));
  CHECK(json.at("schema") == "cascade-campaign/1");
  CHECK(json.at("thresholds").at("4/d").get<double>() == Approx(40));
  const auto& half = json.at("thresholds").at("rough").at(1); // h = 0.5
  CHECK(half.at("2h/d").get<double>() == Approx(10));
  CHECK(half.at("measured").at(0).at("dimension").get<double>() == Approx(10));
  CHECK(json.at("cases").size() == 18);
}
