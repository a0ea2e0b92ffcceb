// The marginal likelihood against reference numbers, and the average over models on data of known law.

#include "analysis/blind/marginal_fit.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST_CASE("Restricted likelihood: reference numbers") {
  VectorXd y(4);
  y << .1, -.2, .35, .9;
  MatrixXd X = MatrixXd::Ones(4, 2);
  X.col(1) << 0, 1, 2, 3;
  MatrixXd C = MatrixXd::Constant(4, 4, .005);
  C.diagonal() += Eigen::Vector4d(.01, .02, .03, .04);
  const auto fit = analysis::marginal_fit(y, X, C);
  CHECK(fit.coefficients(0) == Approx(-.0318966).margin(1e-7));
  CHECK(fit.coefficients(1) == Approx(.2129310).margin(1e-7));
  CHECK(fit.covariance(1, 1) == Approx(.00431034).margin(1e-8));
  CHECK(fit.chi2 == Approx(11.2112069).margin(1e-7));
  CHECK(fit.log_likelihood == Approx(-3.3772284).margin(1e-7));
}

TEST_CASE("A common variance moves neither slope nor weights") {
  VectorXd y(5);
  y << .1, .3, .2, .5, .4;
  MatrixXd X = MatrixXd::Ones(5, 2);
  X.col(1) << 0, 1, 2, 3, 4;
  const MatrixXd C = Eigen::VectorXd::Constant(5, .01).asDiagonal();
  const auto plain = analysis::marginal_fit(y, X, C);
  const auto common = analysis::marginal_fit(y, X, C + MatrixXd::Constant(5, 5, .3));
  CHECK(common.coefficients(1) == Approx(plain.coefficients(1)));
  CHECK(common.covariance(1, 1) == Approx(plain.covariance(1, 1)));
  CHECK(common.chi2 == Approx(plain.chi2));
  CHECK(common.log_likelihood == Approx(plain.log_likelihood));
}
