#pragma once
// A scaling law on a table of losses, answered: the fit, whether it describes the table, and how sure each number is.

#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/loss_residuals.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

/// How far a fit can be believed. not_identified: an end of an interval is open, or E's is zero: alpha and E cannot
/// both be read off the table. pinned: an exponent stands on a wall of the box, or its term rests on one row or two
/// (rests_on_few_rows): E is then the mean of the others, and its interval that of another law; nothing is decided.
/// not_described: the residuals contradict the law; the intervals are widened, and are no
/// 95% of anything. failed: the search has not converged.
enum class LossStatus { good, not_identified, pinned, not_described, failed };

struct LossEstimate {
  LossInterval interval;
  Interval quoted{}; ///< one of the two, see LossAnswer::few
  /// The longer side of the quoted interval over Student's 97.5% point: value +- that many errors holds the interval,
  /// and on a profile without skew it is the standard error. NaN when an end is open.
  double error = 0;
};

struct LossAnswer {
  LossFit fit;
  LossDescription description;
  std::vector<LossEstimate> estimates; ///< in the order of LossProblem::quantities()
  LossStatus status = LossStatus::good;
  /// Least squares with fewer than four points a parameter cannot tell the points' own scatter: intervals for residuals
  /// of equal size are quoted, otherwise those for any size.
  bool few = false;

  const LossEstimate& of(const std::string& quantity) const; ///< throws std::out_of_range
};

/// As fit_losses(); all of it.
LossAnswer answer_losses(const LossTable& table, LossModel model, const LossFitOptions& options);

} // namespace cascade::analysis
