#include "analysis/losses/loss_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace cascade::analysis {
namespace {

double bounded(double exponent) {
  return std::clamp(exponent, -600.0, 600.0);
}

std::vector<double> logs_of(const std::vector<double>& values, bool centred, double& mean) {
  std::vector<double> logs(values.size());
  std::transform(values.begin(), values.end(), logs.begin(), [](double v) { return std::log(v); });
  mean =
      logs.empty() || !centred ? 0 : std::accumulate(logs.begin(), logs.end(), 0.0) / static_cast<double>(logs.size());
  for (double& v : logs)
    v -= mean;
  return logs;
}

} // namespace

const std::vector<std::string>& objective_names() {
  static const std::vector<std::string> names{"least_squares", "least_squares_log", "huber_log", "absolute_log"};
  return names;
}

Objective objective_of(const std::string& name) {
  const auto& names = objective_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::out_of_range("objective " + name);
  return static_cast<Objective>(found - names.begin());
}

double LossParameters::loss(double x, double z) const {
  return pedestal + amplitude * std::pow(x, -alpha) +
         (second_amplitude > 0 ? second_amplitude * std::pow(z, -beta) : 0.0);
}

LossProblem::LossProblem(const LossTable& table, LossModel model, bool centred) : table_(table), model_(model) {
  log_x_ = logs_of(table.x, centred, mean_log_x_);
  if (model == LossModel::two_variables)
    log_z_ = logs_of(table.z, centred, mean_log_z_);
  for (const double loss : table.loss)
    log_loss_.push_back(std::log(loss));
}

LossProblem::Terms LossProblem::terms(const SmallVector& at, std::size_t i) const {
  const double first = bounded(at[0] - at[1] * log_x_[i]);
  double top = first, pedestal = 0, second = 0;
  if (model_ != LossModel::power)
    top = std::max(top, pedestal = bounded(at[2]));
  if (model_ == LossModel::two_variables)
    top = std::max(top, second = bounded(at[3] - at[4] * log_z_[i]));
  Terms t{{std::exp(first - top), 0, 0}, 0};
  if (model_ != LossModel::power)
    t.share[1] = std::exp(pedestal - top);
  if (model_ == LossModel::two_variables)
    t.share[2] = std::exp(second - top);
  const double sum = t.share[0] + t.share[1] + t.share[2];
  for (double& share : t.share)
    share /= sum;
  t.log_model = top + std::log(sum);
  return t;
}

LocalModel LossProblem::evaluate(const SmallVector& at, bool log, double delta,
                                 const std::vector<double>& weights) const {
  const int n = variables();
  using Five = Eigen::Matrix<double, 5, 1>;
  using Square = Eigen::Matrix<double, 5, 5>;
  Five gradient = Five::Zero();
  Square hessian = Square::Zero(), majorant = Square::Zero();
  double value = 0;
  for (std::size_t i = 0; i < points(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (weight == 0)
      continue;
    const Terms t = terms(at, i);
    const double scale = log ? 1 : std::exp(t.log_model);
    const double r = log ? log_loss_[i] - t.log_model : table_.loss[i] - scale;
    const double size = std::abs(r);
    const bool inside = size <= delta;
    value += weight * (inside ? r * r / 2 : delta * (size - delta / 2));
    const double slope = weight * (inside ? r : std::copysign(delta, r)), curve = weight * (inside ? 1 : 0);
    const double lx = -log_x_[i], lz = model_ == LossModel::two_variables ? -log_z_[i] : 0;
    const double p0 = scale * t.share[0], p1 = scale * t.share[1], p2 = scale * t.share[2];
    const Five g{p0, p0 * lx, p1, p2, p2 * lz}; // minus the gradient of r
    gradient -= slope * g;
    const double stiff = weight * (inside ? 1 : delta / size);
    // second derivatives of the model: one block a term, less g g^T for the logarithm
    const double outer = curve + (log ? slope : 0);
    hessian.noalias() += outer * g * g.transpose();
    majorant.noalias() += stiff * g * g.transpose();
    hessian(0, 0) -= slope * p0;
    hessian(0, 1) -= slope * p0 * lx;
    hessian(1, 0) -= slope * p0 * lx;
    hessian(1, 1) -= slope * p0 * lx * lx;
    hessian(2, 2) -= slope * p1;
    hessian(3, 3) -= slope * p2;
    hessian(3, 4) -= slope * p2 * lz;
    hessian(4, 3) -= slope * p2 * lz;
    hessian(4, 4) -= slope * p2 * lz * lz;
  }
  return {value, gradient.head(n), hessian.topLeftCorner(n, n), majorant.topLeftCorner(n, n)};
}

std::vector<double> LossProblem::residuals(const SmallVector& at, bool log) const {
  std::vector<double> out(points());
  for (std::size_t i = 0; i < points(); ++i) {
    const double log_model = terms(at, i).log_model;
    out[i] = log ? log_loss_[i] - log_model : table_.loss[i] - std::exp(log_model);
  }
  return out;
}

SmallVector LossProblem::gradient(const SmallVector& at, std::size_t i, bool log) const {
  const Terms t = terms(at, i);
  const double scale = log ? 1 : std::exp(t.log_model);
  const double lz = model_ == LossModel::two_variables ? -log_z_[i] : 0;
  Eigen::Matrix<double, 5, 1> g{t.share[0], -t.share[0] * log_x_[i], t.share[1], t.share[2], t.share[2] * lz};
  return (scale * g).head(variables());
}

SmallMatrix LossProblem::information(const SmallVector& at, bool log) const {
  return evaluate(at, log, std::numeric_limits<double>::infinity()).majorant;
}

LossParameters LossProblem::natural(const SmallVector& at) const {
  LossParameters p;
  p.alpha = at[1];
  p.amplitude = std::exp(bounded(at[0] + at[1] * mean_log_x_));
  if (model_ != LossModel::power)
    p.pedestal = std::exp(bounded(at[2]));
  if (model_ == LossModel::two_variables) {
    p.beta = at[4];
    p.second_amplitude = std::exp(bounded(at[3] + at[4] * mean_log_z_));
  }
  return p;
}

SmallVector LossProblem::variables_of(const LossParameters& p) const {
  SmallVector at(variables());
  at[0] = std::log(p.amplitude) - p.alpha * mean_log_x_;
  at[1] = p.alpha;
  if (model_ != LossModel::power)
    at[2] = std::log(p.pedestal);
  if (model_ == LossModel::two_variables) {
    at[3] = std::log(p.second_amplitude) - p.beta * mean_log_z_;
    at[4] = p.beta;
  }
  return at;
}

} // namespace cascade::analysis
