// Tilted descents: the exact second order, the moments of the ensemble, the same bits at any ranks.

#include "analysis/fit/jackknife.hpp"
#include "analysis/structure_function/tilted.hpp"
#include "analysis/structure_function/tree.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace cascade;

namespace {

solvers::MultiplicativeCascade cascade_of(const std::string& model, int D, double mu = 0.4) {
  solvers::MultiplicativeCascadeParameters a;
  a.model = model;
  a.embedding_dimension = D;
  a.points = 0;
  a.virtual_levels = 24;
  if (model == "lognormal")
    a.mu = mu;
  if (model == "random_beta")
    a.x = 0.3;
  return {a, 11};
}

core::PointSource source_of(const solvers::MultiplicativeCascade& cascade) {
  return [cascade](int tree) { return cascade.sample(static_cast<std::uint64_t>(tree)); };
}

} // namespace

TEST_CASE("S_2 by tilted descents is the exact expectation of the ensemble", "[tilted]][slow") {
  const std::vector<std::pair<std::string, int>> cases{
      {"lognormal", 1}, {"log_poisson", 2}, {"p_model", 2}, {"random_beta", 1}, {"random_beta", 3}};
  for (const auto& [model, D] : cases) {
    const auto cascade = cascade_of(model, D);
    const auto tables =
        analysis::tilted_structure_functions(source_of(cascade), D, {2, 6}, {6, 48, 96, 6}, core::Communicator::self());
    const auto& t = tables[0];
    const auto exact = cascade.expectation(4)->increment("", 2, t.x, nullptr);
    REQUIRE(exact);
    const auto mean = t.mean(), error = t.standard_error();
    for (std::size_t i = 0; i < t.points(); ++i) {
      CAPTURE(model, D, i, mean[i], error[i], (*exact)[i]);
      CHECK(std::abs(mean[i] - (*exact)[i]) < 4 * error[i]);
      CHECK(error[i] < 0.12 * mean[i]);
    }
  }
}

TEST_CASE("High orders by tilted descents follow the ensemble beyond q_*", "[tilted]][slow") {
  const auto cascade = cascade_of("lognormal", 1, 0.8); // q_* = 4.74
  const std::vector<double> orders{2, 8};
  const analysis::SamplingPlan plan{5, 64, 256, 12};
  const auto self = core::Communicator::self();
  const auto tilted = analysis::tilted_structure_functions(source_of(cascade), 1, orders, plan, self);
  const auto plain = analysis::sampled_structure_functions(source_of(cascade), 1, orders, plan, self);
  const auto slope = [](const std::vector<double>& s) { return std::log2(s[3] / s[9]) / 6; }; // r = 2^-4 to 2^-10
  std::vector<double> replicates;
  for (std::size_t tree = 0; tree < tilted[1].blocks(); ++tree)
    replicates.push_back(slope(tilted[1].mean_without(tree)));
  const double zeta = cascade.law()->zeta(8), found = slope(tilted[1].mean()),
               error = analysis::jackknife_error(replicates), trees = slope(plain.moments[1].mean());
  CAPTURE(found, error, zeta, trees);
  CHECK(std::abs(found - zeta) < 3.5 * error);
  CHECK(error < 0.1);
  CHECK(trees >
        zeta + 0.35); // as many trees do not meet what carries order 8: theirs is near the line at 1.36 or above
}

TEST_CASE("Tilted descents do not depend on the ranks", "[tilted][mpi]") {
  const auto cascade = cascade_of("log_poisson", 2);
  const auto on = [&](const core::Communicator& ranks) {
    return analysis::tilted_structure_functions(source_of(cascade), 2, {1, 6}, {5, 3, 100, 6}, ranks);
  };
  const auto a = on(core::Communicator::world()), b = on(core::Communicator::self());
  for (std::size_t p = 0; p < a.size(); ++p)
    for (std::size_t tree = 0; tree < a[p].blocks(); ++tree)
      CHECK(test::same_bits(a[p].sum[tree], b[p].sum[tree]));
}
