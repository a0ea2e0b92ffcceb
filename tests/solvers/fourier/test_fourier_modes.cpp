// Random Fourier modes: the sum, its exact second order, and what its noise depends on.

#include "solvers/fourier/fourier_modes.hpp"
#include "support/same_bits.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace cascade;
using core::Coordinate;

namespace {

solvers::FourierModes generator(int D, double h, int octaves = 16, std::uint64_t seed = 1) {
  solvers::FourierModesParameters p;
  p.embedding_dimension = D;
  p.hurst = h;
  p.octaves = octaves;
  return {p, seed};
}

std::vector<std::string> complaints(const solvers::FourierModesParameters& p) {
  core::Problems problems;
  p.validate(problems);
  std::vector<std::string> keys;
  for (const auto& problem : problems.all())
    keys.push_back(problem.key);
  return keys;
}

} // namespace

TEST_CASE("A value is the sum of the waves, at any wavenumber", "[fourier_modes]") {
  for (const int D : {1, 3, 17, 1024}) {
    const auto field = generator(D, 0.4, D == 1024 ? 12 : 24).field(2);
    const auto points = test::random_points(D, 40, 7); // no multiple of the kernel's block
    std::vector<double> values(40);
    field->evaluate(points, values);
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      long double sum = 0;
      for (std::size_t m = 0; m < field->modes(); ++m) {
        const auto mode = field->mode(m);
        long double turns = mode.phase;
        for (std::size_t a = 0; a < static_cast<std::size_t>(D); ++a)
          turns += static_cast<long double>(mode.wavevector[a]) *
                   std::ldexp(static_cast<long double>(points[i * static_cast<std::size_t>(D) + a]), -64);
        sum += mode.amplitude * std::cos(2 * std::numbers::pi_v<long double> * (turns - std::floor(turns)));
      }
      worst = std::max(worst, static_cast<double>(std::abs(sum - static_cast<long double>(values[i]))));
    }
    CAPTURE(D);
    CHECK(worst < 1e-9); // 2^24 waves, a phase good to 2^-29 of a turn, amplitude 2^-9.6
  }
}

TEST_CASE("A value does not depend on how points are cut into batches", "[fourier_modes]") {
  for (const int D : {1, 5, 100}) {
    const auto field = generator(D, 1.0 / 3).field(0);
    const auto d = static_cast<std::size_t>(D);
    const auto points = test::random_points(D, 53, 11);
    std::vector<double> all(53), apart(53);
    field->evaluate(points, all);
    for (std::size_t first = 0, size = 1; first < 53; first += size, size = std::min<std::size_t>(size + 3, 53 - first))
      field->evaluate(std::span(points).subspan(first * d, size * d), std::span(apart).subspan(first, size));
    CHECK(test::same_bits(all, apart));
  }
}

TEST_CASE("Noise is independent of h, differs between realisations, and is a power law of the wavenumber",
          "[fourier_modes]") {
  const auto a = generator(6, 0.3).field(4), b = generator(6, 0.9).field(4), c = generator(6, 0.3).field(5);
  const double ratio = a->mode(0).amplitude / b->mode(0).amplitude;
  const auto length = [](const solvers::FourierMode& m) {
    double square = 0;
    for (const double k : m.wavevector)
      square += k * k;
    return std::sqrt(square);
  };
  const double first = length(a->mode(0));
  for (std::size_t m = 0; m < a->modes(); ++m) {
    const auto x = a->mode(m), y = b->mode(m);
    CHECK(test::same_bits(x.wavevector, y.wavevector));
    CHECK(x.phase == y.phase);
    CHECK(x.phase != c->mode(m).phase);
    CHECK(x.amplitude / y.amplitude == Approx(ratio * std::pow(length(x) / first, 0.6)).epsilon(1e-11));
    CHECK(length(x) >= std::exp2(std::floor(static_cast<double>(m / 4)) / 4) * (1 - 1e-12)); // its shell
    CHECK(length(x) < std::exp2((std::floor(static_cast<double>(m / 4)) + 1) / 4) * (1 + 1e-12));
  }
}

TEST_CASE("Increments of one realisation average to its exact S_2", "[fourier_modes]") {
  constexpr int D = 4;
  solvers::FourierModesParameters p;
  p.embedding_dimension = D;
  p.lowest_wavenumber = 64; // tens of waves in the half box the positions fill: they average out
  p.octaves = 12;
  const auto field = solvers::FourierModes(p, 1).field(1);
  constexpr std::size_t count = 20000;
  auto x = test::random_points(D, count, 5);
  for (Coordinate& u : x)
    u >>= 1; // room for the separation
  auto y = x;
  const std::vector<double> r{1.0 / 512, 0, 1.0 / 1024, 1.0 / 256};
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] += core::to_coordinate(r[i % 4]);
  std::vector<double> fx(count), fy(count);
  field->evaluate(x, fx);
  field->evaluate(y, fy);
  double sum = 0, square = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double s = (fy[i] - fx[i]) * (fy[i] - fx[i]);
    sum += s / count;
    square += s * s / count;
  }
  const double error = std::sqrt((square - sum * sum) / count);
  CAPTURE(sum, field->increment(r), error);
  CHECK(std::abs(sum - field->increment(r)) < 4 * error);
  CHECK(error < 0.02 * sum);
}

TEST_CASE("The ensemble's S_2 is isotropic, exact, and a power law of 2h", "[fourier_modes]") {
  for (const int D : {1, 3, 100})
    for (const double h : {1.0 / 3, 0.8}) {
      const auto g = generator(D, h, 20);
      const auto band = g.band();
      constexpr int realisations = 64;
      const double side = 1.0 / 32, r = side * std::sqrt(static_cast<double>(D));
      const auto mean = [&](const std::vector<double>& separation, double& error) {
        double sum = 0, square = 0;
        for (int i = 0; i < realisations; ++i) {
          const double s = g.field(static_cast<std::uint64_t>(i))->increment(separation);
          sum += s / realisations;
          square += s * s / realisations;
        }
        error = std::sqrt((square - sum * sum) / realisations);
        return sum;
      };
      const auto d = static_cast<std::size_t>(D);
      std::vector<double> axis(d, 0.0), diagonal(d, side);
      axis[0] = r;
      double error_axis = 0, error_diagonal = 0;
      const double along = mean(axis, error_axis), across = mean(diagonal, error_diagonal);
      CAPTURE(D, h, along, across, band.increment(r), error_axis, error_diagonal);
      CHECK(std::abs(along - band.increment(r)) < 4 * error_axis);
      CHECK(std::abs(across - band.increment(r)) < 4 * error_diagonal);
      CHECK(error_axis < 0.05 * along);
      // Far from both ends of the band: A r^2h less the smooth r^2 from above and the missing waves from below.
      const double slope = std::log2(band.increment(r / 8) / band.increment(r / 16));
      CHECK(std::abs(slope - 2 * h) < (h < 0.5 ? 0.02 : 0.1));
    }
}

TEST_CASE("Variance one in the ensemble; a field of one octave is smooth", "[fourier_modes]") {
  const auto g = generator(3, 0.5);
  double variance = 0;
  for (int i = 0; i < 64; ++i)
    variance += g.field(static_cast<std::uint64_t>(i))->variance() / 64;
  CHECK(variance == Approx(1).epsilon(0.01)); // jitter alone scatters it
  CHECK(generator(3, 0.5, 2).law()->hurst() > 3);
  CHECK(generator(3, 0.5, 16).law()->hurst() == 0.5);
  CHECK(generator(3, 0.5).law()->dimension() == 3);
}

TEST_CASE("Bands that are neither rough nor smooth, or beyond a double's precision, are refused", "[fourier_modes]") {
  solvers::FourierModesParameters p;
  CHECK(complaints(p).empty());
  p.octaves = 8;
  CHECK(complaints(p) == std::vector<std::string>{"octaves"});
  p.octaves = 44;
  CHECK(complaints(p) == std::vector<std::string>{"octaves"});
  p.octaves = 14;
  p.lowest_wavenumber = 0.01;
  CHECK(complaints(p) == std::vector<std::string>{"lowest_wavenumber"});
  p = {};
  p.embedding_dimension = 1024;
  p.modes_per_shell = 4096;
  CHECK(complaints(p) == std::vector<std::string>{"modes_per_shell"});
}
