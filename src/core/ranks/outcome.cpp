#include "core/ranks/outcome.hpp"

#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <new>
#include <thread>

namespace cascade::core {

namespace {

/// Waits until every rank has called this; false if that takes longer than `patience` seconds.
bool all_arrive(const Communicator& guard, double patience) {
  using Clock = std::chrono::steady_clock;
  MPI_Request request = MPI_REQUEST_NULL;
  if (MPI_Ibarrier(*static_cast<MPI_Comm*>(guard.native()), &request) != MPI_SUCCESS)
    return false;
  const Clock::time_point start = Clock::now();
  for (int done = 0;;) {
    if (MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
      return false;
    if (done != 0)
      return true;
    if (std::chrono::duration<double>(Clock::now() - start).count() > patience)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1)); // the others may need the core
  }
}

/// A path that cannot be used as it is, is refused; a disk that fails is a failure.
Outcome outcome_of(const std::filesystem::filesystem_error& error) {
  const std::error_code why = error.code();
  const bool refused = why == std::errc::permission_denied || why == std::errc::operation_not_permitted ||
                       why == std::errc::filename_too_long || why == std::errc::not_a_directory ||
                       why == std::errc::is_a_directory || why == std::errc::file_exists ||
                       why == std::errc::read_only_file_system || why == std::errc::too_many_symbolic_link_levels;
  return {refused ? ExitCode::refused : ExitCode::io_failure,
          fmt::format("{}: {}{}", error.path1().string(), why.message(), refused ? ". Choose another path." : "")};
}

} // namespace

Outcome attempt(const std::function<ExitCode()>& work) {
  try {
    return {work(), ""};
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::internal_failure,
            "out of memory; use fewer points a side or more nodes (--dry-run shows the need)"};
  } catch (const std::filesystem::filesystem_error& error) {
    return outcome_of(error);
  } catch (const std::exception& error) {
    return {ExitCode::internal_failure, fmt::format("internal failure: {}", error.what())};
  }
}

Outcome settle(const Communicator& guard, const Outcome& mine, double patience) {
  constexpr double for_ever = 1e9; // a rank that did its part waits for the slower ones
  const bool failed = !mine.message.empty();
  if (!all_arrive(guard, failed ? patience : for_ever)) {
    fmt::print(stderr, "cascade: rank {}: {}\n", guard.rank(), printable(mine.message));
    std::fflush(stderr);
    MPI_Abort(*static_cast<MPI_Comm*>(guard.native()), static_cast<int>(mine.code));
  }
  std::array<std::int64_t, 2> worst{failed ? guard.size() - guard.rank() : 0, static_cast<int>(mine.code)};
  guard.max(std::span<std::int64_t>(worst));
  if (worst[0] == 0)
    return {static_cast<ExitCode>(worst[1]), ""};
  const int first = guard.size() - static_cast<int>(worst[0]);
  std::array<std::int64_t, 1> code{guard.rank() == first ? static_cast<int>(mine.code) : 0};
  guard.max(std::span<std::int64_t>(code));
  return {static_cast<ExitCode>(code[0]), guard.broadcast(mine.message, first)};
}

const char* meaning(ExitCode code) {
  switch (code) {
  case ExitCode::complete:
    return "complete";
  case ExitCode::internal_failure:
    return "internal failure";
  case ExitCode::bad_input:
    return "bad input or command line";
  case ExitCode::refused:
    return "refused: output exists, is in use or cannot be written";
  case ExitCode::io_failure:
    return "input/output failure";
  case ExitCode::numerical_failure:
    return "numerical failure";
  case ExitCode::check_failed:
    return "complete, but a check is out of tolerance";
  case ExitCode::stopped:
    return "stopped early with a valid checkpoint";
  }
  return "unknown";
}

} // namespace cascade::core
