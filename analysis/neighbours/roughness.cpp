#include "analysis/neighbours/roughness.hpp"

#include "analysis/algebra/decompositions.hpp"
#include "analysis/fit/corrections.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"
#include "core/random/random.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace cascade::analysis {
namespace {

constexpr std::int64_t farthest = 16, fewest_base = 64, far_partners = 64;
constexpr core::Stream far_draws{68};

/// Below it, differences of neighbours hardly grow: noise hides the target.
constexpr double least_exponent = 0.1;
/// A floor that stands so many errors above zero is fitted, slopes that grow with distance having no other cause; and
/// one that could be so large a share of what the nearest neighbours differ by, for then h without it is a guess.
constexpr double doubted = 1.5, considerable = 0.3;

struct PairRow {
  double distance = 0;
  std::vector<double> sum, weight; ///< by part
  std::array<double, PairTable::means> powers{};

  void add_distance(double r, double times, double order) {
    distance += times * r;
    for (std::size_t k = 0; k < PairTable::means; ++k)
      powers[k] += times * std::pow(r, exponent_of(k, order));
  }
  /// Sums become means over so many pairs.
  void finish_distances(double pairs, double order) {
    distance /= pairs;
    for (std::size_t k = 0; k < PairTable::means; ++k)
      powers[k] = std::pow(powers[k] / pairs, 1 / exponent_of(k, order));
  }
  static double exponent_of(std::size_t k, double order) {
    return order * static_cast<double>(k + 1) / static_cast<double>(PairTable::means);
  }
};

void append_row(const PairRow& row, double count, PairTable& out) {
  out.table.x.push_back(row.distance);
  out.table.count.push_back(count);
  for (std::size_t b = 0; b < out.table.blocks(); ++b) {
    out.table.sum[b].push_back(row.sum[b]);
    out.table.weight[b].push_back(row.weight[b]);
  }
  out.distances.push_back(row.powers);
}

/// Pairs of each point and its j-th neighbour, each as many times as their weights say; points whose neighbour is
/// themselves are passed over.
PairRow pair_row(const core::PointCloud& cloud, const Neighbours& near, std::int64_t j, double order,
                 const std::vector<int>& parts, std::size_t blocks) {
  PairRow row{0, std::vector<double>(blocks, 0.0), std::vector<double>(blocks, 0.0), {}};
  double pairs = 0;
  for (std::int64_t i = 0; i < near.queries(); ++i) {
    std::size_t at = static_cast<std::size_t>(i * near.k + j - 1);
    if (near.index[at] == i)
      ++at;
    const double difference =
        std::abs(cloud.target[static_cast<std::size_t>(i)] - cloud.target[static_cast<std::size_t>(near.index[at])]);
    const auto part = static_cast<std::size_t>(parts[static_cast<std::size_t>(i)]);
    const double weight = cloud.weight(i) * cloud.weight(near.index[at]);
    row.sum[part] += weight * (order == 2 ? difference * difference : std::pow(difference, order));
    row.weight[part] += weight;
    row.add_distance(near.distance[at], weight, order);
    pairs += weight;
  }
  row.finish_distances(pairs, order);
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
  std::vector<double> error = t.standard_error();
  for (std::size_t i = 0; i < error.size(); ++i)
    error[i] = std::max(error[i], 1e-3 * mean[i]);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < t.points(); ++i)
    if (t.x[i] > fit.window[0] * (1 - 1e-9) && t.x[i] < fit.window[1] * (1 + 1e-9))
      rows.push_back(i);
  const bool smooth_part = fit.model.find("B r^2") != std::string::npos;
  const auto floor_of = [&](const std::vector<double>& y, double exponent) {
    // least squares of y = P + A r^a (+ B r^2, where the fit has it) over the window
    Eigen::MatrixXd system(static_cast<Eigen::Index>(rows.size()), smooth_part ? 3 : 2);
    Eigen::VectorXd right(system.rows());
    for (Eigen::Index k = 0; k < system.rows(); ++k) {
      const std::size_t i = rows[static_cast<std::size_t>(k)];
      const double r = t.x[i] / fit.window[1];
      system(k, 0) = 1 / error[i];
      system(k, 1) = std::pow(r, exponent) / error[i];
      if (smooth_part)
        system(k, 2) = r * r / error[i];
      right[k] = y[i] / error[i];
    }
    return least_squares(system, right)[0];
  };
  out.floor = floor_of(mean, fit.exponent);
  std::vector<double> replicates;
  for (std::size_t b = 0; b < t.blocks(); ++b)
    replicates.push_back(floor_of(t.mean_without(b), b < fit.replicates.size() ? fit.replicates[b] : fit.exponent));
  // the floor goes with the exponent, whose error holds more than chance
  out.floor_error = std::max(jackknife_error(replicates), std::abs(floor_of(mean, fit.exponent + fit.standard_error) -
                                                                   floor_of(mean, fit.exponent - fit.standard_error)) /
                                                              2);
}

} // namespace

BlockTable PairTable::at(double hurst) const {
  const double place = std::clamp(hurst * static_cast<double>(means) - 1, 0.0, static_cast<double>(means - 1));
  const std::size_t low = std::min(means - 2, static_cast<std::size_t>(place));
  const double share = place - static_cast<double>(low);
  std::vector<double> x;
  for (const auto& row : distances)
    x.push_back(std::exp((1 - share) * std::log(row[low]) + share * std::log(row[low + 1])));
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  BlockTable out;
  out.sum.assign(table.blocks(), {});
  out.weight.assign(table.blocks(), {});
  for (const std::size_t i : order) {
    out.x.push_back(x[i]);
    out.count.push_back(table.count[i]);
    for (std::size_t b = 0; b < table.blocks(); ++b) {
      out.sum[b].push_back(table.sum[b][i]);
      out.weight[b].push_back(table.weight[b][i]);
    }
  }
  return out;
}

PairTable neighbour_differences(const core::PointCloud& cloud, double order, const std::vector<int>& parts,
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
  PairTable out;
  out.table.sum.assign(blocks, {});
  out.table.weight.assign(blocks, {});
  for (const PairRow& row : rows)
    append_row(row, static_cast<double>(cloud.size()), out);
  return out;
}

PairTable with_far_pairs(const PairTable& near, const core::PointCloud& cloud, double order,
                         const std::vector<int>& parts, std::uint64_t seed) {
  constexpr std::size_t octaves = 48;
  constexpr double fewest_pairs = 200;
  const double first = near.table.x.back() * std::sqrt(2.0);
  const std::vector<double> none(near.table.blocks(), 0.0);
  std::vector<PairRow> rows(octaves, PairRow{0, none, none, {}});
  std::vector<double> pairs(octaves, 0.0);
  const core::CounterRng rng(seed, far_draws);
  for (std::int64_t i = 0; i < cloud.size(); ++i)
    for (std::int64_t k = 0; k < far_partners; k += 2) {
      const core::Block b = rng.block(static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(k));
      for (int half = 0; half < 2; ++half) {
        const double share = core::uniform(b[2 * half], b[2 * half + 1]);
        const auto j = std::min(cloud.size() - 1, static_cast<std::int64_t>(share * static_cast<double>(cloud.size())));
        double square = 0;
        for (std::int64_t a = 0; a < cloud.dimension; ++a) {
          const double dx = cloud.row(i)[static_cast<std::size_t>(a)] - cloud.row(j)[static_cast<std::size_t>(a)];
          square += dx * dx;
        }
        const double r = std::sqrt(square);
        if (!(r >= first))
          continue;
        const auto octave = static_cast<std::size_t>(std::log2(r / first));
        if (octave >= octaves)
          continue;
        const double difference =
            std::abs(cloud.target[static_cast<std::size_t>(i)] - cloud.target[static_cast<std::size_t>(j)]);
        const auto part = static_cast<std::size_t>(parts[static_cast<std::size_t>(i)]);
        const double weight = cloud.weight(i) * cloud.weight(j);
        rows[octave].sum[part] += weight * (order == 2 ? difference * difference : std::pow(difference, order));
        rows[octave].weight[part] += weight;
        rows[octave].add_distance(r, weight, order);
        pairs[octave] += weight;
      }
    }
  PairTable table = near;
  for (std::size_t o = 0; o < octaves; ++o) {
    const bool everywhere = std::all_of(rows[o].weight.begin(), rows[o].weight.end(), [](double w) { return w > 0; });
    if (pairs[o] < fewest_pairs || !everywhere)
      continue;
    rows[o].finish_distances(pairs[o], order);
    append_row(rows[o], pairs[o], table);
  }
  return table;
}

namespace {

double octaves_of(const BlockTable& t) {
  return std::log2(t.x.back() / t.x.front());
}

/// With P, over the wider table, where the data ask for it or `needed`; nothing otherwise.
std::optional<RoughnessFit> with_floor(BlockTable wide, const std::vector<PowerLawModel>& models, bool needed) {
  if (octaves_of(wide) < fewest_octaves)
    return {};
  RoughnessFit out;
  out.hurst = fit_exponent(wide, with_pedestal(models, {}), {{}, 0, wide.x.back() * 1.01});
  set_floor(wide, out.hurst, out);
  const double possible = out.floor + 2 * out.floor_error, nearest_square = wide.mean().front();
  const bool thinkable = (out.floor > doubted * out.floor_error || possible > considerable * nearest_square) &&
                         out.hurst.status != FitStatus::failed;
  out.table = std::move(wide);
  return thinkable || needed ? std::optional(std::move(out)) : std::nullopt;
}

RoughnessFit fit_at(const BlockTable& table, double order, const std::function<BlockTable()>& wider) {
  for (const double v : table.mean())
    if (!(v > 0))
      throw NoFit("neighbours do not differ");
  RoughnessFit out;
  out.table = table;
  const std::size_t last = table.points() - 1;
  const auto models = mean_power_models(order, 1, {}, true, "r");
  if (octaves_of(table) < fewest_octaves) {
    require_range(table.x, 0, last, 4, 0.2);
    out.narrow = true;
    out.hurst = straight_line(table, 0, last);
    out.hurst.systematic_error =
        std::abs(straight_line(table, 0, last / 2).exponent - straight_line(table, last / 2, last).exponent) / 2;
    finish(out.hurst, table.blocks());
  } else { // no window is forbidden: B r^p holds the large scales
    out.hurst = fit_exponent(table, models, {{}, 0, table.x[last] * 1.01});
  }
  if (order == 2 && wider) {
    const bool flat = out.hurst.exponent < 2 * out.hurst.standard_error + least_exponent;
    if (auto floored = with_floor(wider(), models, flat))
      out = std::move(*floored);
  }
  if (!(out.hurst.exponent > 2 * out.hurst.standard_error) && !out.narrow)
    throw NoFit("differences do not grow with distance: noise, or a target rougher than so many points show");
  if (!std::isfinite(out.hurst.standard_error)) // without that part nothing differs, and no error can be told
    throw NoFit("all that neighbours differ by is in one part of the cloud");
  out.hurst = scaled(out.hurst, 1 / order);
  return out;
}

} // namespace

RoughnessFit fit_roughness(const PairTable& pairs, double order, const std::function<PairTable()>& wider) {
  std::optional<PairTable> wide;
  double hurst = 0.5;
  const auto wider_table = [&] {
    if (!wide)
      wide = wider();
    return wide->at(hurst);
  };
  const auto fit = [&] {
    return fit_at(pairs.at(hurst), order, wider ? std::function<BlockTable()>(wider_table) : nullptr);
  };
  hurst = fit().hurst.exponent;
  return fit();
}

} // namespace cascade::analysis
