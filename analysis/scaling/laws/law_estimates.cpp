#include "analysis/scaling/laws/law_search.hpp"

#include <Eigen/LU>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double open_end = std::numeric_limits<double>::infinity();

/// Covariances to first order: of residuals of equal size, and of any size at each row.
struct LawErrors {
  Eigen::MatrixXd equal, any;
  double deviance_scale = 1;
};

LawErrors errors_of(const LawProblem& problem, const LawData& data, const Eigen::VectorXd& at,
                    const std::vector<double>& residual) {
  const Penalty penalty = problem.last();
  const int p = problem.of_law();
  const auto n = static_cast<double>(residual.size());
  std::vector<int> free;
  for (const int i : problem.free())
    if (i < p)
      free.push_back(i);
  std::vector<double> size(residual.size());
  std::transform(residual.begin(), residual.end(), size.begin(), [](double r) { return std::abs(r); });
  std::nth_element(size.begin(), size.begin() + static_cast<std::ptrdiff_t>(size.size() / 2), size.end());
  const bool t = problem.student_t();
  const double scale = t ? std::exp(at[p]) : 1;
  const double window = std::max(std::min(penalty.delta, 1e300), size[size.size() / 2]);
  const auto psi_of = [&](double r) { return t ? 5 * r / (4 * scale * scale + r * r) : penalty.slope(r); };
  double psi2 = 0, inside = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double r = residual[i], w = data.weight.empty() ? 1 : data.weight[i];
    psi2 += w * psi_of(r) * psi_of(r) / n;
    inside += t ? 5 * (4 * scale * scale - r * r) / std::pow(4 * scale * scale + r * r, 2) / n
                : (std::abs(r) <= window ? penalty.side(r) / n : 0);
  }
  const double slope = !t && !(penalty.delta < 1e300) ? 1 : t ? inside : inside * std::min(1.0, penalty.delta / window);
  const double freedom = n / std::max(1.0, n - static_cast<double>(free.size()));
  // gradients row by row, from the majorant's own rows: unit weights
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(p, p);
  const Eigen::MatrixXd g = problem.gradients(at);
  for (Eigen::Index i = 0; i < g.cols(); ++i)
    information +=
        (data.weight.empty() ? 1 : data.weight[static_cast<std::size_t>(i)]) * g.col(i) * g.col(i).transpose();
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(p, p);
  const auto m = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd inner(m, m);
  for (Eigen::Index i = 0; i < m; ++i)
    for (Eigen::Index j = 0; j < m; ++j)
      inner(i, j) = information(free[static_cast<std::size_t>(i)], free[static_cast<std::size_t>(j)]);
  inner.diagonal().array() += 1e-13 * std::max(inner.trace(), 1e-280);
  inner = inner.inverse().eval();
  for (Eigen::Index i = 0; i < m; ++i)
    for (Eigen::Index j = 0; j < m; ++j)
      inverse(free[static_cast<std::size_t>(i)], free[static_cast<std::size_t>(j)]) = inner(i, j);
  LawErrors out;
  out.deviance_scale = psi2 * freedom / slope;
  out.equal = inverse * (out.deviance_scale / slope);
  Eigen::MatrixXd meat = Eigen::MatrixXd::Zero(p, p);
  for (Eigen::Index i = 0; i < g.cols(); ++i) {
    const double w = data.weight.empty() ? 1 : data.weight[static_cast<std::size_t>(i)];
    const double left = std::max(0.5, 1 - w * (g.col(i).transpose() * inverse * g.col(i)).value());
    const double pull = w * psi_of(residual[static_cast<std::size_t>(i)]) / left;
    meat += pull * pull * g.col(i) * g.col(i).transpose();
  }
  out.any = inverse * meat * inverse / (slope * slope);
  return out;
}

/// Where the profile in one variable has risen by `rise`, going from the optimum in one direction.
double profile_end(const LawProblem& problem, const Eigen::VectorXd& best, double lowest, int variable,
                   double direction, double step, double rise) {
  const Penalty penalty = problem.last();
  std::vector<int> free;
  for (const int i : problem.free())
    if (i != variable)
      free.push_back(i);
  Eigen::VectorXd at = best;
  const auto risen = [&](double value) {
    Eigen::VectorXd start = at;
    start[variable] = value;
    LawProblem::End end{start, 0, false};
    for (const Penalty& p : problem.path(penalty.delta < 1e300 ? 3 * penalty.delta : 0.1))
      end = problem.search(end.at, free, p, true, 60);
    if (std::isfinite(end.value))
      at = end.at;
    return end.value - lowest - rise;
  };
  double inside = best[variable], outside = inside, gap = direction * std::max(step, 1e-9), above = -1, below = -rise;
  for (int k = 0; k < 40 && above < 0; ++k) {
    outside = inside + gap;
    above = risen(outside);
    if (above < 0) {
      below = above;
      inside = outside;
      gap *= 1.6;
    }
    if (std::abs(outside - best[variable]) > 60)
      return direction * open_end;
  }
  if (above < 0)
    return direction * open_end;
  for (int k = 0; k < 12 && std::abs(outside - inside) > 1e-4 * std::abs(outside - best[variable]); ++k) {
    // on the square root of the rise, which is nearly straight
    const double a = std::sqrt(std::max(below + rise, 0.0)), b = std::sqrt(above + rise), wanted = std::sqrt(rise);
    double share = b > a ? (wanted - a) / (b - a) : 0.5;
    share = std::clamp(share, 0.1, 0.9);
    const double middle = inside + share * (outside - inside), there = risen(middle);
    if (there < 0) {
      inside = middle;
      below = there;
    } else {
      outside = middle;
      above = there;
    }
  }
  return (inside + outside) / 2;
}

} // namespace

std::vector<LawEstimate> law_estimates(const LawData& data, const LawFit& fit, const LawFitOptions& options) {
  const auto law = scaling_law_of(fit.law).make();
  const LawProblem problem(*law, data, options);
  const Eigen::VectorXd at = Eigen::Map<const Eigen::VectorXd>(fit.at.data(), static_cast<Eigen::Index>(fit.at.size()));
  const int p = problem.of_law();
  std::vector<Jet> jets;
  for (int k = 0; k < p; ++k)
    jets.push_back(Jet::variable(at[k], k, p));
  const LawErrors errors = errors_of(problem, data, at, fit.residuals);
  const double freedom = static_cast<double>(fit.points) - fit.variables;
  const double student = freedom > 0 ? gsl_cdf_tdist_Pinv(0.975, freedom) : open_end;
  const double lowest = problem.sum(at, problem.last()).value;
  const bool few = fit.points < 4 * static_cast<std::size_t>(fit.variables);
  std::vector<LawEstimate> out;
  for (const LawNumber& number : law->numbers(jets, data)) {
    LawEstimate e{number.name, number.value.v, 0, {}};
    Eigen::VectorXd along = Eigen::VectorXd::Zero(p);
    for (int k = 0; k < number.value.n; ++k)
      along[k] = number.value.d[static_cast<std::size_t>(k)];
    const double equal = std::sqrt(std::max(0.0, along.dot(errors.equal * along)));
    const double any = std::sqrt(std::max(0.0, along.dot(errors.any * along)));
    e.error = few ? equal : any;
    const bool held = number.variable >= 0 &&
                      std::find(problem.free().begin(), problem.free().end(), number.variable) == problem.free().end();
    if (held) {
      e.error = 0;
      e.interval = {e.value, e.value};
    } else if (number.variable >= 0 && !problem.student_t() && freedom > 0) {
      const double ratio = few || !(equal > 0) ? 1 : any / equal;
      const double rise = student * student * errors.deviance_scale / 2 * ratio * ratio;
      const double slope = number.logarithm ? std::max(e.value, 1e-280) : 1; // of the number by its variable
      const double step = std::clamp(0.7 * student * e.error / slope, 1e-8, 1.0);
      for (std::size_t side = 0; side < 2; ++side) {
        const double end = profile_end(problem, at, lowest, number.variable, side == 0 ? -1 : 1, step, rise);
        e.interval[side] = number.logarithm ? (end < -30 ? 0 : end > 60 ? open_end : std::exp(end)) : end;
      }
    } else {
      e.interval = {e.value - student * e.error, e.value + student * e.error};
    }
    out.push_back(e);
  }
  return out;
}

} // namespace cascade::analysis
