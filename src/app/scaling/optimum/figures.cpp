#include "app/scaling/optimum/page.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::LossParameters;

Figure frontier_figure(const Findings& f, const std::string& name, const std::string& title, const std::string& label,
                       double (*number)(const analysis::BestUse&), Banded TargetAnswer::*at_target,
                       const std::vector<LossParameters>& region) {
  Figure figure{name, title, "", "training compute C (FLOP)", label, true, {}};
  figure.caption = fmt::format("Best use of compute by the law, with its 95% band{}.",
                               f.widening > 1 ? " (widened: the law does not describe the table)" : "");
  double low = *std::min_element(f.chosen.rows.compute.begin(), f.chosen.rows.compute.end()), high = f.largest_compute;
  for (const TargetAnswer& t : f.targets)
    if (std::isfinite(t.compute)) {
      low = std::min(low, t.compute);
      high = std::max(high, t.compute);
    }
  Series line{"best use", "line", {}, {}, {}}, below{"95%", "dashed", {}, {}, {}}, above{"", "dashed", {}, {}, {}};
  for (int i = 0; i <= 24; ++i) {
    const double c = low * std::pow(high / low, i / 24.0);
    const double value = number(analysis::best_use(f.law(), c));
    double least = value, most = value;
    for (const LossParameters& p : region)
      if (const double other = number(analysis::best_use(p, c)); std::isfinite(other)) {
        least = std::min(least, other);
        most = std::max(most, other);
      }
    line.x.push_back(c);
    line.y.push_back(value);
    for (Series* s : {&below, &above})
      s->x.push_back(c);
    below.y.push_back(least);
    above.y.push_back(most);
  }
  Series target{"target", "points", {}, {}, {}};
  for (const TargetAnswer& t : f.targets)
    if (std::isfinite(t.compute)) {
      target.x.push_back(t.compute);
      target.y.push_back((t.*at_target).value);
    }
  figure.series = {line, below, above, target};
  return figure;
}

Figure iso_figure(const Findings& f) {
  Figure figure{"isoflop", "IsoFLOP curves", "", "parameters N", "loss", false, {}};
  Series refused{"refused", "points", {}, {}, {}}, vertices{"vertices", "points", {}, {}, {}};
  for (const analysis::IsoBudget& b : f.iso.budgets) {
    Series points{fmt::format("{:.2g} FLOP", b.compute), "points", {}, {}, {}}, curve{"", "line", {}, {}, {}};
    Series& to = b.refused.empty() ? points : refused;
    for (const std::size_t i : b.rows) {
      to.x.push_back(f.chosen.rows.params[i]);
      to.y.push_back(f.chosen.rows.loss[i]);
    }
    if (!b.refused.empty())
      continue;
    const auto [low, high] = std::minmax_element(points.x.begin(), points.x.end());
    for (int i = 0; i <= 20; ++i) {
      const double n = *low * std::pow(*high / *low, i / 20.0), x = std::log(n / b.centre);
      curve.x.push_back(n);
      curve.y.push_back(b.c0 + x * (b.c1 + x * b.c2));
    }
    vertices.x.push_back(b.params);
    vertices.y.push_back(b.loss);
    figure.series.push_back(points);
    figure.series.push_back(curve);
  }
  figure.series.push_back(vertices);
  if (!refused.x.empty())
    figure.series.push_back(refused);
  figure.caption =
      fmt::format("Runs of equal compute, and the parabola in log N through each budget; {} of {} budgets are "
                  "refused, the reasons are in the table of budgets.",
                  f.iso.budgets.size() - static_cast<std::size_t>(f.iso.used), f.iso.budgets.size());
  return figure;
}

Figure residual_figure_of(const Findings& f, const std::string& name, const std::string& label,
                          const std::vector<double>& x) {
  Figure figure{name,
                "Residuals against " + label,
                "log(loss/law), row by row: no trend where the law is right.",
                label,
                "log(L/law)",
                false,
                {}};
  Series points{"rows", "points", x, f.residuals, {}};
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  figure.series = {points, {"zero", "dashed", {*low, *high}, {0, 0}, {}}};
  return figure;
}

Figure predicted_figure(const Findings& f) {
  Figure figure{"predicted", "Predicted against observed", "", "predicted loss", "observed loss", false, {}};
  figure.x_log = false;
  const bool held = !f.roll_out.empty();
  const RollOutCut* const cut = held ? &f.roll_out[f.roll_out.size() - 1] : nullptr;
  const LossParameters& law = held ? cut->fit.parameters : f.law();
  Series fitted{"fitted", "points", {}, {}, {}}, out{"held out", "points", {}, {}, {}};
  for (std::size_t i = 0; i < f.points.size(); ++i) {
    Series& to = held && f.chosen.rows.compute[i] > cut->compute ? out : fitted;
    to.x.push_back(law.loss(f.points.x[i], f.points.two_variables() ? f.points.z[i] : 1));
    to.y.push_back(f.points.loss[i]);
  }
  const auto [low, high] = std::minmax_element(f.points.loss.begin(), f.points.loss.end());
  figure.series = {fitted, out, {"equal", "dashed", {*low, *high}, {*low, *high}, {}}};
  if (out.x.empty())
    figure.series.erase(figure.series.begin() + 1);
  figure.caption = held ? fmt::format("The law fitted to rows up to {} FLOP; the others are held out.",
                                      core::number_text(cut->compute, 3))
                        : "The law fitted to all rows.";
  return figure;
}

double params_of(const analysis::BestUse& u) {
  return u.params;
}
double tokens_of(const analysis::BestUse& u) {
  return u.tokens;
}
double loss_of(const analysis::BestUse& u) {
  return u.loss;
}
double ratio_of(const analysis::BestUse& u) {
  return u.ratio();
}

/// Laws at the ends of intervals: of the exponents, of sizes and losses at three computes. The band of a curve lies
/// between them.
std::vector<LossParameters> region_of(const Findings& f) {
  std::vector<LossParameters> out = f.a.region;
  const auto add = [&](const Banded& b) { out.insert(out.end(), b.region.begin(), b.region.end()); };
  add(f.g);
  double high = f.largest_compute;
  for (const TargetAnswer& t : f.targets) {
    add(t.params);
    add(t.loss);
    if (std::isfinite(t.compute))
      high = std::max(high, t.compute);
  }
  const double low = *std::min_element(f.chosen.rows.compute.begin(), f.chosen.rows.compute.end());
  for (const double share : {0.0, 0.5, 1.0}) {
    const double c = low * std::pow(high / low, share);
    const analysis::BestUse use = analysis::best_use(f.law(), c);
    add(f.banded(use.params, [=](const LossParameters& p) { return analysis::best_use(p, c).params; }));
    add(f.banded(use.loss, [=](const LossParameters& p) { return analysis::best_use(p, c).loss; }));
  }
  return out;
}

} // namespace

std::vector<Figure> optimum_figures(const ComputeOptimalStudy&, const Findings& f) {
  std::vector<Figure> out;
  const analysis::RunTable& rows = f.chosen.rows;
  if (f.chosen.two) {
    const std::vector<LossParameters> region = region_of(f);
    out.push_back(frontier_figure(f, "frontier_loss", "Loss at the best use of compute", "loss L*", loss_of,
                                  &TargetAnswer::loss, region));
    for (const std::size_t i : f.envelope ? f.envelope->rows : std::vector<std::size_t>{}) {
      if (out.back().series.back().label != "envelope of the runs")
        out.back().series.push_back({"envelope of the runs", "points", {}, {}, {}});
      out.back().series.back().x.push_back(rows.compute[i]);
      out.back().series.back().y.push_back(rows.loss[i]);
    }
    if (f.iso_design)
      out.push_back(iso_figure(f));
    out.push_back(
        frontier_figure(f, "frontier_size", "Best size", "parameters N*", params_of, &TargetAnswer::params, region));
    out.push_back(frontier_figure(f, "frontier_tokens", "Best number of tokens", "tokens D*", tokens_of,
                                  &TargetAnswer::tokens, region));
    out.push_back(
        frontier_figure(f, "frontier_ratio", "Tokens a parameter", "D*/N*", ratio_of, &TargetAnswer::ratio, region));
  }
  out.push_back(predicted_figure(f));
  if (rows.has_params())
    out.push_back(residual_figure_of(f, "residuals_n", "parameters N", rows.params));
  if (rows.has_tokens())
    out.push_back(residual_figure_of(f, "residuals_d", "tokens D", rows.tokens));
  if (rows.has_compute())
    out.push_back(residual_figure_of(f, "residuals_c", "compute C", rows.compute));
  return out;
}

} // namespace cascade::app
