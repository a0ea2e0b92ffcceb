#pragma once
// Everything that study loss_table finds out about one objective, as values.

#include "analysis/losses/bootstrap.hpp"
#include "analysis/losses/law_tests.hpp"
#include "analysis/losses/loss_answer.hpp"
#include "analysis/losses/loss_outlook.hpp"
#include "app/scaling/loss_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

struct LossRow {
  std::string objective;
  analysis::LossAnswer answer;
  analysis::Bootstrap resampled; ///< empty when none was asked for
  std::optional<analysis::LawTest> pedestal, tied;
  analysis::Outlook outlook;
  std::optional<analysis::HeldOut> held_out;

  /// Standard error of alpha: of the resampled tables where there are enough, or else from the quoted interval.
  double alpha_error() const { return has_resampled() ? resampled.standard_error.alpha : answer.of("alpha").error; }
  bool has_resampled() const { return !resampled.replicates.empty() && resampled.usable(); }
  const analysis::LossFit& fit() const { return answer.fit; }
  const analysis::LossParameters& parameters() const { return answer.fit.parameters; }
};

/// A number of the answer, as it is shown.
struct LossNumber {
  std::string name; ///< "alpha", "A", "log A", "E", ...
  double value = 0;
  /// Of the resampled tables where there are enough, or else from the quoted interval. NaN where an end is open, and
  /// for amplitudes when it is above the value itself: log A says it better.
  double error = 0;
  double profile_error = 0; ///< from the quoted interval alone
  analysis::Interval equal{}, any{}, quoted{};
  std::optional<analysis::Interval> resampled;
};

/// alpha, A, log A, E, beta, B, log B: those the law has, in this order.
std::vector<LossNumber> loss_numbers(const LossRow& row);

std::string loss_formula(analysis::LossModel model);
/// The objective is part of the result: delta and the outlier rule with it.
std::string objective_text(const LossTableStudy& s, const std::string& objective);
std::string interval_text(const analysis::Interval& i);
/// E's interval is above zero and has an upper end (always true without E).
bool pedestal_identified(const LossRow& row);

/// Fit, errors, tests and outlook for one objective. Collective; the same on every rank.
LossRow analyse_losses(const LossTableStudy& s, const std::string& objective, const StudyRun& run);

} // namespace cascade::app
