#include "app/verdict/curve_tests.hpp"

#include "analysis/fit/activity_test.hpp"
#include "analysis/fit/hotelling.hpp"
#include "analysis/spectrum/spectrum.hpp"
#include "app/field/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::Result;
using theory::Activity;
using theory::Expectation;

constexpr std::int64_t fewest_blocks = 8; ///< as the jackknife over realisations
constexpr std::size_t most_scales = 8;
constexpr double fewest_cells = 32; ///< a realisation: fewer large eddies are far from a normal distribution

/// Where a result's numbers come from and what they are expected to be.
struct Source {
  const BlockTable* table = nullptr;
  std::function<Expectation::Values(const Activity*)> expected;
  std::string missing; ///< why there is nothing to expect
};

/// Numbers in the order of increasing x, as curves have them.
std::vector<double> in_curve_order(const BlockTable& table, const std::vector<double>& values, const Result& r) {
  std::vector<std::size_t> order(table.points());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return table.x[a] < table.x[b]; });
  std::vector<double> result;
  for (const std::size_t i : order)
    result.push_back(values[i]);
  if (r.quantity == "alpha") // drawn against N, which falls with the side
    std::reverse(result.begin(), result.end());
  if (result.size() > r.curve.x.size()) // box counts below the last level are not shown
    result.erase(result.begin(), result.end() - static_cast<std::ptrdiff_t>(r.curve.x.size()));
  return result;
}

/// One method's results (all of the grid, or all of the samples) against one expectation.
class Comparison {
public:
  Comparison(const RunConfig& config, const TableSet& tables, const Expectation& expectation, bool grid)
      : config_(config), tables_(tables), expectation_(expectation), grid_(grid),
        dimensions_(config.field->dimensions()) {
    if (const auto cells = tables.find("cells"); grid && expectation.conditional() && cells != tables.end())
      count_activity(cells->second);
  }

  void attach(Judged& j) const {
    const Result& r = j.result;
    CurveTest& test = j.test.emplace();
    const Source source = source_of(r);
    const auto whole = source.table != nullptr ? source.expected(total()) : Expectation::Values{};
    if (!whole) {
      test.note =
          !source.missing.empty() ? source.missing : "no exact expectation is known for this order: none is given";
      return;
    }
    test.conditional = total() != nullptr && r.quantity != "dimension_box";
    draw(j, source, *whole);
    if (r.quantity == "dimension_box" && grid_)
      test_levels(test);
    else
      test_curve(j, source, test);
  }

private:
  // -- what was counted
  void count_activity(const BlockTable& cells) {
    for (double s = 1; s * static_cast<double>(config_.field->points()) >= 2; s /= 2)
      for (std::size_t i = 0; i < cells.points(); ++i)
        if (std::abs(cells.x[i] / s - 1) < 1e-9)
          place_.push_back(i);
    total_ = activity(cells.mean());
    for (std::size_t b = 0; realisations_are_blocks(cells) && b < cells.blocks(); ++b) {
      std::vector<double> n(cells.points());
      for (std::size_t i = 0; i < n.size(); ++i)
        n[i] = cells.sum[b][i] / cells.weight[b][i];
      blocks_.push_back(activity(n));
    }
  }
  Activity activity(const std::vector<double>& n) const {
    Activity a;
    for (const std::size_t i : place_)
      a.cells.push_back(n[i]);
    return a;
  }
  const Activity* total() const { return total_ ? &*total_ : nullptr; }
  const Activity* of_block(std::size_t b) const { return b < blocks_.size() ? &blocks_[b] : nullptr; }
  bool realisations_are_blocks(const BlockTable& table) const {
    return config_.realisations() >= fewest_blocks &&
           table.blocks() == static_cast<std::size_t>(config_.realisations());
  }

  // -- which table, which expectation
  const BlockTable* find(const std::string& name) const {
    const auto it = tables_.find(name);
    return it == tables_.end() ? nullptr : &it->second;
  }

  Source source_of(const Result& r) const {
    if (r.quantity == "zeta")
      return increments(r);
    if (r.quantity == "spectrum_slope")
      return {find("spectrum"), [&](const Activity* a) { return binned(expectation_.spectrum(a)); }, ""};
    if (r.quantity == "dimension_box" && r.labels.text("set") == "active") {
      const BlockTable* cells = find(grid_ ? "cells" : "sampled/cells");
      return {cells, [this, cells](const Activity*) { return expectation_.cells(cells->x); }, ""};
    }
    if (r.quantity == "alpha")
      return losses(r);
    return {nullptr, {}, "no exact expectation: the set is defined by the field's own values"};
  }

  Source increments(const Result& r) const {
    const std::string order = order_text(*r.order);
    const BlockTable* table =
        find(grid_ ? table_name("zeta", r.labels.text("component"), order) : table_name("sampled/zeta", order));
    return {table,
            [this, table, &r](const Activity* a) {
              return expectation_.increment(r.labels.text("component"), *r.order, table->x, a);
            },
            ""};
  }

  Source losses(const Result& r) const {
    const std::string average = r.labels.text("average");
    if (r.labels.text("partition") == "adaptive" && average == "volume")
      return {nullptr, {}, "no exact expectation: the partition follows the field"};
    if (config_.approximation.origin == "random")
      return {nullptr, {}, "no exact expectation: the partition has a random origin, the sums are of aligned cells"};
    const int degree = static_cast<int>(*r.labels.number("degree"));
    const double power = *r.labels.number("loss_power");
    const BlockTable* table =
        find(table_name(grid_ ? "uniform" : "sampled/loss", std::to_string(degree), order_text(power), average));
    return {table,
            [this, table, degree, power, average](const Activity* a) {
              return expectation_.loss(power, degree, average == "active", table->x, a);
            },
            ""};
  }

  /// Shells as the curve has them: means over bins.
  static Expectation::Values binned(Expectation::Values shells) {
    if (!shells)
      return {};
    const auto bins = analysis::spectrum_bins(shells->size());
    std::vector<double> result;
    for (std::size_t b = 0; b + 1 < bins.size(); ++b)
      result.push_back(std::accumulate(shells->begin() + static_cast<std::ptrdiff_t>(bins[b]),
                                       shells->begin() + static_cast<std::ptrdiff_t>(bins[b + 1]), 0.0) /
                       static_cast<double>(bins[b + 1] - bins[b]));
    return result;
  }

  // -- the curve
  /// Expectation of the ratio of totals: each block's own, weighted as the mean is.
  std::vector<double> merged(const Source& source, const std::vector<double>& whole) const {
    const BlockTable& t = *source.table;
    if (!realisations_are_blocks(t) || blocks_.empty())
      return whole;
    std::vector<double> sum(t.points(), 0.0), weight(t.points(), 0.0);
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      const auto e = *source.expected(of_block(b));
      for (std::size_t i = 0; i < t.points(); ++i) {
        sum[i] += t.weight[b][i] > 0 ? e[i] * t.weight[b][i] : 0;
        weight[i] += t.weight[b][i];
      }
    }
    for (std::size_t i = 0; i < t.points(); ++i)
      sum[i] /= weight[i];
    return sum;
  }

  void draw(Judged& j, const Source& source, const std::vector<double>& whole) const {
    const Result& r = j.result;
    j.expected.y = in_curve_order(*source.table, merged(source, whole), r);
    j.expected.slope = local_slopes(r.curve.x, j.expected.y);
    if (j.test->conditional)
      j.expected.unconditional = in_curve_order(*source.table, *source.expected(nullptr), r);
  }

  // -- the tests
  void test_levels(CurveTest& test) const {
    test.statistic = "chi^2 of the levels";
    test.realisations = static_cast<int>(config_.realisations());
    const auto branching = expectation_.branching();
    if (!branching || !total_)
      return;
    auto cells = total_->cells;
    for (double& n : cells)
      n *= static_cast<double>(config_.realisations());
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

  /// Combinations of scales to test: sums of points with these weights. Chosen by geometry, before any result is seen.
  using Combination = std::map<std::size_t, double>;

  /// Single scales with enough cells a realisation, evenly spread.
  std::vector<Combination> scales(const BlockTable& t, const std::vector<double>& expected, std::size_t most) const {
    const auto alive = expectation_.cells(t.x);
    std::vector<std::size_t> usable;
    for (std::size_t i = 0; i < t.points(); ++i) {
      const double cells = alive ? (*alive)[i] : std::pow(t.x[i], -dimensions_);
      if (cells >= fewest_cells && expected[i] > 0 && t.count[i] > 0)
        usable.push_back(i);
    }
    std::vector<Combination> chosen;
    for (const std::size_t place : analysis::evenly_spread(usable.size(), most))
      chosen.push_back({{usable[place], 1.0}});
    return chosen;
  }

  /// Energy of octaves of shells with enough modes: a single shell of a line is one mode, an exponential variable.
  std::vector<Combination> bands(const BlockTable& t, const std::vector<double>& expected, std::size_t most) const {
    const double corner = static_cast<double>(config_.field->points() / 2) * std::sqrt(dimensions_);
    const auto bins = analysis::spectrum_bins(static_cast<std::size_t>(std::lround(corner)) + 1);
    std::map<int, Combination> octaves;
    std::map<int, double> modes;
    for (std::size_t b = 0; b + 1 < bins.size() && b < t.points(); ++b) {
      if (bins[b] == 0 || !(expected[b] > 0))
        continue;
      const int octave = static_cast<int>(std::log2(static_cast<double>(bins[b])));
      const auto width = static_cast<double>(bins[b + 1] - bins[b]);
      octaves[octave][b] = width;
      modes[octave] += width * t.count[b] / static_cast<double>(config_.realisations());
    }
    std::vector<Combination> usable, chosen;
    for (const auto& [octave, combination] : octaves)
      if (modes[octave] >= fewest_cells)
        usable.push_back(combination);
    for (const std::size_t place : analysis::evenly_spread(usable.size(), most))
      chosen.push_back(usable[place]);
    return chosen;
  }

  void test_curve(Judged& j, const Source& source, CurveTest& test) const {
    const BlockTable& t = *source.table;
    test.statistic = "Hotelling T^2";
    if (grid_ && !realisations_are_blocks(t)) {
      test.note = fmt::format(
          "parts of one realisation are not independent: a test needs run.realisations of at least {}", fewest_blocks);
      return;
    }
    test.realisations = static_cast<int>(t.blocks());
    j.expected.z = in_curve_order(t, deviations(source), j.result);
    const auto expected = *source.expected(nullptr);
    const std::size_t most = std::min(most_scales, t.blocks() / 4);
    const auto chosen = j.result.quantity == "spectrum_slope" ? bands(t, expected, most) : scales(t, expected, most);
    const auto result = analysis::hotelling_of_mean(differences(source, expected, chosen));
    if (result.dimensions == 0) {
      test.note = chosen.empty() ? fmt::format("no scale has {:g} cells a realisation: nothing to test", fewest_cells)
                                 : "exact by construction: nothing to test";
      return;
    }
    test.p_value = result.p_value;
    test.scales = result.dimensions;
    for (const Combination& c : chosen)
      test.at.push_back(t.x[c.begin()->first]);
  }

  /// Mean of d_b over its standard error, point by point.
  std::vector<double> deviations(const Source& source) const {
    const BlockTable& t = *source.table;
    const auto n = static_cast<double>(t.blocks());
    std::vector<double> sum(t.points(), 0.0), square(t.points(), 0.0);
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      const auto own = *source.expected(of_block(b));
      for (std::size_t i = 0; i < t.points(); ++i) {
        const double d = t.sum[b][i] - (t.weight[b][i] > 0 ? own[i] * t.weight[b][i] : 0);
        sum[i] += d;
        square[i] += d * d;
      }
    }
    for (std::size_t i = 0; i < t.points(); ++i) {
      const double variance = (square[i] - sum[i] * sum[i] / n) / (n - 1);
      sum[i] = variance > 0 ? sum[i] / std::sqrt(n * variance) : std::nan("");
    }
    return sum;
  }

  /// d_b = sum_b - E_b weight_b of each combination, in units of its total expectation.
  std::vector<std::vector<double>> differences(const Source& source, const std::vector<double>& expected,
                                               const std::vector<Combination>& chosen) const {
    const BlockTable& t = *source.table;
    std::vector<std::vector<double>> result;
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      const auto own = of_block(b) != nullptr ? *source.expected(of_block(b)) : expected;
      auto& row = result.emplace_back();
      for (const Combination& c : chosen) {
        double difference = 0, unit = 0;
        for (const auto& [i, factor] : c) {
          const double mean_weight = std::accumulate(t.weight.begin(), t.weight.end(), 0.0,
                                                     [i = i](double sum, const auto& w) { return sum + w[i]; }) /
                                     static_cast<double>(t.blocks());
          difference += factor * (t.sum[b][i] - (t.weight[b][i] > 0 ? own[i] * t.weight[b][i] : 0));
          unit += factor * expected[i] * mean_weight;
        }
        row.push_back(difference / unit);
      }
    }
    return result;
  }

  const RunConfig& config_;
  const TableSet& tables_;
  const Expectation& expectation_;
  bool grid_;
  int dimensions_;
  std::vector<std::size_t> place_; ///< of level l in the table "cells"
  std::optional<Activity> total_;
  std::vector<Activity> blocks_;
};

theory::ExpectedLosses wanted_losses(const RunConfig& config) {
  const ApproximationSection& a = config.approximation;
  if (!a.enabled || a.degrees.empty() || a.origin == "random")
    return {};
  return {static_cast<int>(*std::max_element(a.degrees.begin(), a.degrees.end())), a.loss_powers};
}

void attach_all(const Comparison& comparison, const std::string& method, Report& report) {
  for (Judged& j : report.results)
    if (j.result.method == method)
      comparison.attach(j);
}

} // namespace

void attach_expectations(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                         const core::Communicator& communicator, const TableSet& tables, Report& report) {
  if (plan.decomposition) {
    const core::Domain& domain = plan.decomposition->domain();
    const core::Communicator self = core::Communicator::self();
    const core::Communicator& ranks = domain.dimensions() > 1 ? communicator : self; // a line is whole on every rank
    const auto expectation =
        generator.grid()->expectation(core::Decomposition(domain, ranks.size()), ranks, wanted_losses(config));
    if (expectation)
      attach_all(Comparison(config, tables, *expectation, true), "grid", report);
  }
  if (generator.points() == nullptr)
    return;
  if (const auto expectation = generator.points()->expectation(plan.sampling.lattice))
    attach_all(Comparison(config, tables, *expectation, false), "sampled", report);
}

} // namespace cascade::app
