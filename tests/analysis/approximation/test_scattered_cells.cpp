// Cells and pairs of scattered points: polynomials, known laws, spines against trees, and the same bits at any rank
// count.

#include "analysis/approximation/scattered_cells.hpp"
#include "analysis/approximation/scattered_fit.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "analysis/structure_function/scattered.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/spine.hpp"
#include "solvers/fourier/fourier_modes.hpp"
#include "tests/analysis/field_source.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <cmath>

using namespace cascade;
using analysis::BlockTable;
using core::PointSample;

namespace {

core::PointSource waves(const solvers::FourierModesParameters& p) {
  return [p](int realisation) {
    return PointSample{solvers::FourierModes(p, 1).field(static_cast<std::uint64_t>(realisation))};
  };
}

solvers::FourierModesParameters band(int D, double h, int octaves = 24, double lowest = 1) {
  solvers::FourierModesParameters p;
  p.embedding_dimension = D;
  p.hurst = h;
  p.octaves = octaves;
  p.lowest_wavenumber = lowest;
  return p;
}

/// Uniform numbers in [-1, 1).
std::vector<double> uniform(std::size_t count, std::uint64_t seed) {
  std::vector<double> u;
  const core::CounterRng rng(seed, core::Stream{5});
  for (std::size_t i = 0; i < count; ++i) {
    const core::Block b = rng.block(i);
    u.push_back(2 * core::uniform(b[0], b[1]) - 1);
  }
  return u;
}

} // namespace

TEST_CASE("The error at a point is that of the polynomial fitted to all other points", "[scattered_fit]") {
  for (const int D : {1, 3, 7})
    for (const int degree : {0, 1, 2}) {
      const auto terms = static_cast<int>(analysis::ScatteredFit::terms(D, degree));
      const int n = 4 * terms;
      const auto u = uniform(static_cast<std::size_t>(n * D), 3), f = uniform(static_cast<std::size_t>(n), 4);
      analysis::ScatteredFit own(D, degree, n);
      own.set_points(u);
      std::vector<double> errors(static_cast<std::size_t>(n));
      own.errors(f, degree, errors);
      Eigen::MatrixXd A(n, terms);
      for (int i = 0; i < n; ++i) {
        int c = 0;
        A(i, c++) = 1;
        for (int a = 0; a < D && degree >= 1; ++a)
          A(i, c++) = u[static_cast<std::size_t>(i * D + a)];
        for (int a = 0; a < D && degree >= 2; ++a)
          for (int b = a; b < D; ++b)
            A(i, c++) = u[static_cast<std::size_t>(i * D + a)] * u[static_cast<std::size_t>(i * D + b)];
      }
      const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(f.data(), n);
      for (const int left_out : {0, n / 2, n - 1}) {
        Eigen::MatrixXd others = A;
        Eigen::VectorXd values = y;
        others.row(left_out).setZero();
        values[left_out] = 0;
        const double expected = y[left_out] - A.row(left_out).dot(others.colPivHouseholderQr().solve(values));
        CHECK(errors[static_cast<std::size_t>(left_out)] == Approx(expected).margin(1e-10));
      }
    }
}

TEST_CASE("Polynomials up to the degree are matched; lower degrees come from the same points", "[scattered_fit]") {
  constexpr int D = 5, n = 100;
  const auto u = uniform(n * D, 9);
  analysis::ScatteredFit fit(D, 2, n);
  fit.set_points(u);
  std::vector<double> f(n), e(n);
  for (std::size_t i = 0; i < n; ++i)
    f[i] = 3 - u[i * D] + 2 * u[i * D + 1] * u[i * D + 4] - u[i * D + 2] * u[i * D + 2];
  const auto worst = [&](int degree) {
    fit.errors(f, degree, e);
    double largest = 0;
    for (const double x : e)
      largest = std::max(largest, std::abs(x));
    return largest;
  };
  CHECK(worst(2) < 1e-12);
  CHECK(worst(1) > 0.1);
  CHECK(worst(0) > worst(1));
}

TEST_CASE("Smooth ends: 2/d with constants and 4/d with straight pieces, within 1%", "[scattered_cells]") {
  for (const int D : {2, 3}) {
    const auto losses = analysis::scattered_losses(waves(band(D, 0.5, 1, 0.25)), D, {{0, 1}, {2}, 32},
                                                   {1, 64, 24, 8, 0}, core::Communicator::self());
    for (const int degree : {0, 1}) {
      analysis::FitOptions options;
      const auto fit = analysis::fit_exponent(losses[static_cast<std::size_t>(degree)][0], {{"A s^a", {}}}, options);
      CAPTURE(D, degree, fit.exponent, fit.standard_error);
      CHECK(std::abs(fit.exponent / D - 2.0 * (degree + 1) / D) < 0.01 * 2 * (degree + 1) / D);
    }
  }
}

TEST_CASE("Rough fields: losses and increments fall with 2h in one and in thirty dimensions",
          "[scattered_cells][slow]") {
  for (const int D : {1, 30})
    for (const double h : {1.0 / 3, 0.8}) {
      const auto source = waves(band(D, h, 20));
      const auto self = core::Communicator::self();
      const auto losses =
          analysis::scattered_losses(source, D, {{0, 1}, {2}, D == 1 ? 32 : 124}, {1, 32, 4, 9, 0}, self);
      const auto moments = analysis::scattered_structure_functions(source, D, {2}, {1, 32, 64, 9, 0}, self);
      const auto check = [&](const BlockTable& table, double smooth) {
        analysis::FitOptions options;
        const auto fit = analysis::fit_exponent(
            table, {{"A s^a + B", {{analysis::Correction::Kind::fixed_power, smooth, {}}}}}, options);
        CAPTURE(D, h, smooth, fit.exponent, fit.standard_error);
        CHECK(std::abs(fit.exponent - 2 * h) < 4 * fit.standard_error + 0.02); // 0.02: waves beyond the band, 1% of S_2
        CHECK(fit.standard_error < 0.25);
      };
      check(losses[1][0], 4);
      check(moments[0], 2);
    }
}

TEST_CASE("Sampled increments agree with the band's exact S_2", "[scattered_cells]") {
  for (const int D : {2, 50}) {
    const auto p = band(D, 1.0 / 3, 16);
    const auto exact = solvers::FourierModes(p, 1).band();
    const auto s2 =
        analysis::scattered_structure_functions(waves(p), D, {2}, {1, 48, 64, 6, 0}, core::Communicator::self())[0];
    const auto mean = s2.mean(), error = s2.standard_error();
    for (std::size_t i = 0; i < s2.points(); ++i) {
      const double expected = exact.increment(s2.x[i] * std::sqrt(static_cast<double>(D)));
      CAPTURE(D, s2.x[i], mean[i], expected, error[i]);
      CHECK(std::abs(mean[i] - expected) < 4 * error[i]);
      CHECK(error[i] < 0.1 * expected);
    }
  }
}

TEST_CASE("Spines and walks down the tree see the same cells", "[scattered_cells]][slow") {
  for (const auto& [D, d] : {std::pair{3, 2.5}, std::pair{8, 7.0}}) {
    solvers::BetaCascadeParameters p;
    p.embedding_dimension = D;
    p.dimension = d;
    p.hurst = 0.3;
    p.points = 0;
    p.profile = "oriented";
    const solvers::CascadeRules rules(D, 24, d, 0.3, 7, 0, true);
    const auto tree = [&](int realisation) {
      return solvers::BetaCascade(p, 7).sample(static_cast<std::uint64_t>(realisation), 24);
    };
    const auto spine = [&](int) {
      return PointSample{nullptr, nullptr, std::make_shared<solvers::CascadeSpine>(rules, 7)};
    };
    const analysis::ScatteredCellSettings settings{{0, 1}, {2, 4}, 36};
    const auto self = core::Communicator::self();
    const auto walked = analysis::scattered_losses(tree, D, settings, {7, 128, 12, 6, 0}, self);
    const auto shown = analysis::scattered_losses(spine, D, settings, {7, 64, 24, 6, 0}, self);
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t q = 0; q < 2; ++q) {
        const auto a = walked[k][q].mean(), b = shown[k][q].mean();
        const auto ea = walked[k][q].standard_error(), eb = shown[k][q].standard_error();
        for (std::size_t i = 0; i < a.size(); ++i) {
          CAPTURE(D, k, q, i, a[i], b[i], ea[i], eb[i]);
          CHECK(std::abs(a[i] - b[i]) < 4 * std::hypot(ea[i], eb[i]));
          CHECK(std::hypot(ea[i], eb[i]) < 0.25 * a[i]);
        }
      }
  }
}

TEST_CASE("A thousand dimensions", "[scattered_cells]") {
  auto p = band(1024, 0.5, 12);
  p.shells_per_octave = p.modes_per_shell = 2;
  const auto losses =
      analysis::scattered_losses(waves(p), 1024, {{0}, {2}, 16}, {1, 4, 4, 5, 0}, core::Communicator::self());
  const auto mean = losses[0][0].mean();
  for (std::size_t i = 0; i + 1 < mean.size(); ++i) {
    CHECK(mean[i] > mean[i + 1]);
    CHECK(mean[i + 1] > 0);
  }
}

TEST_CASE("Scattered points: the same bits at any rank count, and in ranges", "[scattered_cells][mpi]") {
  const auto world = core::Communicator::world(), self = core::Communicator::self();
  const auto source = waves(band(6, 0.4, 12));
  const analysis::ScatteredCellSettings settings{{0, 1}, {2, 3}, 32};
  const auto numbers = [&](const core::Communicator& ranks, int first, int count) {
    std::vector<double> all;
    const analysis::SamplingPlan plan{1, count, 11, 4, first};
    const auto losses = analysis::scattered_losses(source, 6, settings, plan, ranks);
    for (const auto& row : losses)
      for (const auto& table : row)
        test::append_table(table, all);
    for (const auto& table : analysis::scattered_structure_functions(source, 6, {1, 2}, plan, ranks))
      test::append_table(table, all);
    return all;
  };
  bool same = test::same_bits(numbers(world, 0, 5), numbers(self, 0, 5));
  CHECK(same);
  auto joined = analysis::scattered_losses(source, 6, settings, {1, 2, 11, 4, 0}, self)[1][0];
  joined.append(analysis::scattered_losses(source, 6, settings, {1, 3, 11, 4, 2}, self)[1][0]);
  std::vector<double> whole, parts;
  test::append_table(analysis::scattered_losses(source, 6, settings, {1, 5, 11, 4, 0}, self)[1][0], whole);
  test::append_table(joined, parts);
  same = test::same_bits(whole, parts);
  CHECK(same);
}
