#include "analysis/fit/family_fit.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/minimise.hpp"
#include "analysis/fit/no_fit.hpp"
#include "core/talk/numbers.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Block = std::optional<std::size_t>;

/// Points [first, last] of the data against the family.
class FamilyProblem {
public:
  FamilyProblem(const FitData& data, const FamilyCurve& curve, std::size_t first, std::size_t last)
      : data_(data), curve_(curve), first_(first), points_(static_cast<Eigen::Index>(last - first + 1)) {}

  FamilyProblem without(Eigen::Index low, Eigen::Index high) const {
    return {data_, curve_, first_ + static_cast<std::size_t>(low),
            first_ + static_cast<std::size_t>(points_ - high) - 1};
  }
  std::size_t place(Eigen::Index i) const { return first_ + static_cast<std::size_t>(i); }
  Eigen::Index points() const { return points_; }
  const FitData& data() const { return data_; }

  Vector log_curve(double h, Block without) const {
    const auto c = curve_(h, without);
    Vector v(points_);
    for (Eigen::Index i = 0; i < points_; ++i) {
      const double value = c[data_.source[place(i)]];
      v(i) = value > 0 ? std::log(value) : -std::numeric_limits<double>::infinity();
    }
    return v;
  }
  Vector log_data(Block without) const {
    Vector v(points_);
    for (Eigen::Index i = 0; i < points_; ++i)
      v(i) = std::log((without ? data_.replicates[*without] : data_.y)[place(i)]);
    return v;
  }
  /// d log curve/dh.
  Vector slope(double h) const {
    const double low = std::max(h - 1e-4, 0.6 * lowest_hurst), high = low + 2e-4;
    return (log_curve(high, {}) - log_curve(low, {})) / (high - low);
  }
  Matrix jacobian(double h) const {
    Matrix j(points_, 2);
    j << Vector::Ones(points_), slope(h);
    return j;
  }

private:
  const FitData& data_;
  const FamilyCurve& curve_;
  std::size_t first_;
  Eigen::Index points_;
};

/// The points inside a window.
FamilyProblem inside(const FitData& data, const FamilyCurve& curve, double lowest_x, double highest_x) {
  std::size_t first = data.x.size(), last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] >= lowest_x * (1 - 1e-9) && data.x[i] <= highest_x * (1 + 1e-9)) {
      first = std::min(first, i);
      last = i;
    }
  require_range(data.x, first, last, 3, fewest_octaves_of_curve);
  return {data, curve, first, last};
}

/// One fit: h, log A, and log y - log A - log curve.
struct Solution {
  double hurst = 0.5, log_amplitude = 0;
  Vector residual;
  bool on_bound = false;
};

/// Generalised least squares under the inverse covariance `weight` by a search over h.
Solution solve(const FamilyProblem& problem, const Matrix& weight, Block without, const Search& search) {
  const Vector y = problem.log_data(without), ones = Vector::Ones(problem.points());
  const Vector sums = weight * ones;
  const double total = sums.sum();
  const auto residual = [&](double h, double* log_amplitude) {
    Vector r = y - problem.log_curve(h, without);
    const double mean = sums.dot(r) / total;
    if (log_amplitude != nullptr)
      *log_amplitude = mean;
    return Vector(r.array() - mean);
  };
  const LineMinimum best = minimise(
      [&](double h) {
        const Vector r = residual(h, nullptr);
        const double chi2 = r.dot(weight * r);
        return std::isfinite(chi2) ? chi2 : std::numeric_limits<double>::infinity();
      },
      search);
  Solution s;
  s.hurst = best.at;
  s.on_bound = best.on_bound;
  s.residual = residual(best.at, &s.log_amplitude);
  return s;
}

Search everywhere() {
  return {lowest_hurst, highest_hurst, 30, 1e-7, lowest_hurst, highest_hurst};
}
Search around(double h) {
  return {h - 0.05, h + 0.05, 4, 1e-7, lowest_hurst, highest_hurst};
}

/// The fit seen from its solution; `weight` as in solve(), `error` the points' own.
Linearised seen_from(const FamilyProblem& problem, const Solution& s, const Matrix& weight, const Vector& error) {
  Linearised l;
  for (Eigen::Index i = 0; i < problem.points(); ++i)
    l.log_x.push_back(std::log(problem.data().x[problem.place(i)]));
  l.error.assign(error.data(), error.data() + error.size());
  l.residual.assign(s.residual.data(), s.residual.data() + s.residual.size());
  l.jacobian = problem.jacobian(s.hurst);
  const Matrix normal = l.jacobian.transpose() * weight * l.jacobian;
  l.row = symmetric_solve(normal, Matrix(l.jacobian.transpose() * weight)).row(1).transpose();
  return l;
}

Vector errors_of(const FamilyProblem& problem, double tau) {
  Vector e(problem.points());
  for (Eigen::Index i = 0; i < e.size(); ++i)
    e(i) = std::hypot(problem.data().error[problem.place(i)], tau);
  return e;
}

Matrix diagonal_weight(const Vector& error) {
  return error.cwiseAbs2().cwiseInverse().asDiagonal();
}

/// Half the spread of h over windows without the smallest or the largest scale, or two of either where a misfit has to
/// be held.
template <class Fit>
double spread_of_windows(const FamilyProblem& problem, double hurst, bool misfit, const Fit& fit) {
  double low = hurst, high = hurst;
  for (Eigen::Index cut = 1; cut <= (misfit ? 2 : 1) && problem.points() - cut >= 3; ++cut)
    for (const auto& part : {problem.without(cut, 0), problem.without(0, cut)}) {
      const double h = fit(part);
      low = std::min(low, h);
      high = std::max(high, h);
    }
  return 0.5 * (high - low);
}

void describe(const FamilyProblem& problem, const Solution& s, const Vector& error, double order,
              const std::string& name, ExponentFit& fit) {
  fit.exponent = s.hurst;
  fit.amplitude = std::exp(s.log_amplitude);
  const Vector curve = problem.log_curve(s.hurst, {}).array() + s.log_amplitude;
  for (Eigen::Index i = 0; i < problem.points(); ++i) {
    fit.curve.x.push_back(problem.data().x[problem.place(i)]);
    fit.curve.y.push_back(std::exp(curve(i)));
    fit.curve.residual.push_back(s.residual(i) / error(i));
  }
  const std::size_t first = problem.place(0), last = problem.place(problem.points() - 1);
  fit.loglog_slope = loglog_slope(problem.data().x, problem.data().y, first, last);
  fit.window[0] = fit.curve.x.front();
  fit.window[1] = fit.curve.x.back();
  fit.points = static_cast<int>(problem.points());
  fit.model = name;
  const Vector slope = problem.slope(s.hurst);
  fit.octaves = (slope.maxCoeff() - slope.minCoeff()) / (order * std::log(2.0));
  if (fit.octaves < fewest_octaves_of_curve)
    mark(fit, FitStatus::no_range,
         fmt::format("too short a range for an exponent: from x = {:.3g} to {:.3g} the curve shows the roughness over "
                     "{} octaves only; {:g} are needed",
                     fit.window[0], fit.window[1], core::rounded_down_text(fit.octaves), fewest_octaves_of_curve));
  if (s.on_bound)
    mark(fit, FitStatus::pinned,
         fmt::format("the roughness ends at {:.3g}, a bound of its search: the number is the bound's", s.hurst));
}

/// The end of both fits: quality, what a misfit leaves open, status, interval.
void conclude(ExponentFit& fit, const FitQuality& quality, double spread, double tau, double left_open,
              std::size_t blocks) {
  fit.chi2_per_dof = quality.chi2_per_dof;
  fit.p_value = quality.p_value;
  fit.degrees_of_freedom = quality.dof;
  fit.systematic_error = std::hypot(spread, left_open);
  finish(fit, blocks);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  if (tau > 0) {
    mark(fit, leaves_open(fit.systematic_error, fit.exponent) ? FitStatus::failed : FitStatus::widened,
         describe_misfit(quality, tau));
    if (fit.statistical_error > 0) // blocks that do not scatter at all have no factor
      fit.widening = fit.standard_error / fit.statistical_error;
  }
}

bool fails(const FitQuality& quality) {
  return quality.p_value && *quality.p_value < describes_above;
}

/// Replicates of the fit `s`, residuals with them.
struct Replicates {
  std::vector<double> hurst, amplitude;
  std::vector<std::vector<double>> residual;
  int on_bound = 0;
};

Replicates replicate(const FamilyProblem& problem, const Solution& s, const Matrix& weight, const Vector& row) {
  Replicates all;
  const Vector whole = problem.log_data({}) - problem.log_curve(s.hurst, {});
  for (std::size_t b = 0; b < problem.data().replicates.size(); ++b) {
    Solution r = solve(problem, weight, b, around(s.hurst));
    if (r.on_bound || s.on_bound) { // where the block would have moved h, had it been free
      r.hurst = s.hurst + row.dot(problem.log_data(b) - problem.log_curve(s.hurst, b) - whole);
      ++all.on_bound;
    }
    all.hurst.push_back(r.hurst);
    all.amplitude.push_back(std::exp(r.log_amplitude));
    all.residual.emplace_back(r.residual.data(), r.residual.data() + r.residual.size());
  }
  return all;
}

} // namespace

ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve, const std::string& name, double lowest_x,
                       double highest_x, double order) {
  if (table.blocks() < 2)
    throw NoFit("one block only: an exponent's error needs two independent ones");
  FitData data = prepare(table);
  const FamilyProblem problem = inside(data, curve, lowest_x, highest_x);
  set_errors(data, problem.place(0), problem.place(problem.points() - 1));
  Vector error = errors_of(problem, 0);
  Solution s = solve(problem, diagonal_weight(error), {}, everywhere());
  Linearised seen = seen_from(problem, s, diagonal_weight(error), error);
  Replicates replicates = replicate(problem, s, diagonal_weight(error), seen.row);
  const FitQuality quality = goodness_of_fit(seen, replicates.residual);
  const double tau = fails(quality) ? misfit_size(seen, replicates.residual) : 0;
  if (tau > 0) {
    error = errors_of(problem, tau);
    s = solve(problem, diagonal_weight(error), {}, everywhere());
    seen = seen_from(problem, s, diagonal_weight(error), error);
    replicates = replicate(problem, s, diagonal_weight(error), seen.row);
  }
  ExponentFit fit;
  describe(problem, s, error, order, name, fit);
  fit.replicates = replicates.hurst;
  fit.replicate_amplitudes = replicates.amplitude;
  fit.statistical_error = jackknife_error(fit.replicates);
  const double spread = spread_of_windows(problem, s.hurst, tau > 0, [&](const FamilyProblem& part) {
    return solve(part, diagonal_weight(errors_of(part, tau)), {}, everywhere()).hurst;
  });
  conclude(fit, quality, spread, tau, tau > 0 ? misfit_error(seen, tau) : 0, table.blocks());
  if (replicates.on_bound > 0)
    mark(fit, FitStatus::widened,
         fmt::format("{} of {} replicates end at a bound of the roughness and are put beyond it by the fit's own slope",
                     replicates.on_bound, fit.replicates.size()));
  return fit;
}

ExponentFit fit_family(const BlockTable& table, const FamilyCurve& curve,
                       const std::vector<std::vector<double>>& covariance, const std::string& name, double lowest_x,
                       double highest_x, double order) {
  FitData data = prepare(table);
  data.error.assign(data.x.size(), 0.0);
  const FamilyProblem problem = inside(data, curve, lowest_x, highest_x);
  double tau = 0;
  const auto covariance_of = [&](const FamilyProblem& part) {
    Matrix m(part.points(), part.points());
    for (Eigen::Index i = 0; i < m.rows(); ++i)
      for (Eigen::Index j = 0; j < m.cols(); ++j)
        m(i, j) = covariance[data.source[part.place(i)]][data.source[part.place(j)]];
    m.diagonal() *= 1 + 1e-6; // the matrix is known to a few per cent: keep it safely positive
    std::vector<double> log_x;
    for (Eigen::Index i = 0; i < m.rows(); ++i)
      log_x.push_back(std::log(data.x[part.place(i)]));
    return Matrix(m + tau * tau * departures(log_x));
  };
  const Matrix known = covariance_of(problem);
  const Vector error = known.diagonal().cwiseSqrt();
  Solution s = solve(problem, inverse(known), {}, everywhere());
  Linearised seen = seen_from(problem, s, inverse(known), error);
  const FitQuality quality = goodness_of_fit(seen, known);
  if (fails(quality)) {
    tau = misfit_size(seen, known);
    s = solve(problem, inverse(covariance_of(problem)), {}, everywhere());
    seen = seen_from(problem, s, inverse(covariance_of(problem)), error);
  }
  ExponentFit fit;
  describe(problem, s, error, order, name, fit);
  fit.statistical_error = std::sqrt(seen.row.dot(known * seen.row));
  const double spread = spread_of_windows(problem, s.hurst, tau > 0, [&](const FamilyProblem& part) {
    return solve(part, inverse(covariance_of(part)), {}, around(s.hurst)).hurst;
  });
  conclude(fit, quality, spread, tau, tau > 0 ? misfit_error(seen, tau) : 0, std::size_t{1} << 30);
  return fit;
}

} // namespace cascade::analysis
