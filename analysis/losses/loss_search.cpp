#include "analysis/losses/loss_search.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/loss_errors.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace cascade::analysis {
namespace {

struct Split {
  std::vector<int> exponents, coefficients;
};

/// Exponents, and the coefficients that follow them: not E where it stays on its wall.
Split split(const LossProblem& problem, const SmallVector& at, const SmallVector& gradient) {
  Split s;
  for (int i = 0; i < problem.variables(); ++i)
    if (i == 1 || i == 4)
      s.exponents.push_back(i);
    else if (gradient.size() == 0 || !problem.box().holds(at, gradient, i))
      s.coefficients.push_back(i);
  return s;
}

/// Schur complement: curvature in the exponents when the coefficients follow.
SmallMatrix schur(const SmallMatrix& m, const Split& s) {
  SmallMatrix inner = picked(m, s.coefficients, s.coefficients);
  inner.diagonal().array() += 1e-14 * std::max(inner.trace(), 1e-280);
  const SmallMatrix cross = picked(m, s.coefficients, s.exponents);
  return picked(m, s.exponents, s.exponents) - cross.transpose() * solve(inner, cross);
}

/// Variable projection: the objective as a function of the exponents, its gradient by the envelope theorem.
Minimum project(const LossProblem& problem, SmallVector at, const Penalty& penalty) {
  const std::vector<int> exponents = split(problem, at, {}).exponents;
  const Slice coefficients = coefficients_of(problem, whole(problem));
  const SmallVector start = picked(at, exponents);
  const Box box{picked(problem.box().lower, exponents), picked(problem.box().upper, exponents)};
  Minimum m = damped_newton(
      [&](const SmallVector& part) {
        put_back(at, exponents, part);
        at = minimise(problem, at, coefficients, penalty).at;
        const LocalModel all = problem.evaluate(at, penalty);
        const Split s = split(problem, at, all.gradient);
        return LocalModel{all.value, picked(all.gradient, exponents), schur(all.hessian, s), schur(all.majorant, s)};
      },
      start, box, 100);
  put_back(at, exponents, m.at);
  m.at = minimise(problem, at, coefficients, penalty).at;
  return m;
}

/// From a start to the end; one that is the optimum of a thinner table is near already.
Minimum through_stages(const LossProblem& problem, const SmallVector& start, const LossFitOptions& options,
                       bool projection) {
  const auto all = stages(options, problem.points() > 2 * enough_for_starts ? 3e-3 : 0.1);
  if (!projection)
    return minimise(problem, start, whole(problem), all);
  Minimum m;
  m.at = start;
  for (const Penalty& penalty : all)
    m = project(problem, m.at, penalty);
  return m;
}

std::vector<SmallVector> best_starts(const LossProblem& problem, const LossFitOptions& options, int& tried) {
  if (problem.points() > 2 * enough_for_starts) {
    const LossProblem few(thinned(problem.table()), problem);
    std::vector<SmallVector> out;
    for (const SmallVector& start : best_starts(few, options, tried)) {
      const SmallVector at = through_stages(few, start, options, false).at;
      if (std::none_of(out.begin(), out.end(), [&](const SmallVector& o) { return (o - at).norm() < 1e-4; }))
        out.push_back(at);
    }
    return out;
  }
  const Penalty wide{true, 0.1, 1};
  const std::vector<double> grid{0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.9, 1.4, 2.2};
  std::vector<std::pair<double, SmallVector>> found;
  for (const double alpha : grid)
    for (const double beta : problem.model() == LossModel::two_variables ? grid : std::vector<double>{alpha}) {
      const SmallVector at =
          minimise(problem, start_at(problem, alpha, beta), coefficients_of(problem, whole(problem)), wide).at;
      found.emplace_back(problem.evaluate(at, wide).value, at);
    }
  tried = static_cast<int>(found.size());
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SmallVector> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(6, found.size()); ++i)
    out.push_back(found[i].second);
  return out;
}

} // namespace

void require_enough(const LossTable& table, LossModel model) {
  const int parameters = model == LossModel::power      ? 2
                         : model == LossModel::pedestal ? 3
                         : model == LossModel::tied     ? 4
                                                        : 5;
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
  if (has_second(model) && different(table.z) < needed)
    refuse(fmt::format("{} different values of the second variable among {} points; at least {} are needed",
                       different(table.z), table.size(), needed));
  if (has_second(model)) {
    std::set<std::pair<double, double>> places;
    for (std::size_t i = 0; i < table.size(); ++i)
      places.emplace(table.x[i], table.z[i]);
    if (places.size() < static_cast<std::size_t>(parameters))
      refuse(fmt::format("{} different pairs of the two variables among {} points; {} parameters need as many",
                         places.size(), table.size(), parameters));
  }
  if (different(table.loss) < 2)
    refuse("all losses are equal: nothing depends on x");
}

SmallVector start_at(const LossProblem& problem, double alpha, double beta, int pivot, double held) {
  const LossTable& t = problem.table();
  const auto n = static_cast<Eigen::Index>(problem.points());
  const bool two = has_second(problem.model());
  Eigen::MatrixXd columns(n, 3);
  double floor = t.loss.front();
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    columns(i, 0) = std::exp(-alpha * (std::log(t.x[k]) - problem.mean_log_x())) / t.loss[k];
    columns(i, 1) = 1 / t.loss[k];
    columns(i, 2) = two ? std::exp(-beta * (std::log(t.z[k]) - problem.mean_log_z())) / t.loss[k] : 0;
    floor = std::min(floor, 0.02 * t.loss[k]);
  }
  Eigen::Vector3d c(floor, floor, floor);
  if (pivot == 2)
    c[1] = held * problem.unit();
  if (pivot == 0 || pivot == 3)
    c[pivot == 0 ? 0 : 2] = std::exp(std::clamp(held, -600.0, 600.0));
  std::vector<int> free;
  for (const int k : {0, 1, 2})
    if (pivot != (k == 0 ? 0 : k + 1) && (k != 1 || problem.model() != LossModel::power) && (k != 2 || two))
      free.push_back(k);
  // the lowest coefficient below the floor is put there, until none is
  for (bool again = true; again && !free.empty();) {
    Eigen::VectorXd rest = Eigen::VectorXd::Ones(n);
    for (const int k : {0, 1, 2})
      if (std::find(free.begin(), free.end(), k) == free.end() && (k != 1 || problem.model() != LossModel::power))
        rest -= c[k] * columns.col(k);
    const Eigen::VectorXd part = least_squares(columns(Eigen::all, free), rest);
    Eigen::Index lowest = 0;
    for (std::size_t k = 0; k < free.size(); ++k)
      c[free[k]] = part[static_cast<Eigen::Index>(k)];
    again = !(part.minCoeff(&lowest) > floor);
    if (again) {
      c[free[static_cast<std::size_t>(lowest)]] = floor;
      free.erase(free.begin() + lowest);
    }
  }
  SmallVector at = SmallVector::Zero(problem.variables());
  at[0] = pivot == 0 ? held : std::log(c[0]);
  at[1] = alpha;
  if (problem.model() != LossModel::power)
    at[2] = c[1] / problem.unit();
  if (two)
    at[3] = pivot == 3 ? held : std::log(c[2]);
  if (problem.model() == LossModel::two_variables)
    at[4] = beta;
  return at;
}

LossTable thinned(const LossTable& table) {
  if (table.size() <= 2 * enough_for_starts)
    return table;
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::pair{table.x[i], table.two_variables() ? table.z[i] : 0}; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < enough_for_starts; ++k)
    kept.push_back(order[k * (table.size() - 1) / (enough_for_starts - 1)]);
  return table.subset(kept);
}

void require_moved(const std::string& name, const SmallVector& start, const SmallVector& end, double relative_slope) {
  if ((end - start).cwiseAbs().maxCoeff() > 1e-12 || relative_slope < 1e-6)
    return;
  throw core::Error(core::ExitCode::numerical_failure,
                    fmt::format("{}: the search for the optimum has not moved from its start; rescale the columns, or "
                                "try another objective or method",
                                name));
}

void settle(const LossProblem& problem, const SmallVector& at, LossFit& fit) {
  fit.at = at;
  fit.parameters = problem.natural(at);
  fit.value = objective_value(problem, at, fit.options);
  set_scales(problem, fit);
}

LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options) {
  require_enough(table, model);
  const LossProblem problem(table, model);
  LossFit fit;
  fit.model = model;
  fit.options = options;
  fit.points = table.size();
  const std::vector<SmallVector> starts = best_starts(problem, options, fit.starts);
  const Penalty penalty = penalty_of(options);
  std::vector<Minimum> ends;
  for (const SmallVector& start : starts)
    ends.push_back(through_stages(problem, start, options, false));
  fit.polished = static_cast<int>(ends.size());
  const auto value = [&](const Minimum& m) { return problem.evaluate(m.at, penalty).value; };
  const auto best = std::min_element(ends.begin(), ends.end(),
                                     [&](const Minimum& a, const Minimum& b) { return value(a) < value(b); });
  Minimum projected = problem.points() > 2 * enough_for_starts ? project(problem, best->at, penalty)
                                                               : through_stages(problem, starts.front(), options, true);
  if (value(projected) > value(*best) * (1 + 1e-9)) // another valley: does the projection stay in the best one?
    projected = project(problem, best->at, penalty);
  const bool take = options.variable_projection && value(projected) <= value(*best) * (1 + 1e-9);
  const Minimum& chosen = take ? projected : *best;
  fit.converged = chosen.converged;
  fit.cross_check = std::abs(projected.at[1] - best->at[1]);
  if (model == LossModel::two_variables)
    fit.cross_check = std::max(fit.cross_check, std::abs(projected.at[4] - best->at[4]));
  for (const Minimum& m : ends)
    fit.agreeing += (m.at - chosen.at).cwiseAbs().maxCoeff() < 1e-4 ? 1 : 0;
  const auto& start = starts[static_cast<std::size_t>(best - ends.begin())];
  fit.moved = (chosen.at - start).cwiseAbs().maxCoeff() > 1e-12;
  // slope in units of its value far from the optimum: the gradient an error of one scatter everywhere would make
  const LocalModel end = problem.evaluate(chosen.at, penalty);
  const double size = penalty.student ? static_cast<double>(table.size()) : 2 * end.value;
  const double steep = std::sqrt(size * std::max(end.majorant.trace(), 1e-280));
  SmallVector gradient = end.gradient;
  for (Eigen::Index i = 0; i < gradient.size(); ++i)
    gradient[i] = problem.box().holds(chosen.at, gradient, i) ? 0 : gradient[i];
  // losses that are the law to roundoff: a start from fewer of them is the optimum of all, and slopes are roundoff
  double squares = 0;
  for (const double loss : table.loss)
    squares += options.objective == Objective::least_squares ? loss * loss : 1;
  const bool exact = penalty.student ? problem.with_scale(chosen.at, penalty).scale <= lowest_student_scale
                                     : 2 * end.value <= 1e-24 * squares;
  require_moved(table.name, start, chosen.at, steep > 0 && !exact ? gradient.norm() / steep : 0);
  settle(problem, chosen.at, fit);
  return fit;
}

double objective_at(const LossTable& table, LossModel model, const LossFitOptions& options,
                    const LossParameters& parameters) {
  const LossProblem problem(table, model);
  return objective_value(problem, problem.variables_of(parameters), options);
}

LossParameters refit(const LossProblem& problem, const LossFit& fit, const std::vector<double>& weights) {
  const Minimum m = minimise(problem, fit.at, whole(problem), stages(fit.options, 0.03), weights);
  if (m.converged)
    return problem.natural(m.at);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return {none, none, none, none, none};
}

} // namespace cascade::analysis
