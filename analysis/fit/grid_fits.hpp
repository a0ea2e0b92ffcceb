#pragma once
// Fits for the few octaves of a grid.

#include "analysis/fit/exponent_fit.hpp"

#include <functional>
#include <optional>

namespace cascade::analysis {

/// Dimension of a set from its box counts N_l at dyadic sides: mean of log2(N_(l+1)/N_l) over the levels with sides
/// between lowest_x and highest_x, each weighted by the N_l boxes that had children to lose. (One tree's first levels
/// are few cells, whose luck a straight line through log N would take for a slope.) Systematic part: half the spread
/// when the finest or the coarsest level is left out. Levels that do not share one dimension (p < .01) widen it as in
/// fit_exponent(). Counts have no correction to be found: throws NoFit below three levels or two octaves of side.
ExponentFit fit_dimension(const BlockTable& cells, double lowest_x, double highest_x);

/// What the grid cannot show of an adaptive partition's loss; empty members: nothing known, nothing corrected.
struct MissingPart {
  /// P(block): variance below the grid scale, missing from the mean-square loss of every partition alike.
  std::function<double(std::optional<std::size_t> without)> variance;
  /// Other orders: tree of order 2 and, for cells from large to small, by which factor complete fields exceed the
  /// measured mean of order 2 and of the order at hand. 1 + P/L_2(N) is the first factor at N pieces; the second
  /// follows from it.
  const BlockTable *square_pieces = nullptr, *square_loss = nullptr;
  std::vector<double> square_completion, completion;
};

/// alpha of an adaptive partition from N(tau) and L(tau) over the thresholds with fewest <= N <= most. N pieces on a
/// set of counted dimension d have the typical side s = N^(-1/d); the completed loss is fitted by the power laws with
/// corrections of a volume mean (corrections.hpp: the eddies much larger than s are smooth on it), first model; alpha =
/// exponent/d. Systematic part: half the largest distance to the other models, to the straight line and to either half
/// of the window; where the model does not describe the curve, what that leaves open as in fit_exponent(). Throws NoFit
/// below six thresholds or three octaves of N.
ExponentFit fit_threshold_curve(const BlockTable& pieces, const BlockTable& loss, double fewest, double most,
                                const ExponentFit& dimension, const std::vector<PowerLawModel>& models,
                                const MissingPart& missing);

} // namespace cascade::analysis
