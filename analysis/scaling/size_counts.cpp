#include "analysis/scaling/size_counts.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr double embedding_scale = 47491;

} // namespace

double with_embedding(double params) {
  return params + embedding_scale * std::cbrt(params);
}

double without_embedding(double total) {
  double root = std::cbrt(total);
  for (int i = 0; i < 60; ++i) // Newton's steps on a convex function from above its zero
    root -= (root * root * root + embedding_scale * root - total) / (3 * root * root + embedding_scale);
  return root * root * root;
}

double exponent_without_embedding(double alpha, double beta, double smallest, double largest) {
  constexpr int sizes = 400;
  double x = 0, y = 0, xx = 0, xy = 0;
  for (int i = 0; i < sizes; ++i) {
    const double n = smallest * std::pow(largest / smallest, i / (sizes - 1.0));
    const double slope = 1 + embedding_scale / 3 / std::cbrt(n * n);
    const double log_n = std::log(n);
    const double log_c =
        ((beta - 1) * log_n + (alpha + 1) * std::log(with_embedding(n)) - std::log(slope)) / beta; // and a constant
    x += log_c / sizes;
    y += log_n / sizes;
    xx += log_c * log_c / sizes;
    xy += log_c * log_n / sizes;
  }
  return (xy - x * y) / (xx - x * x);
}

double total_parameters(const ModelShape& s) {
  return 12 * s.layers * s.width * s.width + s.vocabulary * s.width;
}

double flop_per_token(const ModelShape& s) {
  const double layer = 24 * s.width * s.width + 4 * s.context * s.width + 3 * s.heads * s.context;
  return 3 * (4 * s.vocabulary * s.width + s.layers * layer);
}

double short_flop_per_token(const ModelShape& s) {
  return 72 * s.layers * s.width * s.width + 6 * s.vocabulary * s.width + 12 * s.layers * s.width * s.context;
}

ModelShape usual_shape(double params) {
  constexpr double width_a_layer = 80, head = 128;
  ModelShape s;
  double low = 1, high = 1e7; // width: parameters rise with it
  for (int i = 0; i < 100; ++i) {
    s.width = std::sqrt(low * high);
    s.layers = std::max(1.0, s.width / width_a_layer);
    (total_parameters(s) < params ? low : high) = s.width;
  }
  s.heads = std::max(1.0, s.width / head);
  return s;
}

} // namespace cascade::analysis
