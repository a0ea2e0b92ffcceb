#pragma once
// MPI behind values: environment and communicator. No other file includes mpi.h except through core's .cpp files.

#include "core/sums/exact_sum.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cascade::core {

/// First alive, last dead: initialises MPI (singletons included) and finalises it.
class Environment {
public:
  Environment(int& argc, char**& argv);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
};

/// A move-only duplicate of an MPI communicator. Every call throws core::Error with MPI's own text on failure.
/// All calls are collective over this communicator unless the comment says otherwise.
class Communicator {
public:
  static Communicator world(); ///< duplicate of MPI_COMM_WORLD
  static Communicator self();  ///< duplicate of MPI_COMM_SELF
  Communicator(Communicator&&) noexcept;
  Communicator& operator=(Communicator&&) noexcept;
  ~Communicator();

  int rank() const; ///< local call
  int size() const; ///< local call
  Communicator split(int colour, int key) const;
  Communicator node() const; ///< the ranks that can share memory with this one

  void barrier() const;
  void broadcast(std::span<std::byte> data, int root) const;
  std::string broadcast(const std::string& text, int root) const;

  /// Order-independent sums over ranks: every rank gets the same bits, whatever the rank count.
  void sum(std::span<ExactSum> values) const;
  void sum(std::span<std::int64_t> values) const;
  void max(std::span<double> values) const;
  void max(std::span<std::int64_t> values) const;
  void min(std::span<double> values) const;

  /// Concatenates the ranks' spans in rank order; every rank gets the whole. For small data only.
  std::vector<double> gather_all(std::span<const double> local) const;
  std::vector<std::int64_t> gather_all(std::span<const std::int64_t> local) const;

  /// Exchanges blocks of doubles: block r of `send` goes to rank r, blocks lie one after the other in rank order;
  /// counts are in doubles, 64-bit (messages above 2^30 bytes are split). A rank's block for itself is a plain copy.
  void all_to_all(std::span<const double> send, std::span<const std::int64_t> send_counts, std::span<double> receive,
                  std::span<const std::int64_t> receive_counts) const;
  /// The same for bytes.
  void all_to_all(std::span<const std::byte> send, std::span<const std::int64_t> send_counts,
                  std::span<std::byte> receive, std::span<const std::int64_t> receive_counts) const;

  /// Runs `local` on every rank; if any rank throws, every rank throws the error of the lowest such rank. Keeps an
  /// error path collective: nobody is left waiting.
  void agree(const std::function<void()>& local) const;

  /// Pointer to the MPI_Comm, for core's own .cpp files (hdf5 writer). Not for other folders.
  void* native() const;

private:
  struct Handle;
  explicit Communicator(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

} // namespace cascade::core
