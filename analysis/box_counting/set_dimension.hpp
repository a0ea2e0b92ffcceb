#pragma once
// The dimension of a set from the boxes that meet it.

#include "analysis/fit/exponent.hpp"
#include "analysis/sums/block_table.hpp"

namespace cascade::analysis {

/// d of N(s) = A s^-d (1 + c s/S), S the largest side of the window: the correction is what the ends of a set add (a
/// line of length L meets L/s + 1 boxes, a plane piece has boxes along its border). log N by least squares with weights
/// sqrt(N): small boxes are counted best and large ones show the ends best. c in [-1/2, 4]. Errors: jackknife over the
/// table's blocks; half the spread between this, ends of another power, (1 + c (s/S)^g) with g = .8 and 1.25 (the faces
/// of a Menger sponge have dimension ln 8/ln 3, g = .83; the ends of a Koch curve are points, g = 1.26), and the window
/// without its first or its last octave; what the residuals leave open of a slope, as of one side an octave; and one
/// box at its border. Counts that leave the curve by more than 15% (root mean square) are those of no dimension:
/// failed. Throws NoFit for a range of fewer octaves than asked for, two or three. `table`: sides four an octave, from
/// boxes anywhere (count_boxes_anywhere): with sides a factor two apart the steps of a set of ratio three hide its
/// ends.
ExponentFit fit_set_dimension(const BlockTable& table, double lowest_x, double highest_x,
                              double octaves = fewest_octaves);

} // namespace cascade::analysis
