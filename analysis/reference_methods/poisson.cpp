#include "analysis/reference_methods/poisson.hpp"

#include <Eigen/Core>

#include <cmath>
#include <numbers>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;

double g(double t) {
  return t * (1 - t) * std::exp(t);
}

double minus_second_derivative(double t) {
  return t * (t + 3) * std::exp(t);
}

/// The orthonormal sine transform, its own inverse: sqrt(2/n) sin(pi j k/n), j, k = 1 .. n - 1.
Matrix sine_transform(std::int64_t n) {
  Matrix s(n - 1, n - 1);
  for (std::int64_t j = 1; j < n; ++j)
    for (std::int64_t k = 1; k < n; ++k)
      s(j - 1, k - 1) = std::sqrt(2.0 / static_cast<double>(n)) *
                        std::sin(std::numbers::pi * static_cast<double>(j * k % (2 * n)) / static_cast<double>(n));
  return s;
}

/// Applies s along every axis of the array `u` of m points an axis, last axis contiguous: rotates the axes once round.
void along_all_axes(const Matrix& s, int dimensions, Eigen::VectorXd& u) {
  const Eigen::Index m = s.rows(), others = u.size() / m;
  for (int axis = 0; axis < dimensions; ++axis) {
    const Eigen::Map<const Matrix> lines(u.data(), m, others); // one line a column, along the contiguous axis
    const Matrix turned = (s * lines).transpose();
    u = Eigen::Map<const Eigen::VectorXd>(turned.data(), u.size());
  }
}

} // namespace

PoissonError poisson_error(int dimensions, std::int64_t cells) {
  const Eigen::Index m = cells - 1;
  Eigen::Index size = 1;
  for (int axis = 0; axis < dimensions; ++axis)
    size *= m;
  const double spacing = 1 / static_cast<double>(cells);
  const Matrix s = sine_transform(cells);
  Eigen::VectorXd exact(size), u(size), eigenvalue(size);
  for (Eigen::Index i = 0; i < size; ++i) {
    double value[3] = {1, 1, 1}, second[3] = {0, 0, 0};
    double sum = 0;
    Eigen::Index rest = i;
    for (int axis = 0; axis < dimensions; ++axis, rest /= m) {
      const double t = static_cast<double>(rest % m + 1) * spacing;
      value[axis] = g(t);
      second[axis] = minus_second_derivative(t);
      const double half = std::sin(std::numbers::pi * t / 2) / spacing; // eigenvalue of the difference operator
      sum += 4 * half * half;
    }
    exact[i] = value[0] * value[1] * value[2];
    eigenvalue[i] = sum;
    u[i] = second[0] * value[1] * value[2] + value[0] * second[1] * value[2] + value[0] * value[1] * second[2];
  }
  along_all_axes(s, dimensions, u);
  u = u.cwiseQuotient(eigenvalue);
  along_all_axes(s, dimensions, u);
  return {cells, static_cast<double>(size), std::sqrt((u - exact).squaredNorm() * std::pow(spacing, dimensions))};
}

namespace {

bool small_enough(std::int64_t n, int dimensions, std::int64_t most_points) {
  return n <= 2048 && std::pow(n - 1, dimensions) <= static_cast<double>(most_points);
}

} // namespace

core::MemoryParts poisson_memory(int dimensions, std::int64_t coarsest, std::int64_t most_points) {
  double unknowns = 0, side = 0;
  for (std::int64_t n = coarsest; small_enough(n, dimensions, most_points); n *= 2) {
    side = static_cast<double>(n - 1);
    unknowns = std::pow(side, dimensions);
  }
  constexpr double solution_error_eigenvalues_and_two_on_the_way = 5;
  return {{"unknowns of the finest grid", solution_error_eigenvalues_and_two_on_the_way * sizeof(double) * unknowns},
          {"sine transform", sizeof(double) * side * side}};
}

std::vector<PoissonError> poisson_errors(int dimensions, std::int64_t coarsest, std::int64_t most_points) {
  std::vector<PoissonError> out;
  for (std::int64_t n = coarsest; small_enough(n, dimensions, most_points); n *= 2)
    out.push_back(poisson_error(dimensions, n));
  return out;
}

Order observed_order(const std::vector<PoissonError>& errors) {
  if (errors.size() < 3)
    return {std::nan(""), std::nan("")};
  const auto pair_order = [&](std::size_t fine) {
    return std::log2(errors[fine - 1].root_mean_square / errors[fine].root_mean_square);
  };
  const double fine = pair_order(errors.size() - 1), coarse = pair_order(errors.size() - 2);
  const double correction = (fine - coarse) / 3; // the remainder of the local order falls as 1/n^2
  return {fine + correction, std::abs(correction)};
}

} // namespace cascade::analysis
