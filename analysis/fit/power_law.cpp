#include "analysis/fit/power_law.hpp"

#include <Eigen/Dense>

#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

/// The linear problem at a fixed exponent: rows are points divided by y and by the relative error.
class LinearProblem {
public:
  LinearProblem(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& relative_error,
                std::size_t first, std::size_t last, const PowerLawModel& model)
      : x_(x), y_(y), error_(relative_error), first_(first), model_(model),
        matrix_(static_cast<Eigen::Index>(last - first + 1), static_cast<Eigen::Index>(model.corrections.size() + 1)),
        target_(matrix_.rows()) {
    for (Eigen::Index r = 0; r < matrix_.rows(); ++r)
      target_(r) = 1 / error_[first_ + static_cast<std::size_t>(r)];
  }

  double solve(double exponent) {
    for (Eigen::Index r = 0; r < matrix_.rows(); ++r) {
      const std::size_t i = first_ + static_cast<std::size_t>(r);
      const double scale = 1 / (y_[i] * error_[i]);
      matrix_(r, 0) = std::pow(x_[i], exponent) * scale;
      for (std::size_t c = 0; c < model_.corrections.size(); ++c)
        matrix_(r, static_cast<Eigen::Index>(c) + 1) = term(model_.corrections[c], i, exponent) * scale;
    }
    norms_ = matrix_.colwise().norm();
    for (Eigen::Index c = 0; c < matrix_.cols(); ++c)
      matrix_.col(c) /= norms_(c);
    solution_ = matrix_.colPivHouseholderQr().solve(target_);
    return leads() ? (target_ - matrix_ * solution_).squaredNorm() : std::numeric_limits<double>::infinity();
  }

  void store(PowerLawFit& fit) const {
    const Eigen::VectorXd r = target_ - matrix_ * solution_;
    for (Eigen::Index i = 0; i < r.size(); ++i)
      fit.residual.push_back(r(i) * error_[first_ + static_cast<std::size_t>(i)]);
    for (Eigen::Index c = 0; c < solution_.size(); ++c)
      fit.coefficients.push_back(solution_(c) / norms_(c));
  }

private:
  /// The leading term must lead at the smallest x: A s^a + C s^(a + e) with A = 0 is the same curve as a pure power
  /// a + e, and would offer the exponent a - e as an equally good fit.
  bool leads() const {
    if (!(solution_(0) > 0))
      return false;
    for (std::size_t c = 0; c < model_.corrections.size(); ++c)
      if (model_.corrections[c].kind != Correction::Kind::pedestal) {
        const auto column = static_cast<Eigen::Index>(c) + 1;
        if (std::abs(solution_(column) * matrix_(0, column)) > 0.5 * std::abs(solution_(0) * matrix_(0, 0)))
          return false;
      }
    return true;
  }

  double term(const Correction& c, std::size_t i, double exponent) const {
    switch (c.kind) {
    case Correction::Kind::fixed_power:
      return std::pow(x_[i], c.exponent);
    case Correction::Kind::relative_power:
      return std::pow(x_[i], exponent + c.exponent);
    case Correction::Kind::pedestal:
      return c.phi.empty() ? 1.0 : 1.0 / c.phi[i];
    }
    return 0;
  }

  const std::vector<double>&x_, &y_, &error_;
  std::size_t first_;
  const PowerLawModel& model_;
  Eigen::MatrixXd matrix_;
  Eigen::VectorXd target_, solution_;
  Eigen::RowVectorXd norms_;
};

} // namespace

PowerLawFit fit_power_law(const std::vector<double>& x, const std::vector<double>& y,
                          const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                          const PowerLawModel& model, double lowest, double highest) {
  LinearProblem problem(x, y, relative_error, first, last, model);
  // Coarse scan, so that a second minimum beside a correction's own exponent is not mistaken for the answer; then
  // golden section around the best point.
  constexpr int scan = 24;
  const double step = (highest - lowest) / scan;
  double best = lowest, best_chi2 = problem.solve(lowest);
  for (int i = 1; i <= scan; ++i) {
    const double chi2 = problem.solve(lowest + i * step);
    if (chi2 < best_chi2) {
      best_chi2 = chi2;
      best = lowest + i * step;
    }
  }
  constexpr double ratio = 0.6180339887498949;
  double a = std::max(lowest, best - step), b = std::min(highest, best + step);
  double c = b - ratio * (b - a), d = a + ratio * (b - a);
  double fc = problem.solve(c), fd = problem.solve(d);
  while (b - a > 1e-7) {
    if (fc < fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - ratio * (b - a);
      fc = problem.solve(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + ratio * (b - a);
      fd = problem.solve(d);
    }
  }
  PowerLawFit fit;
  fit.exponent = 0.5 * (a + b);
  fit.chi2 = problem.solve(fit.exponent);
  problem.store(fit);
  return fit;
}

double profile_chi2(const std::vector<double>& x, const std::vector<double>& y,
                    const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                    const PowerLawModel& model, double exponent) {
  return LinearProblem(x, y, relative_error, first, last, model).solve(exponent);
}

double loglog_slope(const std::vector<double>& x, const std::vector<double>& y, std::size_t first, std::size_t last) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const double u = std::log(x[i]), v = std::log(y[i]);
    n += 1;
    sx += u;
    sy += v;
    sxx += u * u;
    sxy += u * v;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

} // namespace cascade::analysis
