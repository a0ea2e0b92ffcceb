// Slopes of threshold curves and of spectra.

#include "analysis/fit/grid_fits.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/fit/spectrum_fit.hpp"
#include "tests/analysis/synthetic_tables.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <stdexcept>

using namespace cascade;
using analysis::BlockTable;
using analysis::ExponentFit;
using analysis::PowerLawModel;

namespace {

const PowerLawModel plain_power{"A s^a", {}};

/// A dimension that was counted without error, in 16 blocks.
ExponentFit counted(double dimension) {
  ExponentFit fit;
  fit.exponent = dimension;
  fit.replicates.assign(16, dimension);
  return fit;
}

/// Thresholds tau = 2^-i, i = 0..last: N = 8 tau^-1.5 pieces, loss per `loss(N)`; every block the same but for `noise`.
struct Curve {
  BlockTable pieces, loss;
};

template <class Loss>
Curve threshold_curve(Loss loss, int last, double noise, std::size_t blocks = 16) {
  Curve c;
  for (int i = last; i >= 0; --i) { // thresholds rise: N falls
    c.pieces.x.push_back(std::exp2(-i));
    c.pieces.count.push_back(1);
  }
  c.loss.x = c.pieces.x;
  c.loss.count = c.pieces.count;
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& n = c.pieces.sum.emplace_back();
    auto& l = c.loss.sum.emplace_back();
    c.pieces.weight.emplace_back(c.pieces.x.size(), 1.0);
    c.loss.weight.emplace_back(c.pieces.x.size(), 1.0);
    for (std::size_t i = 0; i < c.pieces.x.size(); ++i) {
      n.push_back(8 * std::pow(c.pieces.x[i], -1.5));
      l.push_back(loss(n.back()) * (1 + noise * test::normal(1, b * 100 + i)));
    }
  }
  return c;
}

BlockTable spectrum(double slope, std::size_t shells, std::size_t blocks, double noise, std::uint64_t seed) {
  BlockTable t;
  for (std::size_t k = 1; k <= shells; ++k) {
    t.x.push_back(static_cast<double>(k));
    t.count.push_back(static_cast<double>(k));
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& sum = t.sum.emplace_back();
    t.weight.emplace_back(shells, 1.0);
    for (std::size_t i = 0; i < shells; ++i)
      sum.push_back(std::pow(t.x[i], slope) * (1 + noise / std::sqrt(t.x[i]) * test::normal(seed, b * 1000 + i)));
  }
  return t;
}

} // namespace

TEST_CASE("A threshold curve gives its slope inside its window", "[grid_fits]") {
  const auto c = threshold_curve([](double n) { return 5 * std::pow(n, -0.26) * (n < 60 ? 2 : 1); }, 12, 0);
  for (const double d : {1.4, 2.0, 3.0}) { // a pure power of N is one of s = N^(-1/d), whatever d
    const auto fit = analysis::fit_threshold_curve(c.pieces, c.loss, 64, 1e5, counted(d), {plain_power}, {});
    CHECK(fit.exponent == Approx(0.26).margin(1e-6)); // the search ends at 1e-7
    CHECK(fit.systematic_error < 1e-6);
    CHECK(fit.statistical_error < 1e-6);
    CHECK(fit.window[0] >= 64 * (1 - 1e-12));
    CHECK(fit.window[1] <= 1e5 * (1 + 1e-12));
    CHECK(fit.loglog_slope == Approx(0.26).epsilon(1e-12));
  }
  CHECK_THROWS_AS(analysis::fit_threshold_curve(c.pieces, c.loss, 1e4, 2e4, counted(2), {plain_power}, {}),
                  analysis::NoFit);
}

TEST_CASE("Large smooth eddies are taken out of a threshold curve, at the side the counted dimension gives",
          "[grid_fits]") {
  constexpr double d = 1.7, a = 0.9; // in s; alpha = a/d
  const auto c = threshold_curve(
      [&](double n) {
        const double s = std::pow(n, -1 / d);
        return 5 * std::pow(s, a) * (1 - 0.9 * std::pow(s, 2 - a));
      },
      12, 0);
  const PowerLawModel with_correction{"A s^a + B s^2", {{analysis::Correction::Kind::fixed_power, 2, {}}}};
  const auto fit =
      analysis::fit_threshold_curve(c.pieces, c.loss, 16, 1e6, counted(d), {with_correction, plain_power}, {});
  CHECK(fit.exponent == Approx(a / d).margin(1e-5));
  // The plain power is off, and half of that is the systematic error at least.
  const auto straight = analysis::fit_threshold_curve(c.pieces, c.loss, 16, 1e6, counted(d), {plain_power}, {});
  CHECK(std::abs(straight.exponent - a / d) > 0.003);
  CHECK(fit.systematic_error >= 0.49 * std::abs(straight.exponent - fit.exponent));
}

TEST_CASE("The variance below the grid is given back to a mean-square loss", "[grid_fits]") {
  constexpr double missing = 0.2;
  const auto c = threshold_curve([](double n) { return 5 * std::pow(n, -0.26) - missing; }, 9, 1e-6);
  analysis::MissingPart part;
  part.variance = [](std::optional<std::size_t>) { return missing; };
  const auto fit = analysis::fit_threshold_curve(c.pieces, c.loss, 64, 1e6, counted(2), {plain_power}, part);
  CHECK(fit.exponent == Approx(0.26).margin(2e-6));
  CHECK(fit.loglog_slope > 0.28); // what the grid alone would say
}

TEST_CASE("Other orders are completed by the factor their own mean square lacks", "[grid_fits]") {
  // Complete cells: square S, fourth 3 S^2. Measured: S - P, 3 (S - P)^2: completion of order 4 is that of 2, squared.
  constexpr double missing = 0.2;
  const auto complete = [](double n) { return 5 * std::pow(n, -0.26); };
  const auto square = threshold_curve([&](double n) { return complete(n) - missing; }, 9, 0);
  const auto fourth = threshold_curve([&](double n) { return 3 * std::pow(complete(n) - missing, 2); }, 9, 1e-6);
  analysis::MissingPart part;
  part.variance = [](std::optional<std::size_t>) { return missing; };
  part.square_pieces = &square.pieces;
  part.square_loss = &square.loss;
  for (double n = 1; complete(n) > 1.1 * missing; n *= 1.5) { // read by interpolation
    part.square_completion.push_back(complete(n) / (complete(n) - missing));
    part.completion.push_back(std::pow(part.square_completion.back(), 2));
  }
  const auto fit = analysis::fit_threshold_curve(fourth.pieces, fourth.loss, 64, 1e5, counted(2), {plain_power}, part);
  CHECK(fit.exponent == Approx(0.52).margin(2e-4)); // interpolation
  CHECK(fit.loglog_slope > 0.55);
}

TEST_CASE("Errors of a threshold curve come from the blocks", "[grid_fits]][slow") {
  int covered = 0;
  constexpr int trials = 100;
  for (int trial = 0; trial < trials; ++trial) {
    auto c = threshold_curve([](double n) { return 5 * std::pow(n, -0.26); }, 12, 0);
    for (std::size_t b = 0; b < 16; ++b)
      for (std::size_t i = 0; i < c.loss.x.size(); ++i)
        c.loss.sum[b][i] *= 1 + 0.1 * test::normal(50 + static_cast<std::uint64_t>(trial), b * 100 + i);
    const auto fit = analysis::fit_threshold_curve(c.pieces, c.loss, 64, 1e6, counted(2), {plain_power}, {});
    const double t = (fit.interval95[1] - fit.exponent) / fit.standard_error;
    covered += std::abs(fit.exponent - 0.26) < t * fit.statistical_error ? 1 : 0;
  }
  CHECK(covered == Approx(0.95 * trials).margin(4 * std::sqrt(0.95 * 0.05 * trials)));
}

TEST_CASE("The dimension of counted boxes: each level weighted by its parents", "[grid_fits]") {
  // Blocks with the same tree, but for a factor of their own: nothing scatters.
  const auto exact = test::synthetic_table([](double x) { return std::pow(x, -1.7); }, 0, 7, {8, 0.1, 0, 0}, 1);
  const auto fit = analysis::fit_dimension(exact, std::exp2(-7), 0.26);
  CHECK(fit.exponent == Approx(1.7).epsilon(1e-12));
  CHECK(fit.statistical_error < 1e-12);
  CHECK(fit.window[0] == std::exp2(-7));
  CHECK(fit.window[1] == 0.25);
  CHECK(fit.points == 6);
  // Counts 4, 8, 24 in the window: log2 of 2 and of 3, weights 4 and 8.
  BlockTable counts;
  counts.x = {0.0625, 0.125, 0.25};
  counts.sum = {{12, 4, 2}, {12, 4, 2}};
  counts.weight.assign(2, std::vector<double>(3, 0.5));
  counts.count = {1, 1, 1};
  CHECK(analysis::fit_dimension(counts, 0, 1).exponent == Approx((4 * 1 + 8 * std::log2(3)) / 12).epsilon(1e-12));
  CHECK_THROWS_AS(analysis::fit_dimension(counts, 0.2, 1), analysis::NoFit);
}

TEST_CASE("A spectrum gives its slope, one realisation or many", "[grid_fits]") {
  const BlockTable exact = spectrum(-1.7333, 64, 1, 0, 1);
  std::vector<double> errors;
  for (const double k : exact.x)
    errors.push_back(0.1 * std::pow(k, -1.7333) / std::sqrt(k));
  const auto fit = analysis::fit_spectrum(exact, errors, 4, 32);
  CHECK(fit.exponent == Approx(-1.7333).epsilon(1e-10));
  CHECK(fit.points == 29);
  CHECK(fit.systematic_error < 1e-10);
  CHECK_THROWS_AS(analysis::fit_spectrum(exact, errors, 4, 6), analysis::NoFit);

  // One block: errors of the points; scatter of the slope over many such spectra is the error it states.
  double square = 0;
  constexpr int trials = 200;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const auto one = analysis::fit_spectrum(spectrum(-1.7333, 64, 1, 0.1, 100 + trial), errors, 4, 32);
    square += std::pow((one.exponent + 1.7333) / one.statistical_error, 2) / trials;
  }
  CHECK(square == Approx(1).margin(4 * std::sqrt(2.0 / trials)));

  // Many blocks: the jackknife says the same to its own accuracy.
  const BlockTable many = spectrum(-1.7333, 64, 40, 0.1, 7);
  std::vector<double> smaller = errors;
  for (double& e : smaller)
    e /= std::sqrt(40.0);
  const auto from_points = analysis::fit_spectrum(many.collapsed(), smaller, 4, 32);
  const auto from_blocks = analysis::fit_spectrum(many, smaller, 4, 32);
  CHECK(from_blocks.exponent == Approx(from_points.exponent).margin(1e-9));
  CHECK(from_blocks.statistical_error == Approx(from_points.statistical_error).epsilon(4 / std::sqrt(80.0)));
}

TEST_CASE("A spectrum that is no line says so; one without a range has no slope", "[grid_fits]") {
  std::vector<double> errors;
  BlockTable bent = spectrum(-1.7, 64, 1, 0, 1);
  for (std::size_t i = 0; i < bent.x.size(); ++i) {
    bent.sum[0][i] *= 1 + 0.3 * std::sin(2 * M_PI * std::log2(bent.x[i])); // a ripple of one octave
    errors.push_back(0.001 * bent.sum[0][i]);
  }
  const auto fit = analysis::fit_spectrum(bent, errors, 4, 32);
  CAPTURE(fit.exponent, fit.standard_error, fit.reason);
  CHECK(fit.status != analysis::FitStatus::good);
  CHECK(*fit.p_value < 1e-6);
  CHECK(fit.degrees_of_freedom == 27);
  CHECK(std::abs(fit.exponent + 1.7) < 2 * fit.standard_error);
  CHECK(fit.standard_error < 0.4);
  CHECK(fit.widening > 10);
  CHECK(fit.octaves == Approx(3));

  BlockTable band = spectrum(-1.7, 64, 1, 0, 1); // energy between 8 and 14 only
  for (std::size_t i = 0; i < band.x.size(); ++i)
    band.sum[0][i] *= band.x[i] >= 8 && band.x[i] <= 14 ? 1 : 1e-30;
  CHECK_THROWS_AS(analysis::fit_spectrum(band, errors, 4, 32), analysis::NoFit);
}

TEST_CASE("Levels that do not share one dimension widen it", "[grid_fits]") {
  const auto law = [](double x) {
    return x > 0.03 ? std::pow(x, -1.2) : std::pow(0.03, -1.2) * std::pow(x / 0.03, -1.9);
  };
  const auto fit = analysis::fit_dimension(test::synthetic_table(law, 1, 9, {24, 0.1, 0.001, 0.001}, 2), 0, 1);
  CAPTURE(fit.exponent, fit.standard_error, fit.reason);
  CHECK(fit.status != analysis::FitStatus::good);
  CHECK(*fit.p_value < 0.01);
  CHECK(fit.octaves == Approx(8));
  const auto one = analysis::fit_dimension(
      test::synthetic_table([](double x) { return std::pow(x, -1.7); }, 1, 9, {24, 0.1, 0.001, 0.001}, 2), 0, 1);
  CHECK(one.status == analysis::FitStatus::good);
  CHECK(one.degrees_of_freedom == 7);
}
