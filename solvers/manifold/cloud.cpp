#include "solvers/manifold/cloud.hpp"

#include "solvers/manifold/target.hpp"

#include <cmath>
#include <vector>

namespace cascade::solvers {
namespace {

constexpr core::Stream cloud_points{61};
constexpr core::Stream cloud_noise{62};
constexpr core::Stream cloud_embedding{63};
constexpr double test_margin = 0.05;

/// Columns of Q, one after the other: normal vectors of R^D, made orthonormal one by one, twice for roundoff.
std::vector<double> random_isometry(std::size_t from, std::size_t into, std::uint64_t seed) {
  const core::CounterRng rng(seed, cloud_embedding);
  std::vector<double> q(from * into);
  for (std::size_t c = 0; c < from; ++c) {
    double* column = q.data() + c * into;
    const PointDraw draw(rng, c);
    for (std::size_t a = 0; a < into; ++a)
      column[a] = draw.normal(static_cast<int>(a));
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t e = 0; e < c; ++e) {
        const double* earlier = q.data() + e * into;
        double dot = 0;
        for (std::size_t a = 0; a < into; ++a)
          dot += earlier[a] * column[a];
        for (std::size_t a = 0; a < into; ++a)
          column[a] -= dot * earlier[a];
      }
    double norm = 0;
    for (std::size_t a = 0; a < into; ++a)
      norm += column[a] * column[a];
    for (std::size_t a = 0; a < into; ++a)
      column[a] /= std::sqrt(norm);
  }
  return q;
}

std::uint64_t index_of(const CloudRequest& r, std::int64_t i) {
  return r.repeat << 44 | static_cast<std::uint64_t>(r.test) << 43 | static_cast<std::uint64_t>(i);
}

} // namespace

core::PointCloud make_cloud(const ManifoldParameters& p, std::uint64_t seed, const CloudRequest& request,
                            const core::Communicator& communicator) {
  const Manifold& set = p.set();
  const auto d = static_cast<std::size_t>(p.resolved_dimension());
  const auto own = static_cast<std::size_t>(set.embedding_of(p.resolved_dimension()));
  const auto D = static_cast<std::size_t>(p.resolved_embedding());
  const bool on_chart = set.chart == Manifold::Chart::chart || p.target.kind == "cascade";
  const bool border = set.chart == Manifold::Chart::chart;
  const std::vector<double> turn = p.embedding_dimension ? random_isometry(own, D, seed) : std::vector<double>();
  const auto target = make_target(p, static_cast<int>(on_chart ? d : own), seed, request.target);
  const std::int64_t first = request.points * communicator.rank() / communicator.size(),
                     last = request.points * (communicator.rank() + 1) / communicator.size();
  const core::CounterRng rng(seed, cloud_points), noise(seed, cloud_noise);
  std::vector<double> coordinates, x(own), u(d);
  if (target != nullptr)
    coordinates.reserve(static_cast<std::size_t>(last - first) * (on_chart ? d : own));
  core::PointCloud cloud;
  cloud.dimension = static_cast<std::int64_t>(D);
  const auto write = [&](std::span<double> points) {
    for (std::int64_t i = first; i < last; ++i) {
      set.map(PointDraw(rng, index_of(request, i), request.test && border ? test_margin : 0), x, u);
      if (target != nullptr)
        coordinates.insert(coordinates.end(), on_chart ? u.begin() : x.begin(), on_chart ? u.end() : x.end());
      const std::span<double> point = points.subspan(static_cast<std::size_t>(i - first) * D, D);
      if (turn.empty())
        std::copy(x.begin(), x.end(), point.begin());
      else
        std::fill(point.begin(), point.end(), 0.0);
      if (!turn.empty())
        for (std::size_t c = 0; c < own; ++c)
          for (std::size_t a = 0; a < D; ++a)
            point[a] += turn[c * D + a] * x[c];
      const PointDraw off(noise, index_of(request, i));
      if (p.noise > 0)
        for (std::size_t a = 0; a < D; ++a)
          point[a] += p.noise * off.normal(static_cast<int>(a) + 1);
    }
  };
  cloud.points = core::share_numbers((last - first) * cloud.dimension, communicator, write);
  if (target != nullptr) {
    std::vector<double> values(static_cast<std::size_t>(last - first));
    target->evaluate(coordinates, values);
    if (p.target.noise > 0 && !request.test)
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] +=
            p.target.noise * PointDraw(noise, index_of(request, first + static_cast<std::int64_t>(i))).normal(0);
    cloud.target = communicator.gather_all(values);
  }
  return cloud;
}

} // namespace cascade::solvers
