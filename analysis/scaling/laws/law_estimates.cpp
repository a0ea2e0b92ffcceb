#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/loss_errors.hpp"
#include "analysis/scaling/laws/law_search.hpp"

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
  inner = analysis::inverse(inner);
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

/// A point of the profile in one variable: the lowest found with the variable there.
struct LawPoint {
  double at = 0, above = 0; ///< the variable; the objective above the optimum
  Eigen::VectorXd where;
};

/// The profile of the objective in one variable of a law, from its optimum outward.
class LawProfile {
public:
  LawProfile(const LawProblem& problem, const LawFit& fit, const std::vector<std::vector<double>>& starts,
             const Eigen::VectorXd& best, double lowest, int variable)
      : problem_(problem), best_(best), lowest_(lowest), variable_(variable) {
    for (const int i : problem.free())
      if (i != variable)
        free_.push_back(i);
    const auto add = [&](const std::vector<double>& values) {
      Eigen::VectorXd at = best;
      for (std::size_t i = 0; i < values.size() && i < static_cast<std::size_t>(at.size()); ++i)
        if (std::find(free_.begin(), free_.end(), static_cast<int>(i)) != free_.end())
          at[static_cast<Eigen::Index>(i)] = values[i];
      fresh_.push_back(at);
    };
    for (const LawEnd& end : fit.others)
      add(end.at);
    for (const auto& start : starts)
      add(start);
  }

  /// Where it has risen by `rise` and stays above it at three and nine times that distance; infinite where it
  /// never has.
  double end(double direction, double step, double rise) {
    LawPoint inside{best_[variable_], 0, best_}, outside;
    if (!(std::abs(rise) < open_end))
      return direction * open_end;
    for (int again = 0; again < 12; ++again) {
      double gap = step;
      bool found = false;
      for (int k = 0; k < 70 && !found; ++k) {
        if (std::abs(inside.at - best_[variable_]) > farthest)
          return direction * open_end;
        const LawPoint next = lowest(inside.at + direction * gap, inside.where, inside.where, k % 4 == 3);
        if (next.above > rise) {
          outside = next;
          found = true;
        } else {
          inside = next;
          gap *= 1.6;
        }
      }
      if (!found)
        return direction * open_end;
      const double distance = std::abs(outside.at - best_[variable_]);
      bool above = true;
      for (const double times : {1.0, 3.0, 9.0})
        if (above && times * distance < farthest) {
          const LawPoint p = lowest(best_[variable_] + direction * times * distance, outside.where, inside.where, true);
          if (p.above <= rise) {
            inside = p;
            above = false;
          }
        }
      if (!above)
        continue;
      const double crossed = crossing(inside, outside, rise);
      if (!std::isfinite(crossed))
        return crossed;
      const LawPoint beyond =
          lowest(best_[variable_] + 1.05 * (crossed - best_[variable_]), outside.where, inside.where, true);
      if (beyond.above > rise)
        return crossed;
      inside = beyond; // where one valley ends another may have begun
    }
    return direction * open_end;
  }

  /// The lowest point that was met, where it is below the optimum.
  const LawPoint& deepest() const { return deepest_; }

private:
  static constexpr double farthest = 60;
  static constexpr std::size_t most_fresh = 6; ///< starts that are followed

  LawPoint searched(double value, Eigen::VectorXd start) const {
    start[variable_] = value;
    const Penalty last = problem_.last();
    LawProblem::End end{start, 0, false};
    for (const Penalty& p : problem_.path(last.delta < 1e300 ? 3 * last.delta : 0.1))
      end = problem_.search(end.at, free_, p, p.delta < 1e300,
                            60); // squares: reweighted steps are Newton's but for residuals
    return {value, std::isfinite(end.value) ? end.value - lowest_ : open_end, end.at};
  }

  /// From the neighbours, and with `fresh` from the best of the starts that owe nothing to them.
  LawPoint lowest(double value, const Eigen::VectorXd& a, const Eigen::VectorXd& b, bool fresh) {
    LawPoint out = searched(value, a);
    const auto offer = [&](const Eigen::VectorXd& start) {
      const LawPoint other = searched(value, start);
      if (other.above < out.above)
        out = other;
    };
    if ((a - b).cwiseAbs().maxCoeff() > 0)
      offer(b);
    if (fresh && !fresh_.empty()) {
      const Penalty wide = problem_.path(0.1).front();
      std::vector<std::pair<double, std::size_t>> order;
      for (std::size_t i = 0; i < fresh_.size(); ++i) {
        Eigen::VectorXd at = fresh_[i];
        at[variable_] = value;
        order.emplace_back(problem_.sum(at, wide).value, i);
      }
      std::stable_sort(order.begin(), order.end());
      for (std::size_t i = 0; i < std::min<std::size_t>(most_fresh, order.size()); ++i)
        if (std::isfinite(order[i].first))
          offer(fresh_[order[i].second]);
    }
    if (out.above < deepest_.above)
      deepest_ = out;
    return out;
  }

  double crossing(LawPoint inside, LawPoint outside, double rise) {
    for (int k = 0; k < 14 && std::abs(outside.at - inside.at) > 1e-4 * std::abs(outside.at - best_[variable_]); ++k) {
      // on the square root of the rise, which is nearly straight
      const double a = std::sqrt(std::max(inside.above, 0.0)), wanted = std::sqrt(rise);
      double share = 0.5;
      if (std::isfinite(outside.above) && k % 4 != 3)
        share = std::clamp((wanted - a) / (std::sqrt(outside.above) - a), 0.1, 0.9);
      const LawPoint middle = lowest(inside.at + share * (outside.at - inside.at), inside.where, outside.where, false);
      (middle.above > rise ? outside : inside) = middle;
    }
    if (!std::isfinite(outside.above)) // the law's range ends before the profile has risen
      return outside.at > inside.at ? open_end : -open_end;
    return (inside.at + outside.at) / 2;
  }

  const LawProblem& problem_;
  Eigen::VectorXd best_;
  double lowest_;
  int variable_;
  std::vector<int> free_;
  std::vector<Eigen::VectorXd> fresh_;
  LawPoint deepest_{0, 0, {}};
};

/// The numbers of a law at a fit; `better`: a point below the optimum that a profile has met, or nothing.
std::vector<LawEstimate> estimates_at(const ScalingLaw& law, const LawProblem& problem, const LawData& data,
                                      const LawFit& fit, const std::vector<std::vector<double>>& starts,
                                      Eigen::VectorXd& better) {
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
  double deepest = -1e-7 * errors.deviance_scale - 1e-12 * std::abs(lowest);
  std::vector<LawEstimate> out;
  for (const LawNumber& number : law.numbers(jets, data)) {
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
    } else if (fit.pinned) {
      e.error = open_end;
      e.interval = {number.logarithm ? 0 : -open_end, open_end};
    } else if (number.variable >= 0 && freedom > 0) {
      const bool known = std::isfinite(equal) && std::isfinite(any) && equal > 0 && any > 0;
      // both errors are made at the optimum: they may widen what is read off far from it, but not narrow it
      const double ratio = few || !known ? 1 : std::max(1.0, any / equal);
      const double rise = student * student * errors.deviance_scale / 2;
      const double slope = number.logarithm ? std::max(e.value, 1e-280) : 1; // of the number by its variable
      const double guess = 0.7 * student * equal / slope;
      LawProfile profile(problem, fit, starts, at, lowest, number.variable);
      for (std::size_t side = 0; side < 2; ++side) {
        const double direction = side == 0 ? -1 : 1, here = at[number.variable];
        const double least = 1e-7 * (1 + std::abs(here)),
                     step = std::isfinite(guess) ? std::clamp(guess, least, 1.0) : 1.0;
        const double end =
            profile.end(direction, step, rise_limit(rise * ratio * ratio, problem.student_t(), fit.points));
        e.interval[side] = number.logarithm ? (end < -30 ? 0 : end > 60 ? open_end : std::exp(end)) : end;
      }
      if (profile.deepest().above < deepest) {
        deepest = profile.deepest().above;
        better = profile.deepest().where;
      }
    } else {
      e.interval = {e.value - student * e.error, e.value + student * e.error};
    }
    out.push_back(e);
  }
  return out;
}

} // namespace

std::vector<LawEstimate> law_estimates(const LawData& data, LawFit& fit, const LawFitOptions& options) {
  const auto law = scaling_law_of(fit.law).make();
  const LawProblem problem(*law, data, options);
  const std::vector<std::vector<double>> starts = law->starts(data);
  for (int again = 0;; ++again) {
    Eigen::VectorXd better;
    std::vector<LawEstimate> out = estimates_at(*law, problem, data, fit, starts, better);
    if (better.size() == 0 || again == 4)
      return out;
    LawFitOptions from = options;
    from.starts = {std::vector<double>(better.data(), better.data() + better.size())};
    from.own_starts = false;
    LawFit next = fit_law(fit.law, data, from);
    if (!std::isless(next.value, fit.value) || next.pinned)
      return out;
    next.starts = fit.starts;
    next.others = fit.others;
    next.others.insert(next.others.begin(), {fit.at, fit.value});
    fit = next;
  }
}

} // namespace cascade::analysis
