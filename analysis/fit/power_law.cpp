#include "analysis/fit/power_law.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/fit/minimise.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

/// The linear problem at a fixed exponent: rows are points divided by y and by the relative error, then one a
/// correction for its prior.
class LinearProblem {
public:
  LinearProblem(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& relative_error,
                std::size_t first, std::size_t last, const PowerLawModel& model, const std::vector<double>& centre)
      : x_(x), y_(y), error_(relative_error), first_(first), points_(static_cast<Eigen::Index>(last - first + 1)),
        model_(model), centre_(centre) {
    const auto corrections = static_cast<Eigen::Index>(model.corrections.size());
    matrix_ = Eigen::MatrixXd::Zero(points_ + corrections, corrections + 1);
    target_ = Eigen::VectorXd::Zero(matrix_.rows());
    for (Eigen::Index r = 0; r < points_; ++r)
      target_(r) = 1 / error_[place(r)];
  }

  /// chi^2; infinite where the leading term is not positive. The prior speaks of parts of A x^a, which is first taken
  /// to be y.
  double solve(double exponent) {
    for (Eigen::Index r = 0; r < points_; ++r) {
      const double scale = 1 / (y_[place(r)] * error_[place(r)]);
      matrix_(r, 0) = std::pow(x_[place(r)], exponent) * scale;
      for (Eigen::Index c = 1; c < matrix_.cols(); ++c)
        matrix_(r, c) = term(correction(c), place(r), exponent) * scale;
    }
    double leading = y_[place(points_ - 1)];
    for (int pass = 0; pass < (has_prior() ? 2 : 1); ++pass) {
      set_prior(exponent, leading);
      const Eigen::RowVectorXd norms = matrix_.colwise().norm();
      solution_ = least_squares(matrix_ * norms.cwiseInverse().asDiagonal(), target_);
      solution_ = solution_.cwiseQuotient(norms.transpose());
      if (!(solution_(0) > 0))
        return std::numeric_limits<double>::infinity();
      leading = solution_(0) * std::pow(x_[place(points_ - 1)], exponent);
    }
    return (target_ - matrix_ * solution_).squaredNorm();
  }

  /// After solve() at the same exponent.
  void store(double exponent, PowerLawFit& fit) const {
    fit.exponent = exponent;
    const Eigen::VectorXd whole = matrix_ * solution_, left = target_ - whole;
    for (Eigen::Index r = 0; r < points_; ++r) {
      fit.residual.push_back(left(r) * error_[place(r)]);
      fit.curve.push_back(whole(r) * error_[place(r)] * y_[place(r)]);
    }
    fit.coefficients.assign(solution_.data(), solution_.data() + solution_.size());
    Linearised& l = fit.solution;
    l.residual = fit.residual;
    Eigen::MatrixXd weighted(matrix_.rows(), matrix_.cols() + 1);
    weighted << matrix_, Eigen::VectorXd::Zero(matrix_.rows());
    for (Eigen::Index r = 0; r < points_; ++r) {
      const double log_x = std::log(x_[place(r)]);
      l.log_x.push_back(log_x);
      l.error.push_back(error_[place(r)]);
      for (Eigen::Index c = 0; c < matrix_.cols(); ++c)
        weighted(r, matrix_.cols()) += moves_with_exponent(c) * solution_(c) * matrix_(r, c) * log_x;
    }
    const Eigen::VectorXd errors = Eigen::Map<const Eigen::VectorXd>(l.error.data(), points_);
    l.jacobian = errors.asDiagonal() * weighted.topRows(points_);
    const Eigen::MatrixXd inverse = least_squares(
        weighted, Eigen::MatrixXd(Eigen::MatrixXd::Identity(weighted.rows(), weighted.rows()))); // of each parameter
    l.row = inverse.row(matrix_.cols()).head(points_).transpose().cwiseQuotient(errors);
  }

private:
  std::size_t place(Eigen::Index row) const { return first_ + static_cast<std::size_t>(row); }
  const Correction& correction(Eigen::Index column) const {
    return model_.corrections[static_cast<std::size_t>(column) - 1];
  }
  /// d ln(column)/(da ln x).
  double moves_with_exponent(Eigen::Index column) const {
    if (column == 0 || correction(column).kind == Correction::Kind::relative_power)
      return 1;
    return correction(column).kind == Correction::Kind::pedestal ? correction(column).exponent : 0;
  }
  bool has_prior() const {
    return std::any_of(model_.corrections.begin(), model_.corrections.end(),
                       [](const Correction& c) { return c.kind != Correction::Kind::pedestal; });
  }

  void set_prior(double exponent, double leading) {
    for (Eigen::Index c = 1; c < matrix_.cols(); ++c) {
      if (correction(c).kind == Correction::Kind::pedestal)
        continue;
      matrix_(points_ + c - 1, c) = term(correction(c), place(points_ - 1), exponent) / (leading * prior_width);
      target_(points_ + c - 1) = centre_.empty() ? 0 : centre_[static_cast<std::size_t>(c) - 1] / prior_width;
    }
  }

  double term(const Correction& c, std::size_t i, double exponent) const {
    switch (c.kind) {
    case Correction::Kind::fixed_power:
      return std::pow(x_[i], c.exponent);
    case Correction::Kind::relative_power:
      return std::pow(x_[i], exponent + c.exponent);
    case Correction::Kind::pedestal:
      return std::pow(x_[i], exponent * c.exponent) / (c.phi.empty() ? 1.0 : c.phi[i]);
    }
    return 0;
  }

  const std::vector<double>&x_, &y_, &error_;
  std::size_t first_;
  Eigen::Index points_;
  const PowerLawModel& model_;
  const std::vector<double>& centre_;
  Eigen::MatrixXd matrix_;
  Eigen::VectorXd target_, solution_;
};

} // namespace

PowerLawFit fit_power_law(const std::vector<double>& x, const std::vector<double>& y,
                          const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                          const PowerLawModel& model, double lowest, double highest,
                          const std::vector<double>& centre) {
  LinearProblem problem(x, y, relative_error, first, last, model, centre);
  const int scan = std::clamp(static_cast<int>(std::ceil(12 * (highest - lowest))), 4, 24);
  const LineMinimum best = minimise([&](double a) { return problem.solve(a); }, {lowest, highest, scan});
  PowerLawFit fit;
  fit.chi2 = problem.solve(best.at);
  problem.store(best.at, fit);
  return fit;
}

double profile_chi2(const std::vector<double>& x, const std::vector<double>& y,
                    const std::vector<double>& relative_error, std::size_t first, std::size_t last,
                    const PowerLawModel& model, double exponent) {
  return LinearProblem(x, y, relative_error, first, last, model, {}).solve(exponent);
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
