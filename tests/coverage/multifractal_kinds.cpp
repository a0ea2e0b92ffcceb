#include "tests/coverage/multifractal_kinds.hpp"

#include "tests/coverage/chooser.hpp"
#include "tests/coverage/program_kinds.hpp"

#include <fmt/format.h>

namespace cascade::coverage {
namespace {

using core::Index;

/// A model with its parameter; without one that kills cells where `alive`.
std::string any_model(Chooser& choose, bool alive) {
  const double p = choose.between(0.65, 0.85), mu = choose.between(0.15, 0.8), x = choose.between(0.05, 0.3);
  std::vector<std::string> models{fmt::format("model: p_model, p: {}", p), fmt::format("model: lognormal, mu: {}", mu),
                                  "model: log_poisson"};
  if (!alive)
    models.push_back(fmt::format("model: random_beta, x: {}", x));
  return choose.one_of<std::string>(models);
}

/// Uniform and adaptive pieces of the point view, and pieces of the data on the active set of beta cascades.
std::vector<Interval> pieces(std::uint64_t seed) {
  Chooser choose(seed);
  const int D = choose.one_of<int>({1, 2, 3});
  const std::string model = any_model(choose, false);
  return results_of_run(
      fmt::format("run: {{name: coverage, seed: {}}}\n"
                  "field: {{generator: multiplicative_cascade, {}, embedding_dimension: {}, points: 0}}\n"
                  "analysis: {{structure_function: {{orders: [2]}}}}\n"
                  "approximation: {{degrees: [0], loss_powers: [2, 4], partitions: [uniform, adaptive], averages: "
                  "[volume], pieces: 30}}\n"
                  "sampling: {{trees: 24, pairs: 256, cells: 64}}\n",
                  seed, model, D),
      {"sampled/zeta/p2", "sampled/alpha/uniform/volume/k0/q2", "sampled/alpha/uniform/volume/k0/q4",
       "sampled/alpha/adaptive/volume/k0/q2", "sampled/alpha/adaptive/volume/k0/q4"});
}

std::vector<Interval> pieces_of_data(std::uint64_t seed) {
  Chooser choose(seed);
  const int D = choose.one_of<int>({1, 2, 3});
  const double d = D * choose.between(0.75, 0.98), h = choose.between(0.1, 0.6);
  return results_of_run(
      fmt::format("run: {{name: coverage, seed: {}}}\n"
                  "field: {{generator: beta_cascade, embedding_dimension: {}, dimension: {}, hurst: {}, points: 0, "
                  "virtual_levels: 48}}\n"
                  "analysis: {{}}\n"
                  "approximation: {{degrees: [0, 1], loss_powers: [2], partitions: [adaptive], averages: [active], "
                  "pieces: {}}}\n"
                  "sampling: {{trees: 24, pairs: 64, cells: 16}}\n",
                  seed, D, d, h, D == 1 ? 26 : 30),
      {"sampled/alpha/adaptive/active/k0/q2", "sampled/alpha/adaptive/active/k1/q2"});
}

/// Measures of random cascades, many realisations; not of the p-model, whose sums are the same in all of them.
std::vector<Interval> partition_sums(std::uint64_t seed) {
  Chooser choose(seed);
  const int D = choose.one_of<int>({1, 2});
  const Index points = D == 1 ? choose.one_of<Index>({4096, 16384}) : choose.one_of<Index>({128, 256});
  const std::string model = choose.one_of<std::string>(
      {fmt::format("model: lognormal, mu: {}", choose.between(0.15, 0.8)), std::string("model: log_poisson")});
  return results_of_run(
      fmt::format(
          "run: {{name: coverage, seed: {}, realisations: 16}}\n"
          "field: {{generator: multiplicative_cascade, {}, carrier: density, embedding_dimension: {}, points: {}}}\n"
          "analysis: {{partition_function: {{orders: [0.5, 1, 1.5, 2]}}}}\n"
          "approximation: {{enabled: false}}\n",
          seed, model, D, points),
      {"grid/tau/q0.5", "grid/tau/q1.5", "grid/tau/q2", "grid/D_q/q1", "grid/D_q/q2", "grid/f_width"});
}

/// One roughness, in one to three dimensions.
std::vector<Interval> leaders_of_gaussian(std::uint64_t seed) {
  Chooser choose(seed);
  const int D = choose.one_of<int>({1, 1, 2, 3});
  const Index points = D == 1 ? choose.one_of<Index>({4096, 16384, 65536}) : D == 2 ? 512 : 64;
  const double h = choose.between(0.2, 0.8);
  return results_of_run(fmt::format("run: {{name: coverage, seed: {}, realisations: 8}}\n"
                                    "field: {{generator: gaussian, embedding_dimension: {}, hurst: {}, points: {}}}\n"
                                    "analysis: {{leaders: {{first: {}}}}}\n"
                                    "approximation: {{enabled: false}}\n",
                                    seed, D, h, points, D == 3 ? 1 : 3),
                        {"grid/c1", "grid/c2", "grid/c3", "grid/width"});
}

/// Log-cumulants of cascades of eddies on a line; p-leaders, since some have h_min < 0.
std::vector<Interval> leaders_of_cascade(std::uint64_t seed) {
  Chooser choose(seed);
  const std::string model = any_model(choose, true);
  return results_of_run(fmt::format("run: {{name: coverage, seed: {}, realisations: 16}}\n"
                                    "field: {{generator: multiplicative_cascade, {}, embedding_dimension: 1, points: "
                                    "16384}}\n"
                                    "analysis: {{leaders: {{p: 2}}}}\n"
                                    "sampling: {{enabled: false}}\n"
                                    "approximation: {{enabled: false}}\n",
                                    seed, model),
                        {"grid/c1", "grid/c2"});
}

/// The same by leaders, of models whose h_min is above .1.
std::vector<Interval> leaders_of_bounded(std::uint64_t seed) {
  Chooser choose(seed);
  const std::string model = choose.one_of<std::string>(
      {fmt::format("model: p_model, p: {}", choose.between(0.6, 0.8)),
       fmt::format("model: lognormal, mu: {}", choose.between(0.1, 0.3)), std::string("model: log_poisson")});
  return results_of_run(fmt::format("run: {{name: coverage, seed: {}, realisations: 16}}\n"
                                    "field: {{generator: multiplicative_cascade, {}, embedding_dimension: 1, points: "
                                    "32768}}\n"
                                    "analysis: {{leaders: {{}}}}\n"
                                    "sampling: {{enabled: false}}\n"
                                    "approximation: {{enabled: false}}\n",
                                    seed, model),
                        {"grid/c1", "grid/c2", "grid/width"});
}

/// Detrended fluctuations of binomial and of random measures.
std::vector<Interval> fluctuations(std::uint64_t seed) {
  Chooser choose(seed);
  const std::string model = choose.one_of<std::string>(
      {fmt::format("model: binomial, p: {}", choose.between(0.6, 0.8)), any_model(choose, true)});
  return results_of_run(
      fmt::format(
          "run: {{name: coverage, seed: {}, realisations: 8}}\n"
          "field: {{generator: multiplicative_cascade, {}, carrier: density, embedding_dimension: 1, points: 16384}}\n"
          "analysis: {{mfdfa: {{orders: [1, 2]}}}}\n"
          "approximation: {{enabled: false}}\n",
          seed, model),
      {"grid/h_q/q1", "grid/h_q/q2"});
}

} // namespace

std::vector<Kind> multifractal_kinds() {
  return {
      {"multifractal pieces", "uniform and adaptive partitions of five models: D = 1, 2, 3, 24 trees", 60, 2, true,
       pieces},
      {"pieces of data", "error-driven partitions of the data on beta cascades: D = 1, 2, 3, 24 trees", 60, 0, true,
       pieces_of_data},
      {"partition sums", "measures of random models: D = 1, n = 4096, 16384; D = 2, n = 128, 256; R = 16", 60, 4, true,
       partition_sums},
      {"leaders, one h", "Gaussian fields: D = 1, n = 4096 to 65536; D = 2, n = 512; D = 3, n = 64; R = 8", 60, 4, true,
       leaders_of_gaussian},
      {"leaders, cascade", "p-leaders of cascades of eddies on lines of 16384, R = 16", 60, 3, true,
       leaders_of_cascade},
      {"leaders, bounded", "leaders of cascades of eddies with h_min > .1 on lines of 32768, R = 16", 60, 0, true,
       leaders_of_bounded},
      {"detrended fluctuations", "measures on lines of 16384, binomial and random, R = 8", 60, 0, true, fluctuations}};
}

} // namespace cascade::coverage
