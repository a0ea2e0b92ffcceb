#pragma once
// What a fitted loss table looks like: sentences, tables and figures of study loss_table.

#include "analysis/losses/bootstrap.hpp"
#include "analysis/losses/loss_outlook.hpp"
#include "analysis/losses/loss_profile.hpp"
#include "analysis/losses/pedestal_test.hpp"
#include "app/report/page.hpp"
#include "app/scaling/loss_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// Everything about one objective.
struct LossRow {
  std::string objective;
  analysis::LossFit fit;
  analysis::Bootstrap resampled;         ///< empty when none was asked for
  std::vector<analysis::Interval> equal; ///< 95%, residuals of equal size, in the order of loss_quantities()
  std::vector<analysis::Interval> any;   ///< 95%, residuals of any size
  /// Least squares with fewer than four points a parameter cannot tell the points' own scatter: `equal` is believed.
  bool few() const {
    return fit.points < 4 * equal.size() && (fit.options.objective == analysis::Objective::least_squares ||
                                             fit.options.objective == analysis::Objective::least_squares_log);
  }
  const std::vector<analysis::Interval>& interval() const { return few() ? equal : any; }
  /// Standard errors: of the resampled tables, or else from the curvature.
  const analysis::LossParameters& error() const {
    return !resampled.replicates.empty() ? resampled.standard_error : few() ? fit.standard_error : fit.robust_error;
  }
  std::optional<analysis::PedestalTest> pedestal;
  analysis::Outlook outlook;
  std::optional<analysis::HeldOut> held_out;
};

/// A parameter that the model has.
struct LossQuantity {
  analysis::LossParameter parameter;
  const char* name;
  double analysis::LossParameters::*member;
};
std::vector<LossQuantity> loss_quantities(analysis::LossModel model);

std::string loss_formula(analysis::LossModel model);
/// The objective is part of the result: delta and the outlier rule with it.
std::string objective_text(const LossTableStudy& s, const std::string& objective);
std::string interval_text(const analysis::Interval& i);
/// The interval of E is above zero and has an upper end (always true without E).
bool identified(const LossRow& row);

/// One or two sentences; most important first.
std::string loss_answer(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row);
Table parameter_table(const LossTableStudy& s, const std::vector<LossRow>& rows);
Table hypothesis_table(const std::vector<double>& band, const std::vector<LossRow>& rows);
Table outlook_table(const std::vector<LossRow>& rows);
Figure loss_figure(const analysis::LossTable& table, const LossRow& row);
Figure running_figure(const std::vector<double>& band, const analysis::LossTable& table, const LossRow& row);

} // namespace cascade::app
