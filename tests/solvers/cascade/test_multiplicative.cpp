// Multiplicative cascades: moments of what is drawn, tau(q) level by level, one field on two views, exact second order.

#include "core/ranks/communicator.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "solvers/cascade/tree_moments.hpp"
#include "support/sample_statistics.hpp"
#include "tests/solvers/naive_cascade.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace cascade;
using solvers::MultiplicativeCascade;
using solvers::MultiplicativeCascadeParameters;

namespace {

const std::vector<std::string> models{"random_beta", "p_model", "lognormal", "log_poisson", "binomial"};

MultiplicativeCascadeParameters parameters(const std::string& model, int D, std::int64_t points = 0) {
  MultiplicativeCascadeParameters p;
  p.model = model;
  p.embedding_dimension = D;
  p.points = points;
  p.carrier = "eddies";
  return p;
}

core::GridSample grid_of(const solvers::GridView& view, int D, std::int64_t n, std::uint64_t realisation = 0) {
  const core::Communicator self = core::Communicator::self();
  return view.sample(core::Decomposition(core::Domain(D, n), 1), self, realisation);
}

std::string refusal(const MultiplicativeCascadeParameters& p) {
  core::Problems problems;
  p.validate(problems);
  return problems.empty() ? "" : problems.all().front().key + ": " + problems.all().front().message;
}

} // namespace

TEST_CASE("Factors have the moments of their law", "[multiplicative]") {
  constexpr int draws = 1'000'000;
  for (const std::string& model : models)
    for (const double mu : {0.25, 0.8}) {
      if (mu > 0.5 && model != "lognormal")
        continue;
      MultiplicativeCascadeParameters p = parameters(model, 2);
      if (model == "lognormal")
        p.mu = mu;
      const theory::Multipliers m = p.multipliers();
      const solvers::MultiplierTable table(m, false), density(m, true);
      std::vector<test::Sample> samples(5);
      const core::CounterRng random(7, core::Stream{5});
      for (std::uint64_t i = 0; i < draws; ++i) {
        const core::Block b = random.block(i);
        const double factor = table(b[0], b[1] & 3u, b[2]);
        for (std::size_t order = 1; order <= 5; ++order)
          samples[order - 1].add(factor > 0 ? std::pow(factor, static_cast<double>(order)) : 0.0);
      }
      for (int order = 1; order <= 8; ++order) {
        CAPTURE(model, mu, order);
        // All words there are, against the closed form.
        CHECK(-std::log2(table.moment(order)) == Approx(m.zeta(order)).margin(model == "lognormal" ? 1e-5 : 1e-8));
        if (order <= (mu > 0.5 ? 3 : 5)) // the tail of 32-bit words ends at 6.2 standard deviations
          CHECK(std::log2(density.moment(order)) ==
                Approx(m.scaling(order)).margin(model == "lognormal" ? 3e-5 : 1e-8));
        if (order <= 5)
          CHECK(std::abs(samples[static_cast<std::size_t>(order) - 1].z(std::exp2(-m.zeta(order)))) < 4);
      }
    }
}

TEST_CASE("tau(q) holds from level to level of a tree", "[multiplicative]") {
  const std::vector<double> orders{-1, 0.5, 2, 3, 4};
  for (const std::string& model : models) {
    const bool dies = model == "random_beta", fixed = model == "p_model" || model == "binomial";
    std::vector<test::Sample> z(orders.size()), squares(orders.size());
    for (const int D : {1, 2, 3}) {
      const MultiplicativeCascade cascade(parameters(model, D), 11);
      const int levels = 12 / D + 1;
      for (std::uint64_t tree = 0; tree < 6; ++tree) {
        const auto moments = solvers::tree_moments(cascade.rules(levels, tree), orders);
        for (std::size_t l = 4 / static_cast<std::size_t>(D); l < moments.z.size(); ++l) // levels of 16 cells at least
          for (std::size_t i = dies ? 1 : 0; i < orders.size(); ++i) {
            z[i].add(moments.z[l][i]);
            squares[i].add(moments.z[l][i] * moments.z[l][i]);
          }
      }
    }
    for (std::size_t i = dies ? 1 : 0; i < orders.size(); ++i) {
      CAPTURE(model, orders[i]);
      if (fixed) { // the brothers' sum is not random
        CHECK(squares[i].mean() == 0);
        continue;
      }
      const auto n = static_cast<double>(z[i].count());
      CHECK(std::abs(z[i].mean()) * std::sqrt(n) < 4);
      CHECK(squares[i].mean() == Approx(1).margin(5 * std::sqrt(2 / n) + 0.15)); // heavy tails of order 4
    }
  }
  // Mutation: factors of another intermittency are found out.
  MultiplicativeCascadeParameters other = parameters("lognormal", 2);
  other.mu = 0.3;
  solvers::CascadeRules mixed = MultiplicativeCascade(parameters("lognormal", 2), 11).rules(9, 0);
  const auto drawn = MultiplicativeCascade(other, 11).rules(9, 0);
  const auto honest = solvers::tree_moments(mixed, {4});
  const double expected = std::exp2(2 - parameters("lognormal", 2).multipliers().zeta(4));
  const auto wrong = solvers::tree_moments(drawn, {4});
  double spread = 0;
  for (std::size_t l = 4; l + 1 < wrong.sum.size(); ++l)
    spread += std::log2(wrong.sum[l + 1][0] / wrong.sum[l][0] / expected) -
              std::log2(honest.sum[l + 1][0] / honest.sum[l][0] / expected);
  CHECK(spread / 4 == Approx(0.05 * (16.0 / 9 - 4.0 / 3) / 2).margin(0.006)); // K(4/3) of mu = .3 less that of .25
}

TEST_CASE("Model beta is the beta cascade, bit for bit", "[multiplicative]") {
  for (const int D : {1, 2, 3}) {
    solvers::BetaCascadeParameters plain;
    plain.embedding_dimension = D;
    plain.points = 32;
    MultiplicativeCascadeParameters p = parameters("beta", D, 32);
    const solvers::BetaCascade known(plain, 5);
    const MultiplicativeCascade cascade(p, 5);
    const auto a = grid_of(known, D, 32), b = grid_of(cascade, D, 32);
    CHECK(std::equal(a.field.component(0).begin(), a.field.component(0).end(), b.field.component(0).begin()));
    CHECK(*a.active == *b.active);
    const auto points = test::random_points(D, 50, 3);
    std::vector<double> left(50), right(50);
    known.sample(2, 30).field->evaluate(points, left);
    cascade.sample(2).field->cut(30)->evaluate(points, right);
    CHECK(left == right);
    CHECK(cascade.law()->zeta(2) == known.law()->zeta(2));
  }
}

TEST_CASE("Grid, points and lattices of a multiplicative cascade are one function", "[multiplicative]") {
  for (const std::string& model : models)
    for (const int D : {1, 2, 3}) {
      CAPTURE(model, D);
      constexpr std::int64_t n = 32;
      const MultiplicativeCascade cascade(parameters(model, D, n), 3);
      const auto sample = grid_of(cascade, D, n, 1);
      CHECK(sample.active.has_value() == (model == "random_beta"));
      const auto field = cascade.sample(1).field->cut(solvers::grid_levels(n));
      std::vector<core::Coordinate> points;
      const auto all = sample.field.component(0);
      std::vector<std::size_t> chosen;
      for (std::size_t i = 0; i < all.size(); i += 1 + all.size() / 97)
        chosen.push_back(i);
      for (const std::size_t i : chosen)
        for (int a = 0; a < D; ++a) {
          std::size_t index = i;
          for (int skip = 0; skip < D - 1 - a; ++skip)
            index /= n;
          points.push_back(test::cell_centre(static_cast<core::Index>(index % n), n));
        }
      std::vector<double> values(chosen.size());
      field->evaluate(points, values);
      for (std::size_t i = 0; i < chosen.size(); ++i)
        CHECK(values[i] == Approx(all[chosen[i]]).margin(1e-12));
      // The lattice of a cell, against its points one by one.
      std::vector<core::Coordinate> corner, offset;
      for (int a = 0; a < D; ++a) {
        corner.push_back(core::Coordinate{5} << 61);
        offset.push_back(core::Coordinate{1} << (62 - a));
      }
      const std::size_t count = D == 1 ? 3 : (D == 2 ? 9 : 27);
      std::vector<double> lattice(count), one_by_one(count);
      const auto whole = cascade.sample(1).field;
      whole->evaluate_lattice(corner, 3, 3, offset, lattice);
      whole->core::PointField::evaluate_lattice(corner, 3, 3, offset, one_by_one);
      for (std::size_t i = 0; i < count; ++i)
        CHECK(lattice[i] == Approx(one_by_one[i]).margin(1e-12));
    }
}

TEST_CASE("Second order is known exactly given the tree", "[multiplicative]") {
  // Signs and axes are averaged over by trees of the same factors: here over realisations, each with its own
  // expectation.
  constexpr std::int64_t n = 32;
  for (const std::string model : {"lognormal", "random_beta"}) {
    const MultiplicativeCascade cascade(parameters(model, 2, n), 21);
    const core::Communicator self = core::Communicator::self();
    const core::Decomposition whole(core::Domain(2, n), 1);
    const auto mean = cascade.expectation(whole, self, {});
    std::vector<test::Sample> given(3), ensemble(3);
    const std::vector<double> separations{1.0 / 32, 1.0 / 8, 1.0 / 4};
    const auto expected = *mean->increment("", 2, separations, nullptr);
    for (std::uint64_t r = 0; r < 400; ++r) {
      const auto field = cascade.sample(whole, self, r);
      const auto own = *cascade.given_tree(n, r)->increment("", 2, separations, nullptr);
      const auto f = field.field.component(0);
      for (std::size_t s = 0; s < separations.size(); ++s) {
        const auto step = static_cast<std::int64_t>(separations[s] * n);
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i)
          for (std::int64_t j = 0; j < n; ++j) {
            const double here = f[static_cast<std::size_t>(i * n + j)];
            const double right = f[static_cast<std::size_t>(i * n + (j + step) % n)] - here;
            const double down = f[static_cast<std::size_t>((i + step) % n * n + j)] - here;
            sum += right * right + down * down;
          }
        sum /= 2 * n * n;
        given[s].add(sum - own[s]);
        ensemble[s].add(sum);
      }
    }
    for (std::size_t s = 0; s < separations.size(); ++s) {
      CAPTURE(model, separations[s]);
      CHECK(std::abs(given[s].z(0)) < 4);
      CHECK(std::abs(ensemble[s].z(expected[s])) < 4);
      CHECK(given[s].standard_error() < ensemble[s].standard_error()); // the tree's luck is taken out
    }
  }
}

TEST_CASE("The density of a cascade is its measure", "[multiplicative]") {
  MultiplicativeCascadeParameters p = parameters("binomial", 1, 1024);
  p.carrier = "automatic";
  const MultiplicativeCascade binomial(p, 1);
  CHECK(binomial.points() == nullptr);
  const auto sample = grid_of(binomial, 1, 1024);
  const auto f = sample.field.component(0);
  double total = 0;
  for (std::size_t i = 0; i < f.size(); ++i) {
    double product = 1;
    for (int bit = 0; bit < 10; ++bit)
      product *= (i >> bit & 1) != 0 ? 0.6 : 1.4;
    CHECK(f[i] == Approx(product).epsilon(1e-12));
    total += f[i];
  }
  CHECK(total / 1024 == Approx(1).epsilon(1e-12));
  for (const std::string model : {"lognormal", "random_beta", "log_poisson", "p_model"}) {
    MultiplicativeCascadeParameters q = parameters(model, 2, 32);
    q.carrier = "density";
    const MultiplicativeCascade cascade(q, 4);
    test::Sample mean;
    for (std::uint64_t r = 0; r < 200; ++r) {
      double sum = 0;
      const auto field = grid_of(cascade, 2, 32, r);
      for (const double v : field.field.component(0))
        sum += v / 1024;
      mean.add(sum);
    }
    CAPTURE(model);
    CHECK(std::abs(mean.z(1)) < 4); // E W = 1
  }
}

TEST_CASE("What makes no cascade is refused, with the condition", "[multiplicative]") {
  MultiplicativeCascadeParameters p = parameters("p_model", 1, 64);
  for (const double share : {0.5, 0.3, 1.0}) {
    p.p = share;
    CHECK(refusal(p).find("p: ") == 0);
    CHECK(refusal(p).find("1/2 < p < 1") != std::string::npos);
  }
  p.p = 0.8;
  CHECK(refusal(p).empty());
  MultiplicativeCascadeParameters q = parameters("lognormal", 1, 64);
  q.mu = 2;
  CHECK(refusal(q).find("mu: the cascade degenerates") == 0);
  CHECK(refusal(q).find("mu < 2 D") != std::string::npos);
  q.embedding_dimension = 2;
  CHECK(refusal(q).empty());
  q.p = 0.7;
  CHECK(refusal(q).find("p: it belongs to the models p_model and binomial") == 0);
  MultiplicativeCascadeParameters r = parameters("random_beta", 1, 64);
  r.x = 1;
  CHECK(refusal(r).find("x: the cascade degenerates") == 0); // the key that has to change
  CHECK(refusal(r).find("x < D") != std::string::npos);
  r.x = 0;
  CHECK(refusal(r).find("x: ") == 0);
  MultiplicativeCascadeParameters s = parameters("lognormal", 2, 96);
  CHECK(refusal(s).empty());
  s.carrier = "density";
  CHECK(refusal(s).find("points: ") == 0);
}

TEST_CASE("A multiplicative cascade does not depend on the ranks", "[multiplicative][mpi]") {
  const core::Communicator world = core::Communicator::world();
  for (const std::string carrier : {"eddies", "density"}) {
    MultiplicativeCascadeParameters p = parameters("random_beta", 3, 16);
    p.carrier = carrier;
    const MultiplicativeCascade cascade(p, 9);
    const core::Decomposition parts(core::Domain(3, 16), world.size());
    const auto mine = cascade.sample(parts, world, 0);
    const auto whole = grid_of(cascade, 3, 16);
    const core::Box box = mine.field.box();
    std::size_t wrong = 0, at = 0;
    for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
      for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
        for (core::Index k = box.begin[2]; k < box.end[2]; ++k, ++at) {
          const auto there = static_cast<std::size_t>((i * 16 + j) * 16 + k);
          wrong += mine.field.component(0)[at] != whole.field.component(0)[there] ? 1 : 0;
          wrong += (*mine.active)[at] != (*whole.active)[there] ? 1 : 0;
        }
    CHECK(wrong == 0);
  }
}
