#include "core/random/normals.hpp"
#include "core/sums/vector_math.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

using namespace cascade::core;

namespace {

// The same numbers from Random123's own Philox and the long double functions of the C library.
std::vector<long double> oracle(const CounterRng& rng, std::uint64_t first, std::uint32_t sub, std::size_t blocks) {
  const auto centred = [](std::uint32_t high, std::uint32_t low) {
    const std::uint64_t m = (static_cast<std::uint64_t>(high) << 32 | low) >> 12;
    return (static_cast<long double>(m) + 0.5L) * 0x1p-52L;
  };
  std::vector<long double> result;
  for (std::size_t i = 0; i < blocks; ++i) {
    const Block b = rng.block(first + i, sub);
    const long double radius = std::sqrt(-2 * std::log(centred(b[0], b[1])));
    const long double angle = 2 * std::numbers::pi_v<long double> * centred(b[2], b[3]);
    result.push_back(radius * std::cos(angle));
    result.push_back(radius * std::sin(angle));
  }
  return result;
}

} // namespace

TEST_CASE("Batched normals are Box and Muller's of Random123's blocks, to roundoff") {
  const CounterRng rng(0x123456789abcdefu, Stream{2});
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{0xfffffff0}, ~std::uint64_t{0} - 20}) { // carries
    std::vector<double> batch(2 * 300);
    normal_pairs(rng, first, 9, batch);
    const auto expected = oracle(rng, first, 9, batch.size() / 2);
    double worst = 0;
    for (std::size_t i = 0; i < batch.size(); i += 2) {
      const long double radius = std::hypot(expected[i], expected[i + 1]);
      for (const std::size_t j : {i, i + 1})
        worst = std::max(worst, static_cast<double>(std::abs(batch[j] - expected[j]) / radius));
    }
    CHECK(worst <= 4 * 0x1p-52);
  }
}

TEST_CASE("Normals do not depend on how a range is cut") {
  const CounterRng rng(3, Stream{2});
  std::vector<double> whole(2 * 259), cut(whole.size());
  normal_pairs(rng, 77, 1, whole);
  for (const std::size_t step : {1u, 2u, 31u, 32u, 33u, 100u}) {
    for (std::size_t i = 0; i < whole.size() / 2; i += step)
      normal_pairs(rng, 77 + i, 1, std::span(cut).subspan(2 * i, 2 * std::min(step, whole.size() / 2 - i)));
    CHECK(cut == whole);
  }
}

TEST_CASE("Normals have the moments of a normal, and no correlation") {
  const std::size_t n = std::size_t{1} << 20;
  std::vector<double> z(n);
  normal_pairs(CounterRng(1, Stream{2}), 0, 0, z);
  double m1 = 0, m2 = 0, m4 = 0, pair = 0, next = 0;
  std::size_t beyond = 0;
  for (std::size_t i = 0; i < n; ++i) {
    m1 += z[i];
    m2 += z[i] * z[i];
    m4 += z[i] * z[i] * z[i] * z[i];
    pair += i % 2 == 0 ? z[i] * z[i + 1] : 0;
    next += i + 2 < n ? z[i] * z[i + 2] : 0;
    beyond += std::abs(z[i]) > 3 ? 1 : 0;
  }
  const auto count = static_cast<double>(n);
  const double root = std::sqrt(count); // four standard errors each; variances of the estimators beside them
  CHECK(std::abs(m1 / count) < 4 / root);
  CHECK(std::abs(m2 / count - 1) < 4 * std::sqrt(2.0) / root);
  CHECK(std::abs(m4 / count - 3) < 4 * std::sqrt(96.0) / root);
  CHECK(std::abs(2 * pair / count) < 4 * std::sqrt(2.0) / root);
  CHECK(std::abs(next / count) < 4 / root);
  const double tail = std::erfc(3 / std::sqrt(2.0));
  CHECK(std::abs(static_cast<double>(beyond) / count - tail) < 4 * std::sqrt(tail) / root);
}

TEST_CASE("Branch-free functions agree with the C library's to a few units in the last place") {
  std::mt19937_64 engine(5);
  std::uniform_real_distribution<double> unit(0, 1);
  double log_error = 0, exp_error = 0, turn_error = 0;
  for (int i = 0; i < 200000; ++i) {
    const double u = unit(engine) + 0x1p-54;
    const double x = std::ldexp(u, static_cast<int>(engine() % 60) - 20);
    const long double ln = std::log(static_cast<long double>(x));
    log_error = std::max(log_error, static_cast<double>(std::abs(vector_math::natural_log(x) - ln) / std::abs(ln)));
    const double y = 100 * (u - 0.5);
    const long double e = std::exp(static_cast<long double>(y));
    exp_error = std::max(exp_error, static_cast<double>(std::abs(vector_math::exponential(y) / e - 1)));
    const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(u);
    const auto t = vector_math::turn(u);
    turn_error = std::max({turn_error, static_cast<double>(std::abs(t.sine - std::sin(angle))),
                           static_cast<double>(std::abs(t.cosine - std::cos(angle)))});
  }
  CHECK(log_error <= 2 * 0x1p-52);
  CHECK(exp_error <= 2 * 0x1p-52);
  CHECK(turn_error <= 2 * 0x1p-52);
}
