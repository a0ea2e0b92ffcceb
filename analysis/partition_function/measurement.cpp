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
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

using core::Index;

std::string partition_table(double q) {
  return fmt::format("q{}", order_text(q));
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
  double sum = 0, empty = 0, log = 0; ///< log: sum of mu^q log2 mu
};
CellPowers powers_of(const std::vector<double>& masses, double q) {
  CellPowers p;
  for (const double m : masses) {
    if (m > 0) {
      const double power = q == 0 ? 1 : q == 1 ? m : q == 2 ? m * m : std::pow(m, q);
      p.sum += power;
      p.log += power * std::log2(m);
    } else {
      ++p.empty;
    }
  }
  return p;
}
double entropy_of(const std::vector<double>& masses) {
  double sum = 0;
  for (const double m : masses)
    sum += m > 0 ? m * std::log2(m) : 0;
  return sum;
}

/// The scatter about the line of a few realisations does not say how far others lie from it: no law is judged, unless
/// there is none (a measure that is not random).
ExponentFit of_realisations(ExponentFit fit, std::size_t realisations) {
  constexpr std::size_t fewest = 4;
  constexpr double roundoff = 1e-9;
  if (realisations < fewest && fit.statistical_error > roundoff)
    mark(fit, FitStatus::failed,
         fmt::format("{} realisation{} of a random measure say too little of others; set run.realisations: {} or more",
                     realisations, realisations == 1 ? "" : "s", 2 * fewest));
  return fit;
}

constexpr std::size_t columns_of_order = 3; // sum, empty cells, logarithms

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
           bytes_of_tables(static_cast<double>(columns_of_order * orders_.size()) + 1, e.log_side + 1,
                           static_cast<double>(subject.realisations))}};
}

std::string PartitionFunctionMeasurement::why_not(const Subject& subject, View view) const {
  return view == View::points && subject.points == 0
             ? "partition sums are not measured: they need a grid, and field.points is 0"
             : "";
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
  const std::size_t width = columns_of_order * orders_.size() + 1;
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
        const CellPowers p = powers_of(masses, q);
        own.insert(own.end(), {p.sum, p.empty, p.log});
      }
      own.push_back(entropy_of(masses));
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
      const CellPowers p = powers_of(large[level], orders_[q]);
      double* const row_of = &sums[level][columns_of_order * q];
      row_of[0] = p.sum;
      row_of[1] = p.empty;
      row_of[2] = p.log;
    }
    sums[level][width - 1] = entropy_of(large[level]);
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
  for (std::size_t q = 0; q < orders_.size(); ++q) {
    tables[table_name(partition_table(orders_[q]), "sum")] = table(columns_of_order * q);
    tables[table_name(partition_table(orders_[q]), "empty")] = table(columns_of_order * q + 1);
    tables[table_name(partition_table(orders_[q]), "log")] = table(columns_of_order * q + 2);
  }
  tables["entropy"] = table(width - 1);
}

void PartitionFunctionMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&,
                                       Fits& fits) const {
  const auto [low, high] = subject.window_or(subject.smallest(static_cast<int>(smallest_cell_)), 0.5 * (1 + 1e-9));
  for (const double q : orders_) {
    const std::string name = table_name(partition_table(q), "sum");
    const BlockTable &sums = table_of(tables, name), &empty = table_of(tables, table_name(partition_table(q), "empty"));
    const auto logarithms = [&sums](std::optional<std::size_t> without) {
      std::vector<double> y = without ? sums.mean_without(*without) : sums.mean();
      for (double& v : y)
        v = v > 0 ? std::log2(v) : std::numeric_limits<double>::quiet_NaN();
      return y;
    };
    const auto slope = [=, &sums, &empty, low = low, high = high] {
      const auto missing = empty.mean();
      for (std::size_t i = 0; q < 0 && i < sums.points(); ++i)
        if (sums.x[i] >= low * (1 - 1e-9) && missing[i] > 0)
          throw NoFit(fmt::format("at q < 0 every cell must hold something, and of side {:.3g} {:g} are empty; raise "
                                  "smallest_cell, or leave out negative orders",
                                  sums.x[i], missing[i]));
      return of_realisations(log_slope(sums.x, sums.blocks(), logarithms, low, high), sums.blocks());
    };
    const auto give = [&](const char* quantity, const std::string& title, const std::string& table_of_curve,
                          const BlockTable& table, std::function<ExponentFit()> fit) {
      fits.give(table_name(quantity, partition_table(q)), std::move(fit), [=, &table](const ExponentFit& found) {
        Result r;
        r.quantity = quantity;
        r.title = title;
        r.order = q;
        r.labels = Labels{};
        set_fit(r, found);
        r.curve = make_curve(table_of_curve, table, {"s", "box side"},
                             {table_of_curve == "entropy" ? "sum mu log2 mu" : "Z", "1",
                              table_of_curve == "entropy" ? Scale::linear : Scale::logarithmic});
        return r;
      });
    };
    give("tau", fmt::format("tau({})", order_text(q)), name, sums, slope);
    if (q != 1) {
      give("D_q", fmt::format("D_{}", order_text(q)), name, sums, [=] { return scaled(slope(), 1 / (q - 1)); });
      continue;
    }
    const BlockTable& entropy = table_of(tables, "entropy");
    const auto information = [&entropy, &sums](std::optional<std::size_t> without) { // a mean of the realisations' own
      std::vector<double> y = without ? entropy.mean_without(*without) : entropy.mean();
      const std::vector<double> mass = without ? sums.mean_without(*without) : sums.mean();
      for (std::size_t i = 0; i < y.size(); ++i)
        y[i] = mass[i] > 0 ? y[i] / mass[i] : std::numeric_limits<double>::quiet_NaN();
      return y;
    };
    give("D_q", "D_1", "entropy", entropy, [=, &entropy, low = low, high = high] {
      return of_realisations(log_slope(entropy.x, entropy.blocks(), information, low, high), entropy.blocks());
    });
  }
  const auto spectrum = [this, &tables, low = low, high = high] { // of the orders that no empty cell forbids
    std::vector<MomentsOfOrder> moments;
    for (const double q : orders_) {
      const BlockTable& empty = table_of(tables, table_name(partition_table(q), "empty"));
      const auto missing = empty.mean();
      bool whole = true;
      for (std::size_t i = 0; i < empty.points(); ++i)
        whole = whole && (empty.x[i] < low * (1 - 1e-9) || missing[i] == 0);
      if (q >= 0 || whole)
        moments.push_back({q, &table_of(tables, table_name(partition_table(q), "sum")),
                           &table_of(tables, table_name(partition_table(q), "log"))});
    }
    return legendre_spectrum(moments, 0, low, high, {"alpha", "1", Scale::linear}, {"f(alpha)", "1", Scale::linear});
  };
  fits.give(
      "width",
      [=, &tables] {
        const auto width = spectrum().width;
        return of_realisations(width, table_of(tables, "entropy").blocks());
      },
      [=](const ExponentFit& found) { return width_result("width of f(alpha)", spectrum(), found); });
}

} // namespace cascade::analysis
