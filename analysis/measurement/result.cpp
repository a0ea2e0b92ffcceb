#include "analysis/measurement/result.hpp"

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
  result.status = fit.status;
  result.reason = fit.reason;
}

void settle(Result& result, Answers answers, Way asked) {
  result.answers = std::move(answers);
  const Answers& all = result.answers;
  const auto wanted = all.find(asked);
  auto chosen = wanted;
  if (chosen == all.end() || (asked == Way::blind && !chosen->second.decisive()))
    chosen = all.contains(Way::curve) ? all.find(Way::curve) : all.find(Way::plain);
  if (chosen == all.end())
    chosen = wanted;
  if (chosen == all.end())
    return;
  const Answer& answer = chosen->second;
  const Answer& judging = wanted == all.end() ? answer : wanted->second;
  result.judged_by = chosen->first;
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
  result.fit.widened_by = 1;
  result.fit.octaves = result.fit.chi_squared = result.fit.p_value = meaningless;
  result.fit.degrees_of_freedom = 0;
  result.exponent.reset();
  if (chosen->first == Way::blind)
    result.fit.window.clear(); // bands of wavenumbers: no range of this curve's abscissa
}

} // namespace cascade::analysis
