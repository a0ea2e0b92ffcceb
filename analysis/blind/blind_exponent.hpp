#pragma once
// An exponent found without knowing where the field comes from, or the reason why there is none.

#include "analysis/fit/fit_status.hpp"

#include <string>

namespace cascade::analysis {

struct BlindExponent {
  FitStatus status = FitStatus::no_range;
  std::string reason; ///< in words, unless good
  double value = 0, error = 0;
  double freedom = 0;                   ///< degrees of freedom of Student's t
  double interval95[2] = {0, 0};        ///< empty unless good or widened
  double octaves = 0;                   ///< of the scaling range, mean over the models
  double chi2_per_dof = 0, p_value = 1; ///< of the best model
  double widening = 1;
  double noise = 1; ///< own noise of the smallest scales over that of a Gaussian field
  bool usable() const { return decides(status); }
};

/// Sets interval95 from value, error and freedom.
void set_interval(BlindExponent& exponent);
/// Without an exponent.
BlindExponent without_exponent(FitStatus status, std::string reason, double octaves);

} // namespace cascade::analysis
