#include "analysis/losses/loss_answer.hpp"

#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_search.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cascade::analysis {
namespace {

/// A ridge has a short side and a long one; the mean of both reads as a rejection of what the long one holds.
double error_of(double value, const Interval& quoted, double student) {
  const double below = value - quoted[0], above = quoted[1] - value;
  if (!std::isfinite(below) || !std::isfinite(above))
    return std::numeric_limits<double>::quiet_NaN();
  return std::max(below, above) / student;
}

bool open_ended(const LossEstimate& e) {
  return !std::isfinite(e.error) || (e.interval.name == "E" && e.quoted[0] <= 0);
}

} // namespace

const LossEstimate& LossAnswer::of(const std::string& quantity) const {
  for (const LossEstimate& e : estimates)
    if (e.interval.name == quantity)
      return e;
  throw std::out_of_range("no quantity " + quantity);
}

LossAnswer answer_losses(const LossTable& table, LossModel model, const LossFitOptions& options) {
  const LossProblem problem(table, model);
  LossAnswer out;
  out.fit = fit_losses(table, model, options);
  out.description = describe_residuals(problem, out.fit);
  const std::vector<LossInterval> intervals = profile_intervals(table, out.fit, {0, out.description.inflation});
  const auto p = static_cast<std::size_t>(problem.variables());
  const double student = gsl_cdf_tdist_Pinv(0.975, static_cast<double>(table.size() - p));
  out.few = table.size() < 4 * p && penalty_of(options).squares();
  for (const LossInterval& interval : intervals) {
    const Interval& quoted = out.few ? interval.equal : interval.any;
    out.estimates.push_back({interval, quoted, error_of(interval.value, quoted, student)});
  }
  if (!out.fit.converged)
    out.status = LossStatus::failed;
  else if (!out.description.described())
    out.status = LossStatus::not_described;
  else if (rests_on_few_rows(problem, out.fit.at, options))
    out.status = LossStatus::pinned;
  else if (std::any_of(out.estimates.begin(), out.estimates.end(), open_ended))
    out.status = LossStatus::not_identified;
  return out;
}

} // namespace cascade::analysis
