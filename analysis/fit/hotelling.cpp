#include "analysis/fit/hotelling.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "core/random/normals.hpp"

#include <Eigen/Dense>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double exact = 1e-9, coincident = 1e-10;
constexpr core::Stream turns_of_blocks{11};
constexpr int most_turns = 1999, enough_excesses = 50;

/// Rows: blocks. Only the components that are not exact by construction.
Matrix uncertain(const std::vector<std::vector<double>>& differences) {
  const auto n = static_cast<Eigen::Index>(differences.size());
  Matrix kept(n, 0);
  for (std::size_t i = 0; n > 0 && i < differences.front().size(); ++i) {
    Vector column(n);
    for (Eigen::Index b = 0; b < n; ++b)
      column(b) = differences[static_cast<std::size_t>(b)][i];
    if (column.cwiseAbs().maxCoeff() < exact)
      continue;
    kept.conservativeResize(n, kept.cols() + 1);
    kept.col(kept.cols() - 1) = column;
  }
  return kept;
}

/// Wrong by the same amount in every block.
MeanTest certainly_wrong() {
  MeanTest test;
  test.dimensions = 1;
  test.expected_t2 = 1;
  test.p_value = 0;
  test.t2 = std::numeric_limits<double>::infinity();
  return test;
}

/// lambda of Chen et al. for a covariance of p components estimated with `freedom` degrees of freedom.
double shrinkage_of(const Matrix& s, double freedom) {
  const double p = static_cast<double>(s.rows()), trace = s.trace(), squares = s.squaredNorm();
  const double apart = (freedom + 1 - 2 / p) * (squares - trace * trace / p);
  return apart > 0 ? std::clamp(((1 - 2 / p) * squares + trace * trace) / apart, 0.0, 1.0) : 1.0;
}

Matrix shrunk(const Matrix& s, double lambda) {
  const double p = static_cast<double>(s.rows());
  return (1 - lambda) * s + lambda * s.trace() / p * Matrix::Identity(s.rows(), s.cols());
}

/// The plain test, from the eigenvectors of the covariance.
MeanTest plain_test(const Matrix& s, const Vector& mean, double n) {
  MeanTest test;
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(s);
  const Vector along = eigen.eigenvectors().transpose() * mean;
  const double smallest = coincident * s.trace() / static_cast<double>(s.rows());
  for (Eigen::Index i = 0; i < s.rows(); ++i)
    if (eigen.eigenvalues()(i) > smallest) {
      test.t2 += n * along(i) * along(i) / eigen.eigenvalues()(i);
      ++test.dimensions;
    }
  const double p = test.dimensions;
  test.p_value = gsl_cdf_fdist_Q(test.t2 * (n - p) / (p * (n - 1)), p, n - p);
  test.expected_t2 = n > p + 2 ? p * (n - 1) / (n - p - 2) : std::numeric_limits<double>::infinity();
  return test;
}

/// T^2 of the blocks seen from direction u: gram = X^T X, mean = X^T u/sqrt n.
double shrunk_t2(const Matrix& gram, const Vector& mean, double n, double* lambda = nullptr) {
  const Matrix s = (gram - n * mean * mean.transpose()) / (n - 1);
  const double weight = shrinkage_of(s, n - 1);
  if (lambda != nullptr)
    *lambda = weight;
  return n * mean.dot(symmetric_solve(shrunk(s, weight), mean));
}

MeanTest turned_test(const Matrix& blocks, const Vector& mean) {
  const auto n = static_cast<double>(blocks.rows());
  const Matrix gram = blocks.transpose() * blocks;
  MeanTest test;
  test.dimensions = static_cast<int>(blocks.cols());
  test.t2 = shrunk_t2(gram, mean, n, &test.shrinkage);
  const core::CounterRng random(0, turns_of_blocks); // the same turns for every test
  const auto pairs = static_cast<std::uint64_t>(blocks.rows() + 1) / 2;
  std::vector<double> normals(2 * pairs);
  double sum = 0;
  int turns = 0, excesses = 0;
  while (turns < most_turns && excesses < enough_excesses) {
    core::normal_pairs(random, pairs * static_cast<std::uint64_t>(turns), 0, normals);
    Vector u = Eigen::Map<const Vector>(normals.data(), blocks.rows());
    u.normalize(); // in memory of Eigen's own: sums over a std::vector depend on where it lies
    const double t2 = shrunk_t2(gram, blocks.transpose() * u / std::sqrt(n), n);
    sum += t2;
    excesses += t2 >= test.t2 ? 1 : 0;
    ++turns;
  }
  test.expected_t2 = sum / turns;
  test.p_value = excesses >= enough_excesses ? static_cast<double>(excesses) / turns : (excesses + 1.0) / (turns + 1.0);
  return test;
}

} // namespace

MeanTest test_of_mean(const Matrix& blocks, double plain_from) {
  const auto n = static_cast<double>(blocks.rows()), p = static_cast<double>(blocks.cols());
  if (n < 2 || p < 1)
    return {};
  const Vector mean = blocks.colwise().mean();
  const Matrix apart = blocks.rowwise() - mean.transpose();
  const Matrix s = apart.transpose() * apart / (n - 1);
  if (!(s.trace() > exact * exact * mean.squaredNorm()))
    return mean.squaredNorm() > 0 ? certainly_wrong() : MeanTest{};
  return n > p && n >= plain_from * p ? plain_test(s, mean, n) : turned_test(blocks, mean);
}

MeanTest hotelling_of_mean(const std::vector<std::vector<double>>& differences) {
  Matrix d = uncertain(differences);
  const auto n = static_cast<double>(d.rows());
  if (d.cols() == 0 || n < 2)
    return {};
  for (Eigen::Index i = 0; i < d.cols(); ++i) { // correlations instead of covariances: scales of very different spread
    const double mean = d.col(i).mean();
    const double sigma = std::sqrt((d.col(i).array() - mean).matrix().squaredNorm() / (n - 1));
    if (!(sigma > exact * std::abs(mean)))
      return certainly_wrong();
    d.col(i) /= d.col(i).norm() / std::sqrt(n); // about zero: no rotation of the blocks changes it
  }
  return test_of_mean(d, 1);
}

Matrix shrunk_covariance_of_mean(const Matrix& blocks) {
  const auto n = static_cast<double>(blocks.rows());
  const Matrix apart = blocks.rowwise() - blocks.colwise().mean();
  const Matrix s = apart.transpose() * apart / (n - 1);
  return shrunk(s, shrinkage_of(s, n - 1)) / n;
}

std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most) {
  std::vector<std::size_t> places;
  const std::size_t chosen = std::min(count, most);
  for (std::size_t i = 0; i < chosen; ++i)
    places.push_back(chosen == 1 ? 0 : (i * (count - 1) + (chosen - 1) / 2) / (chosen - 1));
  return places;
}

} // namespace cascade::analysis
