#pragma once
// The directory of a run: refused early, held to the end.

#include "app/plan/work_unit.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/sha256.hpp"
#include "core/ranks/communicator.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

namespace cascade::app {

/// Everything a run or its postprocessing leaves in its directory: the sign of an older result. The presence of the
/// first says that all of it is there.
inline constexpr std::array<const char*, 10> result_files = {
    "report.json", "report.md", "report.html",  "results.h5", "field.h5",
    "field.xmf",   "run.log",   "all_lags.xmf", "input.yaml", core::checksum_file_name};

/// Disk space an output takes beside its field: an upper bound for OutputDirectory's check.
inline constexpr std::int64_t report_bytes = std::int64_t{16} << 20;

/// What a run means to do with what it finds in its directory.
struct OutputClaim {
  enum class Mode {
    fresh,  ///< an empty place, or with `force` whatever is there is replaced
    resume, ///< units of a run that ended early are taken up
    part,   ///< one share of a run; others may work here at the same time
    merge   ///< the report of parts
  };
  Mode mode = Mode::fresh;
  bool force = false;
  Part part; ///< of Mode::part
};

/// Throws Error(bad_input) unless something in the directory, if only the lock of a run that was killed, says that a
/// run was begun there: a mistyped --resume must not become a full run of its own. Local.
void require_begun(const std::filesystem::path& path);

/// The refusals of OutputDirectory below for a plan: throws what its constructor would throw, and makes, locks and
/// changes nothing. Local.
void require_usable(const std::filesystem::path& path, const OutputClaim& claim, std::int64_t expected_bytes);

/// The directory of one run, held from before the first computation to the end of the writing. The constructor makes
/// it, proves that a file can be written and synced in it, that `expected_bytes` are free, and locks it (`.lock` names
/// the holder; freed by any kind of death; parts share it and lock each other out by number). Throws, on every rank:
/// Error(refused) when another run holds it, when it cannot be made or written, when it has results or the units of an
/// unfinished run that the claim does not cover; Error(io_failure) when the disk is too full. No old result is touched
/// here; units of an unfinished run are removed by force, and an older result whose
/// replacement was broken off is put back. Where something that is not ours lies in the way, nothing is removed:
/// Error(refused). Collective constructor; rank 0 does the work and holds the
/// lock.
class OutputDirectory {
public:
  OutputDirectory(std::filesystem::path path, const OutputClaim& claim, std::int64_t expected_bytes,
                  const core::Communicator& communicator);
  OutputDirectory(std::filesystem::path path, bool force, std::int64_t expected_bytes,
                  const core::Communicator& communicator)
      : OutputDirectory(std::move(path), OutputClaim{OutputClaim::Mode::fresh, force, {}}, expected_bytes,
                        communicator) {}
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
  std::optional<core::FileLock> lock_, part_lock_;
};

} // namespace cascade::app
