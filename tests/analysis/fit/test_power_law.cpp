// One fit of a power law with corrections: exact data give the exact exponent.

#include "analysis/fit/power_law.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <utility>

using namespace cascade;
using analysis::Correction;
using analysis::PowerLawModel;

namespace {

using Kind = Correction::Kind;

/// x = 2^-16 .. 2^-3, increasing.
std::vector<double> scales() {
  std::vector<double> x;
  for (int j = 16; j >= 3; --j)
    x.push_back(std::exp2(-j));
  return x;
}

struct Exact {
  double exponent;
  PowerLawModel model;
  std::vector<double> coefficients; ///< A, then one a correction
};

std::vector<double> values(const Exact& e, const std::vector<double>& x) {
  std::vector<double> y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y.push_back(e.coefficients[0] * std::pow(x[i], e.exponent));
    for (std::size_t c = 0; c < e.model.corrections.size(); ++c) {
      const Correction& k = e.model.corrections[c];
      const double term = k.kind == Kind::fixed_power      ? std::pow(x[i], k.exponent)
                          : k.kind == Kind::relative_power ? std::pow(x[i], e.exponent + k.exponent)
                          : k.phi.empty()                  ? 1
                                                           : 1 / k.phi[i];
      y.back() += e.coefficients[c + 1] * term;
    }
  }
  return y;
}

std::vector<double> fraction(double exponent) {
  std::vector<double> phi;
  for (const double x : scales())
    phi.push_back(std::pow(x, exponent));
  return phi;
}

} // namespace

TEST_CASE("Exact data give the exponent and the coefficients of every model", "[power_law]") {
  const auto x = scales();
  const std::vector<double> error(x.size(), 1e-3);
  for (const Exact& e :
       {Exact{0.7333, {"A", {}}, {1.3}}, Exact{-2.8, {"A", {}}, {2}},
        Exact{0.7333, {"A + B", {{Kind::fixed_power, 2, {}}}}, {1.3, -0.9}},
        Exact{1.4, {"A + C", {{Kind::relative_power, 0.9, {}}}}, {0.4, 0.3}},
        Exact{0.5, {"A - P", {{Kind::pedestal, 0, {}}}}, {1, -2e-3}},
        Exact{0.2, {"A - P/phi", {{Kind::pedestal, 0, fraction(0.3)}}}, {1, -1e-3}},
        Exact{0.6, {"A - P + B", {{Kind::fixed_power, 2, {}}, {Kind::pedestal, 0, {}}}}, {1, -0.5, -1e-4}},
        Exact{1.7, {"A + B + C", {{Kind::fixed_power, 4, {}}, {Kind::relative_power, 1.2, {}}}}, {1, -0.5, 0.8}}}) {
    const auto y = values(e, x);
    const auto fit = analysis::fit_power_law(x, y, error, 0, x.size() - 1, e.model, e.exponent - 0.8, e.exponent + 0.9);
    CAPTURE(e.model.name);
    CHECK(fit.exponent == Approx(e.exponent).margin(1e-6)); // the search ends at 1e-7
    for (std::size_t c = 0; c < e.coefficients.size(); ++c)
      CHECK(fit.coefficients[c] == Approx(e.coefficients[c]).epsilon(1e-3)); // an exponent's 1e-7 grows on the way
    double prior = 0; // of corrections as parts of the leading term at the largest x
    for (std::size_t c = 0; c < e.model.corrections.size(); ++c) {
      const Correction& k = e.model.corrections[c];
      const double power = k.kind == Kind::relative_power ? k.exponent : k.exponent - e.exponent;
      if (k.kind != Kind::pedestal)
        prior += std::pow(e.coefficients[c + 1] / e.coefficients[0] * std::pow(x.back(), power), 2);
    }
    CHECK(fit.chi2 == Approx(prior).margin(1e-4));
    for (const double r : fit.residual)
      CHECK(std::abs(r) < 1e-5);
    // Without its corrections the same data give something else: the test sees them.
    if (!e.model.corrections.empty()) {
      const auto uncorrected =
          analysis::fit_power_law(x, y, error, 0, x.size() - 1, {"A", {}}, e.exponent - 0.8, e.exponent + 0.9);
      CHECK(std::abs(uncorrected.exponent - e.exponent) > 1e-3);
    }
  }
}

TEST_CASE("A pure power a + e is not taken for a power a with a correction", "[power_law]") {
  const auto x = scales();
  const std::vector<double> error(x.size(), 1e-3);
  for (const double e : {0.3, 0.5, 0.8}) {
    const PowerLawModel model{"A + C", {{Kind::relative_power, e, {}}}};
    std::vector<double> y;
    for (const double v : x)
      y.push_back(2 * std::pow(v, 1.2));
    const auto fit = analysis::fit_power_law(x, y, error, 0, x.size() - 1, model, 0.1, 2.2);
    CHECK(fit.exponent == Approx(1.2).margin(1e-6));
    // As good a curve, were the correction free to be all of it: the prior counts its size in standard deviations.
    CHECK(analysis::profile_chi2(x, y, error, 0, x.size() - 1, model, 1.2 - e) > fit.chi2 + 100);
  }
}

TEST_CASE("Corrections may be large: no bound in the way of an exponent", "[power_law]") {
  // S_3 of a field of h = .88: the smooth scales cancel more than half of the rough part at the top, and correct it
  // slowly. Where a bound held the correction at the smallest x, this ended on it.
  const auto x = scales();
  const std::vector<double> error(x.size(), 1e-3);
  const PowerLawModel model{"A + C + B", {{Kind::relative_power, 0.24, {}}, {Kind::fixed_power, 3, {}}}};
  const double top = std::pow(x.back(), 0.24);
  std::vector<double> y, steep;
  for (const double v : x) {
    y.push_back(std::pow(v, 2.64) * (1 - 0.5 * std::pow(v, 0.24) / top));
    steep.push_back(std::pow(v, 2.64) * (1 + 40 * std::pow(v, 0.24))); // outside the prior, but the data know better
  }
  const auto fit = analysis::fit_power_law(x, y, error, 0, x.size() - 1, model, 1.9, 3.4);
  CHECK(fit.exponent == Approx(2.64).margin(0.01));
  const std::vector<double> exact(x.size(), 1e-6);
  CHECK(analysis::fit_power_law(x, steep, exact, 0, x.size() - 1, model, 1.9, 3.4).exponent ==
        Approx(2.64).margin(0.01));
}

TEST_CASE("The search leaves an interval that does not hold the answer", "[power_law]") {
  const auto x = scales();
  const std::vector<double> error(x.size(), 1e-3);
  std::vector<double> y;
  for (const double v : x)
    y.push_back(std::pow(v, 1.32));
  for (const auto& [low, high] : {std::pair{0.2, 0.4}, std::pair{1.2, 1.31}, std::pair{3.0, 3.5}})
    CHECK(analysis::fit_power_law(x, y, error, 0, x.size() - 1, {"A", {}}, low, high).exponent ==
          Approx(1.32).margin(1e-6));
}

TEST_CASE("The exponent's row is its derivative by the data, and the Jacobian that of the curve", "[power_law]") {
  const auto x = scales();
  const std::vector<double> error(x.size(), 1e-2);
  const PowerLawModel model{"A + C - P", {{Kind::relative_power, 0.9, {}}, {Kind::pedestal, 0, {}}}};
  std::vector<double> y;
  for (const double v : x)
    y.push_back(std::pow(v, 0.5) * (1 - 0.6 * std::pow(v, 0.9)) - 1e-3);
  const auto fit = [&](const std::vector<double>& data) {
    return analysis::fit_power_law(x, data, error, 0, x.size() - 1, model, 0.2, 0.8);
  };
  const auto base = fit(y);
  CHECK(base.solution.jacobian.cols() == 4);
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}, x.size() - 1}) {
    auto more = y, less = y;
    more[i] *= 1 + 1e-3;
    less[i] *= 1 - 1e-3;
    const double derivative = (fit(more).exponent - fit(less).exponent) / 2e-3;
    CHECK(base.solution.row(static_cast<Eigen::Index>(i)) == Approx(derivative).epsilon(0.02).margin(1e-4));
    CHECK(base.curve[i] == Approx(y[i]).epsilon(1e-3));
  }
}

TEST_CASE("Only the window counts, and errors are weights", "[power_law]") {
  const auto x = scales();
  std::vector<double> y, error(x.size(), 1e-3);
  for (std::size_t i = 0; i < x.size(); ++i)
    y.push_back(i < 2 || i > 9 ? 7 : std::pow(x[i], 0.8));
  const PowerLawModel pure{"A", {}};
  CHECK(analysis::fit_power_law(x, y, error, 2, 9, pure, 0, 2).exponent == Approx(0.8).margin(1e-6));
  y[5] *= 1.5;
  CHECK(std::abs(analysis::fit_power_law(x, y, error, 2, 9, pure, 0, 2).exponent - 0.8) > 1e-4);
  error[5] = 1e6;
  CHECK(analysis::fit_power_law(x, y, error, 2, 9, pure, 0, 2).exponent == Approx(0.8).margin(1e-6));
}

TEST_CASE("The profile of chi^2 has its minimum at the fit, and its curvature is the error of the exponent",
          "[power_law]") {
  const auto x = scales();
  const std::vector<double> error(x.size(), 0.01);
  std::vector<double> y;
  double n = 0, su = 0, suu = 0;
  for (const double v : x) {
    y.push_back(std::pow(v, 0.7));
    n += 1;
    su += std::log(v);
    suu += std::log(v) * std::log(v);
  }
  const double sigma = 0.01 / std::sqrt(suu - su * su / n); // of a straight line in logarithms
  const auto chi2 = [&](double a) { return analysis::profile_chi2(x, y, error, 0, x.size() - 1, {"A", {}}, a); };
  for (const double sign : {-1.0, 1.0})
    CHECK(chi2(0.7 + sign * sigma) - chi2(0.7) == Approx(1).epsilon(0.02)); // errors of 1%: logarithms to 2%
}

TEST_CASE("Log-log slope of a pure power", "[power_law]") {
  const auto x = scales();
  std::vector<double> y;
  for (const double v : x)
    y.push_back(3 * std::pow(v, -1.7));
  CHECK(analysis::loglog_slope(x, y, 2, 8) == Approx(-1.7).epsilon(1e-12));
}
