// Errors of piecewise fits on sampled cells against the average over all cells of the same trees.

#include "analysis/approximation/lattice_fit.hpp"
#include "analysis/approximation/sampled_cells.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "support/sample_statistics.hpp"
#include "tests/analysis/field_source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cascade;
using core::Coordinate;
using test::CascadeCase;

namespace {

/// Mean over lattice offsets (a midpoint grid of `steps` a side) of the mean of |residual|^q over the lattice.
/// [degree][power].
std::vector<std::vector<double>> cell_loss(const core::PointField& field, const std::vector<Coordinate>& corner,
                                           int level, int m, int steps, const std::vector<double>& powers) {
  const int D = field.dimensions();
  const analysis::LatticeFit fit(D, m, 1);
  std::vector<std::vector<double>> loss(2, std::vector<double>(powers.size(), 0.0));
  std::vector<double> values(fit.points());
  std::vector<Coordinate> offset(static_cast<std::size_t>(D));
  const int all = D == 1 ? steps : steps * steps;
  for (int n = 0; n < all; ++n) {
    for (std::size_t a = 0; a < offset.size(); ++a)
      offset[a] = core::to_coordinate(((a == 0 ? n % steps : n / steps) + 0.5) / steps);
    field.evaluate_lattice(corner, level, m, offset, values);
    for (int k = 0; k <= 1; ++k) {
      fit.subtract_degree(k, values);
      for (std::size_t q = 0; q < powers.size(); ++q)
        for (const double v : values)
          loss[static_cast<std::size_t>(k)][q] +=
              std::pow(std::abs(v), powers[q]) / static_cast<double>(values.size()) / all;
    }
  }
  return loss;
}

/// Corners of all 2^(D level) cells.
std::vector<std::vector<Coordinate>> all_cells(int D, int level) {
  std::vector<std::vector<Coordinate>> result;
  for (std::uint64_t n = 0; n < std::uint64_t{1} << (D * level); ++n) {
    std::vector<Coordinate> corner;
    for (int a = 0; a < D; ++a)
      corner.push_back((n >> (a * level)) << (64 - level));
    result.push_back(corner);
  }
  return result;
}

struct Setup {
  CascadeCase field;
  int scales, lattice;
  int steps; ///< of the lattice offset at s = 1: a dozen and more in the smallest eddy at every scale
  int trees;
  std::int64_t draws;
};

const std::vector<double> three_powers = {1, 2, 4};

std::vector<double> digest(const analysis::SampledLosses& losses) {
  std::vector<double> all;
  for (const auto* kind : {&losses.volume, &losses.active})
    for (const auto& degree : *kind)
      for (const auto& table : degree)
        test::append_table(table, all);
  test::append_table(losses.cells, all);
  return all;
}

} // namespace

TEST_CASE("Aligned cells: volume and active averages, and counts, are those of all cells", "[sampled_cells]][slow") {
  for (const Setup& s : {Setup{{1, 0.7, 0.3, 8}, 5, 5, 512, 24, 400}, Setup{{2, 1.4, 0.2, 5}, 3, 3, 64, 16, 400}}) {
    const CascadeCase& c = s.field;
    const analysis::SampledCellSettings settings{{0, 1}, three_powers, s.lattice, false};
    const auto losses = analysis::sampled_losses(test::source_of(c), c.D, settings, {7, s.trees, s.draws, s.scales},
                                                 core::Communicator::self());
    for (int j = 1; j <= s.scales; ++j) {
      const auto at = static_cast<std::size_t>(j - 1);
      std::vector<std::vector<test::Sample>> volume(2, std::vector<test::Sample>(three_powers.size())), active = volume;
      test::Sample cells;
      for (int tree = 0; tree < s.trees; ++tree) {
        const auto sample = test::source_of(c)(tree);
        const auto t = static_cast<std::size_t>(tree);
        std::vector<std::vector<double>> all(2, std::vector<double>(three_powers.size(), 0.0)), alive = all;
        double alive_count = 0;
        for (const auto& corner : all_cells(c.D, j)) {
          const auto loss = cell_loss(*sample.field, corner, j, s.lattice, s.steps >> j, three_powers);
          int depth[1];
          sample.tree->depth_at(corner, j + 1, depth);
          alive_count += depth[0] > j ? 1 : 0;
          for (std::size_t k = 0; k < 2; ++k)
            for (std::size_t q = 0; q < three_powers.size(); ++q) {
              all[k][q] += loss[k][q] * std::exp2(-c.D * j);
              alive[k][q] += depth[0] > j ? loss[k][q] : 0;
            }
        }
        for (std::size_t k = 0; k < 2; ++k)
          for (std::size_t q = 0; q < three_powers.size(); ++q) {
            const auto& v = losses.volume[k][q];
            const auto& a = losses.active[k][q];
            volume[k][q].add(v.sum[t][at] / v.weight[t][at] - all[k][q]);
            if (alive_count > 0) // mean of (sum - loss per alive cell * weight) is zero
              active[k][q].add(a.sum[t][at] - alive[k][q] / alive_count * a.weight[t][at]);
          }
        cells.add(losses.cells.sum[t][at] / losses.cells.weight[t][at] - alive_count);
      }
      CAPTURE(c.D, j);
      CHECK(std::abs(cells.z(0)) < 4);
      for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t q = 0; q < three_powers.size(); ++q) {
          CAPTURE(k, three_powers[q], volume[k][q].standard_error(), losses.volume[k][q].mean()[at]);
          CHECK(std::abs(volume[k][q].z(0)) < 4);
          CHECK(std::abs(active[k][q].z(0)) < 4);
          CHECK(volume[k][q].standard_error() < 0.15 * losses.volume[k][q].mean()[at]);
        }
    }
  }
}

TEST_CASE("Random origin: the volume average is over partitions of every origin", "[sampled_cells]][slow") {
  const CascadeCase c{1, 0.7, 0.3, 6};
  constexpr int scales = 4, m = 4, trees = 16, origins = 1024;
  const analysis::SampledCellSettings settings{{0, 1}, {2}, m, true};
  const auto losses =
      analysis::sampled_losses(test::source_of(c), 1, settings, {7, trees, 1000, scales}, core::Communicator::self());
  for (int j = 1; j <= scales; ++j)
    for (std::size_t k = 0; k < 2; ++k) {
      test::Sample excess;
      for (int tree = 0; tree < trees; ++tree) {
        const auto sample = test::source_of(c)(tree);
        double expected = 0;
        for (int o = 0; o < origins; ++o)
          expected +=
              cell_loss(*sample.field, {core::to_coordinate((o + 0.5) / origins)}, j, m, 8, {2})[k][0] / origins;
        const auto& v = losses.volume[k][0];
        excess.add(v.sum[static_cast<std::size_t>(tree)][static_cast<std::size_t>(j - 1)] /
                       v.weight[static_cast<std::size_t>(tree)][static_cast<std::size_t>(j - 1)] -
                   expected);
      }
      CAPTURE(j, k);
      CHECK(std::abs(excess.z(0)) < 4);
    }
}

TEST_CASE("Aligned and random origins give the same exponents", "[sampled_cells][slow]") {
  const CascadeCase c{2, 1.7, 0.3, 24};
  const analysis::SamplingPlan plan{1, 32, 192, 16};
  const analysis::PowerLawModel model{"A s^a + B s^2", {{analysis::Correction::Kind::fixed_power, 2, {}}}};
  std::vector<analysis::ExponentFit> active, volume, count;
  for (const bool random : {false, true}) {
    const auto losses =
        analysis::sampled_losses(test::source_of(c), 2, {{0}, {2}, 4, random}, plan, core::Communicator::self());
    active.push_back(analysis::fit_exponent(losses.active[0][0], {model}, {}));
    volume.push_back(analysis::fit_exponent(losses.volume[0][0], {model}, {}));
    count.push_back(analysis::fit_exponent(losses.cells, {{"A s^a", {}}}, {}));
  }
  const auto same = [](const std::vector<analysis::ExponentFit>& fits) {
    const double error = std::hypot(fits[0].standard_error, fits[1].standard_error);
    CAPTURE(fits[0].exponent, fits[1].exponent, error);
    CHECK(std::abs(fits[0].exponent - fits[1].exponent) < 4 * error);
    CHECK(error < 0.1);
  };
  same(active);
  same(volume);
  same(count);
  for (std::size_t i = 0; i < 2; ++i) { // and these are the law's: 2h, 2h + D - d, -d
    CHECK(std::abs(active[i].exponent - 0.6) < 4 * active[i].standard_error);
    CHECK(std::abs(volume[i].exponent - 0.9) < 4 * volume[i].standard_error);
    CHECK(std::abs(count[i].exponent + 1.7) < 4 * count[i].standard_error);
  }
}

TEST_CASE("Sampled losses have the same bits at every rank count", "[mpi]") {
  const auto world = core::Communicator::world();
  const CascadeCase c{2, 1.7, 0.3, 10};
  const analysis::SamplingPlan plan{3, 5, 40, 6};
  for (const bool random : {false, true}) {
    const auto run = [&](const core::Communicator& comm) {
      return digest(analysis::sampled_losses(test::source_of(c), c.D, {{0, 1}, {2, 3.5}, 3, random}, plan, comm));
    };
    std::int64_t wrong[] = {test::same_bits(run(world), run(core::Communicator::self())) ? 0 : 1};
    world.sum(std::span<std::int64_t>(wrong));
    CHECK(wrong[0] == 0);
  }
}
