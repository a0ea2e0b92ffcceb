// The sum that is minimised, with its derivatives: where nearly all the time of loss tables goes.

#include "analysis/losses/loss_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr std::size_t block_rows = 64;

/// Rows at a time: in memory of its own, aligned, so that sums have the same bits wherever a table lies.
struct RowBlock {
  using Column = std::array<double, block_rows>;
  alignas(64) std::array<Column, 5> g;         ///< minus the gradient of the residual
  alignas(64) std::array<Column, 2> minus_log; ///< of x and z
  alignas(64) Column residual, weight, counts; ///< weight: of the table; counts: how often the row was drawn
  alignas(64) Column slope, stiff, outer, by_scale;
  std::size_t rows = 0;
};

/// Sums over all rows; lower triangles.
struct Sums {
  double value = 0, by_scale_twice = 0;
  Eigen::Matrix<double, 5, 1> gradient = Eigen::Matrix<double, 5, 1>::Zero();
  Eigen::Matrix<double, 5, 1> with_scale = Eigen::Matrix<double, 5, 1>::Zero(); ///< gradient's change with log s
  Eigen::Matrix<double, 5, 5> hessian = Eigen::Matrix<double, 5, 5>::Zero(),
                              majorant = Eigen::Matrix<double, 5, 5>::Zero();
  std::array<double, 2> bend{}; ///< of slope times the terms' second derivatives by their exponents
};

using ColumnView = Eigen::Map<const Eigen::VectorXd, Eigen::Aligned64>;

ColumnView view(const RowBlock::Column& column, std::size_t rows) {
  return {column.data(), static_cast<Eigen::Index>(rows)};
}

/// Value, slope and curvatures of rho row by row.
void weigh_rows(RowBlock& b, const Penalty& penalty, Sums& sums) {
  const double delta = penalty.delta;
  if (penalty.student) {
    const double s2 = student_degrees * penalty.scale * penalty.scale;
    const double log_scale = std::log(penalty.scale / lowest_student_scale);
    for (std::size_t k = 0; k < b.rows; ++k) {
      const double r = b.residual[k], w = b.weight[k], square = w * r * r, below = s2 + square;
      const double stiff = b.counts[k] * (student_degrees + 1) * w / below;
      sums.value += b.counts[k] * ((student_degrees + 1) / 2 * std::log1p(square / s2) + log_scale);
      b.slope[k] = stiff * r;
      b.stiff[k] = stiff;
      b.outer[k] = stiff * (s2 - square) / below;
      b.by_scale[k] = 2 * stiff * r * s2 / below;
      sums.by_scale_twice += 2 * stiff * r * r * s2 / below;
    }
    return;
  }
  for (std::size_t k = 0; k < b.rows; ++k) {
    const double r = b.residual[k], w = b.weight[k] * b.counts[k] * penalty.side(r);
    const double size = std::abs(r);
    const bool inside = size <= delta;
    sums.value += w * (inside ? r * r / 2 : delta * (size - delta / 2));
    b.slope[k] = w * (inside ? r : std::copysign(delta, r));
    b.stiff[k] = w * (inside ? 1 : delta / size);
    b.outer[k] = inside ? w : 0;
  }
}

void add_rows(RowBlock& b, const Penalty& penalty, const std::array<bool, 5>& used, Sums& sums) {
  weigh_rows(b, penalty, sums);
  const ColumnView slope = view(b.slope, b.rows);
  alignas(64) RowBlock::Column bent, stiffened;
  const ColumnView bent_view = view(bent, b.rows), stiffened_view = view(stiffened, b.rows);
  for (std::size_t i = 0; i < 5; ++i) {
    if (!used[i])
      continue;
    const ColumnView g = view(b.g[i], b.rows);
    const auto row = static_cast<Eigen::Index>(i);
    sums.gradient[row] -= slope.dot(g);
    if (penalty.student)
      sums.with_scale[row] += view(b.by_scale, b.rows).dot(g);
    for (std::size_t k = 0; k < b.rows; ++k) {
      bent[k] = (b.outer[k] + (penalty.log ? b.slope[k] : 0)) * b.g[i][k];
      stiffened[k] = b.stiff[k] * b.g[i][k];
    }
    for (std::size_t j = 0; j <= i; ++j) {
      if (!used[j])
        continue;
      const ColumnView other = view(b.g[j], b.rows);
      const auto column = static_cast<Eigen::Index>(j);
      sums.hessian(row, column) += bent_view.dot(other);
      sums.majorant(row, column) += stiffened_view.dot(other);
    }
  }
  for (const std::size_t term : {std::size_t{0}, std::size_t{1}})
    if (used[3 * term]) {
      for (std::size_t k = 0; k < b.rows; ++k)
        bent[k] = b.slope[k] * b.minus_log[term][k];
      sums.bend[term] += bent_view.dot(view(b.g[3 * term + 1], b.rows));
    }
  b.rows = 0;
}

} // namespace

Penalty LossProblem::with_scale(const SmallVector& at, const Penalty& penalty,
                                const std::vector<double>& weights) const {
  if (!penalty.student)
    return penalty;
  std::vector<double> squares = residuals(at, penalty.log), counts;
  for (std::size_t i = 0; i < squares.size(); ++i)
    squares[i] *= squares[i] * weight(i);
  // sum of 1 - 5 z/(1 + z), z = r^2/(4 s^2), increases with s: Newton's steps in log s inside a bracket
  double largest = 0;
  for (const double square : squares)
    largest = std::max(largest, square);
  Penalty out = penalty;
  out.scale = lowest_student_scale;
  double low = std::log(lowest_student_scale), high = std::log(2 * std::sqrt(largest) + lowest_student_scale);
  const auto sums_at = [&](double log_s) {
    const double s2 = student_degrees * std::exp(2 * log_s);
    double sum = 0, slope = 0;
    for (std::size_t i = 0; i < squares.size(); ++i) {
      const double count = weights.empty() ? 1 : weights[i], far = squares[i] / (s2 + squares[i]);
      sum += count * (1 - (student_degrees + 1) * far);
      slope += count * 2 * (student_degrees + 1) * far * (1 - far);
    }
    return std::pair{sum, slope};
  };
  if (!std::isfinite(high) || sums_at(low).first >= 0) // on the floor
    return out;
  double at_log = high - 1;
  for (int i = 0; i < 80 && high - low > 1e-15 * (1 + std::abs(high)); ++i) {
    const auto [sum, slope] = sums_at(at_log);
    (sum > 0 ? high : low) = at_log;
    const double next = slope > 0 ? at_log - sum / slope : low;
    const double moved = next > low && next < high ? next : (low + high) / 2;
    if (std::abs(moved - at_log) < 1e-14)
      break;
    at_log = moved;
  }
  out.scale = std::exp(at_log);
  return out;
}

LocalModel LossProblem::evaluate(const SmallVector& at, const Penalty& asked,
                                 const std::vector<double>& weights) const {
  const bool two = has_second(model_), pedestal = model_ != LossModel::power;
  const Penalty penalty = asked.student && !(asked.scale > 0) ? with_scale(at, asked, weights) : asked;
  const std::vector<double> first = powers(different_x_, at[0], at[1]),
                            second =
                                two ? powers(different_z_, at[3], at[exponent_of_second()]) : std::vector<double>{};
  const double level = pedestal ? unit_ * at[2] : 0;
  const std::array<bool, 5> used{true, true, pedestal, two, two};
  Sums sums;
  RowBlock block;
  for (std::size_t i = 0; i < points(); ++i) {
    const double count = weights.empty() ? 1 : weights[i];
    if (count == 0 || weight(i) == 0)
      continue;
    const double a = first[which_x_[i]], b = two ? second[which_z_[i]] : 0, model = a + level + b;
    const double scale = penalty.log ? 1 / model : 1;
    const std::size_t k = block.rows++;
    block.residual[k] = penalty.log ? log_loss_[i] - std::log(model) : table_.loss[i] - model;
    block.weight[k] = weight(i);
    block.counts[k] = count;
    block.g[0][k] = scale * a;
    block.minus_log[0][k] = -log_x_[i];
    block.minus_log[1][k] = two ? -log_z_[i] : 0;
    block.g[1][k] = scale * a * block.minus_log[0][k];
    block.g[2][k] = scale * unit_;
    block.g[3][k] = scale * b;
    block.g[4][k] = scale * b * block.minus_log[1][k];
    if (block.rows == block_rows)
      add_rows(block, penalty, used, sums);
  }
  if (block.rows > 0)
    add_rows(block, penalty, used, sums);
  // second derivatives of the model beside g g^T: one block a term, whose sums are the gradient's; E is linear
  for (const Eigen::Index term : {Eigen::Index{0}, Eigen::Index{3}}) {
    sums.hessian(term, term) += sums.gradient[term];
    sums.hessian(term + 1, term) += sums.gradient[term + 1];
    sums.hessian(term + 1, term + 1) -= sums.bend[static_cast<std::size_t>(term / 3)];
  }
  if (penalty.student && penalty.scale > lowest_student_scale && sums.by_scale_twice > 0) // the scale follows
    sums.hessian -= sums.with_scale * sums.with_scale.transpose() / sums.by_scale_twice;
  for (auto* m : {&sums.hessian, &sums.majorant})
    *m = Eigen::Matrix<double, 5, 5>(m->selfadjointView<Eigen::Lower>());
  if (model_ == LossModel::tied) { // d/d alpha is the sum of both exponents' derivatives
    sums.gradient[1] += sums.gradient[4];
    for (auto* m : {&sums.hessian, &sums.majorant}) {
      m->row(1) += m->row(4);
      m->col(1) += m->col(4);
    }
  }
  const int n = variables();
  return {sums.value, sums.gradient.head(n), sums.hessian.topLeftCorner(n, n), sums.majorant.topLeftCorner(n, n)};
}

} // namespace cascade::analysis
