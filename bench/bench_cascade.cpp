// Speed of the cascade: filling grids, evaluating points, sampling pairs and cells. Prints, on rank 0, lines
//     name  value  unit  [ratio R (target T)]
// with the same total work at any number of ranks; a ratio is the rate of one core over the one wanted.

#include "analysis/approximation/driven_descent.hpp"
#include "analysis/approximation/sampled_cells.hpp"
#include "analysis/structure_function/tree.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "core/ranks/communicator.hpp"
#include "core/talk/progress.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

namespace {

using namespace cascade;
using core::Coordinate;
using core::Index;

constexpr int levels = 24;

solvers::BetaCascade make_generator(double dimension) {
  solvers::BetaCascadeParameters parameters;
  parameters.dimension = dimension;
  return {parameters, 1};
}

class Bench {
public:
  explicit Bench(core::Communicator communicator) : communicator_(std::move(communicator)) {}
  const core::Communicator& communicator() const { return communicator_; }

  /// Shortest of five runs in seconds, as the slowest rank sees it. Collective.
  double seconds(const std::function<void()>& work) const {
    double best = 1e300;
    for (int repeat = 0; repeat < 5; ++repeat) {
      communicator_.barrier();
      const core::Stopwatch watch;
      work();
      double elapsed[] = {watch.seconds()};
      communicator_.max(elapsed);
      best = std::min(best, elapsed[0]);
    }
    return best;
  }

  /// Rate of all ranks, and of one core with its target where there is one.
  void print(const std::string& name, double work, double time, const std::string& unit, double target = 0) const {
    if (communicator_.rank() != 0)
      return;
    const double rate = work / time, core = rate / communicator_.size();
    fmt::print("{}_total {:.4g} {}/s\n", name, rate, unit);
    if (target > 0)
      fmt::print("{} {:.4g} {}/s/core ratio {:.3g} (target >= 1 of {:.3g} {}/s)\n", name, core, unit, core / target,
                 target, unit);
    else
      fmt::print("{} {:.4g} {}/s/core\n", name, core, unit);
  }

  /// A number of its own, such as nanoseconds a call.
  void print_value(const std::string& name, double value, const std::string& unit) const {
    if (communicator_.rank() == 0)
      fmt::print("{} {:.4g} {}\n", name, value, unit);
  }

private:
  core::Communicator communicator_;
};

void fill(const Bench& bench, Index points) {
  const auto& comm = bench.communicator();
  const core::Decomposition decomposition(core::Domain(3, points), comm.size());
  for (const double d : {2.8, 3.0}) {
    const auto generator = make_generator(d);
    const double time = bench.seconds([&] { generator.sample(decomposition, comm, 0); });
    bench.print(fmt::format("grid_fill_{}_d{:g}", points, d),
                static_cast<double>(decomposition.domain().total_points()), time, "points", d < 3 ? 2e7 : 0);
  }
}

/// Points anywhere in the box: most soon find a dead cell.
std::vector<Coordinate> uniform_points(std::size_t count, std::uint64_t first) {
  const core::CounterRng random(1, core::Stream{5});
  std::vector<Coordinate> points(3 * count);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto bits = random.block(3 * first + i);
    points[i] = static_cast<Coordinate>(bits[0]) << 32 | bits[1];
  }
  return points;
}

/// Points in cells alive down to the last level.
std::vector<Coordinate> active_points(const core::ActiveTree& tree, std::size_t count, std::uint64_t first) {
  std::vector<Coordinate> points(3 * count);
  analysis::TreeDescent walk(tree);
  for (std::size_t n = 0, draw = first << 32; n < count; ++draw) {
    analysis::DrawStream stream(1, 0, draw & 0xFFFFFFFFFF, {9});
    walk.walk(stream, levels - 1);
    if (walk.reached() == levels - 1)
      random_point(walk.node(levels - 1).corner, levels - 1, stream, &points[3 * n++]);
  }
  return points;
}

void evaluate(const Bench& bench) {
  constexpr std::size_t all = 1 << 18, all_active = 1 << 16;
  const auto ranks = static_cast<std::size_t>(bench.communicator().size());
  const auto rank = static_cast<std::uint64_t>(bench.communicator().rank());
  const auto view = make_generator(2.8).sample(0, levels);
  const auto time = [&](const std::vector<Coordinate>& points) {
    std::vector<double> values(points.size() / 3);
    return bench.seconds([&] { view.field->evaluate(points, values); });
  };
  const auto uniform = uniform_points(all / ranks, rank * all);
  bench.print("evaluate_uniform_24_levels_d2.8", static_cast<double>(all / ranks * ranks), time(uniform), "points",
              3e6);
  const auto active = active_points(*view.tree, all_active / ranks, rank);
  bench.print("evaluate_active_24_levels_d2.8", static_cast<double>(all_active / ranks * ranks), time(active), "points",
              1e6);
}

/// Error-driven refinement of a log-normal cascade to 2^34 pieces: cells looked at, in descents of 20 levels, whose
/// steps look at 2^D children each.
void refine(const Bench& bench) {
  for (const int D : {2, 3}) {
    solvers::MultiplicativeCascadeParameters parameters;
    parameters.embedding_dimension = D;
    parameters.points = 0;
    const solvers::MultiplicativeCascade cascade(parameters, 1);
    analysis::DrivenSetting setting;
    setting.dimensions = D;
    setting.levels = 48;
    analysis::choose_lattice(setting);
    const analysis::DrivenCounts none;
    analysis::DrivenThresholds thresholds{3, D == 2 ? 200 : 184};
    double cells = 0;
    const double time = bench.seconds([&] {
      cells = 0;
      for (std::uint64_t run = 0; run < 8; ++run) {
        analysis::DrawStream stream(1, run, 0, {9});
        analysis::DrivenCells looked(cascade.sample(run), setting, none, core::Block{1, 2, 3, 4}, {});
        analysis::DrivenSums sums(thresholds.count);
        analysis::driven_run(looked, thresholds, 16, stream, sums);
        cells += static_cast<double>(looked.evaluations());
      }
    });
    const double ranks = bench.communicator().size(); // every one of them does all of it
    bench.print(fmt::format("error_driven_d{}", D), ranks * cells / (20 * std::exp2(D)), time, "descents",
                D == 2 ? 2e5 / 60 : 0);
  }
}

void children(const Bench& bench) {
  const auto view = make_generator(2.8).sample(0, levels);
  constexpr int calls = 200000;
  std::vector<core::Block> keys(8);
  std::vector<std::uint8_t> alive(8);
  core::Block key = view.tree->root();
  const double time = bench.seconds([&] {
    for (int i = 0; i < calls; ++i) {
      view.tree->children(key, keys, alive);
      key = keys[static_cast<std::size_t>(i & 7)]; // the next call needs this one's answer
    }
  });
  bench.print_value("children_of_a_cell_3d", 1e9 * time / calls, "ns");
}

void sample(const Bench& bench) {
  const auto generator = make_generator(2.8);
  const core::PointSource source = [&](int tree) { return generator.sample(static_cast<std::uint64_t>(tree), levels); };
  const auto& comm = bench.communicator();
  const analysis::SamplingPlan pairs{1, 64, 256, 20}, cells{1, 64, 32, 20};
  const auto places = [](const analysis::BlockTable& t) { // as many as were really measured, alive and dead
    double total = 0;
    for (const double c : t.count)
      total += c;
    return total;
  };
  analysis::SampledStructureFunctions sf;
  double time = bench.seconds([&] {
    sf = analysis::sampled_structure_functions(source, 3, {1, 2, 3, 4, 5, 6}, pairs, comm);
  });
  bench.print("sampled_pairs_orders_1_to_6", places(sf.moments[0]), time, "pairs");
  analysis::SampledLosses losses;
  for (const bool random : {false, true}) {
    const analysis::SampledCellSettings settings{{0, 1}, {2, 4}, 3, random};
    time = bench.seconds([&] { losses = analysis::sampled_losses(source, 3, settings, cells, comm); });
    bench.print(random ? "sampled_cells_random_origin_27_points" : "sampled_cells_27_points",
                places(losses.volume[0][0]), time, "cells");
  }
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const Bench bench(core::Communicator::world());
  fill(bench, argc > 1 ? std::atoll(argv[1]) : 256);
  evaluate(bench);
  children(bench);
  refine(bench);
  sample(bench);
  return 0;
}
