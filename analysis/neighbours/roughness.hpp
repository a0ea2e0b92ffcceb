#pragma once
// Roughness of what is to be learned, from differences between neighbours.

#include "analysis/fit/exponent.hpp"
#include "analysis/neighbours/neighbours.hpp"
#include "analysis/sums/block_table.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace cascade::analysis {

/// Mean |f(x) - f(y)|^p over pairs, row by row, against how far apart the pairs of a row are. That of a target of
/// roughness h is C <r^(p h)>: which mean of their distances stands for them depends on h (the mean of r^2 for nearest
/// neighbours on a line is twice the square of the mean).
struct PairTable {
  static constexpr std::size_t means = 8;
  BlockTable table;                                   ///< x: mean distances
  std::vector<std::array<double, means>> distances{}; ///< [row][k]: <r^a>^(1/a), a = p (k + 1)/8
  /// Against <r^(p h)>^(1/(p h)), between those means in ln x, h from 1/8 to 1; rows in the order of these.
  BlockTable at(double hurst) const;
};

/// Row by row the 1st, 2nd, 4th, 8th and 16th neighbour in the whole cloud, then the 1st among the first n/32, n/64,
/// ... points of it, down to `fewest_base`. A block a part of the cloud (space_blocks). Distances are those in R^D,
/// which are those on the set where they are short. Collective.
PairTable neighbour_differences(const core::PointCloud& cloud, double order, const std::vector<int>& parts,
                                const core::Communicator& communicator);

/// The table with rows of larger distances below: pairs of a point and one drawn at random, `far_partners` for each,
/// by octaves of their distance from twice the table's largest on. What noise hides from neighbours shows there. Local.
PairTable with_far_pairs(const PairTable& near, const core::PointCloud& cloud, double order,
                         const std::vector<int>& parts, std::uint64_t seed);

/// S_p(r) = A r^(p h) + B r^p + P: h, and P, the noise floor (nugget), where the data ask for one.
struct RoughnessFit {
  ExponentFit hurst;
  double floor = 0, floor_error = 0; ///< P; zero where the curve needs none
  BlockTable table;                  ///< what was fitted: the given one, or the wider
  bool narrow = false; ///< fewer than three octaves of r: the exponent of a straight line, over all of them
};

/// Over three octaves of r and more: fit_exponent() with its window. Below, as in any cloud of high d, where even the
/// whole cloud spans little more than one: a straight line through all scales, with half the difference of its two
/// halves as systematic error, and B and P not told apart from it. For p = 2 once more with P, over the table that
/// `wider` gives (with_far_pairs), where noise hides the target from neighbours; that fit is kept where P stands 1.5
/// errors above zero, where it could be a third of what nearest neighbours differ by, and where without it nothing
/// grows with distance. All of it twice: against distances as for h = 1/2, then as for the h that this gave. Throws
/// NoFit: also where nothing grows, and where all differences are in one block, so that there is no error. Local.
RoughnessFit fit_roughness(const PairTable& pairs, double order, const std::function<PairTable()>& wider = {});

} // namespace cascade::analysis
