#include "analysis/fit/spectrum_fit.hpp"

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/jackknife.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double no_energy = 1e-13;
constexpr std::size_t fewest_shells = 4;

/// The shells of the window; logarithms.
struct Shells {
  std::vector<double> k;
  Vector log_k, log_e, error;
  std::vector<Vector> replicates; ///< log_e without a realisation; empty: there is one only

  Eigen::Index count() const { return log_k.size(); }
  /// First shell of the upper half: halves of equal length in log k.
  Eigen::Index middle() const {
    Eigen::Index i = 0;
    while (i < count() - 1 && log_k(i) < 0.5 * (log_k(0) + log_k(count() - 1)))
      ++i;
    return std::clamp<Eigen::Index>(i, 1, count() - 2);
  }
};

Vector to_vector(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Shells inside(const BlockTable& spectrum, const std::vector<double>& standard_error, double lowest_k,
              double highest_k) {
  const auto mean = spectrum.mean();
  const double least = no_energy * *std::max_element(mean.begin(), mean.end());
  std::vector<std::size_t> source;
  for (std::size_t i = 0; i < mean.size(); ++i)
    if (spectrum.x[i] >= lowest_k && spectrum.x[i] <= highest_k && mean[i] > least)
      source.push_back(i);
  Shells shells;
  std::vector<double> e, error;
  for (const std::size_t i : source) {
    shells.k.push_back(spectrum.x[i]);
    e.push_back(mean[i]);
    error.push_back(std::max(standard_error[i] / mean[i], 1e-12));
  }
  require_range(shells.k, 0, shells.k.empty() ? 0 : shells.k.size() - 1, fewest_shells, fewest_octaves_of_curve);
  shells.log_k = to_vector(shells.k).array().log();
  shells.log_e = to_vector(e).array().log();
  shells.error = to_vector(error);
  for (std::size_t b = 0; b < spectrum.blocks() && spectrum.blocks() > 1; ++b) {
    const auto without = spectrum.mean_without(b);
    Vector& replicate = shells.replicates.emplace_back(shells.count());
    for (Eigen::Index i = 0; i < replicate.size(); ++i)
      replicate(i) = std::log(without[source[static_cast<std::size_t>(i)]]);
  }
  return shells;
}

/// A weighted straight line.
struct Line {
  double slope = 0;
  Vector residual;
};

Line line_through(const Vector& u, const Vector& v, const Vector& error) {
  const Vector w = error.cwiseAbs2().cwiseInverse();
  const double s = w.sum(), mean_u = w.dot(u) / s, mean_v = w.dot(v) / s;
  const Vector apart = u.array() - mean_u;
  Line line;
  line.slope = w.cwiseProduct(apart).dot(v) / w.cwiseProduct(apart).dot(apart);
  line.residual = (v.array() - mean_v).matrix() - line.slope * apart;
  return line;
}

double slope_of(const Shells& s, const Vector& error, Eigen::Index first, Eigen::Index last) {
  const Eigen::Index n = last - first + 1;
  return line_through(s.log_k.segment(first, n), s.log_e.segment(first, n), error.segment(first, n)).slope;
}

/// The line with what tells its quality.
struct SlopeSolution {
  Line line;
  Linearised seen;
  std::vector<double> replicates;
  std::vector<std::vector<double>> residuals;
};

std::vector<double> to_list(const Vector& v) {
  return {v.data(), v.data() + v.size()};
}

SlopeSolution solve(const Shells& s, const Vector& error) {
  SlopeSolution solution;
  solution.line = line_through(s.log_k, s.log_e, error);
  Linearised& seen = solution.seen;
  seen.log_x = to_list(s.log_k);
  seen.error = to_list(error);
  seen.residual = to_list(solution.line.residual);
  seen.jacobian.resize(s.count(), 2);
  seen.jacobian << Vector::Ones(s.count()), s.log_k;
  const Vector w = error.cwiseAbs2().cwiseInverse();
  const Vector apart = s.log_k.array() - w.dot(s.log_k) / w.sum();
  seen.row = w.cwiseProduct(apart) / w.cwiseProduct(apart).dot(apart);
  for (const Vector& replicate : s.replicates) {
    const Line line = line_through(s.log_k, replicate, error);
    solution.replicates.push_back(line.slope);
    solution.residuals.push_back(to_list(line.residual));
  }
  return solution;
}

} // namespace

ExponentFit fit_spectrum(const BlockTable& spectrum, const std::vector<double>& standard_error, double lowest_k,
                         double highest_k) {
  const Shells shells = inside(spectrum, standard_error, lowest_k, highest_k);
  const bool one = shells.replicates.empty();
  const Matrix own = shells.error.cwiseAbs2().asDiagonal(); // modes of different shells are independent
  SlopeSolution found = solve(shells, shells.error);
  const FitQuality quality = one ? goodness_of_fit(found.seen, own) : goodness_of_fit(found.seen, found.residuals);
  const bool fails = quality.p_value && *quality.p_value < describes_above;
  const double tau = !fails ? 0 : one ? misfit_size(found.seen, own) : misfit_size(found.seen, found.residuals);
  const Vector error = (shells.error.array().square() + tau * tau).sqrt();
  if (fails)
    found = solve(shells, error);

  ExponentFit fit;
  const Eigen::Index last = shells.count() - 1, middle = shells.middle();
  fit.exponent = found.line.slope;
  fit.replicates = found.replicates;
  fit.statistical_error = one ? std::sqrt(found.seen.row.dot(own * found.seen.row)) : jackknife_error(fit.replicates);
  fit.systematic_error = std::hypot(0.5 * (slope_of(shells, error, middle, last) - slope_of(shells, error, 0, middle)),
                                    fails ? misfit_error(found.seen, tau) : 0);
  fit.chi2_per_dof = quality.chi2_per_dof;
  fit.p_value = quality.p_value;
  fit.degrees_of_freedom = quality.dof;
  fit.loglog_slope = slope_of(shells, Vector::Ones(shells.count()), 0, last);
  fit.window[0] = lowest_k;
  fit.window[1] = highest_k;
  fit.points = static_cast<int>(shells.count());
  fit.octaves = std::log2(shells.k.back() / shells.k.front());
  fit.model = "A k^a";
  fit.curve.x = shells.k;
  fit.curve.y = to_list((shells.log_e - found.line.residual).array().exp());
  fit.curve.residual = to_list(found.line.residual.cwiseQuotient(error));
  finish(fit, one ? shells.k.size() : spectrum.blocks());
  if (fails) {
    if (fit.statistical_error > 0) // blocks that do not scatter at all have no factor
      fit.widening = fit.standard_error / fit.statistical_error;
    mark(fit, leaves_open(fit.systematic_error, fit.exponent) ? FitStatus::failed : FitStatus::widened,
         describe_misfit(quality, tau));
  }
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

} // namespace cascade::analysis
