#include "app/verdict/curve_tests.hpp"

#include "analysis/box_counting/activity.hpp"
#include "analysis/fit/activity_test.hpp"
#include "analysis/fit/hotelling.hpp"
#include "analysis/measurement/curves.hpp"
#include "app/verdict/curve_statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::Combination;
using analysis::Expected;
using analysis::MeasurementEntry;
using analysis::Result;
using analysis::View;
using theory::Activity;

constexpr std::int64_t fewest_blocks = 8; ///< as the jackknife over realisations
constexpr std::size_t most_scales = 8;

/// Rows of the table as points of the curve.
std::vector<double> on_curve(const std::vector<double>& rows, const Result& r) {
  std::vector<double> points;
  for (const std::size_t i : r.curve.origin.points)
    points.push_back(rows[i]);
  return points;
}

/// The results of one view against one expectation.
class Comparison {
public:
  Comparison(const analysis::Subject& subject, View view, const theory::Expectation& expectation,
             const analysis::TableSet& tables, const BlockTable* cells)
      : subject_(subject), view_(view), expectation_(expectation), tables_(tables) {
    if (expectation.conditional() && cells != nullptr)
      count_activity(*cells);
  }

  void attach(Judged& j) const {
    CurveTest& test = j.test.emplace();
    const MeasurementEntry* entry = analysis::find_measurement(j.result.stage);
    if (entry == nullptr || entry->expected == nullptr) {
      test.note = fmt::format("no exact expectation of {} is known: none is given", j.result.quantity);
      return;
    }
    const BlockTable* table =
        analysis::find_table(analysis::tables_of(tables_, view_, j.result.stage), j.result.curve.origin.table);
    if (table == nullptr) {
      test.note = "no exact expectation: the curve is not made of one table";
      return;
    }
    Expected whole = entry->expected(expectation_, j.result, *table, total());
    if (!whole.values) {
      test.note = whole.missing;
      return;
    }
    test.conditional = total() != nullptr && !whole.levels;
    const auto rows = expected_rows(*entry, j.result, *table);
    draw(j, *table, *whole.values, rows);
    if (whole.levels)
      test_levels(test);
    else
      test_curve(j, *entry, *table, rows, test);
  }

private:
  // -- what was counted
  void count_activity(const BlockTable& cells) {
    total_ = activity_of(cells, cells.mean(), subject_.points);
    for (std::size_t b = 0; realisations_are_blocks(cells) && b < cells.blocks(); ++b) {
      std::vector<double> n(cells.points());
      for (std::size_t i = 0; i < n.size(); ++i)
        n[i] = cells.sum[b][i] / cells.weight[b][i];
      blocks_.push_back(activity_of(cells, n, subject_.points));
    }
  }
  const Activity* total() const { return total_ ? &*total_ : nullptr; }
  bool realisations_are_blocks(const BlockTable& table) const {
    return subject_.realisations >= fewest_blocks && table.blocks() == static_cast<std::size_t>(subject_.realisations);
  }

  /// Whatever of the expectation is known without the activity, and with that of each block; nullopt if some is not.
  std::optional<ExpectedRows> expected_rows(const MeasurementEntry& entry, const Result& r, const BlockTable& t) const {
    const auto given = [&](const Activity* counts) { return entry.expected(expectation_, r, t, counts).values; };
    const auto unconditional = given(nullptr);
    if (!unconditional)
      return std::nullopt;
    ExpectedRows rows{*unconditional, {}};
    if (!realisations_are_blocks(t))
      return rows;
    for (const Activity& counts : blocks_) {
      const auto own = given(&counts);
      if (!own)
        return std::nullopt;
      rows.blocks.push_back(*own);
    }
    return rows;
  }

  // -- the curve
  void draw(Judged& j, const BlockTable& t, const std::vector<double>& whole,
            const std::optional<ExpectedRows>& rows) const {
    const analysis::Curve& curve = j.result.curve;
    const bool by_block = rows && !rows->blocks.empty();
    j.expected.y = on_curve(by_block ? expected_mean(t, *rows) : whole, j.result);
    j.expected.slope = analysis::local_slopes(curve.x, j.expected.y, curve.x_axis.scale);
    if (j.test->conditional && rows)
      j.expected.unconditional = on_curve(rows->unconditional, j.result);
  }

  // -- the tests
  void test_levels(CurveTest& test) const {
    test.statistic = "chi^2 of the levels";
    test.realisations = static_cast<int>(subject_.realisations);
    const auto branching = expectation_.branching();
    if (!branching || !total_) {
      test.note = "how the tree branches is not known: nothing to test";
      return;
    }
    auto cells = total_->cells;
    for (double& n : cells)
      n *= static_cast<double>(subject_.realisations);
    const auto activity = analysis::test_activity(cells, *branching);
    if (activity.z.empty()) {
      test.note = branching->probability < 1 ? "too few cells for a test" : "every cell is alive: nothing to test";
      return;
    }
    test.p_value = activity.p_value;
    test.scales = static_cast<int>(activity.z.size());
    test.z = activity.z;
    for (const int l : activity.level)
      test.at.push_back(std::exp2(-l));
  }

  /// Single scales with enough cells a realisation, evenly spread.
  std::vector<Combination> scales(const BlockTable& t, const std::vector<double>& expected, std::size_t most) const {
    const auto alive = expectation_.cells(t.x);
    std::vector<std::size_t> usable;
    for (std::size_t i = 0; i < t.points(); ++i) {
      const double cells = alive ? (*alive)[i] : std::pow(t.x[i], -subject_.dimensions);
      if (cells >= analysis::fewest_cells_to_test && expected[i] > 0 && t.count[i] > 0)
        usable.push_back(i);
    }
    std::vector<Combination> chosen;
    for (const std::size_t place : analysis::evenly_spread(usable.size(), most))
      chosen.push_back({{usable[place], 1.0}});
    return chosen;
  }

  void test_curve(Judged& j, const MeasurementEntry& entry, const BlockTable& t,
                  const std::optional<ExpectedRows>& rows, CurveTest& test) const {
    test.statistic = "Hotelling T^2";
    if (view_ == View::grid && !realisations_are_blocks(t)) {
      test.note = fmt::format(
          "parts of one realisation are not independent: a test needs run.realisations of at least {}", fewest_blocks);
      return;
    }
    if (!rows) {
      test.note = "the expectation is known for all realisations together only: no test";
      return;
    }
    test.realisations = static_cast<int>(t.blocks());
    j.expected.z = on_curve(deviations(t, *rows), j.result);
    const std::size_t most = std::min(most_scales, t.blocks() / 4);
    const auto chosen = entry.combinations != nullptr ? entry.combinations(subject_, t, rows->unconditional, most)
                                                      : scales(t, rows->unconditional, most);
    const auto result = analysis::hotelling_of_mean(differences(t, *rows, chosen));
    if (result.dimensions == 0) {
      test.note = chosen.empty() ? fmt::format("no scale has {:g} cells a realisation: nothing to test",
                                               analysis::fewest_cells_to_test)
                                 : "exact by construction: nothing to test";
      return;
    }
    test.p_value = result.p_value;
    test.scales = result.dimensions;
    for (const Combination& c : chosen)
      test.at.push_back(t.x[c.begin()->first]);
  }

  const analysis::Subject& subject_;
  View view_;
  const theory::Expectation& expectation_;
  const analysis::TableSet& tables_;
  std::optional<Activity> total_;
  std::vector<Activity> blocks_;
};

} // namespace

void attach_expectation(const analysis::Subject& subject, View view, const theory::Expectation& expectation,
                        const analysis::TableSet& tables, const BlockTable* cells, std::vector<Judged>& results) {
  const Comparison comparison(subject, view, expectation, tables, cells);
  for (Judged& j : results)
    if (j.result.method == analysis::method_name(view))
      comparison.attach(j);
}

void attach_expectations(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                         const core::Communicator& communicator, const analysis::TableSet& tables,
                         const BlockTable* grid_cells, Report& report) {
  if (plan.decomposition) {
    const core::Domain& domain = plan.decomposition->domain();
    const core::Communicator self = core::Communicator::self();
    const core::Communicator& ranks = domain.dimensions() > 1 ? communicator : self; // a line is whole on every rank
    const auto expectation =
        generator.grid()->expectation(core::Decomposition(domain, ranks.size()), ranks, config.analysis.losses());
    if (expectation)
      attach_expectation(plan.subject, View::grid, *expectation, tables, grid_cells, report.results);
  }
  if (generator.points() == nullptr)
    return;
  if (const auto expectation = generator.points()->expectation(plan.subject.sampling.lattice))
    attach_expectation(plan.subject, View::points, *expectation, tables, nullptr, report.results);
}

} // namespace cascade::app
