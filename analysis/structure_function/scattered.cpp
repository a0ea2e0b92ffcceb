#include "analysis/structure_function/scattered.hpp"

#include "analysis/sums/absolute_power.hpp"
#include "analysis/sums/tree_descent.hpp"

#include <cmath>
#include <optional>

namespace cascade::analysis {
namespace {

using core::Coordinate;

constexpr std::int64_t draws_a_chunk = 16;
constexpr DrawPurpose scattered_pair_draws{4};

/// Both ends of a pair across a cell of side 2^-scale; along each axis the lower end is uniform in [0, 1 - s).
void draw_pair(int scale, std::size_t dimensions, DrawStream& stream, Coordinate* x) {
  const Coordinate side = Coordinate{1} << (64 - scale), room = ~side + 1;
  for (std::size_t a = 0; a < dimensions; ++a) {
    const auto low = static_cast<Coordinate>((static_cast<unsigned __int128>(stream.wide()) * room) >> 64);
    const bool up = (stream.bits() >> 31) != 0;
    x[a] = up ? low : low + side;
    x[dimensions + a] = up ? low + side : low;
  }
}

} // namespace

std::vector<BlockTable> scattered_structure_functions(const core::PointSource& source, int dimensions,
                                                      const std::vector<double>& orders, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance) {
  const PowerList powers(orders);
  const auto d = static_cast<std::size_t>(dimensions), scales = static_cast<std::size_t>(plan.scales);
  std::optional<int> built; // the chunks of a realisation come one after another: it is made once a rank
  core::PointSample sample;
  std::vector<Coordinate> points;
  std::vector<double> values, moments(orders.size());
  const ChunkKernel kernel = [&](int realisation, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    if (built != realisation) {
      sample = {}; // one at a time
      sample = source(realisation);
    }
    built = realisation;
    const auto draws = static_cast<std::size_t>(last - first);
    points.resize(draws * scales * 2 * d);
    values.resize(draws * scales * 2);
    Coordinate* next = points.data();
    for (std::int64_t draw = first; draw < last; ++draw) {
      DrawStream stream(plan.seed, static_cast<std::uint64_t>(realisation), static_cast<std::uint64_t>(draw),
                        scattered_pair_draws);
      for (int j = 1; j <= plan.scales; ++j, next += 2 * d)
        draw_pair(j, d, stream, next);
    }
    sample.field->evaluate(points, values);
    for (std::size_t i = 0; i < draws * scales; ++i) {
      const int j = static_cast<int>(i % scales) + 1;
      powers.raise(std::abs(values[2 * i + 1] - values[2 * i]), moments.data());
      for (std::size_t p = 0; p < moments.size(); ++p)
        sums.at(p, j) += moments[p];
      sums.at(moments.size(), j) += 1;
    }
  };
  const TreeSums sums = sum_over_draws(plan, orders.size() + 1, draws_a_chunk, communicator, kernel, advance);
  std::vector<BlockTable> result;
  for (std::size_t p = 0; p < orders.size(); ++p)
    result.push_back(sums.table(p, orders.size(), orders.size()));
  return result;
}

core::MemoryParts scattered_pairs_memory(int dimensions, std::size_t orders, int realisations, int scales) {
  constexpr double ends = 2;
  const double points = ends * scales * static_cast<double>(draws_a_chunk);
  return core::together({{"pairs of points", points * (dimensions * sizeof(Coordinate) + sizeof(double))}},
                        draw_memory(realisations, scales, orders + 1));
}

} // namespace cascade::analysis
