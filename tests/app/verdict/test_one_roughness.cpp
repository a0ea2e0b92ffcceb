// One h on one set: inferred where there is one, excluded where there is none; models of intermittency named.

#include "app/verdict/compare.hpp"
#include "app/verdict/judging.hpp"
#include "app/verdict/many_roughnesses.hpp"
#include "app/verdict/one_roughness.hpp"
#include "theory/beta_law.hpp"
#include "theory/intermittency.hpp"
#include "theory/multifractal_law.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;

namespace {

app::Judged volume_alpha(const std::string& partition, double q, double value, double error) {
  analysis::Result r;
  r.id = "sampled/alpha/" + partition + "/volume/k0/q" + std::to_string(static_cast<int>(q));
  r.stage = "approximation";
  r.quantity = "alpha";
  r.method = "sampled";
  r.order = q;
  r.labels = analysis::loss_labels(partition, "volume", 0, q);
  r.measured = {value, error, {value - 2 * error, value + 2 * error}};
  return app::unjudged(r);
}

app::Judged zeta(double p, double value) {
  analysis::Result r;
  r.id = "sampled/zeta/p" + std::to_string(static_cast<int>(p));
  r.stage = "structure_function";
  r.quantity = "zeta";
  r.method = "sampled";
  r.order = p;
  r.measured = {value, 0.002, {}};
  return app::unjudged(r);
}

/// What a law predicts of the four settings, measured without an error.
app::Report report_of(const theory::LawPtr& law, double error) {
  app::Report report;
  for (const double q : {2.0, 4.0})
    for (const bool adaptive : {false, true})
      report.results.push_back(volume_alpha(adaptive ? "adaptive" : "uniform", q,
                                            theory::predicted_alpha(*law, {adaptive, false, 0, q, false})->value,
                                            error));
  for (const double p : {1.0, 2.0, 4.0, 5.0, 6.0})
    report.results.push_back(zeta(p, law->zeta(p)));
  app::compare(law, "generator", report);
  return report;
}

} // namespace

TEST_CASE("Alphas of one h on one set give back h and d, by either partition", "[one_roughness]") {
  constexpr double d = 1.7, h = 0.3;
  const theory::BetaLaw law(2, d, h, "");
  for (const bool adaptive : {false, true}) {
    const auto alpha = [&](double q) { return (law.zeta(q)) / (adaptive ? d : 2); };
    const app::ApparentPair pair = app::apparent_pair(2, adaptive, 2, alpha(2), 1e-3, 4, alpha(4), 1e-3);
    CHECK(pair.hurst == Approx(h).epsilon(1e-12));
    CHECK(pair.dimension == Approx(d).epsilon(1e-12));
    CHECK(pair.hurst_error > 5e-4);
    CHECK(pair.dimension_error > 1e-3);
  }
}

TEST_CASE("A multifractal is said to have no h and d, and its model is named", "[one_roughness]") {
  const auto law = std::make_shared<theory::MultifractalLaw>(
      theory::Multipliers{theory::CascadeModel::lognormal, 1, 0.7, 0.8, 0.125}, false);
  const app::Report report = report_of(law, 0.002);
  CHECK(report.verdict.find("No one h on one set of dimension d describes it") != std::string::npos);
  CHECK(report.verdict.find("the smallest AIC first: log-normal (mu = 0.8") != std::string::npos);
  // With errors as large as the difference nothing is excluded.
  CHECK(report_of(law, 0.2).verdict.find("do not exclude one h") != std::string::npos);
  // adaptive(zeta) is supported by the adaptive alphas, zeta_q/D rejected.
  bool supported = false, rejected = false;
  for (const app::Hypothesis& h : report.hypotheses)
    if (h.result == "sampled/alpha/adaptive/volume/k0/q4") {
      supported = supported || (h.id == "adaptive(zeta)" && h.verdict == app::Verdict::supported);
      rejected = rejected || (h.id == "zeta_q/D" && h.verdict == app::Verdict::rejected);
    }
  CHECK(supported);
  CHECK(rejected);
}

TEST_CASE("Every field with three orders of zeta has its models of intermittency", "[one_roughness]") {
  // Nothing promised: the table is there all the same.
  app::Report given;
  for (const double p : {1.0, 2.0, 3.0, 4.0, 6.0})
    given.results.push_back(zeta(p, theory::intermittency_zeta("p-model", 0.7, p)));
  app::compare(nullptr, "", given);
  REQUIRE(given.page.tables.size() == 1);
  CHECK(given.page.tables[0].rows.size() == 6);
  CHECK(given.page.tables[0].rows[0][0] == "p-model");
  CHECK(given.page.tables[0].rows[0][2].find("p = 0.7") == 0);
  CHECK(given.page.tables[0].note.find("p = 1, 2, 3, 4, 6") != std::string::npos);
  CHECK(given.page.figures.empty());
  // zeta_3 = 1.2: the models have 1, and ratios are compared. Laying it anew adds no second table.
  for (app::Judged& j : given.results)
    j.result.measured.value *= 1.2;
  app::compare(nullptr, "", given);
  REQUIRE(given.page.tables.size() == 1);
  CHECK(given.page.tables[0].rows[0][0] == "p-model");
  CHECK(given.page.tables[0].note.find("zeta_p/zeta_3") != std::string::npos);
  CHECK(given.page.tables[0].note.find("p = 1, 2, 4, 6") != std::string::npos);
  // Two orders are too few.
  given.results.resize(2);
  app::compare(nullptr, "", given);
  CHECK(given.page.empty());
  // One h: the table, and no figure of alpha against q.
  const app::Report one = report_of(std::make_shared<theory::BetaLaw>(2, 1.7, 0.3, ""), 0.002);
  CHECK(one.page.tables.size() == 1);
  CHECK(one.page.tables[0].rows[0][0] == "beta");
  CHECK(one.page.figures.empty());
}

TEST_CASE("alpha against q of a multifractal is drawn, with the best straight line", "[one_roughness]") {
  const auto law = std::make_shared<theory::MultifractalLaw>(
      theory::Multipliers{theory::CascadeModel::lognormal, 1, 0.7, 0.8, 0.125}, false);
  const app::Report report = report_of(law, 0.002);
  REQUIRE(report.page.figures.size() == 1);
  const app::Figure& figure = report.page.figures[0];
  REQUIRE(figure.series.size() == 5); // measured and predicted, adaptive and uniform, and the line
  CHECK(figure.series[0].x == std::vector<double>{2, 4});
  CHECK(figure.series[0].y == figure.series[1].y); // these were measured where they are predicted
  CHECK(figure.series[4].style == "dashed");
  CHECK(figure.series[4].y[1] == Approx(figure.series[0].y[1])); // two points lie on a line
}

TEST_CASE("A field with one h is not asked", "[one_roughness]") {
  const auto law = std::make_shared<theory::BetaLaw>(2, 1.7, 0.3, "");
  const app::Report report = report_of(law, 0.002);
  CHECK(report.verdict.find("one h on one set") == std::string::npos);
  CHECK(report.verdict.find("intermittency") == std::string::npos);
}

TEST_CASE("What few draws decide is shown and not judged, and makes no model", "[one_roughness]") {
  // D = 6, 2^14 pairs down to 2^-22: mu = .8 has its scatter of order 2 (codimension .71 an octave) in 2^-1.6 of them.
  const auto law = std::make_shared<theory::MultifractalLaw>(
      theory::Multipliers{theory::CascadeModel::lognormal, 6, 0.7, 0.8, 0.125}, false);
  const auto report_with = [&](double draws) {
    app::Report report;
    for (const double p : {0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0}) {
      app::Judged j = zeta(p, law->zeta(p) + (p >= 2 ? 0.03 * p : 0));
      j.result.fit.window = {std::exp2(-22), 0.125};
      j.result.curve.count = {draws, draws};
      report.results.push_back(j);
    }
    app::compare(law, "generator", report);
    return report;
  };
  const app::Report few = report_with(16384), many = report_with(std::exp2(60));
  for (std::size_t i = 0; i < few.results.size(); ++i) {
    const bool high = *few.results[i].result.order >= 2;
    CAPTURE(*few.results[i].result.order);
    CHECK(few.results[i].few == high);
    CHECK((few.results[i].verdict == app::Verdict::undecided) == high);
    CHECK_FALSE(many.results[i].few);
    CHECK((many.results[i].verdict == app::Verdict::rejected) == high);
  }
  CHECK(few.verdict.find("for want of draws: sampled/zeta/p2, ") != std::string::npos);
  CHECK(few.verdict.find("of 4 orders, taken as independent, the smallest AIC first: log-normal (mu = 0.8") !=
        std::string::npos);
  CHECK(many.verdict.find("for want of draws") == std::string::npos);
  CHECK(many.verdict.find("first: log-normal (mu = 0.8)") == std::string::npos); // the wrong ones are in it
}

TEST_CASE("Blind exponents of one h on a set are a straight line, of many h they bend", "[one_roughness]") {
  const auto said = [](double codimension, double mu, double c2) {
    app::Report report;
    for (const double p : {1.0, 2.0, 4.0, 6.0}) {
      const double zeta_p = p / 3 + codimension * (1 - p / 3) - mu * (p * p - 3 * p) / 18;
      app::Judged j = zeta(p, zeta_p);
      analysis::Answer blind;
      blind.measured = {zeta_p, 0.008 * p, {zeta_p - 0.016 * p, zeta_p + 0.016 * p}};
      j.result.answers[analysis::Way::blind] = blind;
      report.results.push_back(j);
    }
    analysis::Result leaders;
    leaders.quantity = "c2";
    leaders.measured = {c2, 0.005, {c2 - 0.01, c2 + 0.01}};
    report.results.push_back(app::unjudged(leaders));
    for (app::Judged& j : report.results) // flatnesses have errors of their own
      if (auto blind = j.result.answers.find(analysis::Way::blind);
          blind != j.result.answers.end() && j.result.order != 2.0)
        blind->second.measured.standard_error *= 1.05;
    return app::many_roughnesses(report);
  };
  CHECK(said(0, 0, 0).empty());
  CHECK(said(0.2, 0, 0).empty()); // a set of dimension D - .2
  CHECK(said(0, 0.8, 0).find("zeta_p is no straight line") != std::string::npos);
  CHECK(said(0, 0.8, 0).find("c_2") == std::string::npos);
  CHECK(said(0, 0, -0.03).find("c_2 = -0.0300 +- 0.0050 of leaders is not 0") != std::string::npos);
}
