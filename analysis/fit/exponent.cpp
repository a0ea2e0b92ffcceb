#include "analysis/fit/exponent.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cascade::analysis {
namespace {

/// Blocks of a fit without replicates: its error is known.
std::size_t blocks_of(const ExponentFit& fit) {
  return fit.replicates.empty() ? std::size_t{1} << 30 : fit.replicates.size();
}

} // namespace

void require_range(const std::vector<double>& x, std::size_t first, std::size_t last, std::size_t scales,
                   double octaves) {
  const std::size_t found = first <= last && last < x.size() ? last - first + 1 : 0;
  const double range = found > 0 ? std::log2(x[last] / x[first]) : 0;
  if (found >= scales && range >= octaves * (1 - 1e-9))
    return;
  std::string where;
  if (found > 0)
    where = fmt::format(" ({:.3g} to {:.3g})", x[first], x[last]);
  throw NoFit(fmt::format("too few scales for an exponent: {} over {:.3g} octaves{}; {} over {:g} are needed", found,
                          range, where, scales, octaves));
}

void finish(ExponentFit& result, std::size_t blocks) {
  result.standard_error = std::hypot(result.statistical_error, result.systematic_error);
  const double t = gsl_cdf_tdist_Pinv(0.975, static_cast<double>(std::max<std::size_t>(blocks, 2) - 1));
  result.interval95[0] = result.exponent - t * result.standard_error;
  result.interval95[1] = result.exponent + t * result.standard_error;
}

void mark(ExponentFit& fit, FitStatus status, const std::string& reason) {
  if (status <= fit.status)
    return;
  fit.status = status;
  fit.reason = reason;
}

namespace {

/// Octaves of a number of pieces of this dimension.
double octaves_of_pieces(const ExponentFit& in_s, double dimension) {
  const double octaves = in_s.octaves * dimension;
  if (!(octaves >= fewest_octaves * (1 - 1e-9)))
    throw NoFit(fmt::format("too short a range for an exponent: over {:.3g} octaves in s, with d = {:.3g}, the number "
                            "of pieces grows by a factor of only {:.3g}; {:g} are needed",
                            in_s.octaves, dimension, std::exp2(std::max(octaves, 0.0)), std::exp2(fewest_octaves)));
  return octaves;
}

} // namespace

ExponentFit per_dimension(const ExponentFit& a, double dimension) {
  ExponentFit result = scaled(a, 1 / dimension);
  result.octaves = octaves_of_pieces(a, dimension);
  return result;
}

ExponentFit ratio_of_exponents(const ExponentFit& a, const ExponentFit& b) {
  ExponentFit result = a;
  result.octaves = octaves_of_pieces(a, b.exponent);
  result.exponent = a.exponent / b.exponent;
  for (std::size_t i = 0; i < result.replicates.size(); ++i)
    result.replicates[i] = a.replicates[i] / b.replicates[i];
  result.statistical_error = jackknife_error(result.replicates);
  result.systematic_error = std::hypot(a.systematic_error, result.exponent * b.systematic_error) / b.exponent;
  for (double* p : {&result.profile95[0], &result.profile95[1]})
    *p /= b.exponent;
  result.loglog_slope = a.loglog_slope / b.loglog_slope;
  mark(result, b.status, b.reason);
  finish(result, a.replicates.size());
  return result;
}

ExponentFit widened(ExponentFit fit, double factor) {
  fit.statistical_error *= factor;
  for (double& r : fit.replicates)
    r = fit.exponent + factor * (r - fit.exponent);
  finish(fit, blocks_of(fit));
  return fit;
}

ExponentFit scaled(ExponentFit fit, double factor) {
  fit.exponent *= factor;
  for (double* p :
       {&fit.statistical_error, &fit.systematic_error, &fit.loglog_slope, &fit.profile95[0], &fit.profile95[1]})
    *p *= factor;
  for (double& r : fit.replicates)
    r *= factor;
  if (factor < 0)
    std::swap(fit.profile95[0], fit.profile95[1]);
  fit.statistical_error = std::abs(fit.statistical_error);
  fit.systematic_error = std::abs(fit.systematic_error);
  finish(fit, blocks_of(fit));
  return fit;
}

ExponentFit mapped(const ExponentFit& fit, const std::function<double(double, std::optional<std::size_t>)>& map) {
  ExponentFit result = fit;
  result.exponent = map(fit.exponent, {});
  for (std::size_t b = 0; b < fit.replicates.size(); ++b)
    result.replicates[b] = map(fit.replicates[b], b);
  const double step = std::max(fit.systematic_error, 1e-6);
  const double slope = (map(fit.exponent + step, {}) - map(fit.exponent - step, {})) / (2 * step);
  result.systematic_error = std::abs(slope) * fit.systematic_error;
  result.statistical_error =
      fit.replicates.empty() ? std::abs(slope) * fit.statistical_error : jackknife_error(result.replicates);
  finish(result, blocks_of(fit));
  result.profile95[0] = result.interval95[0];
  result.profile95[1] = result.interval95[1];
  return result;
}

} // namespace cascade::analysis
