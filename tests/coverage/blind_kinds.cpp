#include "tests/coverage/blind_kinds.hpp"

#include "analysis/blind/band_pass.hpp"
#include "analysis/blind/blind_fits.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "tests/coverage/chooser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace cascade::coverage {
namespace {

using core::Index;

/// What is measured: a generator's grid, or a corner of it.
struct Subject {
  int dimensions;
  Index points; ///< of the measured box
  Index wider;  ///< the generator's grid has so many times as many points a side; above 1: a piece that is not periodic
  Index realisations;
  double dimension, hurst; ///< the truth
};

core::RealField corner_of(const core::RealField& field, const core::Domain& domain) {
  core::RealField result(core::Decomposition(domain, 1), 0, field.components());
  const core::Box& box = result.box();
  for (int c = 0; c < field.components(); ++c)
    for (Index i = 0; i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j)
        std::copy_n(field.line(c, i, j).begin(), domain.points(), result.line(c, i, j).begin());
  return result;
}

bool died_out(const core::GridSample& sample, Index points) {
  return sample.active &&
         *std::max_element(sample.active->begin(), sample.active->end()) < solvers::grid_levels(points);
}

Interval interval_of(double order, double truth, const analysis::BlindExponent& found) {
  return {fmt::format("zeta_{}", order),
          truth,
          found.usable(),
          found.value,
          found.error,
          found.interval95[0],
          found.interval95[1]};
}

std::vector<Interval> blind_intervals(const solvers::GridView& grid, int components, const Subject& subject) {
  const auto self = core::Communicator::self();
  const core::Domain domain(subject.dimensions, subject.points);
  const core::Decomposition whole(core::Domain(subject.dimensions, subject.wider * subject.points), 1);
  const bool periodic = subject.wider == 1;
  const analysis::BandLayout layout(domain, components, periodic, {1, 3, 4});
  analysis::BandTables tables;
  bool extinct = true; // no tree has cells as small as the grid shows: the program says that it cannot tell
  for (Index r = 0; r < subject.realisations; ++r) {
    core::GridSample sample = grid.sample(whole, self, static_cast<std::uint64_t>(r));
    extinct = extinct && died_out(sample, subject.points);
    if (!periodic)
      sample.field = corner_of(sample.field, domain);
    tables.append(analysis::band_tables(sample.field, layout, self));
  }
  const analysis::BlindFits fits(layout, tables);
  std::vector<Interval> result;
  for (const double q : {1.0, 2.0, 3.0, 4.0}) {
    result.push_back(interval_of(q, q * subject.hurst + subject.dimensions - subject.dimension, fits.zeta(q)));
    result.back().answered = result.back().answered && !extinct;
  }
  return result;
}

std::vector<Interval> gaussian(std::uint64_t seed, Subject subject, solvers::GaussianParameters parameters) {
  parameters.embedding_dimension = subject.dimensions;
  parameters.points = subject.wider * subject.points;
  parameters.hurst = subject.hurst;
  subject.dimension = subject.dimensions;
  const solvers::Gaussian generator(parameters, seed);
  return blind_intervals(*generator.grid(), parameters.component_count(), subject);
}

std::vector<Interval> plain_gaussian(std::uint64_t seed, Chooser& choose, int dimensions, Index points, Index wider,
                                     Index realisations) {
  return gaussian(seed, {dimensions, points, wider, realisations, 0, choose.between(0.1, 0.9)}, {});
}

std::vector<Interval> cascade(std::uint64_t seed, Chooser& choose, int dimensions, Index points, Index realisations,
                              double least_dimension, double largest_dimension) {
  const double d = choose.between(least_dimension, largest_dimension), h = choose.between(0.1, 0.5);
  solvers::BetaCascadeParameters parameters;
  parameters.embedding_dimension = dimensions;
  parameters.points = points;
  parameters.dimension = d;
  parameters.hurst = h;
  const solvers::BetaCascade generator(parameters, seed);
  return blind_intervals(*generator.grid(), 1, {dimensions, points, 1, realisations, d, h});
}

} // namespace

std::vector<Interval> blind_gaussian_1d(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({1000, 30000, 99999}), realisations = choose.one_of<Index>({1, 2, 8, 16});
  return plain_gaussian(seed, choose, 1, n, 1, realisations);
}

std::vector<Interval> blind_gaussian_2d(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.whole(200, 512), realisations = choose.one_of<Index>({1, 4});
  return plain_gaussian(seed, choose, 2, n, 1, realisations);
}

std::vector<Interval> blind_gaussian_3d(std::uint64_t seed) {
  Chooser choose(seed);
  return plain_gaussian(seed, choose, 3, choose.one_of<Index>({64, 80, 96}), 1, 1);
}

std::vector<Interval> blind_short(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.whole(200, 600), realisations = choose.one_of<Index>({1, 4});
  return plain_gaussian(seed, choose, 1, n, 1, realisations);
}

std::vector<Interval> blind_aliased_1d(std::uint64_t seed) {
  Chooser choose(seed);
  solvers::GaussianParameters parameters;
  parameters.oversampling = 4;
  const Index n = choose.one_of<Index>({1000, 30000}), realisations = choose.one_of<Index>({1, 4});
  return gaussian(seed, {1, n, 1, realisations, 0, choose.between(0.1, 0.9)}, parameters);
}

std::vector<Interval> blind_aliased_2d(std::uint64_t seed) {
  Chooser choose(seed);
  solvers::GaussianParameters parameters;
  parameters.oversampling = 3;
  const Index n = choose.whole(200, 300);
  return gaussian(seed, {2, n, 1, 1, 0, choose.between(0.1, 0.9)}, parameters);
}

std::vector<Interval> blind_solenoidal(std::uint64_t seed) {
  Chooser choose(seed);
  solvers::GaussianParameters parameters;
  parameters.components = "vector";
  const int dimensions = choose.one_of<int>({2, 3});
  const Index n = dimensions == 3 ? 64 : choose.one_of<Index>({256, 300});
  return gaussian(seed, {dimensions, n, 1, 1, 0, choose.between(0.1, 0.9)}, parameters);
}

std::vector<Interval> blind_cascade_1d(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({4096, 16384, 65536}), realisations = choose.one_of<Index>({1, 4});
  return cascade(seed, choose, 1, n, realisations, 0.75, 0.95);
}

std::vector<Interval> blind_cascade_2d(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({256, 512}), realisations = choose.one_of<Index>({1, 4});
  return cascade(seed, choose, 2, n, realisations, 1.5, 1.9);
}

std::vector<Interval> blind_cascade_3d(std::uint64_t seed) {
  Chooser choose(seed);
  return cascade(seed, choose, 3, choose.one_of<Index>({64, 128}), 1, 2.4, 2.9);
}

std::vector<Interval> blind_cut_1d(std::uint64_t seed) {
  Chooser choose(seed);
  return plain_gaussian(seed, choose, 1, choose.one_of<Index>({1000, 30000}), 4, 1);
}

std::vector<Interval> blind_cut_2d(std::uint64_t seed) {
  Chooser choose(seed);
  return plain_gaussian(seed, choose, 2, choose.whole(200, 300), 2, 1);
}

std::vector<Interval> blind_cut_3d(std::uint64_t seed) {
  Chooser choose(seed);
  return plain_gaussian(seed, choose, 3, choose.one_of<Index>({64, 80}), 2, 1);
}

std::vector<Interval> blind_one_octave(std::uint64_t seed) {
  Chooser choose(seed);
  solvers::GaussianParameters parameters;
  parameters.low_cutoff = 1000;
  parameters.high_cutoff = 2000;
  return gaussian(seed, {1, 16384, 1, 1, 0, choose.between(0.1, 0.9)}, parameters);
}

} // namespace cascade::coverage
