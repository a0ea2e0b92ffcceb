#pragma once
// Tables whose law is known: y(x) on dyadic scales with Gaussian scatter between blocks, correlated between scales.

#include "analysis/sums/block_table.hpp"
#include "tests/analysis/grid_test_fields.hpp"

#include <cmath>
#include <functional>
#include <vector>

namespace cascade::test {

struct Scatter {
  std::size_t blocks = 24;
  double common = 0.1; ///< relative, of a factor all scales of a block share
  double walk = 0.02;  ///< relative, of a random walk along the scales: neighbours are alike
  double own = 0.01;   ///< relative, of each point
};

/// Points x = 2^-first .. 2^-last; weights 1.
inline analysis::BlockTable synthetic_table(const std::function<double(double)>& law, int first, int last,
                                            const Scatter& scatter, std::uint64_t seed) {
  analysis::BlockTable t;
  for (int j = first; j <= last; ++j) {
    t.x.push_back(std::exp2(-j));
    t.count.push_back(static_cast<double>(scatter.blocks));
  }
  for (std::size_t b = 0; b < scatter.blocks; ++b) {
    auto& sum = t.sum.emplace_back();
    t.weight.emplace_back(t.x.size(), 1.0);
    double drift = scatter.common * normal(seed, b, 1);
    for (std::size_t i = 0; i < t.x.size(); ++i) {
      drift += scatter.walk * normal(seed, b * 1000 + i, 2);
      sum.push_back(law(t.x[i]) * (1 + drift + scatter.own * normal(seed, b * 1000 + i, 3)));
    }
  }
  return t;
}

/// Largest distance of the sorted numbers from the uniform distribution on [0, 1], times the root of their count:
/// above 1.63 with probability 0.01 (Kolmogorov and Smirnov).
inline double kolmogorov_smirnov(std::vector<double> p) {
  std::sort(p.begin(), p.end());
  const auto n = static_cast<double>(p.size());
  double worst = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    worst = std::max({worst, static_cast<double>(i + 1) / n - p[i], p[i] - static_cast<double>(i) / n});
  return worst * std::sqrt(n);
}

} // namespace cascade::test
