#include "analysis/scaling/laws/law_search.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/losses/loss_minimum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double degrees = 4; ///< of Student's t
constexpr double infinite = std::numeric_limits<double>::infinity();

Eigen::MatrixXd picked_matrix(const Eigen::MatrixXd& m, const std::vector<int>& which) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(which.size()), static_cast<Eigen::Index>(which.size()));
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j)
      out(i, j) = m(which[static_cast<std::size_t>(i)], which[static_cast<std::size_t>(j)]);
  return out;
}

Eigen::VectorXd picked_vector(const Eigen::VectorXd& v, const std::vector<int>& which) {
  Eigen::VectorXd out(static_cast<Eigen::Index>(which.size()));
  for (Eigen::Index i = 0; i < out.size(); ++i)
    out[i] = v[which[static_cast<std::size_t>(i)]];
  return out;
}

} // namespace

LawProblem::LawProblem(const ScalingLaw& law, const LawData& data, const LawFitOptions& options)
    : law_(law), data_(data), options_(options), of_law_(law.variables(data)),
      variables_(of_law_ + (options.objective.student_t ? 1 : 0)) {
  for (int i = 0; i < variables_; ++i)
    if (std::none_of(options.fixed.begin(), options.fixed.end(), [i](const auto& f) { return f.first == i; }))
      free_.push_back(i);
}

std::vector<Penalty> LawProblem::path(double widest) const {
  if (options_.objective.student_t)
    return {Penalty{}};
  const LossFitOptions o{options_.objective.objective, options_.objective.delta, true, options_.objective.asymmetry};
  return stages(o, widest);
}

/// Residuals, and minus their gradients by the law's variables.
Eigen::MatrixXd LawProblem::rows_of(const Eigen::VectorXd& at, std::vector<double>& residual) const {
  std::vector<Jet> jets;
  for (int k = 0; k < of_law_; ++k)
    jets.push_back(Jet::variable(at[k], k, of_law_));
  const bool log = options_.objective.student_t || options_.objective.objective != Objective::least_squares;
  const std::size_t n = data_.size();
  Eigen::MatrixXd g(of_law_, static_cast<Eigen::Index>(n));
  residual.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Jet l = law_.log_law(jets, data_, i);
    if (!std::isfinite(l.v)) { // outside the law's domain
      residual[i] = infinite;
      g.col(static_cast<Eigen::Index>(i)).setZero();
      continue;
    }
    const double model = std::exp(std::clamp(l.v, -600.0, 600.0)), scale = log ? 1 : model;
    residual[i] = log ? std::log(data_.response[i]) - l.v : data_.response[i] - model;
    for (int k = 0; k < of_law_; ++k)
      g(k, static_cast<Eigen::Index>(i)) = l.n == 0 ? 0 : scale * l.d[static_cast<std::size_t>(k)];
  }
  return g;
}

Eigen::MatrixXd LawProblem::gradients(const Eigen::VectorXd& at) const {
  std::vector<double> ignored;
  return rows_of(at, ignored);
}

std::vector<double> LawProblem::residuals(const Eigen::VectorXd& at) const {
  std::vector<double> out;
  rows_of(at, out);
  return out;
}

LawSum LawProblem::sum(const Eigen::VectorXd& at, const Penalty& penalty) const {
  std::vector<double> residual;
  const Eigen::MatrixXd rows = rows_of(at, residual);
  LawSum out{0, Eigen::VectorXd::Zero(variables_), Eigen::MatrixXd::Zero(variables_, variables_)};
  const bool t = student_t();
  const double scale = t ? std::exp(std::clamp(at[of_law_], -60.0, 60.0)) : 1;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double r = residual[i], w = data_.weight.empty() ? 1 : data_.weight[i];
    if (!std::isfinite(r)) {
      out.value = infinite;
      return out;
    }
    double rho, slope, stiff;
    if (t) {
      const double z = r * r / (degrees * scale * scale);
      rho = (degrees + 1) / 2 * std::log1p(z) + at[of_law_];
      stiff = (degrees + 1) / (degrees * scale * scale * (1 + z));
      slope = stiff * r;
      out.gradient[of_law_] += w * (1 - stiff * r * r);
      out.majorant(of_law_, of_law_) += w * 2 * degrees / (degrees + 3);
    } else {
      const double side = penalty.side(r), size = std::abs(r);
      rho = penalty.value(r);
      slope = penalty.slope(r);
      stiff = side * (size <= penalty.delta ? 1 : penalty.delta / size);
    }
    out.value += w * rho;
    const auto g = rows.col(static_cast<Eigen::Index>(i));
    out.gradient.head(of_law_) -= w * slope * g;
    out.majorant.topLeftCorner(of_law_, of_law_).selfadjointView<Eigen::Lower>().rankUpdate(g, w * stiff);
  }
  out.majorant = Eigen::MatrixXd(out.majorant.selfadjointView<Eigen::Lower>());
  if (!out.gradient.allFinite())
    out.value = infinite;
  return out;
}

Eigen::MatrixXd LawProblem::hessian(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient, const Penalty& penalty,
                                    const std::vector<int>& free) const {
  const auto n = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd h(n, n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const int i = free[static_cast<std::size_t>(k)];
    const double step = 1e-6 * std::max(1.0, std::abs(at[i]));
    Eigen::VectorXd moved = at;
    moved[i] += step;
    h.col(k) = picked_vector(sum(moved, penalty).gradient - gradient, free) / (moved[i] - at[i]);
  }
  return (h + h.transpose()) / 2;
}

double LawProblem::value(const Eigen::VectorXd& at) const {
  const Penalty penalty = last();
  if (student_t())
    return sum(at, penalty).value;
  std::vector<double> residual;
  rows_of(at, residual);
  double total = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double r = residual[i];
    const bool squares = !(penalty.delta < 1e300);
    total += (data_.weight.empty() ? 1 : data_.weight[i]) * (!std::isfinite(r) ? infinite
                                                             : options_.objective.objective == Objective::absolute_log
                                                                 ? std::abs(r)
                                                             : squares ? r * r
                                                                       : penalty.value(r));
  }
  return total;
}

LawProblem::End LawProblem::search(const Eigen::VectorXd& start, const std::vector<int>& free, const Penalty& penalty,
                                   bool exact, int most) const {
  End end{start, infinite, false};
  LawSum here = sum(start, penalty);
  end.value = here.value;
  if (!std::isfinite(here.value) || free.empty()) {
    end.converged = free.empty();
    return end;
  }
  double lambda = 1e-2;
  int quiet = 0;
  for (int step = 0; step < most; ++step) {
    const Eigen::MatrixXd m = picked_matrix(here.majorant, free);
    const Eigen::VectorXd g = picked_vector(here.gradient, free);
    const Eigen::MatrixXd h = exact ? hessian(end.at, here.gradient, penalty, free) : m;
    bool better = false;
    double size = 0;
    while (!better && lambda < 1e10) {
      Eigen::MatrixXd k = h + lambda * m;
      k.diagonal().array() += 1e-14 * std::max(m.trace(), 1e-280) + 1e-300;
      const PositiveFactor factor(k);
      if (factor.positive_definite()) {
        const Eigen::VectorXd part = -factor.solve(g);
        size = part.cwiseAbs().maxCoeff();
        if (std::isfinite(size)) {
          Eigen::VectorXd next = end.at;
          for (std::size_t i = 0; i < free.size(); ++i)
            next[free[i]] += part[static_cast<Eigen::Index>(i)] * (size > 2 ? 2 / size : 1);
          const LawSum there = sum(next, penalty);
          if (there.value <= here.value + 1e-15 * std::abs(here.value)) {
            quiet = here.value - there.value <= 1e-15 * std::abs(here.value) ? quiet + 1 : 0;
            better = true;
            end.at = next;
            end.value = there.value;
            here = there;
          }
        }
      }
      lambda = better ? (lambda < 1e-9 ? 0 : lambda / 10) : std::max(1e-6, 6 * lambda);
    }
    if (!better || size < 1e-11 || quiet >= 3) {
      end.converged = true;
      return end;
    }
  }
  // A variable may be on its way to infinity (a scale that the rows do not bound), each step lowering the objective by
  // less: the lowest point is reached for all that the rows can say.
  if (exact) {
    const Eigen::VectorXd g = picked_vector(here.gradient, free);
    Eigen::MatrixXd m = picked_matrix(here.majorant, free);
    m.diagonal().array() += 1e-14 * std::max(m.trace(), 1e-280) + 1e-300;
    const PositiveFactor factor(m);
    end.converged = factor.positive_definite() && g.dot(factor.solve(g)) < 1e-7 * std::abs(here.value);
  }
  return end;
}

} // namespace cascade::analysis
