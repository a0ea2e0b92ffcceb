#include "analysis/structure_function/tilted.hpp"

#include "analysis/sums/absolute_power.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

namespace cascade::analysis {
namespace {

constexpr int levels_below = 12; // of the pair's own, at the most
constexpr std::int64_t tilted_chunk = 64;
constexpr std::size_t ends = 2;

} // namespace

std::vector<double> tilts_for(const std::vector<double>& orders) {
  const double highest = *std::max_element(orders.begin(), orders.end());
  return {0, highest / 3, 2 * highest / 3, highest};
}

std::vector<BlockTable> tilted_structure_functions(const core::PointSource& source, int dimensions,
                                                   const std::vector<double>& orders, const SamplingPlan& plan,
                                                   const core::Communicator& communicator,
                                                   const std::function<void(double)>& advance) {
  const PowerList powers(orders);
  const std::vector<double> tilts = tilts_for(orders);
  const auto d = static_cast<std::size_t>(dimensions);
  const std::size_t pairs = orders.size();
  const ChunkKernel kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    const auto paths = source(tree).tilted(tilts);
    const int finest = paths->depth() - 1;
    std::vector<core::Coordinate> points(ends * d);
    std::vector<double> values(ends), ratios, moments(orders.size());
    for (std::int64_t draw = first; draw < last; ++draw) {
      DrawStream stream(plan.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw), tilted_draws);
      const auto tilt = static_cast<std::size_t>(draw) % tilts.size();
      for (int j = 1; j <= plan.scales; ++j) {
        for (std::size_t a = 0; a < d; ++a)
          points[d + a] = points[a] = stream.wide();
        points[d + stream.below(static_cast<std::uint32_t>(dimensions))] += core::Coordinate{1} << (64 - j);
        const std::size_t guide = stream.below(ends);
        const int first_level = std::min(j, finest), deepest = std::min(j + levels_below, finest);
        const int below = std::min(std::countl_zero(stream.bits()), deepest - first_level);
        const auto row = static_cast<std::size_t>(deepest) + 1;
        ratios.resize(ends * tilts.size() * row);
        paths->evaluate(static_cast<std::uint64_t>(draw) << 8 | static_cast<std::uint64_t>(j), tilt,
                        std::span<const core::Coordinate>(&points[guide * d], d), first_level + below, deepest, points,
                        values, ratios);
        double likelihood = 0;
        for (std::size_t end_and_tilt = 0; end_and_tilt < ends * tilts.size(); ++end_and_tilt)
          for (int i = 0; i <= deepest - first_level; ++i)
            likelihood += std::exp2(i < deepest - first_level ? -i - 1 : -i) *
                          ratios[end_and_tilt * row + static_cast<std::size_t>(first_level + i)];
        likelihood /= static_cast<double>(ends * tilts.size());
        powers.raise(std::abs(values[1] - values[0]), moments.data());
        for (std::size_t p = 0; p < moments.size(); ++p)
          sums.at(p, j) += moments[p] / likelihood;
        sums.at(pairs, j) += 1;
      }
    }
  };
  const TreeSums sums = sum_over_draws(plan, pairs + 1, tilted_chunk, communicator, kernel, advance);
  std::vector<BlockTable> tables;
  for (std::size_t p = 0; p < orders.size(); ++p)
    tables.push_back(sums.table_per_draw(p, static_cast<double>(plan.draws), pairs));
  return tables;
}

} // namespace cascade::analysis
