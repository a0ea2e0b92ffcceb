#pragma once
// A report of a run that never was, with numbers of the right size: the beta model in D = 3 with d = 2.8, h = .2667.
// Measured values are the laws' plus deterministic deviates of one standard error.

#include "app/report/report.hpp"
#include "app/verdict/judging.hpp"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

namespace cascade::test {

/// Deterministic numbers of mean 0 and unit size.
class Deviates {
public:
  double operator()() { return std::sin(12.9898 * ++n_) * 1.3; }

private:
  int n_ = 0;
};

/// y = amplitude x^exponent at x = 2^-first .. 2^-last.
inline analysis::Curve power_law(double exponent, int first, int last, Deviates& noise) {
  analysis::Curve c;
  for (int j = first; j <= last; ++j) {
    c.x.push_back(std::ldexp(1.0, -j));
    const double value = 0.8 * std::pow(c.x.back(), exponent) * (1 - 0.4 * c.x.back());
    c.standard_error.push_back(0.01 * value);
    c.y.push_back(value + 0.01 * value * noise());
    c.count.push_back(20000);
  }
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    const std::size_t a = i == 0 ? 0 : i - 1, b = i + 1 == c.x.size() ? i : i + 1;
    c.local_slope.push_back(std::log(c.y[b] / c.y[a]) / std::log(c.x[b] / c.x[a]));
  }
  return c;
}

inline void name_axes(analysis::Curve& c, std::string x, std::string x_unit, std::string y, std::string y_unit) {
  c.x_axis = {std::move(x), std::move(x_unit)};
  c.y_axis = {std::move(y), std::move(y_unit)};
}

/// A value near the truth, beside the law; errors of the right size.
inline app::Judged judge(analysis::Result r, const app::Prediction& law, double truth, double error, Deviates& noise) {
  r.measured = {truth + 0.7 * error * noise(), error, {}};
  r.measured.interval95 = {r.measured.value - 2.1 * error, r.measured.value + 2.1 * error};
  r.fit.model = "E = A s^a - P - B s^(q k)";
  r.fit.window = {r.curve.x.back(), r.curve.x.front()};
  r.fit.points = static_cast<int>(r.curve.x.size());
  r.fit.chi2_per_dof = 1.1;
  r.fit.loglog_slope = 0.96 * truth;
  r.fit.statistical_error = 0.8 * error;
  r.fit.systematic_error = 0.6 * error;
  return app::judged(std::move(r), law);
}

inline void add_structure_functions(app::Report& report, Deviates& noise) {
  for (const char* method : {"grid", "sampled"})
    for (int p = 1; p <= 6; ++p) {
      const bool grid = method[0] == 'g';
      analysis::Result r;
      r.id = fmt::format("{}/zeta/p{}", method, p);
      r.stage = "structure_function";
      r.quantity = "zeta";
      r.title = fmt::format("zeta_{}", p);
      r.order = p;
      r.method = method;
      const double zeta = p * report.theory.hurst + 0.2;
      r.curve = grid ? power_law(zeta, 1, 7, noise) : power_law(zeta, 5, 20, noise);
      name_axes(r.curve, "r", "box side", fmt::format("S_{}", p), fmt::format("field^{}", p));
      report.results.push_back(
          judge(r, {zeta, "zeta_p = p h + D - d"}, zeta, (grid ? 0.015 : 0.004) * (1 + 0.4 * p), noise));
    }
}

inline void add_box_counting(app::Report& report, Deviates& noise) {
  analysis::Result r;
  r.id = "grid/dimension_box/active";
  r.stage = "box_counting";
  r.quantity = "dimension_box";
  r.title = "box dimension";
  r.method = "grid";
  r.labels = analysis::set_labels("active");
  r.curve = power_law(-report.theory.dimension, 1, 7, noise);
  name_axes(r.curve, "s", "box side", "N", "1");
  report.results.push_back(judge(r, {report.theory.dimension, "d"}, report.theory.dimension, 0.008, noise));
}

inline void add_spectrum(app::Report& report, Deviates& noise) {
  analysis::Result r;
  r.id = "grid/spectrum_slope";
  r.stage = "spectrum";
  r.quantity = "spectrum_slope";
  r.method = "grid";
  r.curve = power_law(1.7333, 0, 7, noise);
  for (double& x : r.curve.x)
    x = 1 / x; // wavenumbers
  for (double& slope : r.curve.local_slope)
    slope = -slope;
  name_axes(r.curve, "k", "2 pi / box side", "E", "field^2");
  report.results.push_back(judge(r, {-1.7333, "-(1 + zeta_2)"}, -1.7333, 0.03, noise));
}

inline app::Hypothesis hypothesis(const analysis::Result& r, const std::string& id, double predicted,
                                  const std::vector<std::string>& group) {
  app::Hypothesis h;
  h.id = id;
  h.result = r.id;
  h.method = r.method;
  h.labels = r.labels;
  h.predicted = predicted;
  h.measured = r.measured.value;
  h.standard_error = r.measured.standard_error;
  h.z = (h.measured - predicted) / h.standard_error;
  h.verdict = theory::verdict_of(h.z, false);
  h.group = group;
  h.sentence =
      fmt::format("The error falls as N^-{:.3f}; {} says {:.3f}: {}.", h.measured, id, predicted, to_text(h.verdict));
  return h;
}

inline void add_approximation(app::Report& report, Deviates& noise) {
  const double h = report.theory.hurst, d = report.theory.dimension;
  for (const int q : {2, 4})
    for (const int degree : {0, 1})
      for (const char* average : {"active", "volume"}) {
        const bool active = average[0] == 'a';
        const double alpha = active ? q * h / d : (q * h + 3 - d) / 3;
        analysis::Result r;
        r.id = fmt::format("sampled/alpha/{}/{}/q{}/deg{}", active ? "adaptive" : "uniform", average, q, degree);
        r.stage = "approximation";
        r.quantity = "alpha";
        r.method = "sampled";
        r.labels = analysis::loss_labels(active ? "adaptive" : "uniform", average, degree, q);
        analysis::Curve c = power_law(alpha * (active ? d : 3), 5, 18, noise);
        for (std::size_t i = 0; i < c.x.size(); ++i) {
          c.x[i] = std::pow(c.x[i], active ? -d : -3.0); // pieces
          c.local_slope[i] = -c.local_slope[i] / (active ? d : 3);
        }
        name_axes(c, "N", "1", fmt::format("loss_{}", q), fmt::format("field^{}", q));
        r.curve = c;
        if (!active)
          r.fit.note = "N is geometry, not counted";
        report.results.push_back(judge(r, {alpha, active ? "q h / d" : "zeta_q / D"}, alpha, 0.004, noise));
        r = report.results.back().result;
        if (active)
          for (const auto& [id, value, group] : std::vector<std::tuple<std::string, double, std::vector<std::string>>>{
                   {"q*h/d", alpha,
                    q == 2 ? std::vector<std::string>{"q*h/d", "2h/d"} : std::vector<std::string>{"q*h/d", "4h/d"}},
                   {"2h/d", 2 * h / d,
                    q == 2 ? std::vector<std::string>{"q*h/d", "2h/d"} : std::vector<std::string>{"2h/d"}},
                   {"4h/d", 4 * h / d,
                    q == 4 ? std::vector<std::string>{"q*h/d", "4h/d"} : std::vector<std::string>{"4h/d"}},
                   {"4/d", 4 / d, {"4/d"}},
                   {"2/d", 2 / d, {"2/d"}}})
            report.hypotheses.push_back(hypothesis(r, id, value, group));
        else
          report.hypotheses.push_back(hypothesis(r, "zeta_q/D", alpha, {"zeta_q/D"}));
      }
}

inline app::Report sample_report() {
  app::Report report;
  Deviates noise;
  report.verdict =
      "For the mean-square error the numbers support 2h/d and reject 4h/d; 4h/d holds for the quartic error.";
  report.run.name = "sample";
  report.run.input_file = "inputs/sample.yaml";
  report.run.input_text = "field: {generator: beta_cascade}\n";
  report.run.config_json = R"({"field":{"generator":"beta_cascade","points":256},"run":{"name":"sample","seed":1}})";
  report.run.seed = 1;
  report.run.ranks = 2;
  report.run.host = "laptop";
  report.run.started = "2025-01-31T12:00:00Z";
  report.run.wall_seconds = 41.25;
  report.run.peak_bytes_per_rank = 201326592;
  report.run.field_bytes_per_rank = 67108864;
  report.timing = {{"field", 0.9}, {"structure functions", 14.2}, {"spectrum", 1.1}, {"approximation", 25.0}};
  report.theory = {3, 2.8, 0.8 / 3, "generator", "Frisch, Sulem & Nelkin 1978", {}, {}};
  for (int p = 1; p <= 6; ++p) {
    report.theory.orders.push_back(p);
    report.theory.zeta.push_back(p * report.theory.hurst + 0.2);
  }
  add_structure_functions(report, noise);
  add_spectrum(report, noise);
  add_box_counting(report, noise);
  add_approximation(report, noise);
  report.checks = {{"sampled/zeta/p2", 0.7311, 0.7333, 0.02, true}};
  report.warnings = {
      "The box dimension and the adaptive exponents share the count of alive cells: not independent evidence."};
  return report;
}

} // namespace cascade::test
