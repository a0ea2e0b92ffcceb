#include "analysis/measurement/result.hpp"

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

} // namespace cascade::analysis
