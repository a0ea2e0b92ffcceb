#include "analysis/losses/loss_residuals.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "core/random/random.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace cascade::analysis {
namespace {

constexpr int random_tables = 1999;
constexpr std::size_t most_drawn = 5000; ///< above, c is normal with variance one over the pairs
constexpr core::Stream residual_signs{40};

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs next_in_x(const LossTable& table) {
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return table.x[i] < table.x[j]; });
  Pairs out;
  for (std::size_t k = 0; k + 1 < order.size(); ++k)
    out.emplace_back(order[k], order[k + 1]);
  return out;
}

std::vector<double> standardised_logs(const std::vector<double>& values) {
  std::vector<double> logs(values.size());
  std::transform(values.begin(), values.end(), logs.begin(), [](double v) { return std::log(v); });
  const auto n = static_cast<double>(logs.size());
  const double mean = std::accumulate(logs.begin(), logs.end(), 0.0) / n;
  double square = 0;
  for (double& v : logs) {
    v -= mean;
    square += v * v / n;
  }
  for (double& v : logs)
    v /= square > 0 ? std::sqrt(square) : 1;
  return logs;
}

/// Each point and its two nearest; a pair that is found from both ends counts once.
Pairs nearest(const LossTable& table) {
  const std::vector<double> x = standardised_logs(table.x), z = standardised_logs(table.z);
  Pairs out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::array<std::pair<double, std::size_t>, 2> best;
    best.fill({std::numeric_limits<double>::infinity(), i});
    for (std::size_t j = 0; j < x.size(); ++j)
      if (const double d = std::pow(x[i] - x[j], 2) + std::pow(z[i] - z[j], 2); j != i && d < best[1].first) {
        best[1] = {d, j};
        if (best[1].first < best[0].first)
          std::swap(best[0], best[1]);
      }
    for (const auto& [d, j] : best)
      out.emplace_back(std::min(i, j), std::max(i, j));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

double neighbour_correlation(const Eigen::VectorXd& e, const Pairs& pairs) {
  double product = 0;
  for (const auto& [i, j] : pairs)
    product += e[static_cast<Eigen::Index>(i)] * e[static_cast<Eigen::Index>(j)];
  const double square = e.squaredNorm() / static_cast<double>(e.size());
  return square > 0 ? product / static_cast<double>(pairs.size()) / square : 0;
}

/// Orthonormal columns that span what the fit can follow: the derivatives of the law, variables on a wall left out.
Eigen::MatrixXd tangent_space(const LossProblem& problem, const LossFit& fit) {
  const Penalty penalty = penalty_of(fit.options);
  const SmallVector slope = problem.evaluate(fit.at, penalty).gradient;
  std::vector<int> free;
  for (int k = 0; k < problem.variables(); ++k)
    if (!problem.box().holds(fit.at, slope, k))
      free.push_back(k);
  const auto n = static_cast<Eigen::Index>(problem.points()), p = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd columns(n, p);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    columns.row(i) = std::sqrt(problem.weight(k)) * picked(problem.gradient(fit.at, k, penalty.log), free).transpose();
  }
  return orthonormal(columns, p);
}

/// sqrt(w) r, those of a robust objective cut off at three medians of their size, or at delta if that is more.
Eigen::VectorXd bounded_residuals(const LossProblem& problem, const LossFit& fit) {
  const Penalty penalty = penalty_of(fit.options);
  const std::vector<double> residual = problem.residuals(fit.at, penalty.log);
  double most = std::numeric_limits<double>::infinity();
  if (!penalty.squares()) {
    std::vector<double> sizes = residual;
    for (double& r : sizes)
      r = std::abs(r);
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    most = std::max(penalty.student ? 0.0 : penalty.delta, 3 * *middle);
  }
  Eigen::VectorXd e(static_cast<Eigen::Index>(residual.size()));
  for (std::size_t i = 0; i < residual.size(); ++i)
    e[static_cast<Eigen::Index>(i)] = std::sqrt(problem.weight(i)) * std::clamp(residual[i], -most, most);
  return e;
}

/// Residuals of a table that the law describes: random signs, or a random order.
void shuffle_residuals(Eigen::VectorXd& e, std::uint64_t draw, bool order) {
  const core::CounterRng rng(1, residual_signs);
  for (Eigen::Index i = e.size() - 1; i >= 0; --i) {
    const core::Block block = rng.block(draw, static_cast<std::uint32_t>(i / 4));
    const std::uint32_t bits = block[static_cast<std::size_t>(i % 4)];
    if (order)
      std::swap(e[i], e[core::uniform_below(bits, static_cast<std::uint32_t>(i + 1))]);
    else
      e[i] = bits >> 31 ? -e[i] : e[i];
  }
}

void test_neighbours(const LossProblem& problem, const LossFit& fit, const Eigen::VectorXd& e, LossDescription& d) {
  const LossTable& table = problem.table();
  if (table.two_variables() && table.size() > most_drawn)
    return; // as many distances as pairs of points
  const Pairs pairs = table.two_variables() ? nearest(table) : next_in_x(table);
  const Eigen::MatrixXd followed = tangent_space(problem, fit);
  const auto left = [&](const Eigen::VectorXd& v) -> Eigen::VectorXd {
    return v - followed * (followed.transpose() * v);
  };
  const double found = neighbour_correlation(left(e), pairs);
  double mean = 0;
  if (table.size() > most_drawn) {
    d.correlation_p = gsl_cdf_ugaussian_Q(found * std::sqrt(static_cast<double>(pairs.size())));
  } else {
    int as_large = 0;
    for (int draw = 0; draw < random_tables; ++draw) {
      Eigen::VectorXd random = e;
      shuffle_residuals(random, static_cast<std::uint64_t>(draw), penalty_of(fit.options).asymmetry != 1);
      const double c = neighbour_correlation(left(random), pairs);
      as_large += c >= found ? 1 : 0;
      mean += c / random_tables;
    }
    d.correlation_p = (as_large + 1.0) / (random_tables + 1.0);
  }
  d.correlation = found - mean;
  if (d.correlation_p < LossDescription::level) {
    const double c = std::clamp(d.correlation, 0.0, 0.9);
    d.inflation = std::max(d.inflation, (1 + c) / (1 - c));
  }
}

void test_repeats(const LossProblem& problem, const Eigen::VectorXd& e, LossDescription& d) {
  struct Place {
    double weight = 0, sum = 0;
  };
  const LossTable& t = problem.table();
  const auto key = [&](std::size_t i) { return std::pair{t.x[i], t.two_variables() ? t.z[i] : 0.0}; };
  std::map<std::pair<double, double>, Place> places;
  for (std::size_t i = 0; i < t.size(); ++i) {
    Place& p = places[key(i)];
    p.weight += problem.weight(i);
    p.sum += std::sqrt(problem.weight(i)) * e[static_cast<Eigen::Index>(i)];
  }
  const auto n = static_cast<double>(t.size()), m = static_cast<double>(places.size());
  const double p = problem.variables();
  d.places = static_cast<int>(places.size());
  double between = 0;
  for (const auto& [at, place] : places)
    between += place.sum * place.sum / place.weight;
  const double all = e.squaredNorm(), pure = all - between;
  if (!(n > m) || !(m > p) || !(pure > 0))
    return;
  d.lack_of_fit = between / (m - p) / (pure / (n - m));
  d.lack_p = gsl_cdf_fdist_Q(d.lack_of_fit, m - p, n - m);
  if (d.lack_p < LossDescription::level)
    d.inflation = std::max(1.0, between / (m - p) / (all / (n - p)));
}

} // namespace

LossDescription describe_residuals(const LossProblem& problem, const LossFit& fit) {
  LossDescription d;
  const Eigen::VectorXd e = bounded_residuals(problem, fit);
  // sizes and losses are written with ten digits or so: what is left of a table without noise is their rounding, which
  // rows of one size share
  constexpr double written = 1e-9;
  const double unit = penalty_of(fit.options).log ? 1 : problem.unit();
  if (e.size() > 0 && e.cwiseAbs().maxCoeff() < written * unit)
    return d;
  test_repeats(problem, e, d);
  test_neighbours(problem, fit, e, d);
  return d;
}

} // namespace cascade::analysis
