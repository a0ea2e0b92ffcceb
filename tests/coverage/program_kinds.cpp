#include "tests/coverage/program_kinds.hpp"

#include "app/field/pipeline.hpp"
#include "app/plan/plan.hpp"
#include "tests/coverage/chooser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cascade::coverage {
namespace {

using core::Index;

app::Report run(const std::string& text) {
  const auto self = core::Communicator::self();
  const app::RunConfig config = app::load_config(app::parse_input({"coverage.yaml", text, {}, false}));
  const app::Machine machine{1, 1, std::int64_t{8} << 30, "coverage"};
  core::Progress progress(core::Progress::Style::silent);
  return app::run_pipeline(config, app::make_plan(config, machine), self, progress).report;
}

Interval interval(const std::string& name, double truth, const analysis::Measured& measured, bool decides) {
  const bool known = decides && measured.interval95.size() == 2;
  return {name,
          truth,
          known,
          measured.value,
          measured.standard_error,
          known ? measured.interval95[0] : 0.0,
          known ? measured.interval95[1] : 0.0};
}

/// Every answer to these results; one that is not in the report is one that the program did not give.
std::vector<Interval> answers_of(const app::Report& report, const std::vector<std::string>& ids,
                                 const std::vector<analysis::Way>& ways) {
  std::vector<Interval> list;
  for (const std::string& id : ids) {
    const app::Judged* found = nullptr;
    for (const app::Judged& j : report.results)
      if (j.result.id == id)
        found = &j;
    const double truth = found != nullptr && found->predicted ? found->predicted->value : 0;
    for (const analysis::Way way : ways) {
      const std::string name = id + " " + to_text(way);
      const auto* answer =
          found != nullptr && found->result.answers.contains(way) ? &found->result.answers.at(way) : nullptr;
      list.push_back(answer != nullptr ? interval(name, truth, answer->measured, answer->decisive())
                                       : interval(name, truth, {}, false));
    }
    if (ways.empty())
      list.push_back(found != nullptr && found->predicted
                         ? interval(id, truth, found->result.measured, decides(found->result.status))
                         : interval(id, truth, {}, false));
  }
  return list;
}

std::string gaussian(std::uint64_t seed, int dimensions, Index points, Index realisations, double hurst,
                     const std::string& components) {
  return fmt::format("run: {{name: coverage, seed: {}, realisations: {}}}\n"
                     "field: {{generator: gaussian, embedding_dimension: {}, points: {}, hurst: {}, components: {}}}\n",
                     seed, realisations, dimensions, points, hurst, components);
}

} // namespace

std::vector<Interval> whole_series(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({32768, 100000, 131072});
  const std::string text = gaussian(seed, 1, n, 1, choose.between(0.1, 0.8), "scalar") +
                           "analysis: {structure_function: {orders: [1, 2]}, spectrum: {}}\n"
                           "approximation: {enabled: false}\n";
  return answers_of(run(text), {"grid/zeta/p1", "grid/zeta/p2", "grid/spectrum_slope"}, {analysis::Way::blind});
}

std::vector<Interval> whole_vector(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({2, 3});
  const Index n = dimensions == 3 ? 128 : choose.one_of<Index>({128, 256});
  const Index realisations = dimensions == 3 ? choose.one_of<Index>({1, 2}) : choose.one_of<Index>({1, 4, 8});
  const std::string text =
      gaussian(seed, dimensions, n, realisations, choose.between(0.1, 0.7), "vector") +
      "analysis: {structure_function: {orders: [2, 3]}}\n"
      "approximation: {degrees: [0, 1], loss_powers: [2, 4], partitions: [uniform], averages: [volume]}\n";
  return answers_of(run(text),
                    {"grid/zeta/longitudinal/p2", "grid/zeta/transverse/p3", "grid/alpha/uniform/volume/k0/q2",
                     "grid/alpha/uniform/volume/k1/q2", "grid/alpha/uniform/volume/k1/q4"},
                    {analysis::Way::blind, analysis::Way::curve});
}

std::vector<Interval> whole_velocity(std::uint64_t seed) {
  Chooser choose(seed);
  const double h = choose.between(0.15, 0.7);
  const Index realisations = choose.one_of<Index>({8, 16}), n = choose.one_of<Index>({64, 128});
  const std::string text = gaussian(seed, 2, n, realisations, h, "vector") +
                           "analysis: {structure_function: {orders: [2], lags: all}, turbulence: {}}\n"
                           "approximation: {enabled: false}\n";
  const app::Report report = run(text);
  std::vector<Interval> list;
  // Increments of a Gaussian field are Gaussian at every r: S_p is a power of S_3, whatever the range. An isotropic
  // solenoidal field has the isotropic ratio at every r, too.
  for (const auto& [id, truth] :
       {std::pair{"grid/ess/p1", 1.0 / 3}, std::pair{"grid/ess/p2", 2.0 / 3}, std::pair{"grid/ess/p4", 4.0 / 3},
        std::pair{"grid/ess/p6", 2.0}, std::pair{"grid/isotropy", 1.0},
        std::pair{"grid/zeta/all_lags/longitudinal/p2", 2 * h}, std::pair{"grid/zeta/all_lags/transverse/p2", 2 * h}}) {
    const auto found = std::find_if(report.results.begin(), report.results.end(),
                                    [id = id](const app::Judged& j) { return j.result.id == id; });
    list.push_back(found != report.results.end()
                       ? interval(id, truth, found->result.measured, decides(found->result.status))
                       : interval(id, truth, {}, false));
  }
  return list;
}

std::vector<Interval> whole_isotropy(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({2, 3});
  const Index n = dimensions == 3 ? choose.one_of<Index>({32, 48, 64}) : choose.one_of<Index>({64, 100, 256});
  const Index realisations = choose.one_of<Index>({1, 4, 8});
  const std::string text = gaussian(seed, dimensions, n, realisations, choose.between(0.15, 0.7), "vector") +
                           "analysis: {turbulence: {}}\n"
                           "approximation: {enabled: false}\n";
  const app::Report report = run(text);
  for (const app::Judged& j : report.results)
    if (j.result.id == "grid/isotropy")
      return {interval(j.result.id, 1, j.result.measured, decides(j.result.status))};
  return {interval("grid/isotropy", 1, {}, false)};
}

std::vector<Interval> whole_random_origin(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({1, 2});
  const Index n = dimensions == 1 ? 4096 : choose.one_of<Index>({128, 256});
  const std::string text =
      gaussian(seed, dimensions, n, choose.one_of<Index>({1, 4, 8}), choose.between(0.1, 0.7), "scalar") +
      "analysis: {}\n"
      "approximation: {degrees: [0, 1], loss_powers: [2, 4], partitions: [uniform], averages: [volume], "
      "origin: random}\n";
  return answers_of(
      run(text),
      {"grid/alpha/uniform/volume/k0/q2", "grid/alpha/uniform/volume/k1/q2", "grid/alpha/uniform/volume/k1/q4"},
      {analysis::Way::blind, analysis::Way::curve});
}

std::vector<Interval> whole_cascade(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({1, 2});
  const Index n = dimensions == 1 ? choose.one_of<Index>({4096, 16384}) : choose.one_of<Index>({256, 512});
  const Index realisations = choose.one_of<Index>({4, 8});
  const double d = dimensions - choose.between(0.05, 0.2) * dimensions, h = choose.between(0.1, 0.4);
  const std::string text =
      fmt::format("run: {{name: coverage, seed: {}, realisations: {}}}\n"
                  "field: {{generator: beta_cascade, embedding_dimension: {}, dimension: {}, hurst: {}, points: {}}}\n"
                  "analysis: {{structure_function: {{orders: [2, 3]}}, box_counting: {{}}}}\n"
                  "approximation: {{degrees: [0, 1], loss_powers: [2, 4], partitions: [uniform, adaptive, oracle], "
                  "averages: [active, volume]}}\n"
                  "sampling: {{enabled: false}}\n",
                  seed, realisations, dimensions, d, h, n);
  std::vector<std::string> alphas;
  for (const char* set : {"uniform/volume", "oracle/active", "adaptive/volume"})
    for (const char* loss : {"k0/q2", "k1/q2", "k0/q4", "k1/q4"})
      alphas.push_back(fmt::format("grid/alpha/{}/{}", set, loss));
  const app::Report report = run(text);
  std::vector<Interval> list = answers_of(report, {"grid/zeta/p2", "grid/zeta/p3"}, {analysis::Way::curve});
  for (Interval& interval : answers_of(report, alphas, {}))
    list.push_back(std::move(interval));
  return list;
}

std::vector<Interval> whole_tree(std::uint64_t seed) {
  Chooser choose(seed);
  const double d = 2 - choose.between(0.1, 0.4), h = choose.between(0.1, 0.4);
  const std::string text = fmt::format(
      "run: {{name: coverage, seed: {}, realisations: 4}}\n"
      "field: {{generator: beta_cascade, embedding_dimension: 2, dimension: {}, hurst: {}, points: 2048}}\n"
      "analysis: {{box_counting: {{}}}}\n"
      "approximation: {{degrees: [0, 1], loss_powers: [2, 4], partitions: [adaptive], averages: [volume]}}\n"
      "sampling: {{enabled: false}}\n",
      seed, d, h);
  std::vector<std::string> alphas;
  for (const char* loss : {"k0/q2", "k1/q2", "k0/q4", "k1/q4"})
    alphas.push_back(fmt::format("grid/alpha/adaptive/volume/{}", loss));
  return answers_of(run(text), alphas, {});
}

std::vector<Interval> whole_sampled_cascade(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({1, 2, 3});
  const double d = dimensions - choose.between(0.1, 0.4), h = choose.between(0.1, 0.4);
  const std::string text =
      fmt::format("run: {{name: coverage, seed: {}}}\n"
                  "field: {{generator: beta_cascade, embedding_dimension: {}, dimension: {}, hurst: {}, points: 0}}\n"
                  "analysis: {{structure_function: {{orders: [1, 2, 3]}}, box_counting: {{}}}}\n"
                  "approximation: {{degrees: [0, 1], loss_powers: [2], partitions: [oracle], averages: [active]}}\n"
                  "sampling: {{trees: 32}}\n",
                  seed, dimensions, d, h);
  return answers_of(run(text),
                    {"sampled/zeta/p1", "sampled/zeta/p2", "sampled/zeta/p3", "sampled/alpha/oracle/active/k0/q2",
                     "sampled/alpha/oracle/active/k1/q2"},
                    {});
}

std::vector<Interval> whole_sampled_waves(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({1, 2, 3, 6, 20});
  const std::string text = fmt::format(
      "run: {{name: coverage, seed: {}}}\n"
      "field: {{generator: fourier_modes, embedding_dimension: {}, hurst: {}}}\n"
      "analysis: {{structure_function: {{orders: [1, 2, 3]}}}}\n"
      "approximation: {{degrees: [0, 1], loss_powers: [1, 2, 3], partitions: [uniform], averages: [volume]}}\n"
      "sampling: {{trees: 32}}\n",
      seed, dimensions, choose.between(0.1, 0.9));
  std::vector<std::string> ids{"sampled/zeta/p1", "sampled/zeta/p2", "sampled/zeta/p3"};
  for (const int degree : {0, 1})
    for (const int power : {1, 2, 3})
      ids.push_back(fmt::format("sampled/alpha/uniform/volume/k{}/q{}", degree, power));
  return answers_of(run(text), ids, {});
}

std::vector<Interval> whole_high_dimension(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({4, 8, 20, 40});
  const std::string text = fmt::format(
      "run: {{name: coverage, seed: {}}}\n"
      "field: {{generator: beta_cascade, profile: oriented, embedding_dimension: {}, dimension: {}, hurst: {}, "
      "points: 0}}\n"
      "analysis: {{}}\n"
      "approximation: {{degrees: [0, 1], loss_powers: [2], partitions: [oracle], averages: [active]}}\n"
      "sampling: {{trees: 32}}\n",
      seed, dimensions, dimensions * choose.between(0.4, 0.95), choose.between(0.15, 0.45));
  return answers_of(run(text), {"sampled/alpha/oracle/active/k0/q2", "sampled/alpha/oracle/active/k1/q2"}, {});
}

std::vector<Interval> whole_error_driven(std::uint64_t seed) {
  Chooser choose(seed);
  const int dimensions = choose.one_of<int>({1, 2});
  const double p = choose.between(0.65, 0.85), mu = choose.between(0.15, 0.8), x = choose.between(0.05, 0.3);
  const std::string model =
      choose.one_of<std::string>({fmt::format("model: p_model, p: {}", p), fmt::format("model: lognormal, mu: {}", mu),
                                  fmt::format("model: random_beta, x: {}", x), std::string("model: log_poisson")});
  const std::string text =
      fmt::format("run: {{name: coverage, seed: {}}}\n"
                  "field: {{generator: multiplicative_cascade, {}, embedding_dimension: {}, points: 0}}\n"
                  "analysis: {{}}\n"
                  "approximation: {{degrees: [0], loss_powers: [2, 4], partitions: [adaptive], averages: [volume]}}\n"
                  "sampling: {{trees: 32, pairs: 128, cells: 32}}\n",
                  seed, model, dimensions);
  return answers_of(run(text), {"sampled/alpha/adaptive/volume/k0/q2", "sampled/alpha/adaptive/volume/k0/q4"}, {});
}

std::vector<Interval> results_of_run(const std::string& input, const std::vector<std::string>& ids) {
  return answers_of(run(input), ids, {});
}

} // namespace cascade::coverage
