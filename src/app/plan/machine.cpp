#include "app/plan/machine.hpp"

#include "core/ranks/machine.hpp"

#include <fmt/format.h>

#include <array>

namespace cascade::app {

Machine describe_machine(const core::Communicator& communicator) {
  const core::AvailableMemory memory = core::available_memory();
  const int here = core::ranks_on_node(communicator);
  // The tightest node decides: least memory a rank.
  std::array<double, 1> least{static_cast<double>(memory.bytes) / here};
  communicator.min(least);
  std::array<std::int64_t, 1> crowd{here};
  communicator.max(std::span<std::int64_t>(crowd));
  return {communicator.size(), static_cast<int>(crowd[0]),
          static_cast<std::int64_t>(least[0] * static_cast<double>(crowd[0])), communicator.broadcast(memory.source, 0),
          core::program_bytes(communicator)};
}

std::string format_bytes(std::int64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit)
    value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

} // namespace cascade::app
