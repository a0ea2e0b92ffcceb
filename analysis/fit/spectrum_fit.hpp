#pragma once
// The slope of an energy spectrum.

#include "analysis/fit/exponent.hpp"
#include "analysis/sums/block_table.hpp"

#include <vector>

namespace cascade::analysis {

/// Slope of log E(k) against log k over lowest_k <= k <= highest_k, points weighted by their relative errors; shells
/// without energy (below 1e-13 of the largest) do not count. Statistical error from the realisations where there are
/// two or more, else from the points' own errors; systematic part: half the spread over the lower and the upper half of
/// the window. A line that does not describe the shells is dealt with as in fit_exponent(). No correction is fitted and
/// an octave has many shells: throws NoFit below four of them or two octaves.
ExponentFit fit_spectrum(const BlockTable& spectrum, const std::vector<double>& standard_error, double lowest_k,
                         double highest_k);

} // namespace cascade::analysis
