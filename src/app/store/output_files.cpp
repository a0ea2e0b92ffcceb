#include "app/store/output_files.hpp"

#include "app/report/hdf5.hpp"
#include "app/report/slice.hpp"
#include "app/store/unit_store.hpp"
#include "core/files/field_file.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

namespace cascade::app {

namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

constexpr const char* completion_marker = "report.json";
/// Everything a run or its postprocessing leaves here: the sign of an older result.
constexpr std::array<const char*, 7> our_files = {completion_marker, "report.md", "report.html", "results.h5",
                                                  "field.h5",        "field.xmf", "run.log"};

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
  for (const char* name : our_files)
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
  fs::remove_all(units_folder(path));
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
  for (const char* name : our_files)
    fs::remove(core::TemporaryFile::partial_name(path / name), ignored);
}

core::TemporaryFile stage(const fs::path& target, std::string_view bytes) {
  core::TemporaryFile file(target);
  file.write(bytes);
  file.sync();
  return file;
}

/// After this no file of an older result is left that the new one does not replace.
void remove_old(const fs::path& directory, const char* name) {
  const fs::path file = directory / name;
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    core::throw_system_error("unlink", file, errno);
}

void publish(const fs::path& directory, std::vector<core::TemporaryFile>& staged) {
  remove_old(directory, completion_marker);
  core::sync_directory(directory);
  for (const char* name : our_files) {
    bool replaced = false;
    for (const core::TemporaryFile& file : staged)
      replaced = replaced || file.target().filename() == name;
    if (!replaced)
      remove_old(directory, name);
  }
  for (core::TemporaryFile& file : staged) // report.json is the last of them
    file.publish();
}

core::FieldInfo field_info(const Report& report) {
  const core::BuildInfo build = core::build_info();
  core::FieldInfo info;
  info.generator = report.run.name;
  info.theory = fmt::format("D = {}, d = {:g}, h = {:.17g}; {}", report.theory.embedding_dimension,
                            report.theory.dimension, report.theory.hurst, report.theory.reference);
  info.seed = report.run.seed;
  info.config = report.run.config_json;
  info.version = fmt::format("cascade {} (git {})", build.version, build.git());
  return info;
}

} // namespace

OutputDirectory::OutputDirectory(fs::path path, const OutputClaim& claim, std::int64_t expected_bytes,
                                 const core::Communicator& communicator)
    : path_(std::move(path)) {
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    make_directory(path_);
    prove_writable(path_);
    const bool part = claim.mode == OutputClaim::Mode::part;
    lock_.emplace(path_ / ".lock", part ? core::FileLock::Mode::shared : core::FileLock::Mode::exclusive);
    if (part)
      part_lock_.emplace(path_ / fmt::format(".part-{}-of-{}.lock", claim.part.index, claim.part.count));
    settle_old_work(path_, claim);
    if (!part)
      remove_unfinished(path_);
    require_space(path_, expected_bytes);
  });
}

void write_outputs(const Report& report, const core::GridSample* field, const fs::path& directory,
                   const core::Communicator& communicator, const OutputOptions& options) {
  std::optional<Slice> slice;
  std::vector<core::TemporaryFile> staged;
  if (field != nullptr) {
    slice = field_slice(*field, communicator);
    if (options.write_field) {
      core::FieldInfo info = field_info(report);
      info.time = field->time;
      staged = core::stage_field(field->field, communicator, directory, info);
    }
  }
  communicator.agree([&] {
    if (communicator.rank() != 0)
      return;
    const std::vector<char> curves = results_image(report, slice);
    staged.push_back(stage(directory / "results.h5", {curves.data(), curves.size()}));
    staged.push_back(stage(directory / "report.md", to_markdown(report)));
    staged.push_back(stage(directory / "run.log", options.log));
    staged.push_back(stage(directory / completion_marker, to_json_text(report)));
    publish(directory, staged);
  });
}

} // namespace cascade::app
