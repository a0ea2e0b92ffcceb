#include "analysis/neighbours/roughness.hpp"

#include "analysis/fit/corrections.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr std::int64_t farthest = 16, fewest_base = 64;

struct PairRow {
  double distance = 0;
  std::vector<double> sum, weight; ///< by part
};

/// Pairs of each point and its j-th neighbour; points whose neighbour is themselves are passed over.
PairRow pair_row(const core::PointCloud& cloud, const Neighbours& near, std::int64_t j, double order,
                 const std::vector<int>& parts, std::size_t blocks) {
  PairRow row{0, std::vector<double>(blocks, 0.0), std::vector<double>(blocks, 0.0)};
  double pairs = 0;
  for (std::int64_t i = 0; i < near.queries(); ++i) {
    std::size_t at = static_cast<std::size_t>(i * near.k + j - 1);
    if (near.index[at] == i)
      ++at;
    const double difference =
        std::abs(cloud.target[static_cast<std::size_t>(i)] - cloud.target[static_cast<std::size_t>(near.index[at])]);
    const auto part = static_cast<std::size_t>(parts[static_cast<std::size_t>(i)]);
    row.sum[part] += order == 2 ? difference * difference : std::pow(difference, order);
    row.weight[part] += 1;
    row.distance += near.distance[at];
    pairs += 1;
  }
  row.distance /= pairs;
  return row;
}

/// Slope of log y against log x over [first, last], and the same without each block.
ExponentFit straight_line(const BlockTable& t, std::size_t first, std::size_t last) {
  ExponentFit fit;
  fit.exponent = loglog_slope(t.x, t.mean(), first, last);
  for (std::size_t b = 0; b < t.blocks(); ++b)
    fit.replicates.push_back(loglog_slope(t.x, t.mean_without(b), first, last));
  fit.statistical_error = jackknife_error(fit.replicates);
  fit.window[0] = t.x[first];
  fit.window[1] = t.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.octaves = std::log2(t.x[last] / t.x[first]);
  fit.loglog_slope = fit.exponent;
  fit.model = "A r^(p h)";
  return fit;
}

/// The nugget of the fitted curve: what is left of the smallest scale, by block.
void set_floor(const BlockTable& t, const ExponentFit& fit, RoughnessFit& out) {
  const std::vector<double> mean = t.mean();
  const auto floor_of = [&](const std::vector<double>& y, double exponent) {
    // least squares of y = P + A r^a over the window, all scales alike in relative size
    double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < t.points(); ++i) {
      if (t.x[i] < fit.window[0] * (1 - 1e-9) || t.x[i] > fit.window[1] * (1 + 1e-9))
        continue;
      const double w = 1 / (mean[i] * mean[i]), x = std::pow(t.x[i], exponent);
      sw += w;
      sx += w * x;
      sy += w * y[i];
      sxx += w * x * x;
      sxy += w * x * y[i];
    }
    return (sy * sxx - sx * sxy) / (sw * sxx - sx * sx);
  };
  out.floor = floor_of(mean, fit.exponent);
  std::vector<double> replicates;
  for (std::size_t b = 0; b < t.blocks(); ++b)
    replicates.push_back(floor_of(t.mean_without(b), b < fit.replicates.size() ? fit.replicates[b] : fit.exponent));
  out.floor_error = jackknife_error(replicates);
}

} // namespace

BlockTable neighbour_differences(const core::PointCloud& cloud, double order, const std::vector<int>& parts,
                                 const core::Communicator& communicator) {
  const auto blocks = static_cast<std::size_t>(*std::max_element(parts.begin(), parts.end())) + 1;
  std::vector<PairRow> rows;
  const std::int64_t most = std::min(farthest, cloud.size() - 1);
  const Neighbours near = nearest(cloud, cloud, most, true, communicator);
  for (std::int64_t j = 1; j <= most; j *= 2)
    rows.push_back(pair_row(cloud, near, j, order, parts, blocks));
  for (std::int64_t n = cloud.size() / (2 * farthest); n >= fewest_base; n /= 2)
    rows.push_back(pair_row(cloud, nearest(cloud.first(n), cloud, 2, false, communicator), 1, order, parts, blocks));
  std::sort(rows.begin(), rows.end(), [](const PairRow& a, const PairRow& b) { return a.distance < b.distance; });
  BlockTable table;
  table.sum.assign(blocks, {});
  table.weight.assign(blocks, {});
  for (const PairRow& row : rows) {
    table.x.push_back(row.distance);
    table.count.push_back(static_cast<double>(cloud.size()));
    for (std::size_t b = 0; b < blocks; ++b) {
      table.sum[b].push_back(row.sum[b]);
      table.weight[b].push_back(row.weight[b]);
    }
  }
  return table;
}

RoughnessFit fit_roughness(const BlockTable& table, double order) {
  const std::vector<double> mean = table.mean();
  for (const double v : mean)
    if (!(v > 0))
      throw NoFit("neighbours do not differ");
  RoughnessFit out;
  const std::size_t last = table.points() - 1;
  if (std::log2(table.x[last] / table.x[0]) < fewest_octaves) {
    require_range(table.x, 0, last, 4, 0.2);
    out.narrow = true;
    ExponentFit fit = straight_line(table, 0, last);
    fit.systematic_error =
        std::abs(straight_line(table, 0, last / 2).exponent - straight_line(table, last / 2, last).exponent) / 2;
    finish(fit, table.blocks());
    out.hurst = scaled(fit, 1 / order);
    return out;
  }
  const auto models = mean_power_models(order, 1, {}, true, "r");
  const FitOptions options{{}, 0, table.x[last] * 1.01}; // no window is forbidden: B r^p holds the large scales
  ExponentFit fit = fit_exponent(table, models, options);
  if (order == 2 && (fit.status != FitStatus::good || (fit.p_value && *fit.p_value < describes_above))) {
    const ExponentFit with = fit_exponent(table, with_pedestal(models, {}), options);
    if (with.status <= fit.status && with.p_value.value_or(1) > fit.p_value.value_or(0)) {
      fit = with;
      set_floor(table, fit, out);
    }
  }
  out.hurst = scaled(fit, 1 / order);
  return out;
}

} // namespace cascade::analysis
