// Means, jackknife errors and merging of tables of sums.

#include "analysis/sums/block_table.hpp"
#include "core/random/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace cascade;
using analysis::BlockTable;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Random positive sums and weights.
BlockTable random_table(std::size_t blocks, std::size_t points, std::uint64_t seed, bool equal_weights) {
  BlockTable t;
  const core::CounterRng random(seed, core::Stream{5});
  for (std::size_t i = 0; i < points; ++i) {
    t.x.push_back(std::exp2(-static_cast<double>(i)));
    t.count.push_back(static_cast<double>(10 * (i + 1)));
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& sum = t.sum.emplace_back();
    auto& weight = t.weight.emplace_back();
    for (std::size_t i = 0; i < points; ++i) {
      const core::Block bits = random.block(b * points + i);
      sum.push_back(core::uniform(bits[0], bits[1]));
      weight.push_back(equal_weights ? 1 : 0.5 + core::uniform(bits[2], bits[3]));
    }
  }
  return t;
}

} // namespace

TEST_CASE("The mean is the ratio of totals", "[block_table]") {
  const BlockTable t = random_table(5, 3, 1, false);
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0, weight = 0, sum_without = 0, weight_without = 0;
    for (std::size_t b = 0; b < 5; ++b) {
      sum += t.sum[b][i];
      weight += t.weight[b][i];
      sum_without += b == 2 ? 0 : t.sum[b][i];
      weight_without += b == 2 ? 0 : t.weight[b][i];
    }
    CHECK(t.mean()[i] == Approx(sum / weight).epsilon(8 * eps));
    CHECK(t.mean_without(2)[i] == Approx(sum_without / weight_without).epsilon(8 * eps));
  }
}

TEST_CASE("With equal weights the jackknife error is the textbook error of a mean", "[block_table]") {
  const BlockTable t = random_table(17, 4, 2, true);
  const auto error = t.standard_error();
  for (std::size_t i = 0; i < 4; ++i) {
    double mean = 0, square = 0;
    for (std::size_t b = 0; b < 17; ++b)
      mean += t.sum[b][i] / 17;
    for (std::size_t b = 0; b < 17; ++b)
      square += std::pow(t.sum[b][i] - mean, 2);
    CHECK(error[i] == Approx(std::sqrt(square / 16 / 17)).epsilon(1e-10)); // replicates differ by 1/17 of the blocks
  }
}

TEST_CASE("With unequal weights it is the error of a ratio", "[block_table]") {
  // Delta method: Var(S/W) = sum (s_b - m w_b)^2/(W^2) n/(n-1), to a relative 1/n.
  constexpr std::size_t n = 400;
  const BlockTable t = random_table(n, 2, 3, false);
  for (std::size_t i = 0; i < 2; ++i) {
    const double mean = t.mean()[i];
    double square = 0, weight = 0;
    for (std::size_t b = 0; b < n; ++b) {
      square += std::pow(t.sum[b][i] - mean * t.weight[b][i], 2);
      weight += t.weight[b][i];
    }
    CHECK(t.standard_error()[i] == Approx(std::sqrt(square * n / (n - 1)) / weight).epsilon(3.0 / n));
  }
}

TEST_CASE("One block has no error", "[block_table]") {
  CHECK(std::isnan(random_table(1, 2, 4, true).standard_error()[0]));
}

TEST_CASE("Appending is the table of all blocks, in any grouping", "[block_table]") {
  const BlockTable a = random_table(2, 3, 5, false), b = random_table(3, 3, 6, false), c = random_table(1, 3, 7, false);
  BlockTable left, right = b, whole;
  left.append(a); // an empty table takes the first one's shape
  left.append(b);
  left.append(c);
  right.append(c);
  whole.append(a);
  whole.append(right);
  CHECK(left.blocks() == 6);
  CHECK(left.sum == whole.sum);
  CHECK(left.weight == whole.weight);
  CHECK(left.count == whole.count);
  CHECK(left.count[1] == 60);
  CHECK(left.mean() == whole.mean());
  BlockTable other = c;
  other.x[1] *= 2;
  CHECK_THROWS_AS(left.append(other), std::invalid_argument);
}

TEST_CASE("Collapsing keeps the mean", "[block_table]") {
  const BlockTable t = random_table(7, 3, 8, false), one = t.collapsed();
  CHECK(one.blocks() == 1);
  CHECK(one.count == t.count);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(one.mean()[i] == Approx(t.mean()[i]).epsilon(16 * eps));
}

TEST_CASE("a derived table has the derived number for mean, and its jackknife error", "[block_table]") {
  const BlockTable a{{1, 2}, {{1, 4}, {3, 5}, {2, 9}}, {{1, 2}, {1, 1}, {2, 3}}, {4, 6}};
  const BlockTable b{{1, 2}, {{2, 1}, {2, 2}, {5, 2}}, {{1, 1}, {1, 2}, {3, 1}}, {4, 6}};
  const auto number = [](const std::vector<double>& means) { return means[0] * means[0] / means[1]; };
  const BlockTable derived = analysis::derived_table({&a, &b}, number);
  REQUIRE(derived.blocks() == 3);
  CHECK(derived.count == a.count);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(derived.mean()[i] == Approx(number({a.mean()[i], b.mean()[i]})).epsilon(1e-14));
    double first = 0, second = 0;
    for (std::size_t block = 0; block < 3; ++block) {
      const double without = number({a.mean_without(block)[i], b.mean_without(block)[i]});
      first += without / 3;
      second += without * without / 3;
    }
    CHECK(derived.standard_error()[i] == Approx(std::sqrt(2 * (second - first * first))).epsilon(1e-10));
  }
  const BlockTable alone = analysis::derived_table({&derived}, [](const auto& m) { return m[0]; });
  CHECK(alone.standard_error()[0] == Approx(derived.standard_error()[0]));
}
