#include "analysis/approximation/scattered_cells.hpp"

#include "analysis/approximation/scattered_fit.hpp"
#include "analysis/sums/absolute_power.hpp"
#include "analysis/sums/tree_descent.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace cascade::analysis {
namespace {

using core::Coordinate;

/// Where each sum lives among the observables.
struct ScatteredLayout {
  std::size_t degrees, powers;
  std::size_t loss(std::size_t k, std::size_t q) const { return k * powers + q; }
  std::size_t weight() const { return degrees * powers; }
  std::size_t count() const { return weight() + 1; }
  std::size_t size() const { return weight() + 2; }
};

/// Measures one cell after another; owns the buffers.
class ScatteredMeter {
public:
  ScatteredMeter(int dimensions, const ScatteredCellSettings& settings, const ScatteredLayout& layout)
      : settings_(settings), layout_(layout), powers_(settings.loss_powers),
        fit_(dimensions, *std::max_element(settings.degrees.begin(), settings.degrees.end()), settings.points),
        dimensions_(static_cast<std::size_t>(dimensions)), count_(static_cast<std::size_t>(settings.points)),
        points_(count_ * dimensions_), local_(points_.size()), values_(count_), errors_(count_),
        moment_(settings.loss_powers.size()) {}

  /// `evaluate` evaluates the field at the points it is given.
  template <class Evaluate>
  void measure(const std::vector<Coordinate>& corner, int scale, double weight, DrawStream& stream, ChunkSums& sums,
               const Evaluate& evaluate) {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const std::uint64_t position = stream.wide(); // in the cell, in units of 2^-64 of its side
      points_[i] = corner[i % dimensions_] + (position >> scale);
      local_[i] = static_cast<double>(static_cast<std::int64_t>(position >> 11)) * 0x1p-52 - 1;
    }
    evaluate(std::span<const Coordinate>(points_), std::span<double>(values_));
    fit_.set_points(local_);
    for (std::size_t k = 0; k < layout_.degrees; ++k) {
      fit_.errors(values_, settings_.degrees[k], errors_);
      std::vector<double> mean(layout_.powers, 0.0);
      for (const double e : errors_) {
        powers_.raise(std::abs(e), moment_.data());
        for (std::size_t q = 0; q < layout_.powers; ++q)
          mean[q] += moment_[q];
      }
      for (std::size_t q = 0; q < layout_.powers; ++q)
        sums.at(layout_.loss(k, q), scale) += weight * mean[q] / static_cast<double>(count_);
    }
    sums.at(layout_.weight(), scale) += weight;
    sums.at(layout_.count(), scale) += 1;
  }

private:
  const ScatteredCellSettings& settings_;
  const ScatteredLayout& layout_;
  PowerList powers_;
  ScatteredFit fit_;
  std::size_t dimensions_, count_;
  std::vector<Coordinate> points_;
  std::vector<double> local_, values_, errors_, moment_;
};

/// Corner of a uniformly drawn dyadic cell.
void draw_corner(int scale, DrawStream& stream, std::vector<Coordinate>& corner) {
  for (Coordinate& c : corner)
    c = stream.wide() & ~Coordinate{0} << (64 - scale);
}

} // namespace

std::vector<std::vector<BlockTable>> scattered_losses(const core::PointSource& source, int dimensions,
                                                      const ScatteredCellSettings& settings, const SamplingPlan& plan,
                                                      const core::Communicator& communicator,
                                                      const std::function<void(double)>& advance) {
  const ScatteredLayout layout{settings.degrees.size(), settings.loss_powers.size()};
  ScatteredMeter meter(dimensions, settings, layout);
  std::vector<Coordinate> corner(static_cast<std::size_t>(dimensions));
  std::optional<int> built; // the chunks of a realisation come one after another: it is made once a rank
  core::PointSample sample;
  const ChunkKernel kernel = [&](int realisation, std::int64_t first, std::int64_t last, ChunkSums& sums) {
    if (built != realisation) {
      sample = {}; // one at a time
      sample = source(realisation);
    }
    built = realisation;
    std::optional<TreeDescent> walk;
    if (sample.tree)
      walk.emplace(*sample.tree);
    for (std::int64_t draw = first; draw < last; ++draw) {
      const auto number = static_cast<std::uint64_t>(realisation);
      DrawStream stream(plan.seed, number, static_cast<std::uint64_t>(draw), scattered_cell_draws);
      if (walk)
        walk->walk(stream, plan.scales);
      for (int j = 1; j <= plan.scales; ++j) {
        double weight = 1;
        if (walk) {
          if (j > walk->reached())
            break;
          corner = walk->node(j).corner;
          weight = walk->node(j).volume_weight;
        } else {
          draw_corner(j, stream, corner);
        }
        meter.measure(corner, j, weight, stream, sums, [&](auto points, auto values) {
          if (sample.spine)
            sample.spine->evaluate_in_cell(number << 38 | static_cast<std::uint64_t>(draw) << 6 |
                                               static_cast<std::uint64_t>(j),
                                           corner, j, points, values);
          else
            sample.field->evaluate(points, values);
        });
      }
    }
  };
  const TreeSums sums = sum_over_draws(plan, layout.size(), scattered_descents.chunk, communicator, kernel, advance);
  std::vector<std::vector<BlockTable>> result(layout.degrees);
  for (std::size_t k = 0; k < layout.degrees; ++k)
    for (std::size_t q = 0; q < layout.powers; ++q)
      result[k].push_back(sums.table(layout.loss(k, q), layout.weight(), layout.count()));
  return result;
}

core::MemoryParts scattered_cells_memory(int dimensions, const ScatteredCellSettings& settings, int realisations,
                                         int scales) {
  constexpr double number = sizeof(double), values_and_errors = 4 * number;
  const int degree = *std::max_element(settings.degrees.begin(), settings.degrees.end());
  const auto terms = static_cast<double>(ScatteredFit::terms(dimensions, degree));
  const double points = settings.points;
  return core::together(
      {{"points of a cell", points * dimensions * (sizeof(Coordinate) + number)},
       {"values on a cell", points * values_and_errors},
       {"polynomials on a cell", 2 * points * terms * number}, // Eigen's triangular solver packs them once more
       {"products of the polynomials", terms * terms * number}},
      draw_memory(realisations, scales, ScatteredLayout{settings.degrees.size(), settings.loss_powers.size()}.size()));
}

} // namespace cascade::analysis
