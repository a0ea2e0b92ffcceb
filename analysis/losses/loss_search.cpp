#include "analysis/losses/loss_search.hpp"

#include "analysis/losses/loss_errors.hpp"
#include "analysis/losses/loss_minimum.hpp"
#include "core/talk/errors.hpp"

#include <Eigen/LU>
#include <Eigen/QR>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace cascade::analysis {
namespace {

constexpr std::size_t enough_for_starts = 2000; ///< starts of a search need no more points than this

struct Split {
  std::vector<int> exponents, coefficients;
};

Split split(LossModel model) {
  if (model == LossModel::power)
    return {{1}, {0}};
  if (model == LossModel::pedestal)
    return {{1}, {0, 2}};
  return {{1, 4}, {0, 2, 3}};
}

/// Schur complement: curvature in the exponents when the coefficients follow.
SmallMatrix reduced(const SmallMatrix& m, const Split& s) {
  SmallMatrix inner = m(s.coefficients, s.coefficients);
  inner.diagonal().array() += 1e-14 * std::max(inner.trace(), 1e-280);
  const SmallMatrix cross = m(s.coefficients, s.exponents);
  return m(s.exponents, s.exponents) - cross.transpose() * inner.fullPivLu().solve(cross);
}

/// Variable projection: the objective as a function of the exponents, its gradient by the envelope theorem.
Minimum project(const LossProblem& problem, SmallVector at, bool log, double delta) {
  const Split s = split(problem.model());
  const SmallVector start = at(s.exponents);
  Minimum m = damped_newton(
      [&](const SmallVector& exponents) {
        for (std::size_t i = 0; i < s.exponents.size(); ++i)
          at[s.exponents[i]] = exponents[static_cast<Eigen::Index>(i)];
        at = minimise(problem, at, s.coefficients, log, delta, {}).at;
        const LocalModel whole = problem.evaluate(at, log, delta);
        return LocalModel{whole.value, whole.gradient(s.exponents), reduced(whole.hessian, s),
                          reduced(whole.majorant, s)};
      },
      start, 100);
  for (std::size_t i = 0; i < s.exponents.size(); ++i)
    at[s.exponents[i]] = m.at[static_cast<Eigen::Index>(i)];
  m.at = minimise(problem, at, s.coefficients, log, delta, {}).at;
  return m;
}

Minimum through_stages(const LossProblem& problem, SmallVector at, const LossFitOptions& options, bool projection) {
  const std::vector<int> all = variables_but(problem, -1);
  Minimum m;
  const bool near = problem.points() > 2 * enough_for_starts; // the start is the optimum of a thinner table
  for (const double delta : stages(options, near ? 3e-3 : 0.1)) {
    m = projection ? project(problem, at, logarithmic(options.objective), delta)
                   : minimise(problem, at, all, logarithmic(options.objective), delta, {});
    at = m.at;
  }
  return m;
}

/// Coefficients for given exponents: linear least squares of L in relative error, kept above zero.
SmallVector start_at(const LossProblem& problem, double alpha, double beta) {
  const LossTable& t = problem.table();
  const auto n = static_cast<Eigen::Index>(problem.points());
  SmallVector at = SmallVector::Zero(problem.variables());
  at[1] = alpha;
  if (problem.variables() == 5)
    at[4] = beta;
  const int terms = problem.variables() == 2 ? 1 : problem.variables() == 3 ? 2 : 3;
  Eigen::MatrixXd columns(n, terms);
  double mean_x = 0, mean_z = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    mean_x += std::log(t.x[static_cast<std::size_t>(i)]) / static_cast<double>(n);
    mean_z += terms == 3 ? std::log(t.z[static_cast<std::size_t>(i)]) / static_cast<double>(n) : 0;
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    columns(i, 0) = std::exp(-alpha * (std::log(t.x[k]) - mean_x)) / t.loss[k];
    if (terms > 1)
      columns(i, 1) = 1 / t.loss[k];
    if (terms > 2)
      columns(i, 2) = std::exp(-beta * (std::log(t.z[k]) - mean_z)) / t.loss[k];
  }
  const Eigen::VectorXd c = columns.colPivHouseholderQr().solve(Eigen::VectorXd::Ones(n));
  const double floor = 0.02 * *std::min_element(t.loss.begin(), t.loss.end());
  const int place[] = {0, 2, 3};
  for (int k = 0; k < terms; ++k)
    at[place[k]] = std::log(std::max(std::isfinite(c[k]) ? c[k] : floor, floor));
  return at;
}

/// Every k-th point in the order of x, then of z. The different optima found on these are the starts for all points.
LossTable thinned(const LossTable& table) {
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::pair{table.x[i], table.two_variables() ? table.z[i] : 0}; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
  LossTable out;
  out.name = table.name;
  for (std::size_t k = 0; k < enough_for_starts; ++k) {
    const std::size_t i = order[k * (table.size() - 1) / (enough_for_starts - 1)];
    out.x.push_back(table.x[i]);
    out.loss.push_back(table.loss[i]);
    if (table.two_variables())
      out.z.push_back(table.z[i]);
  }
  return out;
}

std::vector<SmallVector> best_starts(const LossProblem& problem, const LossFitOptions& options, int& tried) {
  if (problem.points() > 2 * enough_for_starts) {
    const LossProblem few(thinned(problem.table()), problem.model());
    std::vector<SmallVector> out;
    for (const SmallVector& start : best_starts(few, options, tried)) {
      const LossParameters end = few.natural(through_stages(few, start, options, false).at);
      const SmallVector at = problem.variables_of(end); // each problem is centred on its own means
      if (std::none_of(out.begin(), out.end(), [&](const SmallVector& o) { return (o - at).norm() < 1e-4; }))
        out.push_back(at);
    }
    return out;
  }
  const std::vector<double> grid{0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.9, 1.4, 2.2};
  std::vector<std::pair<double, SmallVector>> found;
  for (const double alpha : grid)
    for (const double beta : problem.variables() == 5 ? grid : std::vector<double>{0}) {
      const SmallVector at =
          minimise(problem, start_at(problem, alpha, beta), split(problem.model()).coefficients, true, 0.1, {}).at;
      found.emplace_back(problem.evaluate(at, true, 0.1).value, at);
    }
  tried = static_cast<int>(found.size());
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SmallVector> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(6, found.size()); ++i)
    out.push_back(found[i].second);
  return out;
}

void require_enough(const LossTable& table, LossModel model) {
  const int parameters = model == LossModel::power ? 2 : model == LossModel::pedestal ? 3 : 5;
  const auto refuse = [&](const std::string& what) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", table.name, what));
  };
  const auto different = [](const std::vector<double>& values) {
    return std::set<double>(values.begin(), values.end()).size();
  };
  if (table.size() < static_cast<std::size_t>(parameters) + 2)
    refuse(fmt::format("{} points left after the filters; {} parameters need at least {}", table.size(), parameters,
                       parameters + 2));
  const std::size_t needed = model == LossModel::power ? 2 : 3;
  if (different(table.x) < needed)
    refuse(fmt::format("{} different x among {} points{}; at least {} are needed", different(table.x), table.size(),
                       different(table.x) == 1 ? " (all are equal)" : "", needed));
  if (model == LossModel::two_variables && different(table.z) < needed)
    refuse(fmt::format("{} different values of the second variable among {} points; at least {} are needed",
                       different(table.z), table.size(), needed));
  if (different(table.loss) < 2)
    refuse("all losses are equal: nothing depends on x");
}

} // namespace

void require_moved(const std::string& name, const SmallVector& start, const SmallVector& end, double relative_slope) {
  if ((end - start).cwiseAbs().maxCoeff() > 1e-12 || relative_slope < 1e-6)
    return;
  throw core::Error(core::ExitCode::numerical_failure,
                    fmt::format("{}: the search for the optimum has not moved from its start; rescale the columns, or "
                                "try another objective or method",
                                name));
}

LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options) {
  require_enough(table, model);
  const LossProblem problem(table, model);
  LossFit fit;
  fit.model = model;
  fit.options = options;
  fit.points = table.size();
  const std::vector<SmallVector> starts = best_starts(problem, options, fit.starts);
  const double delta = stages(options).back();
  const bool log = logarithmic(options.objective);
  std::vector<Minimum> ends;
  for (const SmallVector& start : starts)
    ends.push_back(through_stages(problem, start, options, false));
  fit.polished = static_cast<int>(ends.size());
  const auto value = [&](const Minimum& m) { return problem.evaluate(m.at, log, delta).value; };
  const auto best = std::min_element(ends.begin(), ends.end(),
                                     [&](const Minimum& a, const Minimum& b) { return value(a) < value(b); });
  const Minimum projected = through_stages(problem, starts.front(), options, true);
  const bool take = options.variable_projection && value(projected) <= value(*best) * (1 + 1e-9);
  const Minimum& chosen = take ? projected : *best;
  fit.at = chosen.at;
  fit.converged = chosen.converged;
  for (const int k : split(model).exponents)
    fit.cross_check = std::max(fit.cross_check, std::abs(projected.at[k] - best->at[k]));
  for (const Minimum& m : ends)
    fit.agreeing += (m.at - fit.at).cwiseAbs().maxCoeff() < 1e-4 ? 1 : 0;
  const auto& start = starts[static_cast<std::size_t>(best - ends.begin())];
  fit.moved = (fit.at - start).cwiseAbs().maxCoeff() > 1e-12;
  // slope in units of its value far from the optimum: the gradient an error of one scatter everywhere would make
  const LocalModel end = problem.evaluate(fit.at, log, delta);
  const double steep = std::sqrt(2 * end.value * std::max(end.majorant.trace(), 1e-280));
  require_moved(table.name, start, fit.at, steep > 0 ? end.gradient.norm() / steep : 0);
  fit.parameters = problem.natural(fit.at);
  fit.value = objective_value(problem, fit.at, options);
  set_errors(problem, fit);
  return fit;
}

double objective_at(const LossTable& table, LossModel model, const LossFitOptions& options,
                    const LossParameters& parameters) {
  const LossProblem problem(table, model);
  return objective_value(problem, problem.variables_of(parameters), options);
}

LossParameters refit(const LossProblem& problem, const LossFit& fit, const std::vector<double>& weights) {
  SmallVector at = fit.at;
  bool converged = false;
  for (const double delta : stages(fit.options, 0.03)) {
    const Minimum m =
        minimise(problem, at, variables_but(problem, -1), logarithmic(fit.options.objective), delta, weights);
    at = m.at;
    converged = m.converged;
  }
  if (converged)
    return problem.natural(at);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {nan, nan, nan, nan, nan};
}

} // namespace cascade::analysis
