#include "analysis/scaling/resampled_laws.hpp"

#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_search.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace cascade::analysis {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr int kept_numbers = 5;

/// Enough different points and places for the law to be determined.
bool enough_drawn(const LossProblem& problem, const std::vector<double>& weights) {
  std::set<double> x, z;
  int points = 0;
  const LossTable& t = problem.table();
  const bool second = has_second(problem.model());
  const std::size_t needed = problem.model() == LossModel::power ? 2 : 3;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0))
      continue;
    ++points;
    if (x.size() < needed)
      x.insert(t.x[i]);
    if (second && z.size() < needed)
      z.insert(t.z[i]);
    if (points > problem.variables() && x.size() >= needed && (!second || z.size() >= needed))
      return true;
  }
  return false;
}

/// The optimum of a resampled table to first order, kept inside the box.
LossParameters moved_law(const LossProblem& problem, const LossFit& fit, const std::vector<SmallVector>& pulls,
                         const std::vector<double>& drawn) {
  SmallVector at = fit.at;
  for (std::size_t u = 0; u < pulls.size(); ++u)
    at += (drawn[u] - 1) * pulls[u];
  return problem.natural(at.cwiseMax(problem.box().lower).cwiseMin(problem.box().upper));
}

} // namespace

bool ResampledLaws::usable() const {
  return laws.size() >= 20 && static_cast<double>(failed) <= (1 - least_surviving) * static_cast<double>(asked);
}

Interval middle_of(std::vector<double> values, double tail) {
  if (values.empty())
    return {none, none};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    const double part = place - static_cast<double>(low);
    return part > 0 && std::isfinite(values[low]) && std::isfinite(values[high])
               ? values[low] + part * (values[high] - values[low])
               : values[part > 0.5 ? high : low];
  };
  return {at(tail), at(1 - tail)};
}

Interval ResampledLaws::interval(const std::function<double(const LossParameters&)>& number) const {
  std::vector<double> values;
  for (const LossParameters& law : laws)
    if (const double v = number(law); !std::isnan(v))
      values.push_back(v);
  if (!usable() || static_cast<double>(values.size()) < least_surviving * static_cast<double>(asked))
    return {none, none};
  return middle_of(std::move(values), tail);
}

ResampledLaws resample_runs(const LossTable& table, const LossFit& fit, const std::vector<int>& run, std::int64_t count,
                            std::uint64_t seed, const core::Communicator& ranks, const std::function<void()>& advance) {
  const LossProblem problem(table, fit.model);
  ResampledLaws out;
  out.asked = static_cast<int>(count);
  out.units = run.empty() ? table.size() : std::set<int>(run.begin(), run.end()).size();
  std::vector<std::size_t> unit(table.size());
  std::vector<int> order;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (run.empty()) {
      unit[i] = i;
      continue;
    }
    auto at = std::find(order.begin(), order.end(), run[i]);
    unit[i] = static_cast<std::size_t>(at - order.begin());
    if (at == order.end())
      order.push_back(run[i]);
  }
  const auto n = static_cast<double>(out.units), p = static_cast<double>(problem.variables());
  const bool squares =
      fit.options.objective == Objective::least_squares || fit.options.objective == Objective::least_squares_log;
  if ((squares || !run.empty()) && n > p + 1)
    out.tail = gsl_cdf_ugaussian_P(-std::sqrt(n / (n - p)) * gsl_cdf_tdist_Pinv(0.975, n - p));
  std::vector<SmallVector> pulls; // of each unit, to first order, where there are too many rows for refits
  if (table.size() > most_refitted) {
    pulls.assign(out.units, SmallVector::Zero(problem.variables()));
    const std::vector<SmallVector> influence = influences(problem, fit);
    for (std::size_t i = 0; i < influence.size(); ++i)
      pulls[unit[i]] += influence[i];
  }
  const std::int64_t size = ranks.size(), rank = ranks.rank();
  std::vector<double> own;
  for (std::int64_t r = count * rank / size; r < count * (rank + 1) / size; ++r) {
    const std::vector<double> drawn = resample_weights(out.units, seed, static_cast<std::uint64_t>(r));
    std::vector<double> weights(table.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = drawn[unit[i]];
    LossParameters law{none, none, none, none, none};
    if (enough_drawn(problem, weights))
      law = pulls.empty() ? refit(problem, fit, weights) : moved_law(problem, fit, pulls, drawn);
    own.insert(own.end(), {law.amplitude, law.alpha, law.pedestal, law.second_amplitude, law.beta});
    if (advance)
      advance();
  }
  const std::vector<double> all = ranks.gather_all(std::span<const double>(own));
  for (std::size_t at = 0; at + kept_numbers <= all.size(); at += kept_numbers)
    if (std::isfinite(all[at + 1]))
      out.laws.push_back({all[at], all[at + 1], all[at + 2], all[at + 3], all[at + 4]});
    else
      ++out.failed;
  return out;
}

} // namespace cascade::analysis
