#include "app/verdict/curve_statistics.hpp"

#include <cmath>
#include <numeric>

namespace cascade::app {
namespace {

/// d_b of one row. A block without weight there says nothing.
double difference(const analysis::BlockTable& t, std::size_t b, std::size_t i, const std::vector<double>& expected) {
  return t.sum[b][i] - (t.weight[b][i] > 0 ? expected[i] * t.weight[b][i] : 0);
}

} // namespace

std::vector<double> expected_mean(const analysis::BlockTable& t, const ExpectedRows& expected) {
  std::vector<double> sum(t.points(), 0.0), weight(t.points(), 0.0);
  for (std::size_t b = 0; b < t.blocks(); ++b)
    for (std::size_t i = 0; i < t.points(); ++i) {
      sum[i] += t.weight[b][i] > 0 ? expected.of(b)[i] * t.weight[b][i] : 0;
      weight[i] += t.weight[b][i];
    }
  for (std::size_t i = 0; i < t.points(); ++i)
    sum[i] /= weight[i];
  return sum;
}

std::vector<double> deviations(const analysis::BlockTable& t, const ExpectedRows& expected) {
  const auto n = static_cast<double>(t.blocks());
  std::vector<double> sum(t.points(), 0.0), square(t.points(), 0.0);
  for (std::size_t b = 0; b < t.blocks(); ++b)
    for (std::size_t i = 0; i < t.points(); ++i) {
      const double d = difference(t, b, i, expected.of(b));
      sum[i] += d;
      square[i] += d * d;
    }
  for (std::size_t i = 0; i < t.points(); ++i) {
    const double variance = (square[i] - sum[i] * sum[i] / n) / (n - 1);
    sum[i] = variance > 0 ? sum[i] / std::sqrt(n * variance) : std::nan("");
  }
  return sum;
}

std::vector<std::vector<double>> differences(const analysis::BlockTable& t, const ExpectedRows& expected,
                                             const std::vector<analysis::Combination>& chosen) {
  std::vector<std::vector<double>> result(t.blocks(), std::vector<double>(chosen.size(), 0.0));
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    double unit = 0, square = 0;
    for (const auto& [i, factor] : chosen[k]) {
      const double mean_weight = std::accumulate(t.weight.begin(), t.weight.end(), 0.0,
                                                 [i = i](double all, const auto& w) { return all + w[i]; }) /
                                 static_cast<double>(t.blocks());
      unit += factor * expected.unconditional[i] * mean_weight;
    }
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      for (const auto& [i, factor] : chosen[k])
        result[b][k] += factor * difference(t, b, i, expected.of(b));
      square += result[b][k] * result[b][k];
    }
    if (unit == 0)
      unit = std::sqrt(square / static_cast<double>(t.blocks()));
    for (std::size_t b = 0; b < t.blocks() && unit > 0; ++b)
      result[b][k] /= unit;
  }
  return result;
}

} // namespace cascade::app
