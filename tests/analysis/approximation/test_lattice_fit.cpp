// Least squares on the lattice of a cell, against a general solver and on its own polynomials.

#include "analysis/approximation/lattice_fit.hpp"
#include "core/random/random.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace cascade;
using analysis::LatticeFit;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Position of lattice point p along axis a, last axis fastest.
int position(std::size_t p, int a, int D, int m) {
  for (int b = D - 1; b > a; --b)
    p /= static_cast<std::size_t>(m);
  return static_cast<int>(p % static_cast<std::size_t>(m));
}

/// Columns: all monomials of total degree <= degree at the lattice points.
Eigen::MatrixXd monomials(int D, int m, int degree, std::size_t points) {
  std::vector<std::vector<int>> powers{std::vector<int>(static_cast<std::size_t>(D), 0)};
  for (int total = 0; total < degree; ++total)
    for (const auto& p : std::vector(powers))
      for (std::size_t a = 0; a < static_cast<std::size_t>(D); ++a) {
        auto next = p;
        ++next[a];
        if (std::find(powers.begin(), powers.end(), next) == powers.end())
          powers.push_back(next);
      }
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(points), static_cast<Eigen::Index>(powers.size()));
  for (std::size_t p = 0; p < points; ++p)
    for (std::size_t c = 0; c < powers.size(); ++c) {
      double value = 1;
      for (int a = 0; a < D; ++a)
        value *= std::pow(position(p, a, D, m) + 0.3, powers[c][static_cast<std::size_t>(a)]); // any origin will do
      matrix(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(c)) = value;
    }
  return matrix;
}

std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = core::CounterRng(seed, core::Stream{5}).block(i);
    values.push_back(core::uniform(bits[0], bits[1]) - 0.5);
  }
  return values;
}

} // namespace

TEST_CASE("Residuals of degree 0, 1, 2 are those of a general least-squares solver", "[lattice_fit]") {
  for (const auto& [D, m] : {std::pair{1, 8}, std::pair{1, 3}, std::pair{2, 4}, std::pair{3, 3}, std::pair{4, 3}}) {
    const LatticeFit fit(D, m, 2);
    CHECK(fit.points() == static_cast<std::size_t>(std::lround(std::pow(m, D))));
    auto values = random_values(fit.points(), 3);
    const Eigen::VectorXd start = Eigen::Map<Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    for (int degree = 0; degree <= 2; ++degree) {
      fit.subtract_degree(degree, values);
      const Eigen::MatrixXd A = monomials(D, m, degree, fit.points());
      const Eigen::VectorXd expected = start - A * A.colPivHouseholderQr().solve(start);
      const Eigen::VectorXd got = Eigen::Map<Eigen::VectorXd>(values.data(), start.size());
      CAPTURE(D, m, degree);
      CHECK((got - expected).cwiseAbs().maxCoeff() < 1e4 * eps); // the monomials are conditioned like 100 in 4-D
    }
  }
}

TEST_CASE("Polynomials leave nothing, from their own degree on", "[lattice_fit]") {
  constexpr int D = 3, m = 4;
  const LatticeFit fit(D, m, 2);
  for (int degree = 0; degree <= 2; ++degree) {
    const Eigen::MatrixXd A = monomials(D, m, degree, fit.points());
    for (Eigen::Index c = 0; c < A.cols(); ++c) {
      std::vector<double> values(A.col(c).begin(), A.col(c).end());
      for (int k = 0; k <= degree; ++k)
        fit.subtract_degree(k, values);
      for (const double v : values)
        CHECK(std::abs(v) < 100 * eps * A.col(c).cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("A lattice needs more points a side than the degree", "[lattice_fit]") {
  CHECK_THROWS_AS(LatticeFit(2, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(LatticeFit(2, 2, 2), std::invalid_argument);
  CHECK_NOTHROW(LatticeFit(2, 2, 1));
}
