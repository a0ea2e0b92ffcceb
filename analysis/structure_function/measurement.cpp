#include "analysis/structure_function/measurement.hpp"

#include "analysis/fit/log_slope.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/measurement/point_means.hpp"
#include "analysis/structure_function/grid.hpp"
#include "analysis/structure_function/lag_tables.hpp"
#include "analysis/structure_function/scattered.hpp"
#include "analysis/structure_function/tilted.hpp"
#include "analysis/structure_function/tree.hpp"
#include "analysis/sums/even_axes.hpp"
#include "analysis/sums/grid_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

std::string zeta_table(double order, const std::string& component = "") {
  return table_name("zeta", component, order_text(order));
}

std::string annealed_table(double order) {
  return table_name("annealed", order_text(order));
}

Result zeta_result(const std::string& name, const BlockTable& table, double order, const ExponentFit* fit) {
  Result r;
  r.quantity = "zeta";
  r.title = "zeta_" + order_text(order);
  r.order = order;
  if (fit != nullptr)
    set_fit(r, *fit);
  r.curve = make_curve(name, table, {"r", "box side"}, {"S_" + order_text(order), "field^p"});
  return r;
}

/// Pairs across a cell of side s are s sqrt(D) apart.
Result across_cells(Result r, int dimensions) {
  r.fit.note = "pairs lie across a cell, along a random diagonal: r = s sqrt(D)";
  for (auto* lengths : {&r.curve.x, &r.fit.window})
    for (double& x : *lengths)
      x *= std::sqrt(static_cast<double>(dimensions));
  return r;
}

} // namespace

std::string zeta_id(double order, const std::string& component) {
  return fmt::format("zeta/{}p{}", component.empty() ? "" : component + "/", order_text(order));
}

void StructureFunctionMeasurement::declare(core::ParameterVisitor& v) {
  v.reals("orders", orders_, {0.1, 12}, {"1", "orders p"});
  v.integer("separations_per_octave", separations_per_octave_, {1, 8},
            {"1", "separations r per factor of two on the grid; dyadic ones alone avoid the log-periodic ripple"});
  v.choice("lags", lags_, {"axes", "directions", "all"},
           {"1",
            "axes: separations along the axes of the grid. directions: also along diagonals, any orders. all: also "
            "every lag vector, whole orders alone, by transforms (results.h5, /all_lags)"});
  v.boolean("many_directions", many_directions_,
            {"1", "with lags: directions, 73 of them in three dimensions in place of 13, 12 in two in place of 4"});
  v.boolean("signed", signed_, {"1", "with lags: all, odd orders keep their sign; without it they are refused there"});
  v.boolean("quenched", quenched_,
            {"1", "also the mean over realisations of the logarithm of S_p, on the grid; eight of them at least"});
  v.boolean("tilted", tilted_,
            {"1",
             "point view of multiplicative cascades: also annealed zeta_p, for high orders, from realisations drawn "
             "towards what carries them"});
  v.boolean("map", map_, {"1", "with lags: all, every lag of its own in results.h5, beside the means over shells"});
}

void StructureFunctionMeasurement::choose(const SamplingWish& wish, const Subject& subject, Sampling& choice) const {
  const std::int64_t more = subject.dimensions <= 2 ? 4 : 1; // pairs of few dimensions are cheap
  if (!subject.scattered)
    choice.pairs = wish.pairs.value_or(2048 * more);
  else
    choice.pairs = asked && subject.increments ? wish.pairs.value_or(256) : 0;
}

void StructureFunctionMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  require_names(orders_, "analysis.structure_function.orders", problems);
  if (asked && quenched_ && subject.components > 1)
    problems.add("analysis.structure_function.quenched", "it is for scalar fields; set it to false");
  else if (asked && quenched_ && subject.points == 0)
    problems.add(
        "analysis.structure_function.quenched",
        "the logarithm of one realisation's S_p takes all of its pairs, and draws of the point view miss those "
        "that carry high orders; give field.points a grid, or set it to false");
  else if (asked && quenched_ && !subject.realisations_are_blocks())
    problems.add(
        "analysis.structure_function.quenched",
        fmt::format("{} realisations are too few for a mean of their logarithms; set run.realisations: 8 or more",
                    subject.realisations));
  if (asked && tilted_ && !(subject.sampled() && subject.tilted))
    problems.add("analysis.structure_function.tilted",
                 "tilted descents are for the point view of a multiplicative_cascade with random factors and eddies; "
                 "set it to false");
  if (asked && every_lag())
    validate_all_lags(subject, {orders_, signed_, map_}, problems);
}

std::vector<Cost> StructureFunctionMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid != nullptr) {
    const GridExtent e = extent_of(subject, *grid);
    const double separations = e.log_side * static_cast<double>(separations_per_octave_);
    const std::size_t chosen = log_separations(fewest_points(grid->domain(), even_axes(grid->domain())),
                                               static_cast<int>(separations_per_octave_))
                                   .size();
    const double tables = pair_kinds(subject.components) * static_cast<double>(orders_.size());
    std::vector<Cost> steps{
        {pair_memory(*grid, subject.components, orders_.size(), chosen),
         e.points * e.axes * separations * static_cast<double>(orders_.size()),
         "pairs x orders",
         rates::pairs * 6,
         {},
         bytes_of_grid_tables(subject, tables, static_cast<double>(chosen), GridBlocks(grid->domain()).count())}};
    if (asked && every_lag())
      steps.push_back(all_lags_cost(subject, *grid, {orders_, signed_, map_, subject.missing}));
    if (asked && directed())
      steps.push_back(directions_cost(subject, *grid, orders_, many_directions_));
    return steps;
  }
  const Sampling& s = subject.sampling;
  if (s.pairs == 0)
    return {};
  const std::size_t orders = sampled_orders().size();
  std::vector<Cost> steps{
      {subject.scattered ? scattered_pairs_memory(subject.dimensions, orders, s.trees_at_a_time(), s.scales)
                         : tree_pairs_memory(subject.dimensions, orders, s.trees_at_a_time(), s.scales),
       2.0 * s.trees * static_cast<double>(s.pairs) * s.scales,
       "evaluations",
       subject.scattered ? rates::scattered / subject.dimensions : rates::sample,
       {},
       bytes_of_tables(static_cast<double>(orders) + (subject.scattered ? 0 : 1), s.scales, s.trees)}};
  if (draws_tilted(subject))
    steps.push_back({draw_memory(s.trees_at_a_time(), s.scales, orders + 1),
                     2.0 * s.trees * static_cast<double>(s.pairs) * s.scales,
                     "tilted evaluations",
                     rates::sample / 8,
                     {},
                     bytes_of_tables(static_cast<double>(orders), s.scales, s.trees)});
  return steps;
}

std::string StructureFunctionMeasurement::why_not(const Subject& subject, View view) const {
  if (view == View::points && !subject.increments)
    return "structure functions are not measured: eddies of the oriented profile jump across the faces of their cells, "
           "which has exponents of its own";
  return {};
}

void StructureFunctionMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                                Tables& tables) const {
  const std::vector<int> axes = even_axes(sample.field.domain());
  auto sf = grid_structure_functions(
      sample.field, batch.ranks, orders_,
      log_separations(fewest_points(sample.field.domain(), axes), static_cast<int>(separations_per_octave_)), axes,
      sample.missing > 0);
  for (std::size_t kind = 0; kind < sf.kinds.size(); ++kind)
    for (std::size_t p = 0; p < orders_.size(); ++p)
      tables[zeta_table(orders_[p], sf.kinds[kind])] = std::move(sf.tables[kind][p]);
  if (asked && every_lag())
    measure_all_lags(sample.field, batch.ranks, {orders_, signed_, map_, sample.missing > 0}, tables);
  if (asked && directed())
    measure_directions(sample.field, batch.ranks, orders_, many_directions_, sample.missing > 0, tables);
}

void StructureFunctionMeasurement::datasets(const Subject& subject, View view, const Tables& tables,
                                            Datasets& all) const {
  if (view != View::grid)
    return;
  if (every_lag())
    all_lags_datasets(tables, all);
  if (lags_ == "directions")
    curve_datasets(tables, "directions", "/directions", orders_, all);
  if (subject.given) // whether or not a field of one's own has a range for an exponent
    curve_datasets(tables, "zeta", "/structure_function", orders_, all);
}

std::vector<std::string> StructureFunctionMeasurement::silent_keys() const {
  std::vector<std::string> silent;
  if (lags_ == "axes")
    silent = {"lags", "many_directions", "signed", "map"};
  if (!quenched_)
    silent.emplace_back("quenched");
  if (!tilted_)
    silent.emplace_back("tilted");
  return silent;
}

void StructureFunctionMeasurement::measure_points(const core::PointSource& source, const Subject& subject,
                                                  const Batch& batch, Tables& tables) const {
  const Sampling& s = subject.sampling;
  const SamplingPlan plan{subject.seed, static_cast<int>(batch.count), s.pairs, s.scales,
                          static_cast<int>(batch.first)};
  const std::vector<double> orders = sampled_orders();
  std::vector<BlockTable> moments;
  if (subject.scattered) {
    moments = scattered_structure_functions(source, subject.dimensions, orders, plan, batch.ranks, batch.advance);
  } else {
    auto sf = sampled_structure_functions(source, subject.dimensions, orders, plan, batch.ranks, batch.advance);
    moments = std::move(sf.moments);
    tables["active_square"] = std::move(sf.active_square);
  }
  for (std::size_t p = 0; p < orders.size(); ++p)
    tables[zeta_table(orders[p])] = std::move(moments[p]);
  if (draws_tilted(subject)) {
    auto annealed = tilted_structure_functions(source, subject.dimensions, orders, plan, batch.ranks);
    for (std::size_t p = 0; p < orders.size(); ++p)
      tables[annealed_table(orders[p])] = std::move(annealed[p]);
  }
}

/// How rough the field is, and therefore which scales miss less than 1% of the variance.
void StructureFunctionMeasurement::find(const Subject& subject, View view, const Tables& tables, Findings& findings,
                                        Fits& fits) const {
  const BlockTable* squares = find_table(tables, "active_square");
  if (view != View::points || squares == nullptr || !findings.dimension)
    return;
  findings.codimension = std::max(0.0, subject.dimensions - findings.dimension->exponent);
  const PowerLawModel bent{"A r^a + B r^2", {{Correction::Kind::fixed_power, 2, {}}}};
  fits.possible("zeta", [&] {
    double hurst = 0;
    const bool few = choose_scales(
        subject, 0.8, 0.2,
        [&](const FitOptions& options) {
          hurst = std::clamp(0.5 * fit_exponent(*squares, {bent}, options).exponent, 0.01, 0.97);
          return 2 * hurst + findings.codimension;
        },
        findings);
    findings.hurst = {hurst};
    if (few)
      fits.warn(fmt::format("{} levels are few for this roughness: scales near 2^-{} miss more than 1% of the "
                            "variance. The fits complete it from the measured exponent, at the price of a larger "
                            "systematic error. Raise field.virtual_levels or leave it unset.",
                            subject.sampling.levels, static_cast<int>(-std::log2(findings.options.lowest_x))));
  });
}

void StructureFunctionMeasurement::fit(const Subject& subject, View view, const Tables& tables,
                                       const Findings& findings, Fits& fits) const {
  if (view == View::grid)
    fit_grid(subject, tables, findings, fits);
  else
    fit_points(subject, tables, findings, fits);
}

/// Of blocks that are whole realisations.
void StructureFunctionMeasurement::fit_quenched(const Subject& subject, const Tables& tables, double lowest,
                                                Fits& fits) const {
  const auto [low, high] = subject.window_or(lowest, 0.126);
  for (const double p : orders_) {
    const std::string name = zeta_table(p);
    const BlockTable& table = table_of(tables, name);
    const auto mean_log = [&table](std::optional<std::size_t> without) {
      std::vector<double> y(table.points(), 0.0);
      for (std::size_t i = 0; i < y.size(); ++i) {
        double count = 0;
        for (std::size_t b = 0; b < table.blocks(); ++b)
          if (b != without && table.weight[b][i] > 0 && table.sum[b][i] > 0) {
            y[i] += std::log2(table.sum[b][i] / table.weight[b][i]);
            ++count;
          }
        y[i] = count > 0 ? y[i] / count : std::numeric_limits<double>::quiet_NaN();
      }
      return y;
    };
    fits.give(
        "zeta_quenched/p" + order_text(p),
        [=, &table, low = low, high = high] { return log_slope(table.x, table.blocks(), mean_log, low, high); },
        [=, &table](const ExponentFit& found) {
          Result r = zeta_result(name, table, p, &found);
          r.quantity = "zeta_quenched";
          r.title = fmt::format("zeta_{} of single realisations", order_text(p));
          r.labels = Labels{};
          return r;
        });
  }
}

void StructureFunctionMeasurement::fit_grid(const Subject& subject, const Tables& tables, const Findings& findings,
                                            Fits& fits) const {
  if (every_lag())
    fit_all_lags(subject, tables, findings, fits);
  if (directed())
    fit_directions(subject, orders_, tables, findings, fits);
  if (quenched_ && subject.realisations_are_blocks())
    fit_quenched(subject, tables, subject.smallest(4), fits);
  const auto means = std::make_shared<GridMeans>(subject, findings);
  const auto components =
      subject.components > 1 ? std::vector<std::string>{"longitudinal", "transverse"} : std::vector<std::string>{""};
  for (const std::string& component : components)
    for (const double p : orders_) {
      const std::string name = zeta_table(p, component);
      const BlockTable& table = table_of(tables, name);
      const std::string id = zeta_id(p, component);
      const GridMean mean{table, p, -1, false, component};
      const auto plain = means->list_plain(mean, fits);
      fits.give_anyhow(id, means->exponent(mean), [=, &table, &fits](const ExponentFit* zeta, const std::string& why) {
        Result r = zeta_result(name, table, p, zeta);
        r.labels = component_labels(component);
        means->settle_ways(id, r, mean, plain, fits, why);
        return r;
      });
    }
}

void StructureFunctionMeasurement::fit_points(const Subject& subject, const Tables& tables, const Findings& findings,
                                              Fits& fits) const {
  const BlockTable* own = find_table(tables, zeta_table(2)); // else those of the active set, nearly the same part
  const BlockTable* squares = own != nullptr ? own : find_table(tables, "active_square");
  for (const double p : orders_) {
    const std::string name = zeta_table(p);
    const BlockTable& table = table_of(tables, name);
    fits.give(
        zeta_id(p),
        [&table, &findings, squares, p] {
          return fit_point_mean({table, p, 1, true, "r", squares}, findings);
        },
        [&, name, p](const ExponentFit& zeta) {
          const Result r = zeta_result(name, table, p, &zeta);
          return subject.scattered ? across_cells(r, subject.dimensions) : r;
        });
  }
  for (const double p : draws_tilted(subject) ? orders_ : std::vector<double>{}) {
    const std::string name = annealed_table(p);
    const BlockTable& table = table_of(tables, name);
    fits.give(
        "zeta_annealed/p" + order_text(p),
        [&table, &findings, squares, p] {
          return fit_point_mean({table, p, 1, true, "r", squares}, findings);
        },
        [&table, name, p](const ExponentFit& zeta) {
          Result r = zeta_result(name, table, p, &zeta);
          r.quantity = "zeta_annealed";
          r.title = fmt::format("zeta_{} of the ensemble", order_text(p));
          r.labels = Labels{};
          return r;
        });
  }
}

Expected expected_increments(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                             const theory::Activity* counts) {
  Expected expected;
  if (result.order)
    expected.values = expectation.increment(result.labels.text("component"), *result.order, table.x, counts);
  return expected;
}

} // namespace cascade::analysis
