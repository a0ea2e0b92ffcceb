#include "analysis/measurement/result.hpp"

#include <utility>

namespace cascade::analysis {

void set_fit(Result& result, const ExponentFit& fit) {
  result.measured = {fit.exponent, fit.standard_error, {fit.interval95[0], fit.interval95[1]}};
  result.fit.model = fit.model;
  result.fit.window = {fit.window[0], fit.window[1]};
  result.fit.points = fit.points;
  result.fit.chi2_per_dof = fit.chi2_per_dof;
  result.fit.loglog_slope = fit.loglog_slope;
  result.fit.statistical_error = fit.statistical_error;
  result.fit.systematic_error = fit.systematic_error;
  result.fit.profile95 = {fit.profile95[0], fit.profile95[1]};
  result.exponent = fit;
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
  result.exponent.reset();
  if (chosen->first == Way::blind)
    result.fit.window.clear(); // bands of wavenumbers: no range of this curve's abscissa
}

} // namespace cascade::analysis
