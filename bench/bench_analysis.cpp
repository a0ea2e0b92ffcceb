// Speed of the grid estimators, at whatever number of ranks it is run: prints
// "name value unit [ratio R (target T)]", where the ratio is the measured value over the stated one.

#include "analysis/all_lags/all_lags.hpp"
#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/box_counting/boxes.hpp"
#include "analysis/spectrum/spectrum.hpp"
#include "analysis/structure_function/grid.hpp"
#include "core/random/random.hpp"
#include "core/ranks/communicator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>

namespace {

using namespace cascade;
using core::Index;

core::RealField random_field(const core::Decomposition& decomposition, int rank, int components = 1) {
  core::RealField field(decomposition, rank, components);
  const core::CounterRng random(1, core::Stream{5});
  for (int c = 0; c < components; ++c) {
    auto values = field.component(c);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const core::Block bits = random.block(i, static_cast<std::uint32_t>(rank + 64 * c));
      values[i] = core::uniform(bits[0], bits[1]) - 0.5;
    }
  }
  return field;
}

/// Shortest of three runs in CPU seconds of the rank that took most: whatever else the machine does counts little,
/// waiting for memory and for other ranks (who poll) counts.
double seconds(const core::Communicator& communicator, const std::function<void()>& work) {
  double best = 1e300;
  for (int repeat = 0; repeat < 3; ++repeat) {
    communicator.barrier();
    const std::clock_t start = std::clock();
    work();
    double elapsed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    communicator.max(std::span(&elapsed, 1));
    best = std::min(best, elapsed);
  }
  return best;
}

/// Seconds in which every rank reads its numbers once: eight sums, as fast as memory gives them.
double seconds_to_read(const core::Communicator& communicator, std::span<const double> values) {
  volatile double kept = 0;
  return seconds(communicator, [&] {
    double sum[32] = {};
    for (std::size_t first = 0; first + 32 <= values.size(); first += 32)
      for (std::size_t l = 0; l < 32; ++l)
        sum[l] += values[first + l];
    double total = 0;
    for (const double s : sum)
      total += s;
    kept = total;
  });
}

/// CPU seconds of all ranks together for moments at every lag of an interior box, the shorter of two.
double lag_seconds(const core::Communicator& comm, Index points, int components, const std::vector<int>& orders) {
  const core::Axes axes(3, core::GridAxis{points, 1, false});
  const auto field = random_field(core::Decomposition(core::Domain(axes), comm.size()), comm.rank(), components);
  double best = 1e300;
  for (int repeat = 0; repeat < (points < 128 ? 2 : 1); ++repeat) {
    comm.barrier();
    const std::clock_t start = std::clock();
    analysis::all_lags(field, comm, {orders, false});
    core::ExactSum total[1];
    total[0].add(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    comm.sum(std::span<core::ExactSum>(total));
    best = std::min(best, total[0].value());
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

  // The machine's own speed beside what lives on memory.
  const double read = seconds_to_read(comm, field.component(0));
  print("memory_read", 8 * total / read / 1e9, "GB/s");
  {
    std::vector<double> copy(field.component(0).size());
    const double time = seconds(comm, [&] { std::memcpy(copy.data(), field.component(0).data(), 8 * copy.size()); });
    print("memory_copy", 16 * total / time / 1e9, "GB/s");
  }
  const auto separations = analysis::log_separations(points);
  const double time = seconds(comm, [&] {
    analysis::grid_structure_functions(field, comm, {1, 2, 3, 4, 5, 6, 7, 8}, separations);
  });
  const double pairs = 3 * total * static_cast<double>(separations.size()) / time / comm.size();
  const double over_reading = time / (3 * static_cast<double>(separations.size())) / (2 * read);
  print("structure_functions_orders_1_to_8", pairs, "pairs/s/core",
        fmt::format(" ratio {:.3g} (target <= 3.5, of reading the field twice)", over_reading));

  const auto lags = [&](const char* name, Index side, int components, const std::vector<int>& orders, double wanted) {
    const double cpu = lag_seconds(comm, side, components, orders);
    print(name, cpu, "CPU-s", fmt::format(" ratio {:.3g} (target <= 1, of {:g} CPU s)", cpu / wanted, wanted));
  };
  lags("all_lags_64_orders_1_to_4", 64, 1, {1, 2, 3, 4}, 0.5);
  lags("all_lags_64_longitudinal_3", 64, 3, {3}, 1);
  lags("all_lags_128_orders_1_to_4", 128, 1, {1, 2, 3, 4}, 6);
  if (points >= 256)
    lags("all_lags_256_orders_1_to_4", 256, 1, {1, 2, 3, 4}, 60);

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
