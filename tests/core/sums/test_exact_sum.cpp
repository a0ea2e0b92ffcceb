#include "core/ranks/communicator.hpp"
#include "core/sums/exact_sum.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using cascade::core::Communicator;
using cascade::core::ExactSum;

namespace {

double sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double x : values)
    sum.add(x);
  return sum.value();
}

std::vector<double> wild_values(std::size_t count, int exponents) {
  std::mt19937_64 engine(7);
  std::uniform_real_distribution<double> mantissa(-1, 1);
  std::uniform_int_distribution<int> exponent(-exponents, exponents);
  std::vector<double> result(count);
  for (double& x : result)
    x = std::ldexp(mantissa(engine), exponent(engine));
  return result;
}

} // namespace

TEST_CASE("One addend comes back as it went in") {
  for (const double x : {0.0, 1.0, -1.0, 0.1, -1e300, 1e-300, std::numeric_limits<double>::max(),
                         std::numeric_limits<double>::lowest(), std::numeric_limits<double>::min(),
                         std::numeric_limits<double>::denorm_min(), -3 * std::numeric_limits<double>::denorm_min()})
    CHECK(sum_of({x}) == x);
  for (const double x : wild_values(2000, 1000))
    CHECK(sum_of({x}) == x);
}

TEST_CASE("Sums are exact before they are rounded once") {
  CHECK(sum_of({1e300, 1.0, -1e300}) == 1.0);
  CHECK(sum_of({1.0, 0x1p-53}) == 1.0);           // a tie goes to even
  CHECK(sum_of({1.0, 0x1p-53, 0x1p-1074}) > 1.0); // anything more does not
  CHECK(sum_of({1.0, 0x1p-52, 0x1p-53}) == 1.0 + 0x1p-51);
  CHECK(sum_of({-1.0, -0x1p-53, -0x1p-1074}) == -1.0 - 0x1p-52);
  CHECK(sum_of({0x1p1023, 0x1p1023, -0x1p1023}) == 0x1p1023); // passes beyond the largest double
  // Against a wider format: 2^-20 .. 2^20 keep the exact sum of 500 values within the 64 bits of a long double or
  // nearly.
  const auto values = wild_values(500, 5);
  long double wide = 0;
  for (const double x : values)
    wide += static_cast<long double>(x);
  CHECK(sum_of(values) == Approx(static_cast<double>(wide)).epsilon(4 * std::numeric_limits<double>::epsilon()));
}

TEST_CASE("Order and grouping do not matter by a bit") {
  auto values = wild_values(3000, 300);
  const double expected = sum_of(values);
  std::mt19937_64 engine(1);
  for (int trial = 0; trial < 5; ++trial) {
    std::shuffle(values.begin(), values.end(), engine);
    std::vector<ExactSum> parts(7);
    for (std::size_t i = 0; i < values.size(); ++i)
      parts[i % parts.size()].add(values[i]);
    ExactSum whole;
    for (const ExactSum& part : parts)
      whole.merge(part);
    CHECK(whole.value() == expected);
  }
  std::vector<double> cancelling = values;
  for (const double x : values)
    cancelling.push_back(-x);
  CHECK(sum_of(cancelling) == 0.0);
}

TEST_CASE("A NaN or an infinity is seen") {
  CHECK(std::isnan(sum_of({1.0, std::numeric_limits<double>::quiet_NaN()})));
  CHECK(std::isnan(sum_of({1.0, -std::numeric_limits<double>::infinity()})));
  ExactSum bad, good;
  bad.add(std::numeric_limits<double>::quiet_NaN());
  good.add(2.0);
  good.merge(bad);
  CHECK(std::isnan(good.value()));
}

TEST_CASE("Exact sums over ranks equal the serial sum bit for bit", "[mpi]") {
  const Communicator world = Communicator::world();
  const auto values = wild_values(1001, 200);
  std::vector<ExactSum> sums(3);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (static_cast<int>(i % static_cast<std::size_t>(world.size())) == world.rank())
      sums[i % 3].add(values[i]);
  world.sum(sums);
  for (std::size_t j = 0; j < 3; ++j) {
    ExactSum serial;
    for (std::size_t i = j; i < values.size(); i += 3)
      serial.add(values[i]);
    CHECK(sums[j].value() == serial.value());
  }
}
