#include "analysis/scaling/starts.hpp"

#include "analysis/losses/loss_minimum.hpp"
#include "analysis/losses/loss_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

double scored(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options) {
  const double value = objective_value(problem, at, options);
  return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

} // namespace

StartEnds start_ends(const LossTable& table, const LossFit& fit) {
  const LossTable few = thinned(table);
  const LossProblem whole_problem(table, fit.model), problem(few, whole_problem);
  StartEnds out;
  const bool same_table = few.size() == table.size();
  const SmallVector home =
      same_table ? fit.at : minimise(problem, fit.at, whole(problem), stages(fit.options, 0.03)).at;
  out.best = scored(problem, home, fit.options);
  out.second = std::numeric_limits<double>::infinity();
  const std::vector<double> grid{0.1, 0.3, 0.6, 1.2};
  for (const double alpha : grid)
    for (const double beta : fit.model == LossModel::two_variables ? grid : std::vector<double>{alpha}) {
      const SmallVector at =
          minimise(problem, start_at(problem, alpha, beta), whole(problem), stages(fit.options, 0.1)).at;
      ++out.starts;
      if ((at - home).cwiseAbs().maxCoeff() < 1e-4) {
        ++out.at_best;
        continue;
      }
      const double value = scored(problem, at, fit.options);
      if (value < out.second) {
        out.other = true;
        out.second = value;
        out.second_law = problem.natural(at);
      }
    }
  return out;
}

LossFit fit_near(const LossTable& table, const LossFit& near, const LossFitOptions& options) {
  const LossProblem problem(table, near.model);
  LossFit fit;
  fit.model = near.model;
  fit.options = options;
  fit.points = table.size();
  std::vector<SmallVector> starts{problem.variables_of(near.parameters)};
  starts.push_back(start_at(problem, 0.3, 0.3));
  starts.push_back(start_at(problem, 0.5, 0.5));
  Minimum best;
  double lowest = std::numeric_limits<double>::infinity();
  const LossTable few = thinned(table);
  if (few.size() < table.size()) { // the thinned table finds the valley, all rows its lowest point
    const LossProblem thin(few, problem);
    SmallVector valley;
    double least = std::numeric_limits<double>::infinity();
    for (const SmallVector& start : starts)
      if (start.allFinite()) {
        const SmallVector at = minimise(thin, start, whole(thin), stages(options)).at;
        if (const double value = scored(thin, at, options); value < least) {
          least = value;
          valley = at;
        }
      }
    starts.clear();
    if (valley.size() > 0)
      starts.push_back(valley);
  }
  const auto path = stages(options, few.size() < table.size() ? 3e-3 : 0.1);
  for (const SmallVector& start : starts) {
    if (!start.allFinite())
      continue;
    const Minimum m = minimise(problem, start, whole(problem), path);
    if (const double value = scored(problem, m.at, options); value < lowest) {
      lowest = value;
      best = m;
    }
  }
  fit.converged = best.converged && std::isfinite(lowest);
  fit.moved = true;
  if (std::isfinite(lowest))
    settle(problem, best.at, fit);
  return fit;
}

} // namespace cascade::analysis
