#include "analysis/scaling/laws/repeated.hpp"

#include <cmath>

namespace cascade::analysis {

namespace {

/// 1 - exp(-a), without loss of digits where a is small: r grows without end on profiles.
Jet share_kept(const Jet& a) {
  return chain(a, -std::expm1(-a.v), std::exp(-a.v));
}

/// log of u (1 + r (1 - exp(-(x/u - 1)/r))), from logarithms.
Jet log_effective(const Jet& log_u, const Jet& log_x, const Jet& log_r) {
  const Jet repeats = exp(log_x - log_u) - 1.0;
  if (!(repeats.v > 0))
    return log_x;
  const Jet r = exp(log_r);
  return log_u + log(1.0 + r * share_kept(repeats / r));
}

} // namespace

std::string RepeatedLaw::unsuited(const LawData& data) const {
  if (data.log_n.empty() || data.log_d.empty() || data.log_u.empty())
    return "needs parameters, tokens and unique tokens";
  for (std::size_t i = 0; i < data.size(); ++i)
    if (data.log_u[i] < data.log_d[i] - 0.01)
      return "";
  return "no row repeats its data";
}

int RepeatedLaw::variables(const LawData&) const {
  return 6;
}

Jet RepeatedLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  const double unique = std::fmin(data.log_u[row], data.log_d[row]);
  // tied: N*(U) = (A/B)^(1/alpha) U; the variables hold log A and log B at the means
  const Jet best =
      (at[3] + at[2] * data.mean_n - at[4] - at[2] * data.mean_d) / at[2] + (unique + data.mean_d) - data.mean_n;
  const Jet used = best.v < data.log_n[row] ? best : Jet(data.log_n[row]);
  const Jet size = log_effective(used, Jet(data.log_n[row]), at[1]);
  const Jet tokens = log_effective(Jet(unique), Jet(data.log_d[row]), at[0]);
  return log_sum(at[5], log_sum(at[3] - at[2] * size, at[4] - at[2] * tokens));
}

std::vector<std::vector<double>> RepeatedLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  const double level = typical_log(data), floor = lowest_log(data);
  for (const double d : {3.0, 8.0, 15.0, 30.0, 50.0, 100.0, 300.0})
    for (const double n : {0.7, 1.7, 3.0, 5.0, 10.0, 30.0, 150.0})
      out.push_back({std::log(d), std::log(n), 0.35, level - 1.6, level - 1.6, floor - 0.2});
  return out;
}

std::vector<LawNumber> RepeatedLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  return {{"alpha", at[2], true, 2, false},
          {"log A", at[3] + at[2] * data.mean_n, false, -1, false},
          {"log B", at[4] + at[2] * data.mean_d, false, -1, false},
          {"E", exp(at[5]), false, 5, true},
          {"R_D", exp(at[0]), false, 0, true},
          {"R_N", exp(at[1]), false, 1, true}};
}

} // namespace cascade::analysis
