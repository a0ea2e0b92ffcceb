#include "app/store/output_directory.hpp"

#include "app/store/result_switch.hpp"
#include "app/store/unit_store.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
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

/// The folder itself, or the nearest one above it in which it would be made. Throws Error(refused) where that cannot
/// be.
fs::path nearest_folder(const fs::path& path) {
  fs::path near = path;
  std::error_code failure;
  fs::file_status status = fs::status(near, failure);
  while (status.type() == fs::file_type::not_found && !near.empty()) {
    near = near.has_relative_path() ? near.parent_path() : fs::path();
    status = fs::status(near.empty() ? fs::path(".") : near, failure);
  }
  if (near.empty())
    near = ".";
  if (!fs::status_known(status))
    refuse(path, fmt::format("cannot make the output directory: {}. Choose another --output.", failure.message()));
  if (!fs::is_directory(status))
    refuse(near, "exists and is not a directory. Choose another --output.");
  if (::access(near.c_str(), W_OK | X_OK) != 0)
    refuse(near, fmt::format("cannot write here: {}. Choose another --output.", std::strerror(errno)));
  const long longest = ::pathconf(near.c_str(), _PC_NAME_MAX); // -1: no limit is known
  for (const fs::path& name : path)
    if (longest > 0 && name.native().size() > static_cast<std::size_t>(longest))
      refuse(path, fmt::format("cannot make the output directory: {}. Choose another --output.",
                               std::generic_category().message(ENAMETOOLONG)));
  return near;
}

void make_directory(const fs::path& path) {
  nearest_folder(path); // what a plan refuses, in the same words
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure)
    refuse(path, fmt::format("cannot make the output directory: {}. Choose another --output.", failure.message()));
}

void refuse_old_results(const fs::path& path, bool part) {
  // A campaign killed while its report took its place: report.json is the last file of it.
  const bool unplaced = fs::exists(path / "campaign.json") && !fs::exists(path / "report.json");
  for (const char* name : result_files)
    if (fs::exists(path / name) && unplaced)
      refuse(path,
             fmt::format("has part of a campaign's report ({}), as a kill leaves it. Use --resume to complete it, "
                         "--force to start anew, or choose another --output.",
                         name));
    else if (fs::exists(path / name))
      refuse(path, fmt::format("has a result already ({}). {}, or choose another --output.", name,
                               part ? "Remove it" : "Use --force to replace it"));
}

/// What is there already is covered by the claim; nothing is touched.
void refuse_old_work(const fs::path& path, const OutputClaim& claim) {
  using Mode = OutputClaim::Mode;
  const std::int64_t units = UnitStore::count_units(units_folder(path));
  const bool unfinished = units > 0;
  if (!claim.force && !(claim.mode == Mode::resume && unfinished))
    refuse_old_results(path, claim.mode == Mode::part);
  UnitStore::require_files(units_folder(path));
  if (claim.mode != Mode::fresh)
    return;
  if (unfinished && !claim.force)
    refuse(path, fmt::format("has {} finished units of a run that ended early or was shared out. Use --resume to "
                             "continue it, --force to start anew, or choose another --output.",
                             units));
  UnitStore::require_ours(units_folder(path));
}

std::string part_lock_name(const Part& part) {
  return fmt::format(".part-{}-of-{}.lock", part.index, part.count);
}

/// Parts of another division of the run have units in common with this one: both would write the same files.
void refuse_other_divisions(const fs::path& path, const Part& mine, bool tidy) {
  for (const fs::path& file : core::list_directory(path)) {
    long long index = 0, count = 0;
    if (std::sscanf(file.filename().c_str(), ".part-%lld-of-%lld.lock", &index, &count) != 2 || count == mine.count)
      continue;
    try {
      core::FileLock::require_free(file);
      if (tidy)
        core::FileLock left_behind(file); // goes with it
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

void require_usable(const fs::path& path, const OutputClaim& claim, std::int64_t expected_bytes) {
  using Mode = OutputClaim::Mode;
  if (claim.mode == Mode::resume && !claim.force)
    require_begun(path);
  const fs::path near = nearest_folder(path);
  const bool part = claim.mode == Mode::part;
  core::FileLock::require_free(path / ".lock", part ? core::FileLock::Mode::shared : core::FileLock::Mode::exclusive);
  if (part) {
    core::FileLock::require_free(path / part_lock_name(claim.part));
    refuse_other_divisions(path, claim.part, false);
  }
  require_switchable(path);
  if (!claim.force && claim.mode != Mode::resume && switch_broken_off(path)) // it would be put back first
    refuse_old_results(path / older_folder, part);
  refuse_old_work(path, claim);
  require_space(near, expected_bytes);
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
      part_lock_.emplace(path_ / part_lock_name(claim.part));
      refuse_other_divisions(path_, claim.part, true);
    }
    if (!part) {
      undo_switch(path_);
      remove_unfinished(path_);
    }
    refuse_old_work(path_, claim);
    if (claim.mode == OutputClaim::Mode::fresh)
      UnitStore::clear(units_folder(path_));
    require_space(path_, expected_bytes);
  });
}

} // namespace cascade::app
