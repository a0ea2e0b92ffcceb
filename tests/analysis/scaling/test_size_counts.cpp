// Counting parameters and FLOP: reference numbers of another program (numpy), and what must hold whatever the numbers.

#include "analysis/scaling/size_counts.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

using namespace cascade::analysis;

TEST_CASE("size counts: what leaving the embedding out does to an exponent", "[size_counts]") {
  // alpha, beta of Besiroglu et al. (2024) and of Hoffmann et al. (2022); the range of Kaplan et al. (2020)
  CHECK(0.3658 / (0.3478 + 0.3658) == Approx(0.512612).margin(1e-6));
  CHECK(exponent_without_embedding(0.3478, 0.3658, 768, 1.5e9) == Approx(0.794117).margin(1e-6));
  CHECK(0.2849 / (0.3392 + 0.2849) == Approx(0.456497).margin(1e-6));
  CHECK(exponent_without_embedding(0.3392, 0.2849, 768, 1.5e9) == Approx(0.758598).margin(1e-6));
  CHECK(exponent_without_embedding(0.3478, 0.3658, 1e13, 1e14) == Approx(0.512612).margin(2e-4));
  for (const double n : {1.0, 768.0, 1e6, 7e10})
    CHECK(without_embedding(with_embedding(n)) == Approx(n).epsilon(1e-12));
}

TEST_CASE("size counts: 6 N D and a short count against the full one", "[size_counts]") {
  struct Row {
    ModelShape shape;
    double six, brief;
  };
  const std::array<Row, 3> rows{
      {{{80, 8192, 64}, 0.95621, 0.99589}, {{26, 1792, 14}, 0.80948, 0.95532}, {{8, 512, 8}, 0.55468, 0.77865}}};
  for (const Row& row : rows) {
    CHECK(6 * total_parameters(row.shape) / flop_per_token(row.shape) == Approx(row.six).margin(5e-6));
    CHECK(short_flop_per_token(row.shape) / flop_per_token(row.shape) == Approx(row.brief).margin(5e-6));
  }
  for (const double n : {4e7, 1e9, 7e10}) {
    const ModelShape shape = usual_shape(n);
    CHECK(total_parameters(shape) == Approx(n).epsilon(1e-9));
    CHECK(shape.width == Approx(80 * shape.layers).epsilon(1e-9));
  }
}
