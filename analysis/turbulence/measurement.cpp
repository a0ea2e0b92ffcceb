#include "analysis/turbulence/measurement.hpp"

#include "analysis/measurement/all_values.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/pair_sums.hpp"
#include "analysis/turbulence/isotropy.hpp"
#include "analysis/turbulence/line_spectrum.hpp"
#include "analysis/turbulence/quantities.hpp"
#include "core/sums/exact_sum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

constexpr int highest = 6;                    ///< absolute orders 1 ... 6
constexpr std::size_t signed_third = highest; ///< place of <d^3>

/// Sums of |d|, ... |d|^6 and of d^3 in eight abreast.
void add_orders(std::span<const double> left, std::span<const double> right, std::span<double> sums) {
  constexpr std::size_t abreast = 8;
  double total[highest + 1][abreast] = {};
  for (std::size_t first = 0; first < left.size(); first += abreast)
    for (std::size_t l = 0; l < std::min(abreast, left.size() - first); ++l) {
      const double d = right[first + l] - left[first + l], size = std::abs(d);
      double power = 1;
      for (int p = 0; p < highest; ++p) {
        power *= size;
        total[p][l] += power;
      }
      total[signed_third][l] += d * d * d;
    }
  for (std::size_t m = 0; m <= highest; ++m)
    for (const double lane : total[m])
      sums[m] += lane;
}

std::vector<Index> separations_along(const core::Domain& domain, std::int64_t per_octave) {
  Index least = domain.points(2);
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    least = std::min(least, domain.points(axis));
  return log_separations(least, static_cast<int>(per_octave));
}

std::string along(const Subject& subject) {
  return subject.components > 1 ? "longitudinal" : "";
}

std::string order_table(const std::string& kind, int p) {
  return table_name("moment", kind, std::to_string(p));
}

BlockTable single(double value) {
  return {{0.0}, {{value}}, {{1.0}}, {1.0}};
}

/// Of the separations that means over r are taken of.
std::pair<double, double> window_of(const Subject& subject) {
  return subject.window_or(subject.smallest(2), 0.26);
}

/// A number of the means alone.
template <class Number>
auto of_means(Number number) {
  return [number](const VelocityMeans& m, std::size_t) { return number(m); };
}

/// The tables of a velocity with blocks no smaller than its integral scale.
struct Velocity {
  std::map<std::string, BlockTable> tables;
  int dimensions = 3; ///< of the laws
  double scale = 0;   ///< integral scale, all blocks; NaN: not known
  std::string kind;
  bool vector = false;
  core::Domain grid;

  Velocity(const Subject& subject, const Tables& all)
      : dimensions(subject.dimensions == 1 ? 3 : subject.dimensions), kind(along(subject)),
        vector(subject.components > 1), grid(subject.grid()) {
    tables.insert(all.begin(), all.end());
    const VelocityMeans m = means(std::numeric_limits<std::size_t>::max());
    scale = integral_scale_of(m);
    const double side = table_of(all, "side").mean()[0];
    for (auto& [name, table] : tables)
      if (name.starts_with("moment/") || name.starts_with("third"))
        table = joined_blocks(table, subject.dimensions, side, scale);
  }
  const BlockTable& order(int p) const { return table_of(tables, order_table(kind, p)); }
  const BlockTable& third() const { return table_of(tables, table_name("third", kind)); }
  std::size_t blocks() const { return third().blocks(); }
  VelocityMeans means(std::size_t omitted) const {
    const auto mean = [omitted](const BlockTable& t) {
      return omitted < t.blocks() ? t.mean_without(omitted) : t.mean();
    };
    VelocityMeans m;
    m.dimensions = dimensions;
    m.r = third().x;
    m.second = mean(order(2));
    m.third = mean(third());
    if (vector)
      m.across = mean(table_of(tables, order_table("transverse", 2)));
    const BlockTable& variance = table_of(tables, "variance");
    m.variance = variance.blocks() == blocks() ? mean(variance)[0] : variance.mean()[0];
    return m;
  }
  /// The isotropic ratio of such a field in this box; empty where the box is no periodic one.
  std::vector<double> isotropy_of_box(std::size_t omitted) const {
    const BlockTable* waves = find_table(tables, "waves");
    if (waves == nullptr)
      return {};
    if (!box)
      box.emplace(grid, waves->mean(), third().x);
    const bool apart = waves->blocks() == blocks() && omitted < blocks();
    return analysis::isotropy_of_box(*box, apart ? waves->mean_without(omitted) : waves->mean(), dimensions, third().x);
  }
  /// The ratio by r, divided by that of the box, with its jackknife; r without a number are left out.
  BlockTable isotropy() const {
    const std::size_t n = blocks();
    std::vector<std::vector<double>> ratio; // without each block, and of all
    for (std::size_t b = 0; b <= n; ++b) {
      ratio.push_back(isotropy_of(means(b)));
      if (const std::vector<double> of_box = isotropy_of_box(b); !of_box.empty())
        for (std::size_t i = 0; i < of_box.size(); ++i)
          ratio[b][i] /= of_box[i];
    }
    return table_of_rows(third().x, third().count, ratio);
  }

private:
  mutable std::optional<IsotropicBox> box; // made by the rank that fits
};

} // namespace

void TurbulenceMeasurement::declare(core::ParameterVisitor& v) {
  v.integer("separations_per_octave", separations_per_octave_, {1, 8}, {"1", "separations r per factor of two"});
  v.real("viscosity", viscosity_, {1e-300, 1e300},
         {"length^2/time", "nu, in the units of the field and of the box: gives Kolmogorov's scale and R_lambda"});
  v.real("dissipation", dissipation_, {1e-300, 1e300},
         {"field^3/length", "e, where it is known; otherwise it is estimated"});
}

void TurbulenceMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  if (asked && subject.components == 1 && subject.dimensions > 1)
    problems.add("analysis.turbulence",
                 fmt::format("laws of a velocity need a component an axis, and the field is a "
                             "scalar in {} dimensions; leave it out, or set field.components to vector",
                             subject.dimensions));
}

std::vector<Cost> TurbulenceMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr || (subject.components == 1 && subject.dimensions > 1))
    return {};
  const GridExtent e = extent_of(subject, *grid);
  const std::size_t chosen = separations_along(grid->domain(), separations_per_octave_).size();
  core::MemoryParts parts = core::together(pair_memory(*grid, subject.components, highest + 1, chosen),
                                           line_spectrum_memory(*grid, subject.components));
  if (subject.components > 1 && IsotropicBox::suits(grid->domain()))
    parts = core::in_turn(std::move(parts), waves_memory(*grid, subject.components));
  return {{std::move(parts),
           (highest + 1) * e.points * e.axes * static_cast<double>(chosen),
           "pairs x orders",
           rates::pairs,
           {},
           bytes_of_grid_tables(subject, pair_kinds(subject.components) * (highest + 1), static_cast<double>(chosen),
                                GridBlocks(grid->domain()).count())}};
}

void TurbulenceMeasurement::measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                                         Tables& tables) const {
  require_all_values(sample, "analysis.turbulence");
  const core::RealField& field = sample.field;
  PairTables sums = sum_over_pairs(field, batch.ranks, highest + 1, add_orders,
                                   separations_along(field.domain(), separations_per_octave_));
  for (std::size_t kind = 0; kind < sums.kinds.size(); ++kind) {
    for (int p = 1; p <= highest; ++p)
      tables[order_table(sums.kinds[kind], p)] = std::move(sums.tables[kind][static_cast<std::size_t>(p - 1)]);
    tables[table_name("third", sums.kinds[kind])] = std::move(sums.tables[kind][signed_third]);
  }
  const auto points = static_cast<double>(field.domain().total_points());
  double variance = 0;
  for (int c = 0; c < field.components(); ++c) {
    double mean = 0;
    for (const bool squared : {false, true}) {
      ExactSum total[1];
      for (const double v : field.component(c))
        total[0].add(squared ? (v - mean) * (v - mean) : v);
      batch.ranks.sum(std::span<ExactSum>(total));
      if (squared)
        variance += total[0].value() / points / field.components();
      else
        mean = total[0].value() / points;
    }
  }
  tables["variance"] = single(variance);
  double side = field.domain().longest();
  for (int axis = field.domain().first_axis(); axis < 3; ++axis)
    side = std::min(side, field.domain().length(axis));
  tables["side"] = single(side);
  tables["periodic"] = single(field.domain().periodic(2) ? 1 : 0);
  for (auto& [kind, table] : line_spectra(field, batch.ranks))
    tables[table_name("spectrum", kind)] = std::move(table);
  if (field.components() > 1 && IsotropicBox::suits(field.domain()))
    measure_waves(field, batch.ranks, Velocity(subject, tables).means(std::numeric_limits<std::size_t>::max()),
                  window_of(subject).first, window_of(subject).second, tables);
}

void TurbulenceMeasurement::datasets(const Subject& subject, View view, const Tables& tables, Datasets& all) const {
  if (view != View::grid)
    return;
  const Velocity velocity(subject, tables);
  const VelocityMeans m = velocity.means(velocity.blocks());
  const auto add = [&](const std::string& name, std::vector<double> values, const std::string& words,
                       const std::string& unit) {
    const auto size = static_cast<std::int64_t>(values.size());
    all.push_back({"/turbulence/" + name, {size}, std::move(values), words, unit});
  };
  add("r", m.r, "separation", "box side");
  add("S_3", m.third, "<u_L^3>", "field^3");
  add("S_3_error", velocity.third().standard_error(), "standard error of <u_L^3>", "field^3");
  const std::vector<double> e = dissipation_of(m);
  add("dissipation", e, "- D (D + 2)/12 <u_L^3>/r", "field^3/length");
  const double best = dissipation_.value_or(largest_dissipation_of(m));
  if (std::isfinite(best)) {
    std::vector<double> third, second;
    for (std::size_t i = 0; i < m.r.size(); ++i) {
      third.push_back(-m.third[i] / (best * m.r[i]));
      second.push_back(m.second[i] / std::pow(best * m.r[i], 2.0 / 3));
    }
    add("S_3_compensated", std::move(third), "- <u_L^3>/(e r)", "1");
    add("S_2_compensated", std::move(second), "<u_L^2>/(e r)^(2/3)", "1");
  }
  if (velocity.vector) {
    add("isotropy", isotropy_of(m), "<u_T^2>/(S_L + r S_L'/(D - 1))", "1");
    if (std::vector<double> of_box = velocity.isotropy_of_box(velocity.blocks()); !of_box.empty())
      add("isotropy_of_box", std::move(of_box),
          "the same of an isotropic field with these energies in this periodic box, along its axes", "1");
  }
  for (const char* kind : {"longitudinal", "transverse", ""}) {
    const BlockTable* spectrum = find_table(tables, table_name("spectrum", kind));
    if (spectrum == nullptr)
      continue;
    const std::string at = table_name("spectrum_1d", kind);
    const std::vector<double> energy = spectrum->mean();
    std::vector<double> compensated = energy;
    for (std::size_t k = 0; k < energy.size(); ++k)
      compensated[k] *= std::pow(spectrum->x[k], 5.0 / 3);
    add(at + "/k", spectrum->x, "wavenumber along the last axis", "waves per box side");
    const bool whole = table_of(tables, "periodic").mean()[0] > 0;
    add(at + "/E", energy,
        whole ? "one-dimensional spectrum, sum = variance"
              : "one-dimensional spectrum of lines less their mean under a Hann window (the box is not periodic along "
                "them), sum = about the variance along a line",
        "field^2");
    add(at + "/E_compensated", std::move(compensated), "k^(5/3) E", "field^2");
  }
}

void TurbulenceMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&, Fits& fits) const {
  const auto velocity = std::make_shared<const Velocity>(subject, tables);
  if (!std::isfinite(velocity->scale))
    fits.warn(
        "turbulence: the correlation of the velocity does not fall to zero within half the box; the integral scale "
        "is not known, and errors of single fields are those of blocks that may not be independent");
  else if (subject.realisations == 1 && 2 * velocity->scale > table_of(tables, "side").mean()[0])
    fits.warn("turbulence: the box is shorter than two integral scales; its blocks are not independent");
  if (subject.dimensions > 1 && !(table_of(tables, "periodic").mean()[0] > 0))
    fits.warn(
        "turbulence: the box is not periodic along its last axis; one-dimensional spectra are those of lines less "
        "their mean under a Hann window");
  const auto [low, high] = window_of(subject);
  const auto lengths = [&](const std::string& name, BlockTable table) -> const BlockTable& {
    return fits.keep(name, std::move(table));
  };
  const auto number = [&](const std::string& quantity, const std::string& title, const std::string& model,
                          const std::string& missing,
                          std::function<double(const VelocityMeans&, std::size_t omitted)> of, const BlockTable* curve,
                          const Axis& y, const std::string& name, const BlockTable* scatter = nullptr) {
    fits.give(
        quantity,
        [velocity, model, missing, of, scatter] {
          ExponentFit fit =
              number_fit([&](std::size_t b) { return of(velocity->means(b), b); }, velocity->blocks(), model, missing);
          if (scatter != nullptr)
            set_wave_error(*scatter, fit);
          return fit;
        },
        [=](const ExponentFit& fit) {
          Result r;
          r.quantity = quantity;
          r.title = title;
          r.labels = Labels{};
          set_fit(r, fit);
          if (curve != nullptr)
            r.curve = make_curve(name, *curve, {"r", "box side"}, y);
          return r;
        });
  };
  const BlockTable &third = lengths("S_3", velocity->third()), &second = lengths("S_2", velocity->order(2));
  const double c = velocity->dimensions * (velocity->dimensions + 2) / 12.0;
  const BlockTable& rate = lengths("dissipation", [&] {
    BlockTable table = third;
    for (auto& block : table.sum)
      for (std::size_t i = 0; i < block.size(); ++i)
        block[i] *= -c / table.x[i];
    return table;
  }());
  const std::string law = fmt::format("largest - {:.3g} <u_L^3>/r up to the integral scale", c);
  number("dissipation", "dissipation by the third-order law", law,
         "the signed third moment is not negative at any r up to the integral scale", of_means(largest_dissipation_of),
         &rate, {"e", "field^3/length", Scale::linear}, "dissipation");
  number("integral_scale", "integral scale", "integral of the longitudinal correlation to its first zero",
         "the correlation does not fall to zero within half the box", of_means(integral_scale_of), &second,
         {"S_2", "field^2"}, "S_2");
  const auto taylor = [](const VelocityMeans& m) {
    const double g = gradient_variance_of(m);
    return g > 0 ? std::sqrt(m.variance / g) : std::numeric_limits<double>::quiet_NaN();
  };
  number("taylor_scale", "Taylor scale", "sqrt(<u^2>/<(du/dx)^2>)",
         "no increments over one and two points to take a gradient from", of_means(taylor), nullptr, {}, "");
  if (viscosity_) {
    const double nu = *viscosity_;
    const auto rate_of = [nu, given = dissipation_](const VelocityMeans& m) {
      return given ? *given : nu * m.dimensions * (m.dimensions + 2) * gradient_variance_of(m);
    };
    number("kolmogorov_scale", "Kolmogorov scale", "(nu^3/e)^(1/4)",
           "no increments over one and two points to take a gradient from",
           of_means([nu, rate_of](const VelocityMeans& m) { return std::pow(nu * nu * nu / rate_of(m), 0.25); }),
           nullptr, {}, "");
    number("taylor_reynolds", "Reynolds number of the Taylor scale", "u' lambda/nu",
           "no increments over one and two points to take a gradient from",
           of_means([nu, taylor](const VelocityMeans& m) { return std::sqrt(m.variance) * taylor(m) / nu; }), nullptr,
           {}, "");
  }
  if (velocity->vector) {
    const BlockTable* scatter = find_table(tables, "wave_scatter");
    const bool boxed = scatter != nullptr, few = boxed && !subject.realisations_are_blocks();
    const BlockTable& ratio = lengths("isotropy", velocity->isotropy());
    number(
        "isotropy", "transverse over isotropic increments",
        boxed ? "mean over r of S_T/(S_L + r S_L'/(D - 1)), over that of an isotropic field in this periodic box"
              : "mean over r of S_T/(S_L + r S_L'/(D - 1))",
        "no scales in the window",
        [velocity, low = low, high = high](const VelocityMeans& m, std::size_t omitted) {
          return isotropy_between(m, velocity->isotropy_of_box(omitted), low, high);
        },
        &ratio, {"S_T/(S_L + r S_L'/(D - 1))", "1", Scale::linear}, "isotropy", few ? scatter : nullptr);
  }
  for (int p = 1; p <= highest; ++p) {
    if (p == 3)
      continue;
    const std::string name = fmt::format("S_{}", p);
    const BlockTable& table = p == 2 ? second : lengths(name, velocity->order(p));
    fits.give(
        fmt::format("ess/p{}", p),
        [velocity, p, low = low, high = high] {
          return relative_slope(velocity->order(p), velocity->order(3), low, high);
        },
        [=, &table](const ExponentFit& fit) {
          Result r;
          r.quantity = "ess";
          r.title = fmt::format("zeta_{}/zeta_3", p);
          r.order = p;
          r.labels = Labels{};
          set_fit(r, fit);
          r.curve = make_curve(name, table, {"r", "box side"}, {name, "field^p"});
          return r;
        });
  }
}

} // namespace cascade::analysis
