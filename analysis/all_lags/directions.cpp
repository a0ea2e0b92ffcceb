#include "analysis/all_lags/directions.hpp"

#include "analysis/all_lags/shifted_box.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/power_sums.hpp"
#include "core/sums/exact_sum.hpp"
#include "core/talk/errors.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;
using core::Index3;

double length_of(const core::Domain& domain, const Index3& lag) {
  double square = 0;
  for (int a = domain.first_axis(); a < 3; ++a) {
    const double l = domain.spacing(a) * static_cast<double>(lag[static_cast<std::size_t>(a)]);
    square += l * l;
  }
  return std::sqrt(square);
}

bool within(const core::Domain& domain, const Index3& lag) {
  for (int a = 0; a < 3; ++a)
    if (2 * std::abs(lag[static_cast<std::size_t>(a)]) > domain.points(a))
      return false;
  return true;
}

struct DirectedLag {
  Index3 lag;
  double length;
  std::size_t row;
};

std::vector<DirectedLag> lags_of(const core::Domain& domain, bool many) {
  std::vector<DirectedLag> all;
  for (const Index3& d : lag_directions(domain.dimensions(), many))
    for (Index s = 1;; s *= 2) {
      const Index3 lag{s * d[0], s * d[1], s * d[2]};
      if (!within(domain, lag))
        break;
      all.push_back({lag, length_of(domain, lag), 0});
    }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.length < b.length; });
  constexpr double same = 1e-9; // lengths may have been computed
  for (std::size_t i = 1; i < all.size(); ++i)
    all[i].row = all[i - 1].row + (all[i].length > all[i - 1].length * (1 + same) ? 1 : 0);
  return all;
}

double mean_absolute_power_across(int dimensions, double p) {
  return dimensions == 3 ? std::tgamma((p + 1) / 2) / (std::sqrt(std::numbers::pi) * std::tgamma(p / 2 + 1)) : 1;
}

/// Increments of a stretch of pairs along and across the lag.
class Increments {
public:
  void make(const std::vector<const double*>& here, const std::vector<const double*>& there,
            const std::array<double, 3>& direction, Index begin, Index end, Index shift, bool holes) {
    const auto count = static_cast<std::size_t>(end - begin);
    along.assign(count, 0.0);
    across.assign(count, 0.0);
    for (std::size_t c = 0; c < here.size(); ++c)
      for (std::size_t i = 0; i < count; ++i) {
        const Index k = begin + static_cast<Index>(i);
        const double d = there[c][k + shift] - here[c][k];
        along[i] += d * direction[c];
        across[i] += d * d;
      }
    if (holes) { // a missing point is so in all components
      std::size_t there_is = 0;
      for (std::size_t i = 0; i < count; ++i)
        if (!std::isnan(along[i])) {
          along[there_is] = along[i];
          across[there_is++] = across[i];
        }
      along.resize(there_is);
      across.resize(there_is);
    }
    for (std::size_t i = 0; i < along.size(); ++i)
      across[i] = std::max(0.0, across[i] - along[i] * along[i]);
  }
  std::vector<double> along, across; ///< u_L and |u_T|^2
};

} // namespace

std::vector<Index3> lag_directions(int dimensions, bool many) {
  std::vector<Index3> all;
  const Index reach = many ? 3 : 1;
  const auto bound = [&](int axis) { return axis < 3 - dimensions ? 0 : reach; };
  for (Index i = -bound(0); i <= bound(0); ++i)
    for (Index j = -bound(1); j <= bound(1); ++j)
      for (Index k = -bound(2); k <= bound(2); ++k) {
        const bool forward = i > 0 || (i == 0 && (j > 0 || (j == 0 && k > 0)));
        std::array<Index, 3> size{std::abs(i), std::abs(j), std::abs(k)};
        std::sort(size.begin(), size.end());
        const bool plain = size[2] == 1 || (size[2] == 2 && size[1] >= 1 && !(size[1] == 2 && size[0] != 1)) ||
                           (size[2] == 3 && size[1] == 1);
        if (forward && plain)
          all.push_back({i, j, k});
      }
  return all;
}

std::vector<double> directional_separations(const core::Domain& domain, bool many) {
  std::vector<double> lengths;
  for (const DirectedLag& lag : lags_of(domain, many))
    if (lag.row == lengths.size())
      lengths.push_back(lag.length);
  return lengths;
}

PairTables directional_structure_functions(const core::RealField& field, const core::Communicator& communicator,
                                           const std::vector<double>& orders, bool many, bool holes) {
  const core::Domain& domain = field.domain();
  const bool vector = field.components() > 1;
  if (vector && field.components() != domain.dimensions())
    throw core::Error(core::ExitCode::internal_failure,
                      "increments are defined for scalars and for vectors with one component an axis");
  const std::vector<DirectedLag> lags = lags_of(domain, many);
  const std::vector<double> x = directional_separations(domain, many);
  const GridBlocks blocks(domain);
  const PowerSums powers(orders);
  const std::size_t kinds = vector ? 2 : 1, block_count = static_cast<std::size_t>(blocks.count());
  std::vector<ExactSum> sums(kinds * orders.size() * x.size() * block_count);
  std::vector<double> pairs(x.size() * block_count, 0.0);
  const auto place = [&](std::size_t kind, std::size_t order, std::size_t row, std::size_t block) {
    return ((kind * orders.size() + order) * x.size() + row) * block_count + block;
  };
  ShiftedBox box(field, communicator);
  std::vector<const double*> here(static_cast<std::size_t>(field.components())), there = here;
  Increments increments;
  std::vector<double> partial(orders.size());
  for (const DirectedLag& directed : lags) {
    const Lag& lag = directed.lag;
    std::array<double, 3> direction{1, 0, 0}; // a scalar's increment is its own
    for (int c = 0; c < field.components() && vector; ++c) {
      const int axis = domain.first_axis() + c;
      direction[static_cast<std::size_t>(c)] =
          domain.spacing(axis) * static_cast<double>(lag[static_cast<std::size_t>(axis)]) / directed.length;
    }
    box.for_each_line(lag, here, there, [&](Index i, Index j, Index begin, Index end, Index shift) {
      const int a = blocks.containing(0, i), b = blocks.containing(1, j);
      for (int c = 0; c < blocks.per_side(2); ++c) {
        const core::Range part = blocks.along(2, c);
        const Index first = std::max(begin, part.begin), last = std::min(end, part.end);
        if (first >= last)
          continue;
        increments.make(here, there, direction, first, last, shift, holes);
        const auto block = static_cast<std::size_t>(blocks.number(a, b, c));
        for (std::size_t kind = 0; kind < kinds; ++kind) {
          std::fill(partial.begin(), partial.end(), 0.0);
          if (kind == 0)
            powers.add(increments.along, partial);
          else
            powers.add_squares(increments.across, partial);
          for (std::size_t p = 0; p < orders.size(); ++p)
            sums[place(kind, p, directed.row, block)].add(partial[p]);
        }
        pairs[directed.row * block_count + block] += static_cast<double>(increments.along.size());
      }
    });
  }
  communicator.sum(std::span<ExactSum>(sums));
  std::vector<std::int64_t> counts(pairs.begin(), pairs.end());
  communicator.sum(std::span<std::int64_t>(counts));
  PairTables result{vector ? std::vector<std::string>{"longitudinal", "transverse"} : std::vector<std::string>{""}, {}};
  result.tables.resize(kinds);
  for (std::size_t kind = 0; kind < kinds; ++kind)
    for (std::size_t p = 0; p < orders.size(); ++p) {
      BlockTable table{x, {}, {}, std::vector<double>(x.size(), 0.0)};
      const double factor = kind == 1 ? mean_absolute_power_across(domain.dimensions(), orders[p]) : 1;
      for (std::size_t block = 0; block < block_count; ++block) {
        auto& sum = table.sum.emplace_back(x.size());
        auto& weight = table.weight.emplace_back(x.size());
        for (std::size_t row = 0; row < x.size(); ++row) {
          sum[row] = factor * sums[place(kind, p, row, block)].value();
          weight[row] = static_cast<double>(counts[row * block_count + block]);
          table.count[row] += weight[row];
        }
      }
      result.tables[kind].push_back(std::move(table));
    }
  return result;
}

core::MemoryParts directional_memory(const core::Decomposition& decomposition, int components, std::size_t orders,
                                     bool many) {
  const core::Domain& domain = decomposition.domain();
  const double sums = pair_kinds(components) * static_cast<double>(orders) * GridBlocks(domain).count() *
                      static_cast<double>(directional_separations(domain, many).size());
  return core::together({{"exact sums of pairs", sums * sizeof(ExactSum)}},
                        ShiftedBox::memory(decomposition, components));
}

} // namespace cascade::analysis
