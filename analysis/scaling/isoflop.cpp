#include "analysis/scaling/isoflop.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/bootstrap.hpp"
#include "analysis/scaling/frontier.hpp"
#include "analysis/scaling/resampled_laws.hpp"

#include <fmt/format.h>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace cascade::analysis {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

std::size_t different_sizes(const RunTable& t, const std::vector<std::size_t>& rows) {
  std::set<double> sizes;
  for (const std::size_t i : rows)
    sizes.insert(t.params[i]);
  return sizes.size();
}

double geometric_mean(const std::vector<double>& values, const std::vector<std::size_t>& rows) {
  double sum = 0;
  for (const std::size_t i : rows)
    sum += std::log(values[i]);
  return std::exp(sum / static_cast<double>(rows.size()));
}

/// A window of log C is a budget with so many times the rows that an even spread would put there, or where all of its
/// rows have one compute.
constexpr double more_than_chance = 2.2, exact_share = 0.02;

double log_range(const std::vector<double>& values, const std::vector<std::size_t>& rows) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const std::size_t i : rows) {
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  return std::log(high / low);
}

/// Windows of log C, the fullest first.
std::vector<IsoBudget> found_budgets(const RunTable& t, double tolerance) {
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return t.compute[i] < t.compute[j]; });
  std::vector<IsoBudget> out;
  for (std::vector<std::size_t> left = order; left.size() >= 3;) {
    std::size_t best = 0, most = 0;
    double tightest = 0;
    for (std::size_t i = 0, j = 0; i < left.size(); ++i) {
      j = std::max(i, j);
      while (j < left.size() && std::log(t.compute[left[j]] / t.compute[left[i]]) < 2 * tolerance)
        ++j;
      const double width = std::log(t.compute[left[j - 1]] / t.compute[left[i]]);
      if (j - i > most || (j - i == most && width < tightest)) {
        most = j - i;
        best = i;
        tightest = width;
      }
    }
    if (most < 3)
      break;
    IsoBudget budget;
    const auto begin = left.begin() + static_cast<std::ptrdiff_t>(best);
    budget.rows.assign(begin, begin + static_cast<std::ptrdiff_t>(most));
    budget.compute = geometric_mean(t.compute, budget.rows);
    left.erase(begin, begin + static_cast<std::ptrdiff_t>(most));
    out.push_back(budget);
  }
  // rows that stand together by chance are no budget
  const double range = std::log(t.compute[order.back()] / t.compute[order.front()]);
  const double by_chance = static_cast<double>(t.size()) * std::min(1.0, 2 * tolerance / std::max(range, 1e-300));
  std::erase_if(out, [&](const IsoBudget& b) {
    return static_cast<double>(b.rows.size()) < more_than_chance * by_chance &&
           log_range(t.compute, b.rows) > exact_share;
  });
  return out;
}

std::vector<IsoBudget> given_budgets(const RunTable& t, const IsoOptions& options) {
  std::vector<IsoBudget> out;
  for (const double compute : options.budgets) {
    IsoBudget budget;
    budget.compute = compute;
    for (std::size_t i = 0; i < t.size(); ++i)
      if (std::abs(std::log(t.compute[i] / compute)) < options.tolerance)
        budget.rows.push_back(i);
    out.push_back(budget);
  }
  return out;
}

void fit_parabola(const RunTable& t, const std::vector<double>& loss, const IsoOptions& options, IsoBudget& b) {
  std::vector<std::size_t> rows = b.rows;
  if (options.window > 0 && !rows.empty()) {
    const std::size_t best =
        *std::min_element(rows.begin(), rows.end(), [&](std::size_t i, std::size_t j) { return loss[i] < loss[j]; });
    std::erase_if(rows, [&](std::size_t i) {
      return std::abs(std::log(t.params[i] / t.params[best])) > std::log(options.window) * (1 + 1e-12);
    });
  }
  b.rows = rows;
  b.params = b.loss = no_number;
  const std::size_t sizes = different_sizes(t, rows);
  if (sizes < 4) {
    b.refused = fmt::format("{} size{}; a parabola needs four", sizes, sizes == 1 ? "" : "s");
    if (sizes < 3)
      return;
  }
  b.centre = geometric_mean(t.params, rows);
  Eigen::MatrixXd design(static_cast<Eigen::Index>(rows.size()), 3);
  Eigen::VectorXd y(static_cast<Eigen::Index>(rows.size()));
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const std::size_t row = rows[static_cast<std::size_t>(i)];
    const double x = std::log(t.params[row] / b.centre);
    design.row(i) << 1, x, x * x;
    y[i] = options.of_log_loss ? std::log(loss[row]) : loss[row];
    low = std::min(low, t.params[row]);
    high = std::max(high, t.params[row]);
  }
  const Eigen::Vector3d c = least_squares(design, y);
  b.c0 = c[0];
  b.c1 = c[1];
  b.c2 = c[2];
  if (!(c[2] > 0)) {
    b.refused = "the losses do not bend up: no best size among these";
    return;
  }
  const double vertex = -c[1] / (2 * c[2]);
  b.params = b.centre * std::exp(std::clamp(vertex, -600.0, 600.0));
  const double least = c[0] + c[1] * vertex / 2;
  b.loss = options.of_log_loss ? std::exp(least) : least;
  if (b.refused.empty() && !options.take_outside && (b.params < low || b.params > high))
    b.refused =
        fmt::format("the vertex, N = {:.3g}, lies outside of the sizes trained, {:.3g} to {:.3g}", b.params, low, high);
}

IsoFlop parabolas(const RunTable& t, const std::vector<double>& loss, const IsoOptions& options,
                  std::vector<IsoBudget> budgets) {
  IsoFlop out;
  out.budgets = std::move(budgets);
  std::sort(out.budgets.begin(), out.budgets.end(),
            [](const IsoBudget& a, const IsoBudget& b) { return a.compute < b.compute; });
  std::vector<double> compute, params;
  for (IsoBudget& b : out.budgets) {
    fit_parabola(t, loss, options, b);
    if (b.refused.empty()) {
      compute.push_back(b.compute);
      params.push_back(b.params);
    }
  }
  out.used = static_cast<int>(params.size());
  out.law = size_law(compute, params);
  return out;
}

std::vector<IsoBudget> budgets_of(const RunTable& table, const IsoOptions& options) {
  return options.budgets.empty() ? found_budgets(table, options.tolerance) : given_budgets(table, options);
}

std::vector<std::size_t> best_so_far(const std::vector<double>& compute, const std::vector<double>& loss,
                                     const std::vector<std::size_t>& sorted) {
  std::vector<std::size_t> out;
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < sorted.size();) {
    std::size_t end = k, best = sorted[k];
    for (; end < sorted.size() && compute[sorted[end]] <= compute[sorted[k]]; ++end)
      if (loss[sorted[end]] < loss[best])
        best = sorted[end];
    if (loss[best] < lowest) {
      lowest = loss[best];
      out.push_back(best);
    }
    k = end;
  }
  return out;
}

SizeLaw law_of_rows(const RunTable& t, const std::vector<std::size_t>& rows) {
  std::vector<double> compute, params;
  for (const std::size_t i : rows) {
    compute.push_back(t.compute[i]);
    params.push_back(t.params[i]);
  }
  return size_law(compute, params);
}

std::vector<std::size_t> by_compute(const RunTable& t) {
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return t.compute[i] < t.compute[j]; });
  return order;
}

} // namespace

double SizeLaw::params(double compute) const {
  return std::exp(log_coefficient + exponent * std::log(compute));
}

SizeLaw size_law(const std::vector<double>& compute, const std::vector<double>& params,
                 const std::vector<double>& weight) {
  SizeLaw out;
  const std::size_t count = compute.size();
  out.points = static_cast<int>(count);
  out.exponent95 = {no_number, no_number};
  const auto n = static_cast<double>(count);
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0, sum = 0;
  for (const double w : weight)
    sum += w;
  const auto share = [&](std::size_t i) { return weight.empty() ? 1 / n : weight[i] / sum; };
  for (std::size_t i = 0; i < count; ++i) {
    mx += std::log(compute[i]) * share(i);
    my += std::log(params[i]) * share(i);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double x = std::log(compute[i]) - mx, y = std::log(params[i]) - my;
    const double w = weight.empty() ? 1 : share(i) * n;
    xx += w * x * x;
    xy += w * x * y;
    yy += w * y * y;
  }
  if (count < 2 || !(xx > 0)) {
    out.exponent = out.log_coefficient = no_number;
    return out;
  }
  out.exponent = xy / xx;
  out.log_coefficient = my - out.exponent * mx;
  if (count > 2) {
    const double error = std::sqrt(std::max(yy - xy * xy / xx, 0.0) / (n - 2) / xx);
    const double half = gsl_cdf_tdist_Pinv(0.975, n - 2) * error;
    out.exponent95 = {out.exponent - half, out.exponent + half};
  }
  return out;
}

IsoFlop isoflop(const RunTable& table, const IsoOptions& options) {
  return parabolas(table, table.loss, options, budgets_of(table, options));
}

bool is_isoflop(const IsoFlop& found, const RunTable& table) {
  std::size_t held = 0, full = 0;
  for (const IsoBudget& b : found.budgets)
    if (different_sizes(table, b.rows) >= 4) {
      ++full;
      held += b.rows.size();
    }
  return full >= 3 && 3 * held >= table.size();
}

ParabolaBias parabola_bias(const RunTable& table, const IsoOptions& options, const LossParameters& law,
                           double compute) {
  ParabolaBias out;
  std::vector<double> noise_free(table.size());
  std::vector<IsoBudget> budgets = budgets_of(table, options);
  for (const IsoBudget& b : budgets) // of equal compute: what is left of its scatter is not the parabola's fault
    for (const std::size_t i : b.rows)
      noise_free[i] = law.loss(table.params[i], b.compute / (flop_per_parameter_token * table.params[i]));
  const IsoFlop found = parabolas(table, noise_free, options, std::move(budgets));
  for (const IsoBudget& b : found.budgets)
    if (b.refused.empty())
      out.size_factors.push_back(b.params / best_use(law, b.compute).params);
  out.exponent = found.law.exponent - size_exponent(law);
  out.size_factor = found.law.params(compute) / best_use(law, compute).params;
  return out;
}

std::vector<std::size_t> envelope_rows(const RunTable& table) {
  return best_so_far(table.compute, table.loss, by_compute(table));
}

Envelope envelope(const RunTable& table, std::int64_t count, std::uint64_t seed) {
  Envelope out;
  const std::vector<std::size_t> order = by_compute(table);
  out.rows = best_so_far(table.compute, table.loss, order);
  out.sizes = static_cast<int>(different_sizes(table, out.rows));
  out.law = law_of_rows(table, out.rows);
  const auto [small, large] = std::minmax_element(table.params.begin(), table.params.end());
  if (!out.rows.empty()) {
    out.ends_small = table.params[out.rows.front()] <= *small * (1 + 1e-9);
    out.ends_large = table.params[out.rows.back()] >= *large * (1 - 1e-9);
  }
  const bool runs = !table.run.empty();
  const std::size_t units = runs ? table.run_names.size() : table.size();
  std::vector<double> exponents;
  for (std::int64_t r = 0; r < count; ++r) {
    const std::vector<double> drawn = resample_weights(units, seed, static_cast<std::uint64_t>(r));
    std::vector<std::size_t> kept;
    for (const std::size_t i : order)
      if (drawn[runs ? static_cast<std::size_t>(table.run[i]) : i] > 0)
        kept.push_back(i);
    const double exponent = law_of_rows(table, best_so_far(table.compute, table.loss, kept)).exponent;
    if (std::isfinite(exponent))
      exponents.push_back(exponent);
  }
  out.law.exponent95 = exponents.size() >= 20 ? middle_of(std::move(exponents), 0.025) : Interval{no_number, no_number};
  return out;
}

} // namespace cascade::analysis
