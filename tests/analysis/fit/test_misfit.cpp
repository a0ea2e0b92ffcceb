// Does a fit describe its data, and what a misfit does to the exponent.

#include "analysis/fit/misfit.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace cascade;
using analysis::Linearised;

namespace {

using Vectors = std::vector<std::vector<double>>;

/// Mean of all vectors but one (all, if `omitted` is their number).
std::vector<double> mean_without(const Vectors& v, std::size_t omitted) {
  std::vector<double> mean(v[0].size(), 0.0);
  for (std::size_t b = 0; b < v.size(); ++b)
    for (std::size_t i = 0; b != omitted && i < mean.size(); ++i)
      mean[i] += v[b][i] / static_cast<double>(v.size() - (omitted < v.size() ? 1 : 0));
  return mean;
}

/// What is left of a vector after a least-squares straight line is taken away.
std::vector<double> without_line(const std::vector<double>& v) {
  const auto n = static_cast<double>(v.size());
  double mean = 0, slope = 0, square = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double u = static_cast<double>(i) - 0.5 * (n - 1);
    mean += v[i] / n;
    slope += v[i] * u;
    square += u * u;
  }
  std::vector<double> left;
  for (std::size_t i = 0; i < v.size(); ++i)
    left.push_back(v[i] - mean - slope / square * (static_cast<double>(i) - 0.5 * (n - 1)));
  return left;
}

/// Straight line through log y at x = 2^-points .. 1/2 as a linearised fit, equal weights.
Linearised line(std::size_t points, const std::vector<double>& residual, double error) {
  Linearised l;
  const auto n = static_cast<Eigen::Index>(points);
  l.error.assign(points, error);
  l.residual = residual;
  l.jacobian = Eigen::MatrixXd::Ones(n, 2);
  for (std::size_t i = 0; i < points; ++i) {
    l.log_x.push_back(std::log(2.0) * (static_cast<double>(i) - static_cast<double>(points)));
    l.jacobian(static_cast<Eigen::Index>(i), 1) = l.log_x.back();
  }
  l.row = (l.jacobian.transpose() * l.jacobian).inverse().row(1) * l.jacobian.transpose();
  return l;
}

/// Blocks of scales that walk, each scale noisier than the last.
Vectors walking_blocks(std::size_t blocks, std::size_t points, std::uint64_t trial) {
  Vectors v;
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& row = v.emplace_back();
    const std::uint64_t index = (trial * 64 + b) * 16;
    double drift = 3 * test::normal(17, index, 7);
    for (std::size_t i = 0; i < points; ++i)
      row.push_back((1 + 0.2 * static_cast<double>(i)) * (drift += test::normal(17, index + i, 8)));
  }
  return v;
}

/// Quality of a straight line through the mean of the blocks.
analysis::FitQuality quality_of_line(const Vectors& blocks) {
  Vectors replicates;
  for (std::size_t b = 0; b < blocks.size(); ++b)
    replicates.push_back(without_line(mean_without(blocks, b)));
  return analysis::goodness_of_fit(line(blocks[0].size(), without_line(mean_without(blocks, blocks.size())), 1),
                                   replicates);
}

} // namespace

TEST_CASE("p-values are uniform with few blocks and with many", "[misfit][slow]") {
  constexpr std::uint64_t trials = 300;
  const std::vector<std::pair<std::size_t, std::size_t>> sizes{{4, 6},  {4, 12},  {6, 9},  {8, 5},  {8, 12},
                                                               {16, 7}, {16, 14}, {24, 8}, {64, 14}};
  for (const auto& [blocks, points] : sizes) {
    std::vector<double> p;
    double reduced = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
      const auto quality = quality_of_line(walking_blocks(blocks, points, trial));
      REQUIRE(quality.p_value.has_value());
      CHECK(quality.dof == static_cast<int>(points) - 2);
      p.push_back(*quality.p_value);
      reduced += *quality.chi2_per_dof / trials;
    }
    CAPTURE(blocks, points, reduced);
    CHECK(test::kolmogorov_smirnov(p) < 1.63); // level 0.01
    CHECK(std::count_if(p.begin(), p.end(), [](double v) { return v < 0.05; }) < 15 + 4 * std::sqrt(15.0));
    CHECK(reduced == Approx(1).margin(blocks < 6 ? 0.5 : 0.25)); // heavy tails where blocks are few
  }
}

TEST_CASE("A bend is seen with four blocks as with many", "[misfit]") {
  for (const std::size_t blocks : {4, 8, 16, 64}) {
    auto v = walking_blocks(blocks, 10, 5);
    for (auto& row : v)
      for (std::size_t i = 0; i < 10; ++i)
        row[i] += 20 * std::pow(static_cast<double>(i) / 4.5 - 1, 2); // scatter of a block: about three
    CAPTURE(blocks);
    CHECK(*quality_of_line(v).p_value < 0.01);
    CHECK(*quality_of_line(v).chi2_per_dof > 3);
  }
}

TEST_CASE("Where nothing can be tested nothing is said", "[misfit]") {
  const std::vector<double> roundoff{1e-15, -1e-15, 1e-15, -1e-15}, some{0.1, -0.1, -0.1, 0.1};
  CHECK_FALSE(analysis::goodness_of_fit(line(4, roundoff, 1e-9), Vectors(5, roundoff)).p_value.has_value());
  CHECK_FALSE(analysis::goodness_of_fit(line(4, some, 0.1), Vectors(1, some)).p_value.has_value()); // one block
  CHECK_FALSE(analysis::goodness_of_fit(line(2, {0.1, 0.1}, 0.1), Vectors(5, {0.1, 0.1})).p_value.has_value());
  // The same misfit in every block is certain.
  CHECK(*analysis::goodness_of_fit(line(4, some, 0.1), Vectors(5, some)).p_value == 0);
}

TEST_CASE("A known covariance: chi^2, and the size of a misfit that was put in", "[misfit]") {
  constexpr std::size_t points = 9, trials = 300;
  const Linearised shape = line(points, std::vector<double>(points, 0.0), 0.01);
  const Eigen::MatrixXd noise = 1e-4 * Eigen::MatrixXd::Identity(points, points);
  const Eigen::MatrixXd root = analysis::departures(shape.log_x).llt().matrixL();
  std::vector<double> p, size;
  double square = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    std::vector<double> r(points), departure(points);
    for (std::size_t i = 0; i < points; ++i) {
      r[i] = 0.01 * test::normal(3, trial * 100 + i);
      departure[i] = r[i];
      for (std::size_t j = 0; j <= i; ++j)
        departure[i] +=
            0.2 * root(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) * test::normal(4, trial * 100 + j);
    }
    p.push_back(*analysis::goodness_of_fit(line(points, without_line(r), 0.01), noise).p_value);
    const Linearised bent = line(points, without_line(departure), 0.01);
    size.push_back(analysis::misfit_size(bent, noise));
    const double slope = bent.row.dot(Eigen::Map<const Eigen::VectorXd>(departure.data(), points));
    square += std::pow(slope / analysis::misfit_error(bent, 0.2), 2) / trials;
  }
  CHECK(test::kolmogorov_smirnov(p) < 1.63);
  std::sort(size.begin(), size.end());
  CHECK(size[trials / 2] == Approx(0.2).epsilon(0.1));
  CHECK(square == Approx(1).margin(4 * std::sqrt(2.0 / trials))); // the error is the scatter of the slope
  CHECK(analysis::misfit_size(line(points, std::vector<double>(points, 1e-4), 0.01), noise) == 0);
}
