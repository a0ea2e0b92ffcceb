#include "analysis/dimension/estimators.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

double at(const Neighbours& near, std::int64_t i, std::int64_t j) { // j-th neighbour, j from 1
  return near.distance[static_cast<std::size_t>(i * near.k + j - 1)];
}

std::size_t parts_in(const std::vector<int>& parts) {
  return static_cast<std::size_t>(*std::max_element(parts.begin(), parts.end())) + 1;
}

/// Sums over points of `numbers(point)`, by part and of all.
template <std::size_t M, class Numbers>
std::vector<std::array<double, M>> part_sums(const std::vector<int>& parts, const Numbers& numbers) {
  std::vector<std::array<double, M>> sums(parts_in(parts) + 1); // the last holds all
  for (std::size_t m = 0; m < M; ++m)
    for (std::array<double, M>& s : sums)
      s[m] = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::array<double, M> v = numbers(static_cast<std::int64_t>(i));
    for (std::size_t m = 0; m < M; ++m)
      sums[static_cast<std::size_t>(parts[i])][m] += v[m];
  }
  for (std::size_t p = 0; p + 1 < sums.size(); ++p)
    for (std::size_t m = 0; m < M; ++m)
      sums.back()[m] += sums[p][m];
  return sums;
}

/// Value and jackknife error of a number made of such sums.
template <std::size_t M, class Make>
DimensionEstimate from_sums(const std::vector<std::array<double, M>>& sums, const Make& make) {
  DimensionEstimate e;
  e.value = make(sums.back());
  std::vector<double> without;
  for (std::size_t p = 0; p + 1 < sums.size(); ++p) {
    std::array<double, M> rest = sums.back();
    for (std::size_t m = 0; m < M; ++m)
      rest[m] -= sums[p][m];
    without.push_back(make(rest));
  }
  e.standard_error = jackknife_error(without);
  return e;
}

DimensionEstimate described(DimensionEstimate e, const Neighbours& near, std::int64_t order) {
  e.points = near.queries();
  e.order = order;
  e.scale = 0;
  for (std::int64_t i = 0; i < near.queries(); ++i)
    e.scale += at(near, i, order) / static_cast<double>(near.queries());
  return e;
}

/// Slope through 0 of -ln(1 - i/n) on sorted ln mu, the largest tenth left out.
double two_nn_slope(const std::vector<double>& sorted) {
  const auto n = static_cast<double>(sorted.size());
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(0.9 * n); ++i) {
    xy += sorted[i] * -std::log1p(-static_cast<double>(i + 1) / n);
    xx += sorted[i] * sorted[i];
  }
  return xy / xx;
}

} // namespace

DimensionEstimate two_nn(const Neighbours& near, const std::vector<int>& parts) {
  std::vector<std::pair<double, int>> all;
  for (std::int64_t i = 0; i < near.queries(); ++i)
    all.emplace_back(std::log(at(near, i, 2) / at(near, i, 1)), parts[static_cast<std::size_t>(i)]);
  std::sort(all.begin(), all.end());
  const auto without = [&](int part) {
    std::vector<double> kept;
    for (const auto& [log_ratio, p] : all)
      if (p != part)
        kept.push_back(log_ratio);
    return two_nn_slope(kept);
  };
  DimensionEstimate e;
  e.value = without(-1);
  std::vector<double> replicates;
  for (std::size_t p = 0; p < parts_in(parts); ++p)
    replicates.push_back(without(static_cast<int>(p)));
  e.standard_error = jackknife_error(replicates);
  return described(e, near, 2);
}

DimensionEstimate two_nn_ml(const Neighbours& near, const std::vector<int>& parts) {
  const auto sums = part_sums<2>(parts, [&](std::int64_t i) {
    return std::array<double, 2>{1.0, std::log(at(near, i, 2) / at(near, i, 1))};
  });
  return described(from_sums<2>(sums, [](const std::array<double, 2>& s) { return (s[0] - 1) / s[1]; }), near, 2);
}

DimensionEstimate levina_bickel(const Neighbours& near, std::int64_t k, const std::vector<int>& parts) {
  const auto sums = part_sums<2>(parts, [&](std::int64_t i) {
    double log_ratios = 0;
    for (std::int64_t j = 1; j < k; ++j)
      log_ratios += std::log(at(near, i, k) / at(near, i, j));
    return std::array<double, 2>{1.0, log_ratios / static_cast<double>(k - 1)};
  });
  return described(from_sums<2>(sums, [](const std::array<double, 2>& s) { return s[0] / s[1]; }), near, k);
}

DimensionEstimate gride(const Neighbours& near, std::int64_t m, const std::vector<int>& parts) {
  std::vector<double> logs;
  for (std::int64_t i = 0; i < near.queries(); ++i)
    logs.push_back(std::log(at(near, i, 2 * m) / at(near, i, m)));
  const auto inner = static_cast<double>(m - 1), outer = static_cast<double>(2 * m - 1);
  // score and its slope in d, by part: 1/d + (m-1) L/(1 - mu^-d) - (2m-1) L
  const auto sums_at = [&](double d) {
    return part_sums<2>(parts, [&](std::int64_t i) {
      const double L = logs[static_cast<std::size_t>(i)], fall = std::exp(-d * L), rest = -std::expm1(-d * L);
      double score = 1 / d - outer * L, slope = -1 / (d * d);
      if (m > 1) { // for L -> 0: L/(1 - e^(-dL)) -> 1/d
        const bool tiny = d * L < 1e-8;
        score += inner * (tiny ? 1 / d : L / rest);
        slope -= inner * (tiny ? 1 / (d * d) : L * L * fall / (rest * rest));
      }
      return std::array<double, 2>{score, slope};
    });
  };
  double d = levina_bickel(near, 2 * m, parts).value;
  std::vector<std::array<double, 2>> sums;
  for (int step = 0; step < 60; ++step) { // the score falls: Newton's steps, held to a factor of two
    sums = sums_at(d);
    const double next = std::clamp(d - sums.back()[0] / sums.back()[1], d / 2, 2 * d);
    const bool done = std::abs(next - d) <= 1e-12 * d;
    d = next;
    if (done)
      break;
  }
  sums = sums_at(d);
  DimensionEstimate e =
      from_sums<2>(sums, [&](const std::array<double, 2>& s) { return d - s[0] / s[1]; }); // a step from the optimum
  return described(e, near, 2 * m);
}

DimensionEstimate correlation_dimension(const core::PointCloud& cloud, const Neighbours& near,
                                        const std::vector<int>& parts, const core::Communicator& communicator) {
  const auto median = [&](std::int64_t j) {
    std::vector<double> r;
    for (std::int64_t i = 0; i < near.queries(); ++i)
      r.push_back(at(near, i, j));
    const auto middle = r.begin() + static_cast<std::ptrdiff_t>(r.size() / 2);
    std::nth_element(r.begin(), middle, r.end());
    return *middle;
  };
  const std::array<double, 2> radii{median(correlation_inner), median(correlation_outer)};
  const auto counts = count_within(cloud, radii, communicator);
  const auto sums = part_sums<2>(parts, [&](std::int64_t i) { return counts[static_cast<std::size_t>(i)]; });
  const double octave = std::log(radii[1] / radii[0]);
  return described(from_sums<2>(sums, [&](const std::array<double, 2>& s) { return std::log(s[1] / s[0]) / octave; }),
                   near, correlation_outer);
}

std::array<double, 3> local_dimension(const Neighbours& near, std::int64_t k) {
  std::vector<double> d;
  for (std::int64_t i = 0; i < near.queries(); ++i)
    d.push_back(std::log(2.0) / std::max(1e-12, std::log(at(near, i, 2 * k) / at(near, i, k))));
  std::sort(d.begin(), d.end());
  const auto quantile = [&](double q) { return d[static_cast<std::size_t>(q * static_cast<double>(d.size() - 1))]; };
  return {quantile(0.1), quantile(0.5), quantile(0.9)};
}

} // namespace cascade::analysis
