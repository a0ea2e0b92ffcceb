#include "analysis/approximation/sampled_cells.hpp"

#include "analysis/approximation/lattice_fit.hpp"
#include "analysis/sums/absolute_power.hpp"
#include "analysis/sums/tree_descent.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::Coordinate;

constexpr std::int64_t chunk = 16;
constexpr DrawPurpose cell_draws{2};

/// Where each sum lives among the observables: [degree][power] volume, then active, then four weights and counts.
struct Layout {
  std::size_t degrees, powers;
  std::size_t volume(std::size_t k, std::size_t q) const { return k * powers + q; }
  std::size_t active(std::size_t k, std::size_t q) const { return (degrees + k) * powers + q; }
  std::size_t active_weight() const { return 2 * degrees * powers; }
  std::size_t cells() const { return active_weight() + 1; }
  std::size_t volume_count() const { return active_weight() + 2; }
  std::size_t active_count() const { return active_weight() + 3; }
  std::size_t size() const { return active_weight() + 4; }
};

/// Measures one cell after another; owns the buffers.
class CellMeter {
public:
  CellMeter(const core::PointSample& sample, int dimensions, const SampledCellSettings& settings, const Layout& layout)
      : sample_(sample), settings_(settings), layout_(layout), powers_(settings.loss_powers),
        fit_(dimensions, settings.lattice, *std::max_element(settings.degrees.begin(), settings.degrees.end())),
        dimensions_(static_cast<std::size_t>(dimensions)), offset_(dimensions_), axis_(dimensions_ * side()),
        values_(fit_.points()), active_(fit_.points(), 1), moment_(settings.loss_powers.size()) {}

  /// A cell of side 2^-scale through `place`; `alive`: the place is in an alive cell of that level.
  void measure(const Place& place, int scale, bool alive, double count_weight, DrawStream& stream, ChunkSums& sums) {
    if (place.weight == 0)
      return;
    corner_.resize(dimensions_);
    if (settings_.random_origin || place.level < scale)
      random_point(place.corner, place.level, stream, corner_.data());
    else
      corner_ = place.corner;
    for (Coordinate& c : corner_)
      if (settings_.random_origin)
        c -= stream.wide() >> scale;
      else
        c &= ~Coordinate{0} << (64 - scale);
    for (Coordinate& o : offset_)
      o = stream.wide();
    sample_.field->evaluate_lattice(corner_, scale, settings_.lattice, offset_, values_);
    double alive_points = static_cast<double>(values_.size());
    if (alive && settings_.random_origin)
      alive_points = mark_alive(scale);
    add_losses(place.weight, scale, alive, alive_points, sums);
    sums.at(layout_.volume_count(), scale) += 1;
    if (!alive)
      return;
    // Every alive point of a piece is an equally likely way to it: 1/fraction undoes the multiple counting.
    const double pieces = static_cast<double>(values_.size()) / std::max(alive_points, 1.0);
    sums.at(layout_.cells(), scale) += count_weight * pieces;
    sums.at(layout_.active_count(), scale) += 1;
    if (alive_points > 0)
      sums.at(layout_.active_weight(), scale) += place.weight;
  }

private:
  std::size_t side() const { return static_cast<std::size_t>(settings_.lattice); }

  double mark_alive(int scale) {
    core::lattice_coordinates(corner_, scale, settings_.lattice, offset_, axis_);
    points_.resize(values_.size() * dimensions_);
    for (std::size_t n = 0; n < values_.size(); ++n) {
      std::size_t rest = n;
      for (std::size_t a = dimensions_; a-- > 0; rest /= side())
        points_[n * dimensions_ + a] = axis_[a * side() + rest % side()];
    }
    depth_.resize(values_.size());
    sample_.tree->depth_at(points_, scale + 1, depth_);
    double total = 0;
    for (std::size_t n = 0; n < depth_.size(); ++n) {
      active_[n] = depth_[n] > scale ? 1 : 0;
      total += active_[n];
    }
    return total;
  }

  void add_losses(double weight, int scale, bool alive, double alive_points, ChunkSums& sums) {
    const auto all = static_cast<double>(values_.size());
    int degree = -1;
    for (std::size_t k = 0; k < layout_.degrees; ++k) {
      while (degree < settings_.degrees[k])
        fit_.subtract_degree(++degree, values_);
      std::vector<double>&everywhere = everywhere_, &on_active = on_active_;
      everywhere.assign(layout_.powers, 0.0);
      on_active.assign(layout_.powers, 0.0);
      for (std::size_t n = 0; n < values_.size(); ++n) {
        powers_.raise(std::abs(values_[n]), moment_.data());
        for (std::size_t q = 0; q < layout_.powers; ++q) {
          everywhere[q] += moment_[q];
          on_active[q] += active_[n] * moment_[q];
        }
      }
      for (std::size_t q = 0; q < layout_.powers; ++q) {
        sums.at(layout_.volume(k, q), scale) += weight * everywhere[q] / all;
        if (alive && alive_points > 0)
          sums.at(layout_.active(k, q), scale) += weight * on_active[q] / alive_points;
      }
    }
  }

  const core::PointSample& sample_;
  const SampledCellSettings& settings_;
  const Layout& layout_;
  PowerList powers_;
  LatticeFit fit_;
  std::size_t dimensions_;
  std::vector<Coordinate> corner_, offset_, axis_, points_;
  std::vector<double> values_, active_, moment_, everywhere_, on_active_;
  std::vector<int> depth_;
};

} // namespace

SampledLosses sampled_losses(const core::PointSource& source, int dimensions, const SampledCellSettings& settings,
                             const SamplingPlan& plan, const core::Communicator& communicator,
                             const std::function<void(double)>& advance) {
  const Layout layout{settings.degrees.size(), settings.loss_powers.size()};
  const ChunkKernel kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    const core::PointSample sample = source(tree);
    TreeDescent walk(*sample.tree);
    CellMeter meter(sample, dimensions, settings, layout);
    for (std::int64_t draw = first; draw < last; ++draw) {
      DrawStream stream(plan.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw), cell_draws);
      walk.walk(stream, plan.scales);
      for (int j = 1; j <= plan.scales; ++j) {
        const double count = j <= walk.reached() ? walk.node(j).count_weight : 0;
        meter.measure(alive_place(walk, j), j, true, count, stream, sums);
        meter.measure(dead_place(walk, j, stream), j, false, 0, stream, sums);
      }
    }
  };
  const TreeSums sums = sum_over_draws(plan, layout.size(), chunk, communicator, kernel, advance);
  SampledLosses result;
  const auto draws = static_cast<double>(plan.draws);
  for (std::size_t k = 0; k < layout.degrees; ++k) {
    auto& volume = result.volume.emplace_back();
    auto& active = result.active.emplace_back();
    for (std::size_t q = 0; q < layout.powers; ++q) {
      volume.push_back(sums.table_per_draw(layout.volume(k, q), draws, layout.volume_count()));
      active.push_back(sums.table(layout.active(k, q), layout.active_weight(), layout.active_count()));
    }
  }
  result.cells = sums.table_per_draw(layout.cells(), draws, layout.active_count());
  return result;
}

core::MemoryParts sampled_cells_memory(int dimensions, const SampledCellSettings& settings, int trees, int scales) {
  constexpr double number = sizeof(double), values_alive_and_line = 3 * number;
  const int degree = *std::max_element(settings.degrees.begin(), settings.degrees.end());
  const double points = std::pow(settings.lattice, dimensions);
  const Layout layout{settings.degrees.size(), settings.loss_powers.size()};
  core::MemoryParts parts{
      {"values on the lattice of a cell", points * values_alive_and_line},
      {"polynomials on the lattice of a cell", points * number * LatticeFit::terms(dimensions, degree)}};
  if (settings.random_origin)
    parts.push_back({"places of the lattice of a cell", points * (dimensions * sizeof(Coordinate) + sizeof(int))});
  return core::together(std::move(parts),
                        core::together(draw_memory(trees, scales, layout.size()), TreeDescent::memory(dimensions)));
}

} // namespace cascade::analysis
