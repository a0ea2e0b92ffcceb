#include "analysis/approximation/grid_threshold_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr int per_octave = 4;
constexpr int octaves = 256;        // below the error of the whole box; 16 digits to the fourth power are 212
constexpr double smallest = 1e-300; // thresholds stay normal numbers
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Ascending thresholds with a table by power of two: a search costs a look-up and a few comparisons.
class Thresholds {
public:
  explicit Thresholds(const std::vector<double>& values) : values_(values) {
    if (values.empty())
      return;
    lowest_ = std::ilogb(values.front());
    for (int e = lowest_; e <= std::ilogb(values.back()) + 1; ++e)
      first_.push_back(static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), std::ldexp(1.0, e)) -
                                                values.begin()));
  }
  /// Number of thresholds below `value`, that is, the first one >= value.
  std::size_t below(double value) const {
    if (values_.empty() || !(value > values_.front()))
      return 0;
    if (value > values_.back())
      return values_.size();
    std::size_t i = first_[static_cast<std::size_t>(std::ilogb(value) - lowest_)];
    while (values_[i] < value)
      ++i;
    return i;
  }

private:
  const std::vector<double>& values_;
  int lowest_ = 0;
  std::vector<std::size_t> first_;
};

/// values[i] becomes the sum of values[i], values[i+1], ...: from "highest threshold reached" to "all below".
void sum_from_above(std::vector<double>& values) {
  for (std::size_t i = values.size(); i-- > 1;)
    values[i - 1] += values[i];
}

} // namespace

ThresholdTreeTables::ThresholdTreeTables(const CellLosses& losses, const ThresholdOptions& options)
    : losses_(losses), options_(options) {
  for (std::size_t q = 0; q < losses.powers().size(); ++q) {
    const auto found = options.given.find({losses.degree(), losses.powers().orders()[q]});
    const std::vector<double>& asked = found != options.given.end() ? found->second : options.thresholds;
    const bool given = !asked.empty();
    const std::vector<double> list = given ? asked : candidates_for(q);
    if (!std::is_sorted(list.begin(), list.end()) || (!list.empty() && !(list.front() >= smallest)))
      throw std::invalid_argument("ThresholdTreeTables: thresholds must be positive and ascend");
    powers_.push_back({list, given, {}});
  }
}

// On one absolute scale, so that two fields can share thresholds. A grid of one level has nothing to refine.
std::vector<double> ThresholdTreeTables::candidates_for(std::size_t power) const {
  std::vector<double> result;
  const DyadicGrid& grid = losses_.grid();
  if (grid.levels() < 2)
    return result;
  double whole = 0;
  for (Index root = 0; root < grid.roots(); ++root)
    whole = std::max(whole, losses_.coarse(0)[static_cast<std::size_t>(root) * losses_.powers().size() + power]);
  whole /= static_cast<double>(grid.layout().covered_points());
  if (!(whole > smallest))
    return result;
  const int top = static_cast<int>(std::ceil(std::log2(whole) * per_octave));
  for (int i = top - octaves * per_octave; i <= top; ++i) {
    const double tau = std::exp2(static_cast<double>(i) / per_octave);
    if (tau >= smallest && tau < whole)
      result.push_back(tau);
  }
  return result;
}

std::vector<ThresholdTreeTables::Level>
ThresholdTreeTables::tree_of_block(Index i, const std::vector<std::vector<double>>& losses, std::size_t power) const {
  const DyadicGrid& grid = losses_.grid();
  const std::size_t nq = losses_.powers().size();
  const auto points = static_cast<double>(grid.layout().covered_points());
  std::vector<Level> tree;
  const auto least_of_child = [&](std::size_t parent) {
    return tree.empty() ? infinity : std::min(tree.back().least[parent], tree.back().error[parent]);
  };
  for (int level = 0; level < grid.coarse_levels(); ++level) {
    const auto cell = static_cast<std::size_t>(grid.cell_of_block(losses_.owned().begin + i, level));
    tree.push_back({{losses_.coarse(level)[cell * nq + power] / points},
                    {least_of_child(0)},
                    1.0 / static_cast<double>(grid.blocks_per_cell(level))});
  }
  for (std::size_t within = 0; within < losses.size(); ++within) {
    const std::size_t cells = losses[within].size() / nq;
    Level next{std::vector<double>(cells), std::vector<double>(cells), 1.0};
    for (std::size_t cell = 0; cell < cells; ++cell) {
      next.error[cell] = losses[within][cell * nq + power] / points;
      next.least[cell] =
          least_of_child(within == 0 ? 0
                                     : static_cast<std::size_t>(parent_cell(grid.dimensions(), static_cast<int>(within),
                                                                            static_cast<Index>(cell))));
    }
    tree.push_back(std::move(next));
  }
  return tree;
}

void ThresholdTreeTables::add_block(Index i, const std::vector<std::vector<double>>& losses) {
  for (std::size_t q = 0; q < powers_.size(); ++q) {
    Power& power = powers_[q];
    const Thresholds thresholds(power.candidates);
    Leaves leaves(power.candidates.size());
    Leaves last(power.candidates.size()); // the smallest cells, by highest threshold reached
    const std::vector<Level> tree = tree_of_block(i, losses, q);
    for (const Level& level : tree)
      for (std::size_t cell = 0; cell < level.error.size(); ++cell) {
        const double error = level.error[cell];
        const std::size_t end = thresholds.below(level.least[cell]);
        const std::size_t begin = std::min(thresholds.below(error), end);
        if (&level == &tree.back()) { // never refined: a leaf however large its error
          if (end > 0) {
            last.pieces[end - 1] += level.share;
            last.loss[end - 1] += level.share * error;
          }
          if (begin > 0)
            last.unresolved[begin - 1] += level.share;
          continue;
        }
        for (std::size_t t = begin; t < end; ++t) {
          leaves.pieces[t] += level.share;
          leaves.loss[t] += level.share * error;
        }
      }
    for (auto* values : {&last.pieces, &last.loss, &last.unresolved})
      sum_from_above(*values);
    for (std::size_t t = 0; t < power.candidates.size(); ++t) {
      leaves.pieces[t] += last.pieces[t];
      leaves.loss[t] += last.loss[t];
    }
    leaves.finest = std::move(last.pieces);
    leaves.unresolved = std::move(last.unresolved);
    power.blocks.push_back(std::move(leaves));
  }
}

double ThresholdTreeTables::bytes_of_blocks(double blocks) {
  constexpr double numbers_of_a_leaf = 4;
  return blocks * numbers_of_a_leaf * sizeof(double) * (octaves * per_octave + 1);
}

// The thresholds to report, from the counts of the whole box: integers once multiplied by the number of blocks.
std::vector<std::size_t> ThresholdTreeTables::choose(const Power& power, const core::Communicator& communicator) const {
  const std::size_t n = power.candidates.size();
  const auto blocks = static_cast<double>(losses_.grid().layout().blocks());
  std::vector<std::int64_t> counts(2 * n, 0);
  for (const Leaves& leaves : power.blocks)
    for (std::size_t t = 0; t < n; ++t) {
      counts[t] += std::llround(leaves.pieces[t] * blocks);
      counts[n + t] += std::llround(leaves.unresolved[t] * blocks);
    }
  communicator.sum(std::span<std::int64_t>(counts));
  std::size_t lowest = power.given ? 0 : n, stride = 1;
  if (!power.given) {
    const auto resolved = [&](std::size_t t) {
      return static_cast<double>(counts[n + t]) <= options_.most_unresolved * static_cast<double>(counts[t]);
    };
    while (lowest > 0 && resolved(lowest - 1))
      --lowest;
    const double found = static_cast<double>(n - lowest) / std::max(1, options_.wanted);
    stride = static_cast<std::size_t>(std::max(1L, std::lround(found)));
  }
  std::vector<std::size_t> result;
  for (std::size_t t = lowest; t < n; t += stride)
    result.push_back(t);
  return result;
}

ThresholdTree ThresholdTreeTables::make_tree(std::size_t q, const core::Communicator& communicator) const {
  const Power& power = powers_[q];
  const std::vector<std::size_t> chosen = choose(power, communicator);
  const std::size_t n = chosen.size();
  std::vector<double> own;
  for (const Leaves& leaves : power.blocks)
    for (const auto* values : {&leaves.pieces, &leaves.loss, &leaves.unresolved, &leaves.finest})
      for (const std::size_t t : chosen)
        own.push_back((*values)[t]);
  const auto all = communicator.gather_all(std::span<const double>(own));

  const auto blocks = static_cast<std::size_t>(losses_.grid().layout().blocks());
  ThresholdTree tree{losses_.degree(),           losses_.powers().orders()[q], {}, {}, std::vector<double>(n, 0.0),
                     std::vector<double>(n, 0.0)};
  for (const std::size_t t : chosen)
    tree.pieces.x.push_back(power.candidates[t]);
  tree.pieces.count.assign(n, 0.0);
  tree.pieces.weight.assign(blocks, std::vector<double>(n, 1.0 / static_cast<double>(blocks)));
  tree.loss = tree.pieces;
  for (std::size_t b = 0; b < blocks; ++b) {
    const double* row = all.data() + b * 4 * n;
    tree.pieces.sum.emplace_back(row, row + n);
    tree.loss.sum.emplace_back(row + n, row + 2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      tree.pieces.count[i] += row[i];
      tree.unresolved[i] += row[2 * n + i];
      tree.finest[i] += row[3 * n + i];
    }
  }
  tree.loss.count = tree.pieces.count;
  for (std::size_t i = 0; i < n; ++i) {
    tree.unresolved[i] /= tree.pieces.count[i];
    tree.finest[i] /= tree.pieces.count[i];
  }
  return tree;
}

std::vector<ThresholdTree> ThresholdTreeTables::finish(const core::Communicator& communicator) const {
  std::vector<ThresholdTree> result;
  for (std::size_t q = 0; q < powers_.size(); ++q)
    result.push_back(make_tree(q, communicator));
  return result;
}

} // namespace cascade::analysis
