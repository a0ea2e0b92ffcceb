// Speed of the grid estimators, at whatever number of ranks it is run: prints
// "name value unit [ratio R (target T)]", where the ratio is the measured value over the stated one.

#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/box_counting/boxes.hpp"
#include "analysis/spectrum/spectrum.hpp"
#include "analysis/structure_function/grid.hpp"
#include "core/random/random.hpp"
#include "core/ranks/communicator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>

namespace {

using namespace cascade;
using core::Index;

core::RealField random_field(const core::Decomposition& decomposition, int rank) {
  core::RealField field(decomposition, rank);
  const core::CounterRng random(1, core::Stream{5});
  auto values = field.component(0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const core::Block bits = random.block(i, static_cast<std::uint32_t>(rank));
    values[i] = core::uniform(bits[0], bits[1]) - 0.5;
  }
  return field;
}

/// Shortest of three runs in seconds, as the slowest rank sees it.
double seconds(const core::Communicator& communicator, const std::function<void()>& work) {
  double best = 1e300;
  for (int repeat = 0; repeat < 3; ++repeat) {
    communicator.barrier();
    const auto start = std::chrono::steady_clock::now();
    work();
    double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    communicator.max(std::span(&elapsed, 1));
    best = std::min(best, elapsed);
  }
  return best;
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const auto comm = core::Communicator::world();
  const Index points = argc > 1 ? std::atoll(argv[1]) : 256;
  const auto field = random_field(core::Decomposition(core::Domain(3, points), comm.size()), comm.rank());
  const auto total = static_cast<double>(field.domain().total_points());
  const auto print = [&](const char* name, double value, const char* unit, const std::string& against = "") {
    if (comm.rank() == 0)
      fmt::print("{} {:.4g} {}{}\n", name, value, unit, against);
  };

  const auto separations = analysis::log_separations(points);
  const double time = seconds(comm, [&] {
    analysis::grid_structure_functions(field, comm, {1, 2, 3, 4, 5, 6, 7, 8}, separations);
  });
  const double pairs = 3 * total * static_cast<double>(separations.size()) / time / comm.size();
  print("structure_functions_orders_1_to_8", pairs, "pairs/s/core",
        fmt::format(" ratio {:.3g} (target >= 1, of 2e8)", pairs / 2e8));

  analysis::GridApproximationOptions options; // degrees 0 and 1, loss powers 2 and 4, all levels
  options.adaptive = false;
  const double uniform = seconds(comm, [&] { analysis::approximate_on_grid(field, nullptr, comm, options); });
  print("uniform_losses_time", uniform, "s", fmt::format(" ratio {:.3g} (target <= 1, of 4 s at 256^3)", uniform / 4));
  print("uniform_losses", total / uniform / comm.size(), "points/s/core");
  options.uniform = false;
  options.adaptive = true;
  print("threshold_trees",
        total / seconds(comm, [&] { analysis::approximate_on_grid(field, nullptr, comm, options); }) / comm.size(),
        "points/s/core");

  const core::DistributedFft fft(field.decomposition(), comm);
  print("spectrum_with_transform", seconds(comm, [&] { analysis::spectrum(field, fft, comm); }), "s");
  print("threshold_box_counting", seconds(comm, [&] { analysis::count_threshold_boxes(field, 1, comm); }), "s");
  return 0;
}
