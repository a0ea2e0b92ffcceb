#pragma once
// What follows from a fitted law: where the data sit, what the next factor of two costs, whether it predicts.

#include "analysis/losses/loss_fit.hpp"

#include <optional>
#include <vector>

namespace cascade::analysis {

/// Slope -d log L/d log x of a straight line through neighbouring points.
struct LocalSlope {
  double x = 0; ///< geometric mean of the points
  double exponent = 0, standard_error = 0;
  int points = 0;
  Interval interval() const; ///< 95%, Student's t with points - 2 degrees of freedom
};

struct Outlook {
  std::vector<LocalSlope> slopes;              ///< over windows of neighbouring points, in x; second term taken off
  LocalSlope running, corrected;               ///< at the largest x: of L, and of L - E - B/z^beta
  double largest_x = 0, critical_x = 0;        ///< N_crit = (A/E)^(1/alpha), infinite for E = 0
  double law_running = 0;                      ///< alpha (A/x^alpha)/L at the largest x
  double halve_reducible = 0, halve_total = 0; ///< factors in x from the largest, infinite where it cannot be
  double optimal_share = 0, optimal_exponent = 0, optimal_halving = 0; ///< NaN for one variable
};

/// Windows hold max(4, n/6) points, those of equal x kept together; the last one is the end of the data.
Outlook outlook(const LossTable& table, const LossFit& fit);

/// The points of largest x, predicted by a fit to the others: mean and rms of log(L/prediction); `scatter` is the rms
/// of the same over the points fitted.
struct HeldOut {
  int points = 0;
  double mean = 0, rms = 0, scatter = 0;
};
/// Nothing when too few points are left to fit.
std::optional<HeldOut> predict_held_out(const LossTable& table, const LossFit& fit, double share);

} // namespace cascade::analysis
