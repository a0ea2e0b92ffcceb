#include "core/ranks/shared_numbers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace cascade::core {
namespace {

// POSIX segments and not MPI's windows: those are freed by all ranks together, so that a value that dies while an error
// unwinds one rank would leave the others waiting; and where they find no room, some libraries hang or abort.

/// Maps the open segment; nothing where that fails. Closes it.
std::shared_ptr<double> map_segment(int file, std::size_t bytes) {
  void* const place = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (place == MAP_FAILED)
    return nullptr;
  return {static_cast<double*>(place), [bytes](double* p) { munmap(p, bytes); }};
}

/// A new segment with all its pages: it is refused now, not by a signal at the first write. Its name is set.
std::shared_ptr<double> create_segment(std::size_t bytes, std::string& name) {
  static int made = 0;
  int file = -1;
  do {
    name = fmt::format("/cascade-{}-{}", getpid(), made++);
    file = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  } while (file < 0 && errno == EEXIST); // of a process that had this number and was killed
  if (file < 0) {
    name.clear();
    return nullptr;
  }
  int failed = 0;
  do
    failed = posix_fallocate(file, 0, static_cast<off_t>(bytes));
  while (failed == EINTR);
  if (failed == 0)
    return map_segment(file, bytes);
  close(file);
  return nullptr;
}

std::shared_ptr<double> open_segment(std::size_t bytes, const std::string& name) {
  const int file = name.empty() ? -1 : shm_open(name.c_str(), O_RDWR, 0);
  return file < 0 ? nullptr : map_segment(file, bytes);
}

/// One segment for the ranks of a node, or nothing on all of them. Collective over the node.
std::shared_ptr<double> node_segment(std::size_t bytes, const Communicator& node) {
  std::shared_ptr<double> memory;
  std::string name;
  if (node.rank() == 0)
    memory = create_segment(bytes, name);
  const std::string shown = node.broadcast(memory != nullptr ? name : std::string(), 0);
  if (node.rank() != 0)
    memory = open_segment(bytes, shown);
  std::array<double, 1> all{memory != nullptr ? 1.0 : 0.0};
  node.min(all);
  if (node.rank() == 0 && !name.empty())
    shm_unlink(name.c_str()); // it lives as long as it is mapped, and no longer
  return all[0] > 0 ? memory : nullptr;
}

} // namespace

SharedNumbers::SharedNumbers(std::vector<double> own) {
  const auto kept = std::make_shared<const std::vector<double>>(std::move(own));
  numbers_ = *kept;
  memory_ = {kept, kept->data()};
}

SharedNumbers SharedNumbers::first(std::size_t n) const {
  SharedNumbers out(*this);
  out.numbers_ = numbers_.first(n);
  return out;
}

SharedNumbers share_numbers(std::int64_t mine, const Communicator& ranks, const Communicator& node,
                            const std::function<void(std::span<double>)>& fill) {
  const std::vector<std::int64_t> counts = ranks.gather_all(std::span<const std::int64_t>(&mine, 1));
  std::vector<std::int64_t> starts(1, 0);
  for (const std::int64_t count : counts)
    starts.push_back(starts.back() + count);
  const auto total = static_cast<std::size_t>(starts.back()), bytes = total * sizeof(double);
  SharedNumbers out;
  std::shared_ptr<double> memory;
  if (node.size() > 1 && static_cast<std::int64_t>(bytes) >= least_shared_bytes)
    memory = node_segment(bytes, node);
  out.shared_ = memory != nullptr;
  ranks.agree([&] {
    if (memory == nullptr)
      memory = {new double[total], std::default_delete<double[]>()};
    fill({memory.get() + starts[static_cast<std::size_t>(ranks.rank())], static_cast<std::size_t>(mine)});
  });
  // The first rank of a node that shares, and every rank of one that does not, gets what it has not seen written.
  std::array<std::int64_t, 1> holder{ranks.rank()};
  if (out.shared_)
    node.broadcast(std::as_writable_bytes(std::span(holder)), 0);
  const std::vector<std::int64_t> holder_of = ranks.gather_all(std::span<const std::int64_t>(holder));
  std::vector<std::int64_t> holders(holder_of);
  std::sort(holders.begin(), holders.end());
  holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
  if (holders.size() > 1) {
    const bool holds = holder[0] == ranks.rank();
    const Communicator between = ranks.split(holds ? 0 : 1, ranks.rank());
    for (std::size_t r = 0; holds && r < counts.size(); ++r) {
      const auto root = std::lower_bound(holders.begin(), holders.end(), holder_of[r]) - holders.begin();
      between.broadcast(
          std::as_writable_bytes(std::span(memory.get() + starts[r], static_cast<std::size_t>(counts[r]))),
          static_cast<int>(root));
    }
  }
  ranks.barrier();
  out.numbers_ = {memory.get(), total};
  out.memory_ = std::move(memory);
  return out;
}

SharedNumbers share_numbers(std::int64_t mine, const Communicator& ranks,
                            const std::function<void(std::span<double>)>& fill) {
  return share_numbers(mine, ranks, ranks.node(), fill);
}

int ranks_that_share(double bytes, int ranks_on_node) {
  struct statvfs room {};
  if (bytes < static_cast<double>(least_shared_bytes) || statvfs("/dev/shm", &room) != 0)
    return 1;
  rlimit largest{};
  const bool limited = getrlimit(RLIMIT_FSIZE, &largest) == 0 && largest.rlim_cur != RLIM_INFINITY &&
                       bytes > static_cast<double>(largest.rlim_cur);
  const bool fits = bytes < static_cast<double>(room.f_bavail) * static_cast<double>(room.f_frsize);
  return fits && !limited ? ranks_on_node : 1;
}

} // namespace cascade::core
