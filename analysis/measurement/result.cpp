#include "analysis/measurement/result.hpp"

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
}

} // namespace cascade::analysis
