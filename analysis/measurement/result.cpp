#include "analysis/measurement/result.hpp"

#include "analysis/fit/no_fit.hpp"

#include <utility>

namespace cascade::analysis {

void set_fit(Result& result, const ExponentFit& fit) {
  result.measured = {fit.exponent, fit.standard_error, {fit.interval95[0], fit.interval95[1]}};
  result.fit.model = fit.model;
  result.fit.window = {fit.window[0], fit.window[1]};
  result.fit.points = fit.points;
  result.fit.chi2_per_dof = fit.chi2_per_dof.value_or(meaningless);
  result.fit.loglog_slope = fit.loglog_slope;
  result.fit.statistical_error = fit.statistical_error;
  result.fit.systematic_error = fit.systematic_error;
  result.fit.profile95 = {fit.profile95[0], fit.profile95[1]};
  result.fit.status = fit.status;
  result.fit.widened_by = fit.widening;
  result.fit.why = fit.reason;
  result.fit.octaves = fit.octaves;
  result.fit.degrees_of_freedom = fit.degrees_of_freedom;
  result.fit.chi_squared = result.fit.chi2_per_dof * fit.degrees_of_freedom;
  result.fit.p_value = fit.p_value.value_or(meaningless);
  result.exponent = fit;
  result.fitted = fit.curve;
  result.status = fit.status;
  result.reason = fit.reason;
}

namespace {

/// The curve to draw: of the way that is shown, or of the next that has one on these points.
void choose_fitted(Result& result) {
  result.fitted = {};
  for (const Way way : {result.judged_by.value_or(Way::curve), Way::curve, Way::plain})
    if (const auto found = result.answers.find(way); found != result.answers.end() && !found->second.fitted.x.empty()) {
      result.fitted = found->second.fitted;
      result.fitted_by = way;
      return;
    }
}

} // namespace

void settle(Result& result, Answers answers, Way asked) {
  result.answers = std::move(answers);
  const Answers& all = result.answers;
  if (all.empty())
    return;
  const auto wanted = all.find(asked);
  const auto usable = [&](Answers::const_iterator a) {
    return a != all.end() && a->second.has_value() &&
           (a->first != Way::blind || asked != Way::blind || a->second.decisive());
  };
  auto chosen = wanted;
  for (const Way next : {Way::curve, Way::plain, Way::blind})
    if (!usable(chosen))
      chosen = all.find(next);
  if (chosen == all.end() || !chosen->second.has_value()) // the way that leans on most says most about what is missing
    throw NoFit(all.contains(Way::curve) ? all.at(Way::curve).reason : all.rbegin()->second.reason);
  const Answer& answer = chosen->second;
  const Answer& judging = wanted == all.end() ? answer : wanted->second;
  result.judged_by = chosen->first;
  choose_fitted(result);
  result.status = judging.status;
  result.reason = judging.reason;
  result.measured = answer.measured;
  if (chosen->first != Way::plain)
    result.evidence = answer.evidence;
  if (answer.model == result.fit.model)
    return; // the fit whose summary is there already
  result.fit.model = answer.model;
  result.fit.points = answer.points;
  result.fit.chi2_per_dof = answer.chi2_per_dof;
  result.fit.statistical_error = answer.measured.standard_error;
  result.fit.systematic_error = 0;
  result.fit.profile95.clear();
  result.fit.status = answer.status;
  result.fit.why = answer.reason;
  result.fit.widened_by = answer.widened_by;
  result.fit.octaves = answer.octaves;
  result.fit.p_value = answer.p_value;
  result.fit.chi_squared = meaningless; // blind: of the best of many models
  result.fit.degrees_of_freedom = 0;
  result.exponent.reset();
  if (chosen->first == Way::blind)
    result.fit.window.clear(); // bands of wavenumbers: no range of this curve's abscissa
}

} // namespace cascade::analysis
