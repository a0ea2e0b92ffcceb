// The beta cascade as a field: its variance, and its exact finite-size curves against ensembles, counts given.

#include "core/ranks/communicator.hpp"
#include "solvers/cascade/expectation.hpp"
#include "support/sample_statistics.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace cascade;
using core::Index;

namespace {

/// Polynomials of one variable on `side` points, mean square 1, by the three-term recurrence.
std::vector<std::vector<double>> one_dimensional_basis(Index side, int degree) {
  std::vector<std::vector<double>> basis;
  for (int a = 0; a <= degree; ++a) {
    std::vector<double> g;
    for (Index i = 0; i < side; ++i)
      g.push_back(std::pow(static_cast<double>(2 * i + 1 - side), a));
    for (const auto& e : basis) {
      double c = 0;
      for (std::size_t i = 0; i < g.size(); ++i)
        c += g[i] * e[i] / static_cast<double>(side);
      for (std::size_t i = 0; i < g.size(); ++i)
        g[i] -= c * e[i];
    }
    double square = 0;
    for (const double v : g)
      square += v * v / static_cast<double>(side);
    for (double& v : g)
      v = square > 1e-9 ? v / std::sqrt(square) : 0; // more polynomials than points
    basis.push_back(std::move(g));
  }
  return basis;
}

/// A whole field of n points a side in the array form of core::RealField.
struct Field {
  const core::GridSample& sample;
  int D;
  Index n;
  double at(Index i, Index j, Index k) const {
    return sample.field.component(0)[static_cast<std::size_t>((i * (D > 1 ? n : 1) + j) * n + k)];
  }
  int depth(Index i, Index j, Index k) const {
    return (*sample.active)[static_cast<std::size_t>((i * (D > 1 ? n : 1) + j) * n + k)];
  }
  Index rows(int axis) const { return axis == 0 ? (D > 2 ? n : 1) : (D > 1 ? n : 1); }
};

struct Losses {
  double volume = 0, active = 0;
};

/// Mean-square residual on aligned cells of `side` points, over all cells and over those alive at that level.
Losses cell_losses(const Field& f, Index side, int degree) {
  const auto g = one_dimensional_basis(side, degree);
  const Index s0 = f.D > 2 ? side : 1, s1 = f.D > 1 ? side : 1;
  const auto level = static_cast<int>(std::lround(std::log2(static_cast<double>(f.n) / static_cast<double>(side))));
  const auto points = static_cast<double>(s0 * s1 * side);
  double total = 0, total_alive = 0, cells = 0, alive_cells = 0;
  for (Index a = 0; a < f.rows(0); a += s0)
    for (Index b = 0; b < f.rows(1); b += s1)
      for (Index c = 0; c < f.n; c += side) {
        double residual = 0;
        for (int p = 0; p <= (f.D > 2 ? degree : 0); ++p)
          for (int q = 0; q + p <= (f.D > 1 ? degree : p); ++q)
            for (int r = 0; r + q + p <= degree; ++r) {
              double projection = 0;
              for (Index i = 0; i < s0; ++i)
                for (Index j = 0; j < s1; ++j) {
                  const double outer = (f.D > 2 ? g[static_cast<std::size_t>(p)][static_cast<std::size_t>(i)] : 1) *
                                       (f.D > 1 ? g[static_cast<std::size_t>(q)][static_cast<std::size_t>(j)] : 1);
                  for (Index k = 0; k < side; ++k)
                    projection += outer * g[static_cast<std::size_t>(r)][static_cast<std::size_t>(k)] *
                                  f.at(a + i, b + j, c + k) / points;
                }
              residual -= projection * projection;
            }
        for (Index i = 0; i < s0; ++i)
          for (Index j = 0; j < s1; ++j)
            for (Index k = 0; k < side; ++k)
              residual += f.at(a + i, b + j, c + k) * f.at(a + i, b + j, c + k) / points;
        const bool alive = f.depth(a, b, c) > level;
        total += residual;
        cells += 1;
        total_alive += alive ? residual : 0;
        alive_cells += alive ? 1 : 0;
      }
  return {total / cells, alive_cells > 0 ? total_alive / alive_cells : 0};
}

/// Mean squared increment over r points, over the axes.
double squared_increment(const Field& f, Index r) {
  double sum = 0;
  for (Index i = 0; i < f.rows(0); ++i)
    for (Index j = 0; j < f.rows(1); ++j)
      for (Index k = 0; k < f.n; ++k) {
        const double here = f.at(i, j, k);
        sum += std::pow(f.at(i, j, (k + r) % f.n) - here, 2);
        if (f.D > 1)
          sum += std::pow(f.at(i, (j + r) % f.n, k) - here, 2);
        if (f.D > 2)
          sum += std::pow(f.at((i + r) % f.n, j, k) - here, 2);
      }
  return sum / f.D / static_cast<double>(f.sample.field.component(0).size());
}

theory::Activity count(const Field& f, int levels) {
  theory::Activity activity;
  for (int l = 0; l < levels; ++l) {
    double points = 0;
    for (const auto depth : *f.sample.active)
      points += depth > l ? 1 : 0;
    activity.cells.push_back(points / std::pow(static_cast<double>(f.n >> l), f.D));
  }
  return activity;
}

struct Ensemble {
  int D;
  double d, h;
  Index n;
  int realisations;
};

std::vector<std::string> complaints(const solvers::BetaCascadeParameters& p) {
  core::Problems problems;
  p.validate(problems);
  std::vector<std::string> keys;
  for (const auto& problem : problems.all())
    keys.push_back(problem.key);
  return keys;
}

} // namespace

TEST_CASE("Variance of the field: sum over levels of 2^(-l (2h + D - d))", "[beta_cascade]") {
  for (const auto& [D, d, h] : {std::array{1.0, 0.7, 0.3}, std::array{2.0, 1.6, 0.2}, std::array{3.0, 2.8, 0.2667},
                                std::array{3.0, 2.2, 0.1}}) {
    constexpr int levels = 12;
    constexpr std::size_t points = 100;
    const auto generator = test::make_cascade(static_cast<int>(D), d, h);
    double expected = 0;
    for (int l = 0; l < levels; ++l)
      expected += std::exp2(-l * (2 * h + D - d));
    test::Sample variance, mean;
    for (std::uint64_t r = 0; r < 1500; ++r) {
      const auto x = test::random_points(static_cast<int>(D), points, 1000 + r);
      std::vector<double> values(points);
      generator.sample(r, levels).field->evaluate(x, values);
      double square = 0, sum = 0;
      for (const double v : values) {
        square += v * v / points;
        sum += v / points;
      }
      variance.add(square);
      mean.add(sum);
    }
    CAPTURE(D, d, h, variance.mean(), expected);
    CHECK(std::abs(variance.z(expected)) < 4); // 1500 realisations
    CHECK(std::abs(mean.z(0)) < 4);
    CHECK(variance.standard_error() < 0.05 * expected); // the test can see something
  }
}

TEST_CASE("Finite-size curves of order two, given the counts, against ensembles", "[beta_cascade][slow]") {
  const auto self = core::Communicator::self();
  for (const Ensemble& e : {Ensemble{1, 0.8, 0.3, 256, 300}, Ensemble{2, 1.7, 0.2, 64, 200},
                            Ensemble{2, 2, 0.5, 48, 100}, Ensemble{3, 2.6, 0.25, 32, 50}}) {
    const auto generator = test::make_cascade(e.D, e.d, e.h, 77);
    const auto theory = generator.family(e.n, 2);
    const core::Decomposition whole(core::Domain(e.D, e.n), 1);
    const int levels = solvers::grid_levels(e.n);
    std::vector<std::int64_t> sides, separations;
    for (Index s = e.n; s >= 2; s = s % 2 == 0 ? s / 2 : 1)
      sides.push_back(s);
    for (Index r = 1; r <= e.n / 2; r *= 2)
      separations.push_back(r);
    std::vector<test::Sample> increments(separations.size());
    std::vector<std::vector<test::Sample>> volume(3, std::vector<test::Sample>(sides.size())), active = volume;
    for (int r = 0; r < e.realisations; ++r) {
      const auto sample = generator.sample(whole, self, static_cast<std::uint64_t>(r));
      const Field field{sample, e.D, e.n};
      const auto activity = count(field, levels);
      const auto s2 = theory->increment(e.h, 2, separations, activity);
      for (std::size_t i = 0; i < separations.size(); ++i)
        increments[i].add(squared_increment(field, separations[i]) - s2[i]);
      for (int degree = 0; degree <= 2; ++degree) {
        const auto k = static_cast<std::size_t>(degree);
        const auto by_volume = theory->loss(e.h, 2, degree, false, sides, activity);
        for (std::size_t i = 0; i < sides.size(); ++i) {
          if (sides[i] <= degree)
            continue;
          const Losses losses = cell_losses(field, sides[i], degree);
          if (by_volume[i] < 1e-12) { // as many polynomials as points: nothing is left
            CHECK(losses.volume < 1e-12);
            continue;
          }
          volume[k][i].add(losses.volume - by_volume[i]);
          const auto level = static_cast<std::size_t>(i);
          if (activity.cells[level] > 0) // a dead level has no active average
            active[k][i].add(losses.active - theory->loss(e.h, 2, degree, true, {&sides[i], 1}, activity)[0]);
        }
      }
    }
    double squares = 0;
    int rows = 0;
    const auto check = [&](const test::Sample& difference) {
      if (difference.count() == 0)
        return;
      const double z = difference.z(0);
      CHECK(std::abs(z) < 4);
      squares += z * z;
      ++rows;
    };
    CAPTURE(e.D, e.d, e.h, e.n);
    for (std::size_t i = 0; i < separations.size(); ++i) {
      CAPTURE(separations[i]);
      check(increments[i]);
    }
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t i = 0; i < sides.size(); ++i) {
        CAPTURE(k, sides[i]);
        check(volume[k][i]);
        check(active[k][i]);
      }
    CHECK(squares / rows < 3); // rows share large eddies and are not independent; a wrong law gives tens
  }
}

TEST_CASE("Law, defaults and levels follow from the parameters", "[beta_cascade]") {
  solvers::BetaCascadeParameters p;
  CHECK(*solvers::BetaCascade(p, 1).law()->dimension() == Approx(2.8));
  CHECK(*solvers::BetaCascade(p, 1).law()->hurst() == Approx(0.8 / 3)); // (d - 2)/3
  CHECK(p.resolved_points() == 256);
  CHECK(p.resolved_levels() == 24); // 15 + 6.6/.7333
  p.hurst = 0.1;
  CHECK(p.resolved_levels() == Approx(15 + 6.6 / 0.4).margin(0.5)); // "24 are too few at h = 0.1"
  p.embedding_dimension = 2;
  p.hurst.reset();
  p.dimension = 1.7;
  CHECK(p.resolved_hurst() == Approx(1.0 / 3 - 0.1)); // 1/3 - (D - d)/3
  CHECK(p.resolved_points() == 2048);
  p.virtual_levels = 40;
  CHECK(p.resolved_levels() == 40);
  const solvers::BetaCascade generator(p, 1);
  CHECK(p.shape().dimensions == 2);
  CHECK(generator.law()->embedding_dimension() == 2);
  CHECK(generator.law()->zeta(2) == Approx(2 * p.resolved_hurst() + 0.3));
  CHECK(generator.sample(0).tree->depth() == 40);
  CHECK(p.shape().levels == 40);
}

TEST_CASE("An expectation is of the profile it was worked out for: none is given for oriented eddies",
          "[beta_cascade]") {
  constexpr int m = 16;
  const auto g = one_dimensional_basis(m, 1);
  // Mean square that straight pieces leave on the whole box: one eddy, since h is large.
  const auto left = [&](const solvers::BetaCascade& cascade) {
    const std::vector<core::Coordinate> corner(2, 0), middle(2, core::Coordinate{1} << 63);
    std::vector<double> f(m * m);
    cascade.sample(0).field->evaluate_lattice(corner, 0, m, middle, f);
    double square = 0, mean = 0, along = 0, across = 0;
    for (std::size_t i = 0; i < m * m; ++i) {
      square += f[i] * f[i] / (m * m);
      mean += f[i] / (m * m);
      along += f[i] * g[1][i / m] / (m * m);
      across += f[i] * g[1][i % m] / (m * m);
    }
    return square - mean * mean - along * along - across * across;
  };
  solvers::BetaCascadeParameters p;
  p.embedding_dimension = 2;
  p.hurst = 3;
  p.points = 0;
  p.profile = "product";
  const solvers::BetaCascade product(p, 1);
  p.profile = "oriented";
  const solvers::BetaCascade oriented(p, 1);
  const std::vector<double> box{1.0};
  const double promised = product.points()->expectation(m)->loss(2, 1, false, box, nullptr).value()[0];
  CHECK(left(product) == Approx(promised).epsilon(0.05)); // smaller eddies, the place of the lattice
  CHECK(left(oriented) < 0.85 * promised);                // (1 - c^2)/(1 - c^2 <w>^2) = .79
  CHECK(oriented.points()->expectation(m) == nullptr);
}

TEST_CASE("Counts that miss a level give no expectation rather than a wrong one", "[beta_cascade]") {
  const solvers::CascadeExpectation expectation(2, 32, 4, 1.7, 0.3);
  const std::vector<double> sides{0.5};
  const theory::Activity all{{1, 3, 10, 33}}, some{{1, 3}};
  CHECK(expectation.increment("", 2, sides, &all));
  CHECK(expectation.loss(2, 0, true, sides, &all));
  CHECK(expectation.spectrum(&all));
  CHECK_FALSE(expectation.increment("", 2, sides, &some));
  CHECK_FALSE(expectation.loss(2, 0, true, sides, &some));
  CHECK_FALSE(expectation.spectrum(&some));
}

TEST_CASE("Impossible parameters are refused by the key that is to blame", "[beta_cascade]") {
  using Keys = std::vector<std::string>;
  solvers::BetaCascadeParameters p;
  CHECK(complaints(p).empty());
  p.dimension = 3.1;
  CHECK(complaints(p) == Keys{"dimension"});
  p.dimension = 0;
  CHECK(complaints(p) == Keys{"dimension"});
  p.dimension = 1.9; // the default h would be negative
  CHECK(complaints(p) == Keys{"dimension"});
  p.allow_negative_hurst = true;
  CHECK(complaints(p).empty());
  p.allow_negative_hurst = false;
  p.hurst = -0.1;
  CHECK(complaints(p) == Keys{"hurst"});
  p = {};
  for (const std::int64_t good : {0, 8, 12, 96, 256, 480})
    CHECK((p.points = good, complaints(p).empty()));
  for (const std::int64_t bad : {7, 17, 100, 34, 6, 272})
    CHECK((p.points = bad, complaints(p) == Keys{"points"}));
  p = {};
  p.embedding_dimension = 4;
  CHECK(complaints(p).empty());
  p.points = 16;
  CHECK(complaints(p) == Keys{"points"});
}
