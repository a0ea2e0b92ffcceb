#include "app/scaling/pedestal.hpp"

#include "app/verdict/judging.hpp"
#include "theory/scaling/pedestal.hpp"
#include "theory/scaling/scaling_cost.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

std::string p_text(double p) {
  return fmt::format("p{:g}", p);
}

Figure running_exponents(const PedestalStudy& s, const std::vector<double>& band) {
  Figure f{
      "running",
      "Running exponent over a pedestal (the paper's figure 1)",
      fmt::format("alpha(x)/(1 - p) for L = p + (1 - p) x^a, a = {:.4g}: every curve starts at a where x = 1/N = 1. "
                  "Dots: N_crit, where alpha itself is a/2.",
                  s.exponent),
      "1/N",
      "running exponent / (1 - p)",
      true,
      {},
      band,
      fmt::format("band {:g} to {:g}", band[0], band[1])};
  const double decades = std::log10(s.largest);
  const auto points = static_cast<int>(std::ceil(decades * static_cast<double>(s.points_per_decade)));
  for (const double p : s.fractions) {
    Series line{fmt::format("p = {:g}", p), "line", {}, {}, {}};
    for (int i = points; i >= 0; --i) {
      const double x = std::pow(10, -decades * i / points);
      line.x.push_back(x);
      line.y.push_back(theory::running_exponent({p, s.exponent}, x) / (1 - p));
    }
    f.series.push_back(line);
  }
  Series half{"N_crit", "points", {}, {}, {}};
  for (const double p : s.fractions)
    if (const theory::Pedestal law{p, s.exponent}; theory::critical_resources(law) <= s.largest) {
      half.x.push_back(1 / theory::critical_resources(law));
      half.y.push_back(theory::running_exponent(law, half.x.back()) / (1 - p));
    }
  f.series.push_back(half);
  return f;
}

Figure critical_sizes(const PedestalStudy& s) {
  Series line{fmt::format("a = {:.4g}", s.exponent), "line", {}, {}, {}},
      points{"the pedestals of figure 1", "points", {}, {}, {}};
  for (int i = 0; i <= 120; ++i) {
    const double p = std::pow(10, -4 + 3.7 * i / 120);
    line.x.push_back(p);
    line.y.push_back(theory::critical_resources({p, s.exponent}));
  }
  for (const double p : s.fractions) {
    points.x.push_back(p);
    points.y.push_back(theory::critical_resources({p, s.exponent}));
  }
  return {"critical",
          "Where the pedestal takes over (the paper's figure 2)",
          "N_crit = ((1 - p)/p)^(1/a): below the line the power law rules, above it the pedestal.",
          "p = L0/L1",
          "N_crit",
          true,
          {line, points}};
}

Table pedestal_table(const PedestalStudy& s) {
  Table t{
      "Pedestals", {"p", "N_crit", "running exponent there", "running exponent at N = " + cell_text(s.largest)}, {}};
  for (const double p : s.fractions) {
    const theory::Pedestal law{p, s.exponent};
    const double critical = theory::critical_resources(law);
    t.rows.push_back({cell_text(p), cell_text(critical), cell_text(theory::running_exponent(law, 1 / critical)),
                      cell_text(theory::running_exponent(law, 1 / s.largest))});
  }
  return t;
}

Table crossover_table(const PedestalStudy& s) {
  Table t{"Pedestals that have taken over by a given size", {"N", "p_crit(N) = 1/(1 + N^a)"}, {}};
  for (double n = 1e3; n < 1.001e12; n *= 1e3)
    t.rows.push_back({cell_text(n), cell_text(theory::critical_fraction(s.exponent, n))});
  t.note = fmt::format("a = {:.4g}. A larger pedestal has taken over at N, a smaller one has not.", s.exponent);
  return t;
}

Table cost_table(const PedestalStudy& s) {
  Table t{"What an exponent costs", {"alpha", "factor in resources that halves the loss, 2^(1/alpha)"}, {}};
  for (const double a : s.exponents)
    t.rows.push_back({cell_text(a), cell_text(theory::halving_factor(a))});
  for (const double amplitude : s.amplitudes)
    t.columns.push_back("N_c for A = " + cell_text(amplitude));
  for (std::size_t i = 0; i < t.rows.size(); ++i)
    for (const double amplitude : s.amplitudes)
      t.rows[i].push_back(cell_text(theory::critical_size(amplitude, s.exponents[i])));
  t.note = "N_c = A^(1/a), where an error A N^-a has come down to one.";
  return t;
}

Table dimension_table(const PedestalStudy& s) {
  Table t{"Exponents by dimension",
          {"d", "4/d (smooth, linear pieces)", fmt::format("4h/d, h = {:.4g}", s.hurst), "2h/d (mean square)",
           "2^(1/alpha) for 4/d", "for 4h/d", "for 2h/d"},
          {}};
  for (const double d : s.dimensions) {
    const double smooth = theory::smooth_exponent(d), rough = theory::rough_exponent_mean_square(s.hurst, d);
    t.rows.push_back({cell_text(d), cell_text(smooth), cell_text(theory::rough_exponent_paper(s.hurst, d)),
                      cell_text(rough), power_text(theory::log10_halving_factor(smooth)),
                      power_text(theory::log10_halving_factor(theory::rough_exponent_paper(s.hurst, d))),
                      power_text(theory::log10_halving_factor(rough))});
  }
  return t;
}

/// `label`: which of the rows of this quantity it is.
Judged closed_form(const std::string& id, const std::string& quantity, const analysis::Label& label, double value) {
  analysis::Result r;
  r.labels.set(label.name, label.value);
  r.id = id;
  r.stage = "scaling_law";
  r.quantity = quantity;
  r.method = "closed form";
  r.measured = {value, 0, {}};
  return unjudged(std::move(r));
}

} // namespace

void PedestalStudy::declare(core::ParameterVisitor& v) {
  v.real("exponent", exponent, {0.001, 10}, {"1", "a of L(x) = p + (1-p) x^a, x = 1/N"});
  v.reals("fractions", fractions, {1e-12, 1 - 1e-12}, {"1", "pedestals p, each a curve"});
  v.real("largest", largest, {10, 1e300}, {"1", "largest N of the curves"});
  v.integer("points_per_decade", points_per_decade, {1, 1000}, {"1", "points of the curves"});
  v.reals("exponents", exponents, {0.002, 100}, {"1", "alphas of the table of resource factors 2^(1/alpha)"});
  v.reals("amplitudes", amplitudes, {1e-300, 1e300}, {"1", "A of the table of critical sizes A^(1/a)"});
  v.reals("dimensions", dimensions, {0.1, 1e9}, {"1", "d of the table 4/d, 4h/d, 2h/d"});
  v.real("hurst", hurst, {0.001, 1}, {"1", "h of that table"});
}

core::MemoryParts PedestalStudy::memory() const {
  return {};
}

std::string PedestalStudy::plan() const {
  return "closed forms only";
}

void PedestalStudy::run(const StudyRun& run, Report& report) const {
  for (const double p : fractions) {
    const theory::Pedestal law{p, exponent};
    report.results.push_back(
        closed_form("pedestal/n_crit/" + p_text(p), "N_crit", {"p", p}, theory::critical_resources(law)));
    report.results.push_back(closed_form("pedestal/running/" + p_text(p), "running exponent", {"p", p},
                                         theory::running_exponent(law, 1 / largest)));
  }
  for (const double a : exponents)
    report.results.push_back(closed_form(fmt::format("pedestal/halving/a{:.4g}", a), "2^(1/alpha)", {"alpha", a},
                                         theory::halving_factor(a)));
  report.page.figures = {running_exponents(*this, run.band), critical_sizes(*this)};
  report.page.tables = {pedestal_table(*this), crossover_table(*this), cost_table(*this), dimension_table(*this)};
  const double p = fractions[fractions.size() / 2];
  const theory::Pedestal law{p, exponent};
  report.verdict = fmt::format(
      "Over a pedestal of {:g} of the first loss, a true exponent of {:.4g} looks like {:.4g} at N = {}: the "
      "crossover lies at N_crit = {}. Halving a loss costs a factor {} at alpha = {:g}.",
      p, exponent, theory::running_exponent(law, 1 / largest), cell_text(largest),
      cell_text(theory::critical_resources(law)), cell_text(theory::halving_factor(exponents.front())),
      exponents.front());
  report.page.answers.push_back(report.verdict);
}

} // namespace cascade::app
