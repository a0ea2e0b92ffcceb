#pragma once
// The same law from other starts, other objectives, fewer rows: how much of an answer is a choice.

#include "analysis/losses/loss_fit.hpp"

#include <vector>

namespace cascade::analysis {

/// Where searches from a grid of exponents end.
struct StartEnds {
  int starts = 0, at_best = 0;
  bool other = false;          ///< some end in another place
  double best = 0, second = 0; ///< objectives of the best end and of the next other one
  LossParameters second_law;
};
/// Ends within 1e-4 of the best fit in every variable count as it. Local, deterministic.
StartEnds start_ends(const LossTable& table, const LossFit& fit);

/// The optimum of another objective, or of fewer rows, near a fit: from its optimum and from two more starts, the
/// lowest. `converged` says whether it was reached. Local, deterministic.
LossFit fit_near(const LossTable& table, const LossFit& near, const LossFitOptions& options);

} // namespace cascade::analysis
