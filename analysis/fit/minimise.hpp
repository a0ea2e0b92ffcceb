#pragma once
// The minimum of a function of one variable: scanned, then closed in on.

#include <functional>

namespace cascade::analysis {

struct LineMinimum {
  double at = 0, value = 0;
  bool on_bound = false; ///< as far as it may go: the number is the bound's, not the function's
};

/// Where to look: [low, high] first, in `scan` steps, so that a second minimum is not mistaken for the answer; where
/// the best point is an end, on to the next interval of this length, up to the bounds.
struct Search {
  double low = 0, high = 1;
  int scan = 24;
  double tolerance = 1e-7;
  double least = -1e6, most = 1e6; ///< bounds
};

/// Parabolas through the best three points, golden sections where these do not help (R. P. Brent, Algorithms for
/// Minimization without Derivatives, 1973, chapter 5). Infinite values are allowed. Local.
LineMinimum minimise(const std::function<double(double)>& function, const Search& search);

} // namespace cascade::analysis
