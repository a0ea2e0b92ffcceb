#pragma once
// Point evaluation of a cascade: all points of a batch go down the tree together, level by level.

#include "solvers/cascade/tree.hpp"

namespace cascade::solvers {

/// What evaluate_cell() works with: a descent asks for a few dozen points at a time, for which allocating takes long.
struct CellScratch {
  std::vector<core::Coordinate> axis, point; ///< coordinates of the lattice along each axis; of one point
  std::vector<std::size_t> place;            ///< of that point on the lattice
  std::vector<double> profile, line, below;
};

/// The cascade as a PointField: no grid, no memory; cost is one Philox call per alive level and point.
class CascadePoints final : public core::PointField {
public:
  explicit CascadePoints(CascadeRules rules) : rules_(std::move(rules)) {}
  int dimensions() const override { return rules_.dimensions; }
  void evaluate(std::span<const core::Coordinate> points, std::span<double> values) const override;
  void evaluate_lattice(std::span<const core::Coordinate> corner, int level, int m,
                        std::span<const core::Coordinate> offset, std::span<double> values) const override;
  void evaluate_cell(std::span<const core::Coordinate> corner, int level, int m,
                     std::span<const core::Coordinate> offset, std::span<double> values,
                     std::span<const core::Coordinate> points, std::span<double> at_points) const override;
  std::shared_ptr<const core::PointField> cut(int levels) const override;

private:
  void add_below(const core::Block& key, double path, int level, std::span<const core::Coordinate> points,
                 CellScratch& scratch, std::span<double> values, std::span<double> at_points) const;

  CascadeRules rules_;
};

/// Walks a batch of points (SoA coordinates) down the tree; the building block of evaluate() and depth_at().
class PointBatch {
public:
  static constexpr int capacity = 128;
  explicit PointBatch(const CascadeRules& rules);
  /// Puts a point into the batch with the key of the cell that holds it and the product of the random factors on the
  /// path there; `slot` names it for the caller.
  void push(const core::Coordinate* point, std::size_t stride, const core::Block& key, double path, int slot);
  int size() const { return count_; }
  void clear() { count_ = 0; }
  /// Adds the level's eddy to values[slot] for every point in the batch.
  void add_eddies(int level, double* values);
  /// Replaces each point's key by that of its child cell of level + 1 and drops the points whose child is dead.
  void descend(int level);
  const int* slots() const { return slot_; }

private:
  const CascadeRules& rules_;
  std::vector<core::Coordinate> x_; // [axis][capacity]
  alignas(64) std::uint32_t c0_[capacity], c1_[capacity], c2_[capacity], c3_[capacity];
  alignas(64) std::uint32_t low_[capacity], high_[capacity];
  alignas(64) double product_[capacity], path_[capacity];
  int slot_[capacity];
  int count_ = 0;
};

} // namespace cascade::solvers
