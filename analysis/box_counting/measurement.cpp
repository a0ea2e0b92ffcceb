#include "analysis/box_counting/measurement.hpp"

#include "analysis/box_counting/activity.hpp"
#include "analysis/box_counting/boxes.hpp"
#include "analysis/box_counting/set_dimension.hpp"
#include "analysis/box_counting/tree_counts.hpp"
#include "analysis/fit/grid_fits.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/structure_function/tree.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/tree_descent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr double passes_of_sets = 10; ///< over the points, of boxes of all sides and origins

/// Of a "threshold" or a "gradient".
std::string set_table(const std::string& kind, double threshold) {
  return table_name(kind == "threshold" ? "set" : kind, order_text(threshold));
}

/// Minus the exponent of N(s), a power of s.
ExponentFit counted_dimension(const BlockTable& cells, const FitOptions& options) {
  return scaled(fit_exponent(cells, {{"A s^a", {}}}, options), -1);
}

Result boxes_on_grid(const std::string& name, const BlockTable& table, const std::string& set, const ExponentFit& fit) {
  Result r;
  r.quantity = "dimension_box";
  r.title = "box dimension";
  r.labels = set_labels(set);
  set_fit(r, fit);
  r.fit.note = "N counted on the grid";
  const Curve curve = make_curve(name, table, {"s", "box side"}, {"N", "boxes"});
  std::size_t empty = 0; // sides below the last level hold no eddies to count
  while (empty < curve.y.size() && curve.y[empty] <= 0)
    ++empty;
  r.curve = without_first(curve, empty);
  return r;
}

Result cells_of_trees(const BlockTable& cells, const ExponentFit& fit) {
  Result r;
  r.quantity = "dimension_box";
  r.title = "box dimension";
  r.labels = set_labels("active");
  set_fit(r, fit);
  r.fit.model = "A s^-d";
  r.fit.note = fit.statistical_error < 1e-12
                   ? "every cell is alive: N_j = 2^(D j) is geometry"
                   : "N_j counted by tree descent; the adaptive alpha uses the same N_j, so the two are not "
                     "independent evidence";
  r.curve = make_curve("cells", cells, {"s", "box side"}, {"N", "cells per tree"});
  return r;
}

/// A law of averages over all trees says nothing of fields none of whose trees reached the scales measured: below its
/// last cells such a field is smooth. `finest`: the smallest cells that could be alive. Empty where some are.
std::string extinct_above(const BlockTable& cells, double finest) {
  const std::vector<double> counted = cells.mean();
  double lost = 0;
  for (std::size_t i = 0; i < cells.points(); ++i)
    if (cells.x[i] >= finest * (1 - 1e-9) && counted[i] == 0)
      lost = std::max(lost, cells.x[i]);
  return lost > 0 ? fmt::format("every tree had died out at cells of side {:.3g}: the field is smooth below", lost)
                  : std::string();
}

} // namespace

void BoxCountingMeasurement::declare(core::ParameterVisitor& v) {
  v.reals("thresholds", thresholds_, {0, 100},
          {"rms", "also count the sets |f| > threshold, in units of the field's rms"});
  v.reals("gradients", gradients_, {0, 100},
          {"rms",
           "also count the sets |grad f| > threshold, in units of the gradient's rms; of a vector the root of the "
           "sum over its components, which is the dissipation's but for its symmetric part"});
}

void BoxCountingMeasurement::validate(const Subject&, core::Problems& problems) const {
  require_names(thresholds_, "analysis.box_counting.thresholds", problems);
  require_names(gradients_, "analysis.box_counting.gradients", problems);
}

std::vector<Cost> BoxCountingMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid != nullptr) {
    const GridExtent e = extent_of(subject, *grid);
    const double sets = asked ? static_cast<double>(thresholds_.size() + gradients_.size()) : 0;
    core::MemoryParts memory;
    if (subject.activity)
      memory = active_boxes_memory(*grid);
    if (asked && !thresholds_.empty())
      memory = core::in_turn(std::move(memory), threshold_boxes_memory(*grid));
    if (asked && !gradients_.empty())
      memory = core::in_turn(std::move(memory), gradient_boxes_memory(*grid));
    return {{std::move(memory),
             e.points * (1 + passes_of_sets * sets),
             "points",
             rates::scan,
             {},
             bytes_of_grid_tables(subject, subject.activity ? 1 : 0, e.log_side + 1,
                                  DyadicGrid::block_layout(grid->domain()).blocks()) +
                 bytes_of_grid_tables(subject, sets, 4 * e.log_side + 1, GridBlocks(grid->domain()).count())}};
  }
  if (subject.alive != AliveCells::walked)
    return {};
  const Sampling& s = subject.sampling;
  const double walks = static_cast<double>(s.trees) * static_cast<double>(subject.scattered ? s.cells : s.pairs);
  return {{alive_cells_memory(s.trees_at_a_time(), s.scales, subject.dimensions),
           walks * s.scales * std::exp2(subject.dimensions),
           "cells looked at",
           rates::walk,
           {},
           bytes_of_tables(1, s.scales, s.trees)}};
}

void BoxCountingMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                          Tables& tables) const {
  if (sample.active)
    tables["cells"] = count_active_boxes(*sample.active, sample.field.decomposition(), batch.ranks);
  if (asked)
    for (const double threshold : thresholds_)
      tables[set_table("threshold", threshold)] = count_threshold_boxes(sample.field, threshold, batch.ranks);
  if (asked)
    for (const double threshold : gradients_)
      tables[set_table("gradient", threshold)] = count_gradient_boxes(sample.field, threshold, batch.ranks);
}

void BoxCountingMeasurement::measure_points(const core::PointSource& source, const Subject& subject, const Batch& batch,
                                            Tables& tables) const {
  const Sampling& s = subject.sampling;
  const SamplingPlan plan{subject.seed, static_cast<int>(batch.count), subject.scattered ? s.cells : s.pairs, s.scales,
                          static_cast<int>(batch.first)};
  tables["cells"] = count_alive_cells(source, plan, subject.scattered ? scattered_descents : pair_descents, batch.ranks,
                                      batch.advance);
}

void BoxCountingMeasurement::find(const Subject& subject, View view, const Tables& tables, Findings& findings,
                                  Fits& fits) const {
  findings.cells = find_table(tables, "cells");
  if (findings.cells == nullptr)
    return;
  const BlockTable& cells = *findings.cells;
  findings.extinct = extinct_above(cells, view == View::grid ? 2.0 / static_cast<double>(subject.points) : 0);
  if (!findings.extinct.empty())
    fits.warn(method_name(view) + ": " + findings.extinct +
              "; no law is judged by it: another seed, or more realisations, may have a cascade");
  if (view == View::grid) {
    findings.activity.push_back(activity_of(cells, cells.mean(), subject.points));
    for (std::size_t b = 0; b < cells.blocks(); ++b)
      findings.activity.push_back(activity_of(cells, cells.mean_without(b), subject.points));
    const auto [low, high] = subject.window_or(subject.smallest(2), subject.largest(0.26));
    findings.dimension =
        fits.now("dimension_box/active", [&, low = low, high = high] { return fit_dimension(cells, low, high); });
    return;
  }
  const auto extinct =
      std::count_if(cells.sum.begin(), cells.sum.end(), [](const auto& tree) { return tree.back() == 0; });
  if (extinct > 0)
    fits.warn(fmt::format("{} of {} trees died out above the finest scale{} and are skipped in averages over the "
                          "active set",
                          extinct, cells.blocks(),
                          subject.scattered ? ", or no descent got there; they count as zeros in N"
                                            : "; they count as zeros in volume averages"));
  if (subject.scattered)
    return; // which scales count is found out later
  FitOptions all;
  if (!subject.window.empty())
    all.window = subject.window;
  findings.dimension = fits.now("dimension_box/active", [&] { return counted_dimension(cells, all); });
}

void BoxCountingMeasurement::fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
                                 Fits& fits) const {
  if (findings.cells != nullptr)
    fit_active(subject, view, findings, fits);
  if (view != View::grid)
    return;
  for (const double t : thresholds_)
    fit_set(subject, "threshold", t, tables, fits);
  for (const double t : gradients_)
    fit_set(subject, "gradient", t, tables, fits);
}

void BoxCountingMeasurement::fit_set(const Subject& subject, const std::string& kind, double threshold,
                                     const Tables& tables, Fits& fits) const {
  const auto [low, high] = subject.window_or(subject.smallest(2), subject.largest(0.26));
  const std::string name = set_table(kind, threshold);
  const BlockTable& table = table_of(tables, name);
  fits.give(
      "dimension_box/" + kind + order_text(threshold),
      [&table, &subject, kind, low = low, high = high] {
        // Where the field's smallest structures are, gradients say how these are made, not where: from boxes of eight
        // points on, or of four.
        if (kind == "gradient" && subject.window.empty())
          for (const auto& [points, octaves] : {std::pair(8, 3.0), std::pair(4, 3.0), std::pair(4, 2.0)})
            try {
              return fit_set_dimension(table, subject.smallest(points), high, octaves);
            } catch (const NoFit&) {
            }
        return fit_set_dimension(table, low, high);
      },
      [&table, name, kind](const ExponentFit& d) { return boxes_on_grid(name, table, kind, d); });
}

void BoxCountingMeasurement::fit_active(const Subject& subject, View view, const Findings& findings, Fits& fits) const {
  const BlockTable& cells = *findings.cells;
  const bool later = view == View::points && subject.scattered;
  if (!later && !findings.dimension)
    return; // said already
  fits.give(
      "dimension_box/active",
      [&cells, &findings, later] { return later ? counted_dimension(cells, findings.options) : *findings.dimension; },
      [&cells, view](const ExponentFit& d) {
        return view == View::grid ? boxes_on_grid("cells", cells, "active", d) : cells_of_trees(cells, d);
      });
}

Expected expected_boxes(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                        const theory::Activity*) {
  Expected expected;
  if (result.labels.text("set") != "active") {
    expected.missing = "no exact expectation: the set is defined by the field's own values";
    return expected;
  }
  expected.values = expectation.cells(table.x);
  expected.levels = result.method == method_name(View::grid);
  return expected;
}

} // namespace cascade::analysis
