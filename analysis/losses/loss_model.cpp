#include "analysis/losses/loss_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace cascade::analysis {
namespace {

double bounded(double exponent) {
  return std::clamp(exponent, -600.0, 600.0);
}

double mean_log(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values)
    sum += std::log(v);
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

std::vector<double> centred_logs(const std::vector<double>& values, double mean) {
  std::vector<double> logs(values.size());
  std::transform(values.begin(), values.end(), logs.begin(), [mean](double v) { return std::log(v) - mean; });
  return logs;
}

std::ptrdiff_t place_among(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::out_of_range(name);
  return found - names.begin();
}

} // namespace

const std::vector<std::string>& loss_model_names() {
  static const std::vector<std::string> names{"power", "pedestal", "two_variables", "tied"};
  return names;
}

LossModel loss_model_of(const std::string& name) {
  return static_cast<LossModel>(place_among(loss_model_names(), name));
}

const std::vector<std::string>& objective_names() {
  static const std::vector<std::string> names{"least_squares", "least_squares_log", "huber_log", "absolute_log",
                                              "asymmetric_huber_log"};
  return names;
}

Objective objective_of(const std::string& name) {
  return static_cast<Objective>(place_among(objective_names(), name));
}

double Penalty::value(double r) const {
  const double size = std::abs(r);
  return side(r) * (size <= delta ? r * r / 2 : delta * (size - delta / 2));
}

double Penalty::slope(double r) const {
  return side(r) * std::clamp(r, -delta, delta);
}

double LossParameters::loss(double x, double z) const {
  return pedestal + amplitude * std::pow(x, -alpha) +
         (second_amplitude > 0 ? second_amplitude * std::pow(z, -beta) : 0.0);
}

LossProblem::LossProblem(const LossTable& table, LossModel model)
    : LossProblem(table, model, mean_log(table.x), has_second(model) ? mean_log(table.z) : 0,
                  std::exp(mean_log(table.loss))) {}

LossProblem::LossProblem(const LossTable& table, const LossProblem& like)
    : LossProblem(table, like.model_, like.mean_log_x_, like.mean_log_z_, like.unit_) {}

LossProblem::LossProblem(const LossTable& table, LossModel model, double mean_log_x, double mean_log_z, double unit)
    : table_(table), model_(model), mean_log_x_(mean_log_x), mean_log_z_(mean_log_z), unit_(unit),
      log_x_(centred_logs(table.x, mean_log_x)),
      log_z_(has_second(model) ? centred_logs(table.z, mean_log_z) : std::vector<double>{}),
      log_loss_(centred_logs(table.loss, 0)), box_(Box::none(variables())) {
  const auto exponent = [&](Eigen::Index i) {
    box_.lower[i] = lowest_exponent;
    box_.upper[i] = highest_exponent;
  };
  exponent(1);
  if (model != LossModel::power)
    box_.lower[2] = 0;
  if (model == LossModel::two_variables)
    exponent(4);
}

int LossProblem::variables() const {
  return model_ == LossModel::power ? 2 : model_ == LossModel::pedestal ? 3 : model_ == LossModel::tied ? 4 : 5;
}

LossProblem::Terms LossProblem::terms(const SmallVector& at, std::size_t i) const {
  const double first = bounded(at[0] - at[1] * log_x_[i]);
  double top = first, second = 0;
  if (has_second(model_))
    top = std::max(top, second = bounded(at[3] - at[exponent_of_second()] * log_z_[i]));
  Terms t{{std::exp(first - top), 0, 0}, 0};
  if (model_ != LossModel::power)
    t.share[1] = unit_ * at[2] * std::exp(-top);
  if (has_second(model_))
    t.share[2] = std::exp(second - top);
  const double sum = t.share[0] + t.share[1] + t.share[2];
  for (double& share : t.share)
    share /= sum;
  t.log_model = top + std::log(sum);
  return t;
}

LocalModel LossProblem::evaluate(const SmallVector& at, const Penalty& penalty,
                                 const std::vector<double>& weights) const {
  using Five = Eigen::Matrix<double, 5, 1>;
  using Square = Eigen::Matrix<double, 5, 5>;
  Five gradient = Five::Zero();
  Square hessian = Square::Zero(), majorant = Square::Zero();
  double value = 0;
  const bool two = has_second(model_), pedestal = model_ != LossModel::power;
  for (std::size_t i = 0; i < points(); ++i) {
    double weight = this->weight(i) * (weights.empty() ? 1 : weights[i]);
    if (weight == 0)
      continue;
    const Terms t = terms(at, i);
    const double model = std::exp(t.log_model), scale = penalty.log ? 1 : model;
    const double r = penalty.log ? log_loss_[i] - t.log_model : table_.loss[i] - model;
    weight *= penalty.side(r);
    const double size = std::abs(r), delta = penalty.delta;
    const bool inside = size <= delta;
    value += weight * (inside ? r * r / 2 : delta * (size - delta / 2));
    const double slope = weight * (inside ? r : std::copysign(delta, r)), curve = inside ? weight : 0;
    const double lx = -log_x_[i], lz = two ? -log_z_[i] : 0;
    const double p0 = scale * t.share[0], p2 = scale * t.share[2];
    const Five g{p0, p0 * lx, pedestal ? scale * unit_ / model : 0, p2, p2 * lz}; // minus the gradient of r
    gradient -= slope * g;
    const double stiff = weight * (inside ? 1 : delta / size);
    // second derivatives of the model: one block a term (none for E, which is linear), less g g^T for the logarithm
    const double outer = curve + (penalty.log ? slope : 0);
    hessian.noalias() += outer * g * g.transpose();
    majorant.noalias() += stiff * g * g.transpose();
    hessian(0, 0) -= slope * p0;
    hessian(0, 1) -= slope * p0 * lx;
    hessian(1, 0) -= slope * p0 * lx;
    hessian(1, 1) -= slope * p0 * lx * lx;
    hessian(3, 3) -= slope * p2;
    hessian(3, 4) -= slope * p2 * lz;
    hessian(4, 3) -= slope * p2 * lz;
    hessian(4, 4) -= slope * p2 * lz * lz;
  }
  if (model_ == LossModel::tied) { // d/d alpha is the sum of both exponents' derivatives
    gradient[1] += gradient[4];
    for (Square* m : {&hessian, &majorant}) {
      m->row(1) += m->row(4);
      m->col(1) += m->col(4);
    }
  }
  const int n = variables();
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
  const double model = std::exp(t.log_model), scale = log ? 1 : model;
  const double lz = has_second(model_) ? -log_z_[i] : 0;
  Eigen::Matrix<double, 5, 1> g{t.share[0], -t.share[0] * log_x_[i], model_ == LossModel::power ? 0 : unit_ / model,
                                t.share[2], t.share[2] * lz};
  if (model_ == LossModel::tied)
    g[1] += g[4];
  return (scale * g).head(variables());
}

SmallMatrix LossProblem::information(const SmallVector& at, bool log) const {
  return evaluate(at, {log, std::numeric_limits<double>::infinity(), 1}).majorant;
}

LossParameters LossProblem::natural(const SmallVector& at) const {
  LossParameters p;
  p.alpha = at[1];
  p.amplitude = std::exp(bounded(at[0] + at[1] * mean_log_x_));
  if (model_ != LossModel::power)
    p.pedestal = unit_ * at[2];
  if (has_second(model_)) {
    p.beta = at[exponent_of_second()];
    p.second_amplitude = std::exp(bounded(at[3] + p.beta * mean_log_z_));
  }
  return p;
}

SmallVector LossProblem::variables_of(const LossParameters& p) const {
  SmallVector at(variables());
  at[0] = std::log(p.amplitude) - p.alpha * mean_log_x_;
  at[1] = p.alpha;
  if (model_ != LossModel::power)
    at[2] = p.pedestal / unit_;
  if (has_second(model_)) {
    at[3] = std::log(p.second_amplitude) - p.beta * mean_log_z_;
    if (model_ == LossModel::two_variables)
      at[4] = p.beta;
  }
  return at;
}

std::vector<LossQuantity> LossProblem::quantities() const {
  const auto unit = [&](int i) { return SmallVector(SmallVector::Unit(variables(), i)); };
  std::vector<LossQuantity> q;
  const auto add = [&](const char* name, const SmallVector& along, int pivot, double lowest) {
    q.push_back({name, along, 0, lowest, pivot});
  };
  constexpr double free = -std::numeric_limits<double>::infinity();
  add("alpha", unit(1), 1, free);
  add("log A", unit(0) + mean_log_x_ * unit(1), 0, free);
  if (model_ != LossModel::power)
    add("E", unit_ * unit(2), 2, 0);
  if (model_ == LossModel::two_variables)
    add("beta", unit(4), 4, free);
  if (has_second(model_))
    add("log B", unit(3) + mean_log_z_ * unit(exponent_of_second()), 3, free);
  return q;
}

} // namespace cascade::analysis
