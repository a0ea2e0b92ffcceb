#pragma once
// Numbers of which the ranks of a node keep one copy.

#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

namespace cascade::core {

/// Numbers that do not change any more: a rank's own, or memory that the ranks of a node have in common. Copies, and
/// the first n of them, are the same memory, which is given back when the last of them dies; that is local, so that a
/// rank may drop its copy at any time, as when an error unwinds it alone.
class SharedNumbers {
public:
  SharedNumbers() = default;
  SharedNumbers(std::vector<double> own);
  SharedNumbers(std::initializer_list<double> own) : SharedNumbers(std::vector<double>(own)) {}

  std::size_t size() const { return numbers_.size(); }
  bool empty() const { return numbers_.empty(); }
  const double* data() const { return numbers_.data(); }
  double operator[](std::size_t i) const { return numbers_[i]; }
  auto begin() const { return numbers_.begin(); }
  auto end() const { return numbers_.end(); }
  /// The first n of them, in the same memory; n <= size().
  SharedNumbers first(std::size_t n) const;
  /// Whether other ranks look at the same memory.
  bool shared() const { return shared_; }

private:
  friend SharedNumbers share_numbers(std::int64_t, const Communicator&, const Communicator&,
                                     const std::function<void(std::span<double>)>&);
  std::shared_ptr<const double> memory_;
  std::span<const double> numbers_;
  bool shared_ = false;
};

/// As many bytes and more are shared; fewer are not worth a segment.
inline constexpr std::int64_t least_shared_bytes = std::int64_t{1} << 20;

/// Every rank writes `mine` numbers into the span it is given; what comes back holds those of all ranks in rank order,
/// the same on every rank, in POSIX shared memory once a node (ranks of one node: `node`). Where there is not enough of
/// it (/dev/shm of a container) or a limit forbids it, each rank of that node has a copy of its own. An error that
/// `fill` throws on a rank is thrown on all. Collective over `ranks`.
SharedNumbers share_numbers(std::int64_t mine, const Communicator& ranks, const Communicator& node,
                            const std::function<void(std::span<double>)>& fill);
/// The same with the nodes that MPI knows.
SharedNumbers share_numbers(std::int64_t mine, const Communicator& ranks,
                            const std::function<void(std::span<double>)>& fill);

/// Ranks that will have one copy of so many bytes between them, as far as can be known before: 1 where they are few or
/// the node's shared memory has no room for them. Local.
int ranks_that_share(double bytes, int ranks_on_node);

} // namespace cascade::core
