#include "analysis/losses/bootstrap.hpp"

#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_search.hpp"
#include "core/random/random.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace cascade::analysis {
namespace {

constexpr core::Stream resampled_points{6};
constexpr int numbers_kept = 5;
using Row = std::array<double, numbers_kept>;

Row row_of(const LossParameters& p) {
  return {p.amplitude, p.alpha, p.pedestal, p.second_amplitude, p.beta};
}

LossParameters parameters_of(const Row& r) {
  return {r[0], r[1], r[2], r[3], r[4]};
}

/// More different points than variables, and as many different x and z as the law needs.
bool determined(const LossProblem& problem, const std::vector<double>& weights) {
  std::set<double> x, z;
  int points = 0;
  const bool two = has_second(problem.model());
  const std::size_t needed = problem.model() == LossModel::power ? 2 : 3;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0)
      continue;
    ++points;
    if (x.size() < needed)
      x.insert(problem.table().x[i]);
    if (two && z.size() < needed)
      z.insert(problem.table().z[i]);
    if (points > problem.variables() && x.size() >= needed && (!two || z.size() >= needed))
      return true;
  }
  return false;
}

LossParameters moved_by(const LossProblem& problem, const LossFit& fit, const std::vector<SmallVector>& influence,
                        const std::vector<double>& weights) {
  SmallVector at = fit.at;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] != 1)
      at += (weights[i] - 1) * influence[i];
  return problem.natural(at);
}

/// Value below which the share q of the sorted values lies, linear between order statistics.
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Share of the replicates below the interval.
double tail_share(const LossFit& fit, int variables) {
  if (fit.options.objective != Objective::least_squares && fit.options.objective != Objective::least_squares_log)
    return 0.025;
  const auto n = static_cast<double>(fit.points);
  return gsl_cdf_ugaussian_P(-std::sqrt(n / (n - variables)) * gsl_cdf_tdist_Pinv(0.975, n - variables));
}

double standard_deviation(const std::vector<double>& values) {
  double mean = 0, square = 0;
  for (const double v : values)
    mean += v / static_cast<double>(values.size());
  for (const double v : values)
    square += (v - mean) * (v - mean) / static_cast<double>(values.size() - 1);
  return std::sqrt(square);
}

void summarise(Bootstrap& b, double tail) {
  Row error{}, log_error{}, low{}, high{};
  for (std::size_t k = 0; k < numbers_kept; ++k) {
    std::vector<double> values;
    for (const LossParameters& p : b.replicates)
      if (const double v = row_of(p)[k]; std::isfinite(p.alpha))
        values.push_back(v);
    error[k] = low[k] = high[k] = log_error[k] = std::numeric_limits<double>::quiet_NaN();
    if (values.size() < 2 || !b.usable())
      continue;
    std::sort(values.begin(), values.end());
    error[k] = standard_deviation(values);
    low[k] = quantile(values, tail);
    high[k] = quantile(values, 1 - tail);
    const bool amplitude = k == 0 || k == 3;
    for (double& v : values)
      v = amplitude && v > 0 ? std::log(v) : 0;
    log_error[k] = standard_deviation(values);
  }
  b.standard_error = parameters_of(error);
  b.log_error = parameters_of(log_error);
  b.low = parameters_of(low);
  b.high = parameters_of(high);
}

} // namespace

std::vector<double> resample_weights(std::size_t points, std::uint64_t seed, std::uint64_t replicate) {
  const core::CounterRng rng(seed, resampled_points);
  std::vector<double> weights(points, 0);
  for (std::size_t i = 0; i < points; i += 2) {
    const core::Block block = rng.block(replicate, static_cast<std::uint32_t>(i / 2));
    for (std::size_t k = 0; k < 2 && i + k < points; ++k) {
      const double u = core::uniform(block[2 * k], block[2 * k + 1]);
      weights[std::min(points - 1, static_cast<std::size_t>(u * static_cast<double>(points)))] += 1;
    }
  }
  return weights;
}

Bootstrap bootstrap(const LossTable& table, const LossFit& fit, std::int64_t count, std::uint64_t seed,
                    const core::Communicator& communicator, const std::function<void()>& advance) {
  const LossProblem problem(table, fit.model);
  const std::int64_t ranks = communicator.size(), rank = communicator.rank();
  const std::int64_t first = count * rank / ranks, last = count * (rank + 1) / ranks;
  const auto influence = table.size() > most_refitted ? influences(problem, fit) : std::vector<SmallVector>{};
  std::vector<double> local;
  for (std::int64_t r = first; r < last; ++r) {
    const auto weights = resample_weights(table.size(), seed, static_cast<std::uint64_t>(r));
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const LossParameters p = !determined(problem, weights) ? LossParameters{nan, nan, nan, nan, nan}
                             : influence.empty()           ? refit(problem, fit, weights)
                                                           : moved_by(problem, fit, influence, weights);
    const Row row = row_of(p);
    local.insert(local.end(), row.begin(), row.end());
    if (advance)
      advance();
  }
  const std::vector<double> all = communicator.gather_all(local);
  Bootstrap out;
  out.first_order = !influence.empty();
  for (std::size_t at = 0; at + numbers_kept <= all.size(); at += numbers_kept) {
    out.replicates.push_back(parameters_of({all[at], all[at + 1], all[at + 2], all[at + 3], all[at + 4]}));
    out.failed += std::isfinite(all[at + 1]) ? 0 : 1;
  }
  summarise(out, tail_share(fit, problem.variables()));
  return out;
}

} // namespace cascade::analysis
