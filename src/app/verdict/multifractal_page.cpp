#include "app/verdict/multifractal_page.hpp"

#include "app/verdict/answering.hpp"
#include "app/verdict/judging.hpp"
#include "app/verdict/one_roughness.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace cascade::app {
namespace {

std::string parameter_text(const theory::IntermittencyFit& f) {
  if (f.parameter.empty())
    return "-";
  if (f.at_bound)
    return fmt::format("{} = {}, the end of its range", f.parameter, core::number_text(f.value, 3));
  return fmt::format("{} = {}", f.parameter, core::with_error_text(f.value, f.error));
}

void add_models(const Report& report, Page& page) {
  const ZetaPoints zeta = zeta_points(report);
  const auto fits = theory::compare_intermittency(zeta.points);
  if (fits.empty())
    return;
  Table table;
  table.title = "Models of intermittency";
  table.columns = {"model", "zeta_p", "parameter", "chi^2", "degrees of freedom", "AIC", "BIC"};
  for (const theory::IntermittencyFit& f : fits)
    table.rows.push_back({f.model, f.formula, parameter_text(f), fmt::format("{:.1f}", f.chi_squared),
                          std::to_string(f.degrees_of_freedom), fmt::format("{:.1f}", f.aic),
                          fmt::format("{:.1f}", f.bic)});
  std::string orders;
  for (const theory::ZetaPoint& p : zeta.points)
    orders += fmt::format("{}{:g}", orders.empty() ? "" : ", ", p.order);
  table.note =
      fmt::format("Laid through the measured {}, p = {}; every model has zeta_3 = 1{}. The smallest AIC first. The "
                  "orders are taken "
                  "as independent, which they are not: differences of a few in chi^2 mean nothing.{}",
                  zeta.relative ? "zeta_p/zeta_3" : "zeta_p", orders,
                  zeta.relative ? fmt::format(", and here zeta_3 = {}", core::number_text(zeta.third, 3)) : "",
                  zeta.few ? " Few trees or draws decide some of these orders: their errors say too little." : "");
  page.tables.push_back(std::move(table));
}

using LawOfAverages = std::map<std::pair<std::string, double>, double>; // by quantity and order
std::string ratio_of(const LawOfAverages& law, const RelativeExponent& r) {
  const auto own = law.find({r.quantity, r.order}), third = law.find({r.quantity, 3});
  const bool known = own != law.end() && third != law.end() && third->second > 0;
  return known ? core::number_text(own->second / third->second, 4) : "-";
}

void add_relative(const Report& report, bool multifractal, Page& page) {
  const auto list = relative_exponents(report);
  if (!multifractal || list.empty())
    return;
  Table table;
  table.title = "Exponents relative to the third";
  table.columns = {"p", "method", "average", "zeta_p/zeta_3", "predicted"};
  LawOfAverages law;
  for (const Judged& j : report.results)
    if (j.result.quantity.starts_with("zeta") && j.result.order && j.predicted)
      law[{j.result.quantity, *j.result.order}] = j.predicted->value;
  const std::map<std::string, std::string> average{
      {"zeta", "of S_p"}, {"zeta_quenched", "quenched: of log S_p"}, {"zeta_annealed", "annealed: of S_p, tilted"}};
  for (const RelativeExponent& r : list)
    table.rows.push_back({fmt::format("{:g}", r.order), r.method, average.at(r.quantity),
                          core::with_error_text(r.ratio.value, r.ratio.standard_error), ratio_of(law, r)});
  table.note =
      "Of one field and the same blocks: what S_p against S_3 shows (extended self-similarity). High orders still "
      "are those of the trees that were drawn.";
  page.tables.push_back(std::move(table));
}

/// alpha over the volume by loss power: lowest degree with two loss powers.
using JudgedByPower = std::map<double, const Judged*>;
JudgedByPower alphas_by_power(const Report& report, const std::string& partition, double degree) {
  JudgedByPower found;
  for (const Judged& j : report.results) {
    const analysis::Labels& l = j.result.labels;
    if (!is_loss_exponent(j.result) || !may_decide(j.result) || l.text("partition") != partition ||
        l.text("average") != "volume" || l.number("degree") != degree)
      continue;
    const Judged*& kept = found[*l.number("loss_power")];
    if (kept == nullptr || j.result.measured.standard_error < kept->result.measured.standard_error)
      kept = &j;
  }
  return found;
}

void add_alphas(const Report& report, Page& page) {
  for (const double degree : {0.0, 1.0, 2.0}) {
    const JudgedByPower adaptive = alphas_by_power(report, "adaptive", degree),
                        uniform = alphas_by_power(report, "uniform", degree);
    if (adaptive.size() < 2)
      continue;
    Figure figure;
    figure.name = "alpha_of_q";
    figure.title = "The exponent of the error against the power of the loss";
    figure.x_label = "q";
    figure.y_label = "alpha";
    figure.x_log = figure.y_log = false;
    for (const auto& [name, alphas] : {std::pair{"adaptive", &adaptive}, {"uniform", &uniform}}) {
      Series measured{fmt::format("{}, measured", name), "points", {}, {}, {}},
          predicted{fmt::format("{}, predicted", name), "line", {}, {}, {}};
      for (const auto& [q, j] : *alphas) {
        measured.x.push_back(q);
        measured.y.push_back(j->result.measured.value);
        measured.error.push_back(j->result.measured.standard_error);
        if (j->predicted) {
          predicted.x.push_back(q);
          predicted.y.push_back(j->predicted->value);
        }
      }
      if (!measured.x.empty())
        figure.series.push_back(std::move(measured));
      if (predicted.x.size() > 1)
        figure.series.push_back(std::move(predicted));
    }
    // What one h on one set would give the adaptive ones: alpha = q h/d + D/d - 1.
    double w = 0, wq = 0, wqq = 0, wa = 0, wqa = 0;
    for (const auto& [q, j] : adaptive) {
      const double error = std::max(j->result.measured.standard_error, 1e-6), weight = 1 / (error * error);
      w += weight;
      wq += weight * q;
      wqq += weight * q * q;
      wa += weight * j->result.measured.value;
      wqa += weight * q * j->result.measured.value;
    }
    const double slope = (w * wqa - wq * wa) / (w * wqq - wq * wq), start = (wa - slope * wq) / w;
    double chi_squared = 0;
    for (const auto& [q, j] : adaptive) {
      const double r =
          (j->result.measured.value - start - slope * q) / std::max(j->result.measured.standard_error, 1e-6);
      chi_squared += r * r;
    }
    const double first = adaptive.begin()->first, last = adaptive.rbegin()->first;
    figure.series.push_back(
        {"best law linear in q", "dashed", {first, last}, {start + slope * first, start + slope * last}, {}});
    figure.caption = fmt::format(
        "Pieces of degree {:g} over the volume. Dashed: the straight line through the adaptive exponents, which is all "
        "that one h on one set of dimension d allows{}.",
        degree,
        adaptive.size() > 2 ? fmt::format("; chi^2 {:.1f} for {} degrees of freedom", chi_squared, adaptive.size() - 2)
                            : " (two points: nothing is left to test)");
    page.figures.push_back(std::move(figure));
    return;
  }
}

} // namespace

void add_many_orders(const Report& report, bool multifractal, Page& page) {
  add_models(report, page);
  add_relative(report, multifractal, page);
  if (multifractal)
    add_alphas(report, page);
}

} // namespace cascade::app
