#include "analysis/partition_function/measurement.hpp"

#include "analysis/box_counting/dyadic_grid.hpp"
#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/all_values.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/legendre.hpp"
#include "analysis/measurement/order_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

namespace cascade::analysis {
namespace {

using core::Index;

std::string partition_table(double q, const char* column) {
  return table_name(fmt::format("q{}", order_text(q)), column);
}

/// Sums over cells of twice as many entries a side; `side` entries a side of the array they come from.
std::vector<double> halved(const std::vector<double>& from, int dimensions, Index side) {
  const Index half = side / 2, rows = dimensions > 2 ? side : 1, lines = dimensions > 1 ? side : 1;
  std::vector<double> to(static_cast<std::size_t>((dimensions > 2 ? half : 1) * (dimensions > 1 ? half : 1) * half),
                         0.0);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < lines; ++j)
      for (Index k = 0; k < 2 * half; ++k) {
        const Index a = dimensions > 2 ? i / 2 : 0, b = dimensions > 1 ? j / 2 : 0;
        to[static_cast<std::size_t>((a * (dimensions > 1 ? half : 1) + b) * half + k / 2)] +=
            from[static_cast<std::size_t>((i * lines + j) * side + k)];
      }
  return to;
}

/// Of one order: sums over the cells of a level.
struct CellPowers {
  double sum = 0, empty = 0, log = 0;                 ///< log: sum of mu^q log2 mu
  double half_sum = 0, half_log = 0, half_square = 0; ///< of order q/2; square: of mu^(q/2) (log2 mu)^2
};
CellPowers powers_of(const std::vector<double>& masses, double q) {
  CellPowers p;
  for (const double m : masses) {
    if (m > 0) {
      const double power = q == 0 ? 1 : q == 1 ? m : q == 2 ? m * m : std::pow(m, q);
      p.sum += power;
      const double log = std::log2(m);
      p.log += power * log;
      const double half = std::sqrt(power);
      p.half_sum += half;
      p.half_log += half * log;
      p.half_square += half * log * log;
    } else {
      ++p.empty;
    }
  }
  return p;
}
/// sum mu log2 mu, and sum mu^2.
std::array<double, 2> entropy_and_square(const std::vector<double>& masses) {
  std::array<double, 2> sum{};
  for (const double m : masses) {
    sum[0] += m > 0 ? m * std::log2(m) : 0;
    sum[1] += m * m;
  }
  return sum;
}

/// Columns of one order, in the order of CellPowers.
constexpr std::array<const char*, 6> order_columns{"sum", "empty", "log", "half_sum", "half_log", "half_square"};
std::array<double, order_columns.size()> row_of(const CellPowers& p) {
  return {p.sum, p.empty, p.log, p.half_sum, p.half_log, p.half_square};
}

/// The fits of all orders on the same scales, with the same end of the grid.
class SumFits {
public:
  SumFits(const Tables& tables, int dimensions, double low, double high)
      : tables_(tables), dimensions_(dimensions), low_(low), high_(high), end_(end_of_grid()) {}

  ExponentFit tau(double q) const {
    no_empty_cells(q);
    return judged(slope(log_rows(of(q, "sum")), end_), {q});
  }
  ExponentFit information() const { // D_1: of the means over realisations
    return judged(slope(ratio_rows(entropy(), of(1, "sum")), end_), {1.0});
  }
  /// Of the orders that no empty cell forbids.
  LegendreSpectrum spectrum(const std::vector<double>& orders) const {
    std::vector<MomentsOfOrder> moments;
    for (const double q : orders)
      if (q >= 0 || empty_cells(q).second == 0)
        moments.push_back({q, &of(q, "sum"), &of(q, "log")});
    LegendreSpectrum found = legendre_spectrum(moments, 0, low_, high_, {"alpha", "1", Scale::linear},
                                               {"f(alpha)", "1", Scale::linear}, end_);
    found.width = judged(found.width, {found.lowest_order, found.highest_order});
    return found;
  }
  const BlockTable& entropy() const { return table_of(tables_, "entropy"); }
  const BlockTable& of(double q, const char* column) const { return table_of(tables_, partition_table(q, column)); }

private:
  ExponentFit slope(const RowsOf& rows, std::optional<double> end) const {
    return log_slope(entropy().x, entropy().blocks(), rows, low_, high_, end);
  }

  /// g of docs/theory.md, "Cells of few points": that of the mean square, tau(2), of the cells of eight points and
  /// more.
  double end_of_grid() const {
    constexpr double clear = 8, least = 0.3; // slower ends are one with the slope
    const BlockTable& square = table_of(tables_, "square");
    const double usual = dimensions_;
    try {
      const ExponentFit found =
          log_slope(square.x, square.blocks(), log_rows(square), std::max(low_, clear * square.x.front()), high_);
      return std::clamp(found.exponent, least, 2 * usual);
    } catch (const NoFit&) {
      return usual;
    }
  }

  /// Side of the smallest cell of the fit, and how many of that side are empty; 0: none of any.
  std::pair<double, double> empty_cells(double q) const {
    const BlockTable& empty = of(q, "empty");
    const auto missing = empty.mean();
    for (std::size_t i = 0; i < empty.points(); ++i)
      if (empty.x[i] >= low_ * (1 - 1e-9) && missing[i] > 0)
        return {empty.x[i], missing[i]};
    return {0, 0};
  }
  void no_empty_cells(double q) const {
    if (const auto [side, count] = empty_cells(q); q < 0 && count > 0)
      throw NoFit(fmt::format("at q < 0 every cell must hold something, and of side {:.3g} {:g} are empty; raise "
                              "smallest_cell, or leave out negative orders",
                              side, count));
  }

  /// What realisations left out do not show decides nothing; a measure that is not random has no scatter.
  ExponentFit judged(ExponentFit fit, const std::vector<double>& orders) const {
    constexpr std::size_t fewest = 4;
    constexpr double roundoff = 1e-9;
    const std::size_t realisations = entropy().blocks();
    if (fit.statistical_error <= roundoff)
      return fit;
    if (realisations < fewest)
      mark(fit, FitStatus::failed,
           fmt::format("{} realisation{} of a random measure say too little of others; set run.realisations: {} or "
                       "more",
                       realisations, realisations == 1 ? "" : "s", 2 * fewest));
    for (const double q : orders)
      mark_few_cells(fit, q, {q / 2, &of(q, "half_sum"), &of(q, "half_log"), &of(q, "half_square")}, 0, low_, high_,
                     realisations);
    return fit;
  }

  const Tables& tables_;
  double dimensions_, low_, high_, end_;
};

} // namespace

void PartitionFunctionMeasurement::declare(core::ParameterVisitor& v) {
  v.reals("orders", orders_, {-20, 20}, {"1", "orders q of tau(q) and D_q; q < 0 needs a measure without empty cells"});
  v.integer("smallest_cell", smallest_cell_, {1, 1 << 16}, {"points", "smallest cell of the fit, points a side"});
}

void PartitionFunctionMeasurement::validate(const Subject&, core::Problems& problems) const {
  require_names(orders_, "analysis.partition_function.orders", problems);
}

std::vector<Cost> PartitionFunctionMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr)
    return {};
  const GridExtent e = extent_of(subject, *grid);
  const auto layout = DyadicGrid::block_layout(grid->domain());
  const double points = layout.most_points(grid->ranks());
  return {{{{"measure in blocks", sizeof(double) * points},
            {"cells of a block", 3.0 * sizeof(double) * static_cast<double>(layout.block_points())},
            {"messages of blocks", core::message_bytes(*grid, sizeof(double))}},
           2 * e.points * static_cast<double>(orders_.size() + 1),
           "points x orders",
           rates::scan / 4,
           {},
           bytes_of_tables(static_cast<double>(order_columns.size() * orders_.size()) + 2, e.log_side + 1,
                           static_cast<double>(subject.realisations))}};
}

void PartitionFunctionMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                                Tables& tables) const {
  require_all_values(sample, "analysis.partition_function");
  const auto layout = DyadicGrid::block_layout(sample.field.domain());
  const DyadicGrid grid(layout, 1);
  core::BlockField measure = core::to_blocks(sample.field, layout, batch.ranks, 0);
  const auto levels = static_cast<std::size_t>(grid.levels());
  const auto coarse = static_cast<std::size_t>(grid.coarse_levels()), fine = levels - coarse;
  // Every block by itself, then over the blocks in their order: the same bits whoever owns them.
  const std::size_t width = order_columns.size() * orders_.size() + 2;
  const double volume = 1.0 / static_cast<double>(layout.covered_points());
  std::vector<double> own;
  for (Index b = 0; b < measure.count(); ++b) {
    std::vector<double> masses;
    for (const double value : measure.block(b))
      masses.push_back(std::abs(value) * volume);
    Index side = layout.side();
    const Index finest = grid.side(grid.levels() - 1);
    for (Index s = 1; s < finest; s *= 2) // a side that is no power of two ends above one point
      if (finest % (2 * s) == 0) {
        masses = halved(masses, grid.dimensions(), side);
        side /= 2;
      }
    for (std::size_t level = levels; level-- > coarse;) {
      for (const double q : orders_) {
        const auto row = row_of(powers_of(masses, q));
        own.insert(own.end(), row.begin(), row.end());
      }
      const auto ends = entropy_and_square(masses);
      own.insert(own.end(), ends.begin(), ends.end());
      if (level > coarse) {
        masses = halved(masses, grid.dimensions(), side);
        side /= 2;
      }
    }
    double total = 0;
    for (const double m : masses)
      total += m;
    own.push_back(total);
  }
  const auto all = batch.ranks.gather_all(std::span<const double>(own));
  const std::size_t row = fine * width + 1;
  std::vector<std::vector<double>> sums(levels, std::vector<double>(width, 0.0)); // [level]
  std::vector<std::vector<double>> large(coarse);
  for (std::size_t level = 0; level < coarse; ++level)
    large[level].assign(static_cast<std::size_t>(grid.cells(static_cast<int>(level))), 0.0);
  for (Index b = 0; b < layout.blocks(); ++b) {
    const auto first = static_cast<std::size_t>(b) * row;
    for (std::size_t i = 0; i < fine; ++i)
      for (std::size_t w = 0; w < width; ++w)
        sums[levels - 1 - i][w] += all[first + i * width + w];
    for (std::size_t level = 0; level < coarse; ++level)
      large[level][static_cast<std::size_t>(grid.cell_of_block(b, static_cast<int>(level)))] += all[first + row - 1];
  }
  for (std::size_t level = 0; level < coarse; ++level) {
    for (std::size_t q = 0; q < orders_.size(); ++q) {
      const auto values = row_of(powers_of(large[level], orders_[q]));
      std::copy(values.begin(), values.end(), &sums[level][order_columns.size() * q]);
    }
    const auto ends = entropy_and_square(large[level]);
    std::copy(ends.begin(), ends.end(), &sums[level][width - 2]);
  }
  const auto table = [&](std::size_t column) {
    BlockTable t;
    t.sum.emplace_back();
    for (std::size_t level = levels; level-- > 0;) {
      t.x.push_back(grid.length(static_cast<int>(level)));
      t.sum[0].push_back(sums[level][column]);
      t.count.push_back(static_cast<double>(grid.cells(static_cast<int>(level))));
    }
    t.weight.emplace_back(levels, 1.0);
    return t;
  };
  for (std::size_t q = 0; q < orders_.size(); ++q)
    for (std::size_t c = 0; c < order_columns.size(); ++c)
      tables[partition_table(orders_[q], order_columns[c])] = table(order_columns.size() * q + c);
  tables["entropy"] = table(width - 2);
  tables["square"] = table(width - 1);
}

void PartitionFunctionMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&,
                                       Fits& fits) const {
  const auto [low, high] = subject.window_or(subject.smallest(static_cast<int>(smallest_cell_)), 0.5 * (1 + 1e-9));
  const auto sums = std::make_shared<const SumFits>(tables, subject.dimensions, low, high);
  for (const double q : orders_) {
    const auto give = [&](const char* quantity, const char* title, bool entropy, std::function<ExponentFit()> fit) {
      const std::string name = entropy ? "entropy" : partition_table(q, "sum");
      const BlockTable& table = table_of(tables, name);
      fits.give(fmt::format("{}/q{}", quantity, order_text(q)), std::move(fit), [=, &table](const ExponentFit& found) {
        Result r;
        r.quantity = quantity;
        r.title = fmt::format(fmt::runtime(title), order_text(q));
        r.order = q;
        r.labels = Labels{};
        set_fit(r, found);
        r.curve = make_curve(name, table, {"s", "box side"},
                             {entropy ? "sum mu log2 mu" : "Z", "1", entropy ? Scale::linear : Scale::logarithmic});
        return r;
      });
    };
    give("tau", "tau({})", false, [=] { return sums->tau(q); });
    if (q == 1)
      give("D_q", "D_{}", true, [=] { return sums->information(); });
    else
      give("D_q", "D_{}", false, [=] { return scaled(sums->tau(q), 1 / (q - 1)); });
  }
  fits.give(
      "f_width", [=, orders = orders_] { return sums->spectrum(orders).width; },
      [=, orders = orders_](const ExponentFit& found) {
        return width_result("f_width", "width of f(alpha)", sums->spectrum(orders), found);
      });
}

} // namespace cascade::analysis
