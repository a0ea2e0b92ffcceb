// Uniform partitions of multifractals by populations of cells: exponents of high loss powers, which cells, and ranks.

#include "analysis/approximation/level_alphas.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

using namespace cascade;
using namespace cascade::analysis;

namespace {

solvers::MultiplicativeCascade line_cascade() {
  solvers::MultiplicativeCascadeParameters p;
  p.model = "log_poisson";
  p.embedding_dimension = 1;
  p.points = 0;
  return {p, 1};
}

Subject sampled_line(int trees) {
  Subject s;
  s.dimensions = 1;
  s.levels = 48;
  s.tilted = true;
  s.sampling.levels = 48;
  s.sampling.trees = trees;
  return s;
}

ApproximationSettings quartic_loss(std::int64_t runs) {
  ApproximationSettings a;
  a.degrees = {0};
  a.loss_powers = {2, 4};
  a.averages = {"volume"};
  a.partitions = {"uniform"};
  a.runs = runs;
  return a;
}

Tables levels_of(const solvers::MultiplicativeCascade& cascade, const Subject& subject,
                 const ApproximationSettings& settings, const core::Communicator& ranks) {
  const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
  Tables tables;
  measure_levels(settings, source, subject, Batch{0, subject.sampling.trees, ranks}, tables);
  return tables;
}

} // namespace

TEST_CASE("alpha of a quartic loss on uniform pieces, where few cells carry it", "[levels]") {
  // 2048 cells a level; 16384 drawn by their volume have an error of .018 too.
  const auto cascade = line_cascade();
  const Subject subject = sampled_line(32);
  const Tables tables = levels_of(cascade, subject, quartic_loss(2), core::Communicator::self());
  const ExponentFit fit = fit_levels(table_of(tables, level_table(0, 4)), subject);
  const double expected = cascade.law()->zeta(4);
  CAPTURE(fit.exponent, fit.standard_error, expected);
  CHECK(fit.standard_error < 0.03);
  CHECK(std::abs(fit.exponent - expected) < 3 * fit.standard_error);
  CHECK(fit.octaves > 30);
}

TEST_CASE("alpha of the mean square where few cells drawn by volume meet what carries it", "[levels]") {
  solvers::MultiplicativeCascadeParameters p;
  p.model = "lognormal";
  p.mu = 0.8;
  p.embedding_dimension = 1;
  p.points = 0;
  const solvers::MultiplicativeCascade cascade(p, 1);
  const Subject subject = sampled_line(32);
  ApproximationSettings square = quartic_loss(2);
  square.loss_powers = {2};
  CHECK_FALSE(cells_drawn_by_volume(square, subject));
  const ExponentFit fit =
      fit_levels(table_of(levels_of(cascade, subject, square, core::Communicator::self()), level_table(0, 2)), subject);
  const double expected = cascade.law()->zeta(2);
  CAPTURE(fit.exponent, fit.standard_error, expected);
  CHECK(fit.standard_error < 0.01); // 96 trees of 512 cells a level drawn by their volume: .0097
  CHECK(std::abs(fit.exponent - expected) < 3 * fit.standard_error);
}

TEST_CASE("Sums of few trees have no exponent, and skewed ones no narrow error", "[levels]") {
  // Eight trees, sums 2^(-level) exp(sigma g sqrt(level)) with the same g of each tree at all levels: ln <L> of a
  // random walk's spread, whose jackknife is that of the largest tree.
  const auto table_of_spread = [](double sigma) {
    BlockTable t;
    const std::array<double, 8> g{-1.5, -1, -0.5, -0.2, 0.2, 0.5, 1, 1.5};
    t.sum.assign(g.size(), {});
    t.weight.assign(g.size(), std::vector<double>(36, 1.0));
    for (int j = 1; j <= 36; ++j) {
      t.x.push_back(std::exp2(-j));
      t.count.push_back(1);
      for (std::size_t tree = 0; tree < g.size(); ++tree)
        t.sum[tree].push_back(std::exp2(-j) * std::exp(sigma * g[tree] * std::sqrt(j)));
    }
    return t;
  };
  const Subject subject = sampled_line(8);
  CHECK_THROWS_WITH(fit_levels(table_of_spread(1.2), subject), Catch::Contains("scatter by more than their mean"));
  const ExponentFit narrow = fit_levels(table_of_spread(0.02), subject),
                    wide = fit_levels(table_of_spread(0.1), subject);
  CHECK(narrow.octaves == Approx(31));
  CHECK(wide.statistical_error > 4 * narrow.statistical_error);
  // A random walk's slope by least squares over 31 steps of the variance sigma^2 Var(g)/8; the jackknife says .6 of it.
  const double by_walk = 0.02 * std::sqrt(1.2 * 1.0114 / 8 / 31) / std::log(2);
  CHECK(narrow.statistical_error == Approx(by_walk).epsilon(0.05));
}

TEST_CASE("Levels by population are for fields with random factors, uniform pieces and the volume", "[levels]") {
  const ApproximationSettings usual = quartic_loss(1);
  const Subject line = sampled_line(16);
  CHECK(level_settings(usual, line).size() == 2);
  Subject fixed = line, scattered = line, four = line, grid = line;
  fixed.tilted = false;
  scattered.scattered = true;
  four.dimensions = 4;
  grid.sampling.levels = 0;
  for (const Subject& other : {fixed, scattered, four, grid})
    CHECK(level_settings(usual, other).empty());
  ApproximationSettings adaptive = usual, active = usual;
  adaptive.partitions = {"adaptive"};
  active.averages = {"active"};
  for (const ApproximationSettings& other : {adaptive, active})
    CHECK(level_settings(other, line).empty());
}

TEST_CASE("Levels by population do not depend on the ranks", "[levels][mpi]") {
  const auto cascade = line_cascade();
  const Subject subject = sampled_line(5);
  const std::string name = level_table(0, 4);
  const Tables together = levels_of(cascade, subject, quartic_loss(2), core::Communicator::world()),
               alone = levels_of(cascade, subject, quartic_loss(2), core::Communicator::self());
  for (std::size_t tree = 0; tree < 5; ++tree)
    CHECK(test::same_bits(table_of(together, name).sum[tree], table_of(alone, name).sum[tree]));
}
