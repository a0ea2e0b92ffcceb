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

/// Each value once, in increasing order, and the place of each of `values` among them.
std::vector<double> different_of(const std::vector<double>& values, std::vector<std::uint32_t>& which) {
  std::vector<double> out = values;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  which.resize(values.size());
  std::transform(values.begin(), values.end(), which.begin(), [&](double v) {
    return static_cast<std::uint32_t>(std::lower_bound(out.begin(), out.end(), v) - out.begin());
  });
  return out;
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
  static const std::vector<std::string> names{"least_squares", "least_squares_log",    "huber_log",
                                              "absolute_log",  "asymmetric_huber_log", "student_t_log"};
  return names;
}

Objective objective_of(const std::string& name) {
  return static_cast<Objective>(place_among(objective_names(), name));
}

double Penalty::value(double r) const {
  if (student)
    return (student_degrees + 1) / 2 * std::log1p(r * r / (student_degrees * scale * scale)) + std::log(scale);
  const double size = std::abs(r);
  return side(r) * (size <= delta ? r * r / 2 : delta * (size - delta / 2));
}

double Penalty::slope(double r) const {
  if (student)
    return (student_degrees + 1) * r / (student_degrees * scale * scale + r * r);
  return side(r) * std::clamp(r, -delta, delta);
}

double Penalty::curve(double r) const {
  if (student) {
    const double s2 = student_degrees * scale * scale, below = s2 + r * r;
    return (student_degrees + 1) * (s2 - r * r) / (below * below);
  }
  return std::abs(r) <= delta ? side(r) : 0;
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
  different_x_ = different_of(log_x_, which_x_);
  different_z_ = different_of(log_z_, which_z_);
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
  Terms t{{std::exp(bounded(at[0] - at[1] * log_x_[i])), 0, 0}, 0};
  if (model_ != LossModel::power)
    t.share[1] = unit_ * at[2];
  if (has_second(model_))
    t.share[2] = std::exp(bounded(at[3] - at[exponent_of_second()] * log_z_[i]));
  t.model = t.share[0] + t.share[1] + t.share[2];
  for (double& share : t.share)
    share /= t.model;
  return t;
}

std::vector<double> LossProblem::powers(const std::vector<double>& different, double log_amplitude, double exponent) {
  std::vector<double> out(different.size());
  std::transform(different.begin(), different.end(), out.begin(),
                 [=](double l) { return std::exp(bounded(log_amplitude - exponent * l)); });
  return out;
}

std::vector<double> LossProblem::residuals(const SmallVector& at, bool log) const {
  const bool two = has_second(model_);
  const std::vector<double> first = powers(different_x_, at[0], at[1]),
                            second =
                                two ? powers(different_z_, at[3], at[exponent_of_second()]) : std::vector<double>{};
  const double pedestal = model_ != LossModel::power ? unit_ * at[2] : 0;
  std::vector<double> out(points());
  for (std::size_t i = 0; i < points(); ++i) {
    const double model = first[which_x_[i]] + pedestal + (two ? second[which_z_[i]] : 0);
    out[i] = log ? log_loss_[i] - std::log(model) : table_.loss[i] - model;
  }
  return out;
}

SmallVector LossProblem::gradient(const SmallVector& at, std::size_t i, bool log) const {
  const Terms t = terms(at, i);
  const double model = t.model, scale = log ? 1 : model;
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
