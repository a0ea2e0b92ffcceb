#pragma once
// What error-driven refinement sees of a cell: values of the field on it, and nothing else.

#include "analysis/sums/tree_descent.hpp"
#include "core/points/point_sample.hpp"

#include <array>
#include <memory>
#include <vector>

namespace cascade::analysis {

/// How a field is refined.
struct DrivenSetting {
  int dimensions = 1;    ///< D, at most 3
  int degree = 0;        ///< of the least-squares polynomial, at most 2
  double loss_power = 2; ///< q
  bool active = false;   ///< cells weighted by the data on the active set, not by their volume
  int lattice = 4;       ///< m, points a side that the polynomial and the error are made from
  int test_points = 2;   ///< other points, from which the loss is taken
  int levels = 24;       ///< of the field
};

/// The lattice and test points that rare, strong cells need at this D, q and degree: with fewer the lattice misses
/// errors of a few cells and the loss has heavy tails.
void choose_lattice(DrivenSetting& setting);

/// A cell of the threshold tree.
struct DrivenCell {
  std::array<core::Coordinate, 3> corner{};
  int level = 0;
  core::Block key{}; ///< in the tree of alive cells; active averages only
  double weight = 1; ///< stands for so many cells
  double least = 0;  ///< ebar, the smallest error of the cell and its ancestors
  double loss = 0;   ///< E of the cell
};

/// Numbers of alive cells by level, so that a cell's share of the data can be told; counted by descent (22).
struct DrivenCounts {
  std::vector<double> cells; ///< [level]; empty: the volume counts
  int ahead = 0;             ///< g': the data of a cell are its alive descendants so many levels below
};
DrivenCounts count_for_data(const core::PointSource& source, const DrivenSetting& setting, std::uint64_t seed);

/// Pure functions of the cells of one realisation. With mu the share of a cell in the volume or the data, P the
/// polynomial of degree k least squares on m^D points of the cell (a lattice shifted within its step by a hash of the
/// cell), e = mu <|f - P|^q> over these points is the error seen; E = mu <|f - P|^q> over other points, uniform in the
/// cell, is the loss: unbiased given P, and independent of e. A cell sees eddies down to `below` levels under its own
/// level, where the field can be cut (PointField::cut); what is missing is the same factor of the loss at every level.
/// Aligned dyadic cells, or (shift) cells of a partition with another origin: these hold the data of every alive cell
/// g' levels finer that they touch, in proportion to the part of it that lies inside. Local, not thread-safe.
class DrivenCells {
public:
  static constexpr int below = 4;
  DrivenCells(const core::PointSample& sample, const DrivenSetting& setting, const DrivenCounts& counts,
              const core::Block& hash, const std::array<core::Coordinate, 3>& shift);

  DrivenCell root();
  /// Children that hold data, in the order of their index: all, over the volume.
  const std::vector<DrivenCell>& children(const DrivenCell& parent);
  /// Whether its children can be looked at: the field ends some levels below.
  bool can_be_split(const DrivenCell& cell) const { return cell.level < last_level_; }
  /// mu: 2^(-D level) over the volume, or the cell's part of the data.
  double share(const DrivenCell& cell);
  std::int64_t evaluations() const { return evaluations_; } ///< cells looked at

private:
  void look(DrivenCell& cell);
  double alive_below(const core::Block& key, int levels);
  double data_inside(const DrivenCell& cell, const core::Block& key, int level,
                     const std::array<core::Coordinate, 3>& corner);
  double power(double residual) const;

  const DrivenSetting setting_;
  const DrivenCounts& counts_;
  core::Block hash_;
  std::array<core::Coordinate, 3> shift_;
  bool moved_;                                                  ///< the partition's cells are not the tree's
  std::shared_ptr<const core::ActiveTree> tree_;                ///< active averages only
  std::vector<std::shared_ptr<const core::PointField>> fields_; ///< [level of a cell] as far as it sees
  int last_level_;
  std::vector<std::vector<double>> basis_;    ///< [term][point]
  std::vector<std::array<int, 3>> terms_;     ///< degree of each term along each axis
  std::array<std::array<double, 3>, 3> gram_; ///< [degree] coefficients in powers of (i - centre)
  std::vector<double> values_, residual_, at_test_;
  std::vector<core::Coordinate> test_;
  std::vector<DrivenCell> children_;
  std::vector<std::vector<core::Block>> keys_; ///< [levels of a recursion left], or of a moved partition [level]
  std::vector<std::vector<std::uint8_t>> alive_;
  std::int64_t evaluations_ = 0;
};

} // namespace cascade::analysis
