#include "core/ranks/machine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

namespace cascade::core {

namespace {

/// The number behind `label` in a file of "label number" lines; the first number when the label is empty.
std::optional<std::int64_t> read_number(const std::string& path, const std::string& label = "") {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(label))
      continue;
    std::istringstream words(line.substr(label.size()));
    std::int64_t value = 0;
    return words >> value ? std::optional(value) : std::nullopt; // "max" is no limit
  }
  return std::nullopt;
}

std::optional<std::int64_t> cgroup_left(const std::string& limit, const std::string& usage,
                                        const std::string& statistics, const std::string& cache_label) {
  const auto allowed = read_number(limit), used = read_number(usage);
  if (!allowed || !used)
    return std::nullopt;
  const std::int64_t cache = read_number(statistics, cache_label).value_or(0); // page cache gives way
  return std::max<std::int64_t>(*allowed - std::max<std::int64_t>(*used - cache, 0), 0);
}

std::optional<std::int64_t> megabytes_from(const char* variable) {
  const char* text = std::getenv(variable);
  char* end = nullptr;
  const long long value = text == nullptr ? 0 : std::strtoll(text, &end, 10);
  return value > 0 && *end == '\0' ? std::optional<std::int64_t>(value << 20) : std::nullopt;
}

} // namespace

AvailableMemory available_memory() {
  AvailableMemory best{std::numeric_limits<std::int64_t>::max(), "no limit known"};
  const auto consider = [&](std::optional<std::int64_t> bytes, const char* source) {
    if (bytes && *bytes < best.bytes)
      best = {*bytes, source};
  };
  const auto kernel = read_number("/proc/meminfo", "MemAvailable:");
  consider(kernel ? std::optional(*kernel << 10) : std::nullopt, "MemAvailable");
  consider(cgroup_left("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat",
                       "inactive_file "),
           "the control group's limit");
  consider(cgroup_left("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
                       "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file "),
           "the control group's limit");
  consider(megabytes_from("SLURM_MEM_PER_NODE"), "SLURM_MEM_PER_NODE");
  return best;
}

int ranks_on_node(const Communicator& communicator) {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  std::uint64_t hash = 14695981039346656037U; // FNV-1a
  for (const char* c = name; *c != '\0'; ++c)
    hash = (hash ^ static_cast<unsigned char>(*c)) * 1099511628211U;
  const std::int64_t mine = static_cast<std::int64_t>(hash);
  const std::vector<std::int64_t> all = communicator.gather_all(std::span(&mine, 1));
  return static_cast<int>(std::count(all.begin(), all.end(), mine));
}

std::int64_t program_bytes(const Communicator& communicator) {
  constexpr std::int64_t first_use = std::int64_t{11} << 20; // as measured on Debian 12, within a few MiB
  return peak_bytes(communicator) + first_use;
}

std::int64_t peak_bytes(const Communicator& communicator) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage); // counts what the program that started this one held: the kernel's own file does not
  const std::int64_t kibibytes = read_number("/proc/self/status", "VmHWM:").value_or(usage.ru_maxrss);
  std::array<std::int64_t, 1> peak{kibibytes * 1024};
  communicator.max(std::span<std::int64_t>(peak));
  return peak[0];
}

} // namespace cascade::core
