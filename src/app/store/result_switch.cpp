#include "app/store/result_switch.hpp"

#include "app/store/output_directory.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/errors.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;

/// Of no importance any more, or not yet: the older result is where it always was.
fs::path aside(const fs::path& directory) {
  return core::TemporaryFile::partial_name(directory / "older");
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored));
}

void discard(const fs::path& directory) {
  std::error_code ignored;
  for (const char* name : result_files)
    fs::remove(aside(directory) / name, ignored);
  fs::remove(aside(directory), ignored);
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    core::throw_system_error("rename", to, errno);
}

void unlink_file(const fs::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    core::throw_system_error("unlink", file, errno);
}

/// A second name for the same bytes; a copy where the file system has no links.
void link_or_copy(const fs::path& from, const fs::path& to) {
  if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), 0) == 0)
    return;
  std::error_code failure;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, failure);
  if (failure)
    core::throw_system_error("copy", to, failure.value());
}

/// True if there is an older result, now kept in `.older`.
bool keep_older(const fs::path& directory) {
  if (std::none_of(result_files.begin(), result_files.end(),
                   [&](const char* name) { return is_file(directory / name); }))
    return false;
  discard(directory);
  if (::mkdir(aside(directory).c_str(), 0777) != 0)
    core::throw_system_error("mkdir", aside(directory), errno);
  for (const char* name : result_files)
    if (is_file(directory / name))
      link_or_copy(directory / name, aside(directory) / name);
  core::sync_directory(aside(directory));
  rename_file(aside(directory), directory / older_folder);
  core::sync_directory(directory);
  return true;
}

void give_up_older(const fs::path& directory) {
  rename_file(directory / older_folder, aside(directory));
  core::sync_directory(directory);
  discard(directory);
}

void put_in_place(const fs::path& directory, std::vector<core::TemporaryFile>& staged) {
  unlink_file(directory / result_files.front()); // its presence says that the result is complete
  core::sync_directory(directory);
  for (const char* name : result_files)
    if (std::none_of(staged.begin(), staged.end(),
                     [&](const core::TemporaryFile& file) { return file.target().filename() == name; }) &&
        is_file(directory / name))
      unlink_file(directory / name);
  for (core::TemporaryFile& file : staged)
    file.publish();
}

/// Names of files of a result, and of the same files half put back.
bool is_of_result(const std::string& name) {
  return std::any_of(result_files.begin(), result_files.end(), [&](const char* file) {
    return name == file || name == core::TemporaryFile::partial_name(file).filename();
  });
}

} // namespace

void require_switchable(const fs::path& directory) {
  for (const fs::path& folder : {directory / older_folder, aside(directory)})
    for (const fs::path& file : core::list_directory(folder))
      if (!is_of_result(file.filename().string()))
        throw core::Error(core::ExitCode::refused,
                          file.string() + ": was not made by this program, in a folder where it keeps an older result. "
                                          "Move it, or choose another --output.");
}

bool switch_broken_off(const fs::path& directory) {
  std::error_code ignored;
  return fs::is_directory(directory / older_folder, ignored);
}

void undo_switch(const fs::path& directory) {
  require_switchable(directory);
  if (!switch_broken_off(directory))
    return discard(directory);
  const fs::path kept = directory / older_folder;
  for (const char* name : result_files) {
    const fs::path file = directory / name;
    if (!is_file(kept / name)) {
      if (is_file(file))
        unlink_file(file);
      continue;
    }
    const fs::path again = core::TemporaryFile::partial_name(file); // kept stays whole: a kill here is repaired too
    unlink_file(again);
    link_or_copy(kept / name, again);
    rename_file(again, file);
    unlink_file(again); // rename leaves both names where they are the same file
  }
  core::sync_directory(directory);
  give_up_older(directory);
}

void switch_result(const fs::path& directory, std::vector<core::TemporaryFile>& staged) {
  const core::StopSignals::Holding holding;
  const bool older = keep_older(directory);
  try {
    put_in_place(directory, staged);
    if (older)
      give_up_older(directory);
  } catch (...) {
    if (older) {
      try {
        undo_switch(directory);
      } catch (const core::Error&) {
        // the folder takes nothing any more: the older result stays in .older, and the next run puts it back
      }
    }
    throw;
  }
}

} // namespace cascade::app
