#include "app/learning/dimension_reading.hpp"

#include "analysis/neighbours/space_blocks.hpp"
#include "solvers/manifold/cloud.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

constexpr std::int64_t most_known_points = 4096, most_known_dimension = 64;

} // namespace

std::vector<DimensionReading> read_dimensions(const DimensionSection& s, const core::PointCloud& cloud,
                                              const analysis::Neighbours& near, const std::vector<int>& parts,
                                              const core::Communicator& ranks) {
  std::vector<DimensionReading> out;
  if (s.wants("two_nn"))
    out.push_back({"two_nn", analysis::two_nn(near, parts)});
  if (s.wants("two_nn_ml"))
    out.push_back({"two_nn_ml", analysis::two_nn_ml(near, parts)});
  if (s.wants("mle"))
    for (const std::int64_t k : s.neighbours)
      if (k <= near.k)
        out.push_back({"mle", analysis::levina_bickel(near, k, parts)});
  if (s.wants("correlation") && near.k >= analysis::correlation_outer)
    out.push_back({"correlation", analysis::correlation_dimension(cloud, near, parts, ranks)});
  if (s.wants("gride"))
    for (std::int64_t m = 1; 2 * m <= std::min(s.gride_neighbours, near.k); m *= 2)
      out.push_back({"gride", analysis::gride(near, m, parts)});
  return out;
}

std::vector<double> relative_biases(const DimensionSection& section, double d, std::int64_t n, std::uint64_t seed,
                                    const core::Communicator& ranks) {
  solvers::ManifoldParameters p;
  p.dimension = std::clamp<std::int64_t>(std::llround(d), 1, most_known_dimension);
  p.points = std::min(n, most_known_points);
  const auto known = static_cast<double>(*p.dimension);
  const double thinner = std::pow(static_cast<double>(n) / static_cast<double>(p.points), -1 / known);
  std::vector<double> worst;
  for (const char* const set : {"sphere", "cube"}) {
    p.manifold = set;
    const core::PointCloud cloud = solvers::make_cloud(p, seed, {p.points, 0, 0, false}, ranks);
    const std::int64_t k = std::min(section.most_neighbours(), cloud.size() - 1);
    const analysis::Neighbours near = analysis::nearest(cloud, cloud, k, true, ranks);
    const std::vector<DimensionReading> readings =
        read_dimensions(section, cloud, near, analysis::space_blocks(cloud, 1), ranks);
    worst.resize(readings.size());
    for (std::size_t i = 0; i < readings.size(); ++i)
      worst[i] = std::max(worst[i], std::abs(readings[i].estimate.value / known - 1) * thinner);
  }
  return worst;
}

} // namespace cascade::app
