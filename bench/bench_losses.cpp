// Speed of fits to loss tables: prints "name value unit [ratio R (target T)]", where the ratio is the measured value
// over the stated one.

#include "analysis/losses/bootstrap.hpp"
#include "analysis/losses/loss_search.hpp"
#include "core/random/normals.hpp"
#include "core/ranks/communicator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

namespace {

using namespace cascade;

/// 240 runs like those of Hoffmann et al.: 48 sizes of 5 numbers of tokens each, noise of 1%.
analysis::LossTable runs() {
  std::vector<double> noise(256);
  core::normal_pairs(core::CounterRng(1, core::Stream{7}), 0, 0, noise);
  const analysis::LossParameters law{480, 0.35, 1.8, 2100, 0.37};
  analysis::LossTable t;
  t.name = "runs";
  for (int i = 0; i < 48; ++i)
    for (int j = 0; j < 5; ++j) {
      t.x.push_back(5e7 * std::pow(1.13, i));
      t.z.push_back(t.x.back() * 5 * std::pow(2.1, j));
      t.line.push_back(static_cast<int>(t.x.size()) + 1);
      t.loss.push_back(law.loss(t.x.back(), t.z.back()) * std::exp(0.01 * noise[t.x.size() - 1]));
    }
  return t;
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const auto ranks = core::Communicator::world();
  const analysis::LossTable table = runs();
  const auto print = [&](const char* name, const analysis::LossFitOptions& options) {
    const analysis::LossFit fit = analysis::fit_losses(table, analysis::LossModel::two_variables, options);
    double best = 1e300;
    for (int repeat = 0; repeat < 2; ++repeat) {
      ranks.barrier();
      const std::clock_t start = std::clock();
      analysis::bootstrap(table, fit, 4000, 1, ranks);
      double elapsed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
      ranks.max(std::span(&elapsed, 1));
      best = std::min(best, elapsed);
    }
    if (ranks.rank() == 0)
      fmt::print("{} {:.4g} CPU-s ratio {:.3g} (target <= 1, of 5 s)\n", name, best, best / 5);
  };
  print("refits_4000_huber", {analysis::Objective::huber_log, 1e-3});
  print("refits_4000_squares_of_log", {analysis::Objective::least_squares_log});
  print("refits_4000_student_t", {analysis::Objective::student_t_log});
  return 0;
}
