#pragma once
// The dimension of a set from the boxes that meet it.

#include "analysis/fit/exponent.hpp"
#include "analysis/sums/block_table.hpp"

namespace cascade::analysis {

/// d of N(s) = A s^-d (1 + c s/S), S the largest side of the window: the correction is what the ends of a set add (a
/// line of length L meets L/s + 1 boxes, a plane piece has boxes along its border). log N by least squares with weights
/// N: the boxes of a side are placed against the set as good as anyhow, so that their number scatters as a number does,
/// while the jackknife over blocks of space sees a set that is not spread evenly. c in [-1/2, 4], 0 with fewer than
/// five sides. Errors: jackknife over the table's blocks; the spread between this, c = 0 where that is as good, c of a
/// set that ends as a box does where there are five sides or fewer and d is above two and no whole number (the ripple
/// of a set of ratio three may hide its ends), and the window without its first or last side; and what the residuals
/// leave open of a slope (a set of another ratio than two ripples); and one box at its border. Counts that leave the
/// curve by more than 15% (root mean square) are those of no dimension: failed. Throws NoFit for a range of fewer
/// octaves than asked for, two or three.
ExponentFit fit_set_dimension(const BlockTable& table, double lowest_x, double highest_x,
                              double octaves = fewest_octaves);

} // namespace cascade::analysis
