// Means over realisations, means of their logarithms and means over the ensemble: where they agree, and where not.

#include "app/verdict/one_roughness.hpp"
#include "tests/app/tiny_runs.hpp"
#include "theory/multifractal_law.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string>

using namespace cascade;
using analysis::Result;

namespace {

const char* const strong = // q_* = 4.74, h_min = .045
    "run: {name: averages, seed: 7, realisations: 32}\n"
    "field: {generator: multiplicative_cascade, model: lognormal, mu: 0.8, embedding_dimension: 1, points: 4096}\n"
    "analysis: {structure_function: {orders: [1, 3, 8], quenched: true, tilted: true}}\n"
    "approximation: {enabled: false}\n"
    "sampling: {trees: 32, pairs: 256}\n";

double distance(const Result& r, double expected) {
  return (r.measured.value - expected) / r.measured.standard_error;
}

} // namespace

TEST_CASE("Quenched, annealed and plain zeta_p agree at low orders and part beyond q_*", "[pipeline][slow]") {
  const app::Report report = test::run(test::config_of(strong), core::Communicator::self());
  const theory::Multipliers m{theory::CascadeModel::lognormal, 1, 0.7, 0.8, 0.125};
  const theory::Linearisation end = theory::linearisation(m);
  const auto result = [&](const std::string& kind, int p) -> const Result& {
    return test::result(report, (kind == "zeta_quenched" ? "grid/" : "sampled/") + kind + "/p" + std::to_string(p));
  };
  for (const char* kind : {"zeta", "zeta_quenched", "zeta_annealed"}) {
    CAPTURE(kind, result(kind, 1).measured.value, m.zeta(1));
    CHECK(std::abs(distance(result(kind, 1), m.zeta(1))) < 4);
    CHECK(result(kind, 1).measured.standard_error < 0.03);
  }
  const Result &ensemble = result("zeta_annealed", 8), &single = result("zeta_quenched", 8);
  const double line = 1 + 8 * end.roughness;
  CAPTURE(ensemble.measured.value, ensemble.measured.standard_error, single.measured.value,
          single.measured.standard_error, m.zeta(8), line);
  CHECK(std::abs(distance(ensemble, m.zeta(8))) < 4);
  CHECK(ensemble.measured.standard_error < 0.1);
  CHECK(distance(single, m.zeta(8)) > 4); // one realisation does not show what the ensemble does,
  CHECK(distance(ensemble, line) < -4);   // nor the ensemble what one does
  // The line is met from above: 3/(2 q_* n ln 2) an order, n levels, four at the least in the window.
  CHECK(distance(single, line) > -4);
  CHECK(single.measured.value < line + 8 * 1.5 / (end.order * 4 * 0.693) + 4 * single.measured.standard_error);
  // Exponents relative to the third are told apart by their average as well.
  std::map<std::string, double> of_eight;
  for (const app::RelativeExponent& r : app::relative_exponents(report))
    if (r.order == 8)
      of_eight[r.quantity] = r.ratio.value;
  REQUIRE(of_eight.contains("zeta_annealed"));
  REQUIRE(of_eight.contains("zeta_quenched"));
  CHECK(of_eight.at("zeta_annealed") < of_eight.at("zeta_quenched") - 0.1);
}

TEST_CASE("Leaders and p-leaders show c1 of a cascade although scales near the grid are spoiled or missing",
          "[pipeline]") {
  // With the spoiled octaves in them, leaders read .35; without a term for the missing ones, p-leaders read .39.
  for (const std::string leaders : {"{}", "{p: 2}"}) {
    const app::Report report =
        test::run(test::config_of(fmt::format("run: {{name: leaders, seed: 2, realisations: 32}}\n"
                                              "field: {{generator: multiplicative_cascade, model: log_poisson, "
                                              "embedding_dimension: 1, points: 32768}}\n"
                                              "analysis: {{leaders: {}}}\n"
                                              "sampling: {{enabled: false}}\n"
                                              "approximation: {{enabled: false}}\n",
                                              leaders)),
                  core::Communicator::self());
    const Result& c1 = test::result(report, "grid/c1");
    CAPTURE(leaders, c1.measured.value, c1.measured.standard_error);
    CHECK(std::abs(distance(c1, 0.38142)) < 3);
    CHECK(c1.measured.standard_error < 0.008);
  }
}
