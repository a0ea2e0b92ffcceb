#include "app/store/output_directory.hpp"

#include "app/store/result_switch.hpp"
#include "app/store/unit_store.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <system_error>

namespace cascade::app {

namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw Error(ExitCode::refused, fmt::format("{}: {}", path.string(), why));
}

void make_directory(const fs::path& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure)
    refuse(path, fmt::format("cannot make the output directory: {}. Choose another --output.", failure.message()));
  if (!fs::is_directory(path))
    refuse(path, "exists and is not a directory. Choose another --output.");
}

void refuse_old_results(const fs::path& path, bool part) {
  for (const char* name : result_files)
    if (fs::exists(path / name))
      refuse(path, fmt::format("has a result already ({}). {}, or choose another --output.", name,
                               part ? "Remove it" : "Use --force to replace it"));
}

void settle_old_work(const fs::path& path, const OutputClaim& claim) {
  using Mode = OutputClaim::Mode;
  const std::int64_t units = UnitStore::count_units(units_folder(path));
  const bool unfinished = units > 0;
  if (!claim.force && !(claim.mode == Mode::resume && unfinished))
    refuse_old_results(path, claim.mode == Mode::part);
  if (claim.mode != Mode::fresh)
    return;
  if (unfinished && !claim.force)
    refuse(path, fmt::format("has {} finished units of a run that ended early or was shared out. Use --resume to "
                             "continue it, --force to start anew, or choose another --output.",
                             units));
  UnitStore::clear(units_folder(path));
}

/// Parts of another division of the run have units in common with this one: both would write the same files.
void refuse_other_divisions(const fs::path& path, const Part& mine) {
  for (const fs::path& file : core::list_directory(path)) {
    long long index = 0, count = 0;
    if (std::sscanf(file.filename().c_str(), ".part-%lld-of-%lld.lock", &index, &count) != 2 || count == mine.count)
      continue;
    try {
      const core::FileLock free(file); // left behind
    } catch (const Error& error) {
      if (error.code() != ExitCode::refused)
        throw;
      refuse(path, fmt::format("part {}/{} is at work here, and shares units with part {}. Wait for it, or choose "
                               "another --output.",
                               index, count, mine.text()));
    }
  }
}

/// A file is really written: permissions, read-only mounts and dead network disks show here, not after an hour.
void prove_writable(const fs::path& path) {
  std::string reason;
  try {
    core::TemporaryFile probe(path / "writable");
    probe.write("cascade\n");
    probe.sync();
    return;
  } catch (const Error& error) {
    reason = error.what();
  }
  if (core::free_bytes(path) == 0)
    throw Error(ExitCode::io_failure, reason + ". The disk is full: make room or choose another --output.");
  refuse(path, "cannot write here: " + reason + ". Choose another --output.");
}

void require_space(const fs::path& path, std::int64_t bytes) {
  const std::int64_t free = core::free_bytes(path);
  if (free < bytes)
    throw Error(ExitCode::io_failure,
                fmt::format("{}: {} bytes needed for the results, {} bytes free. Make room, choose "
                            "another --output or do not write the field.",
                            path.string(), bytes, free));
}

/// Left by a killed run; the lock says that nobody is writing them now.
void remove_unfinished(const fs::path& path) {
  std::error_code ignored;
  for (const char* name : result_files)
    fs::remove(core::TemporaryFile::partial_name(path / name), ignored);
}

} // namespace

void require_begun(const fs::path& path) {
  std::error_code ignored;
  const auto there = [&](const char* name) { return fs::exists(path / name, ignored); };
  if (there(".lock") || there("campaign.json") || there(".next") || there(".new") || switch_broken_off(path) ||
      UnitStore::begun(units_folder(path)) || UnitStore::count_units(units_folder(path)) > 0 ||
      std::any_of(result_files.begin(), result_files.end(), there))
    return;
  throw Error(ExitCode::bad_input,
              fmt::format("{}: nothing to resume: no run was begun here. Is it the right folder? Without --resume the "
                          "run starts from the beginning.",
                          path.string()));
}

OutputDirectory::OutputDirectory(fs::path path, const OutputClaim& claim, std::int64_t expected_bytes,
                                 const core::Communicator& communicator)
    : path_(std::move(path)) {
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    if (claim.mode == OutputClaim::Mode::resume && !claim.force)
      require_begun(path_);
    make_directory(path_);
    prove_writable(path_);
    const bool part = claim.mode == OutputClaim::Mode::part;
    lock_.emplace(path_ / ".lock", part ? core::FileLock::Mode::shared : core::FileLock::Mode::exclusive);
    if (part) {
      part_lock_.emplace(path_ / fmt::format(".part-{}-of-{}.lock", claim.part.index, claim.part.count));
      refuse_other_divisions(path_, claim.part);
    }
    if (!part) {
      undo_switch(path_);
      remove_unfinished(path_);
    }
    settle_old_work(path_, claim);
    require_space(path_, expected_bytes);
  });
}

} // namespace cascade::app
