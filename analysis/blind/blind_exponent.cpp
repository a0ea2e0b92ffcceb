#include "analysis/blind/blind_exponent.hpp"

#include <gsl/gsl_cdf.h>

#include <utility>

namespace cascade::analysis {

void set_interval(BlindExponent& exponent) {
  const double reach = gsl_cdf_tdist_Pinv(0.975, exponent.freedom) * exponent.error;
  exponent.interval95[0] = exponent.value - reach;
  exponent.interval95[1] = exponent.value + reach;
}

BlindExponent without_exponent(FitStatus status, std::string reason, double octaves) {
  BlindExponent result;
  result.status = status;
  result.reason = std::move(reason);
  result.octaves = octaves;
  return result;
}

} // namespace cascade::analysis
