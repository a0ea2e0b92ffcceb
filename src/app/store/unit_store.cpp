#include "app/store/unit_store.hpp"

#include "app/store/unit_identity.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/safe_file.hpp"
#include "core/sums/checksum.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace cascade::app {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

constexpr const char* identity_file = "config.json";
constexpr const char* magic = "cascade-unit/1";

std::optional<std::string> read_bytes(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) // a pipe without a writer would never open
    return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return std::nullopt;
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

fs::path unit_file(const fs::path& folder, const std::string& name) {
  return folder / (name + ".unit");
}

std::string header(const std::string& name, const std::string& digest, std::string_view tables) {
  const std::uint64_t sum = core::checksum(fmt::format("{} {} {}", name, digest, tables));
  return fmt::format("{} {} {} {} {:016x}\n", magic, name, digest, tables.size(), sum);
}

/// Throws Error(io_failure) for a config.json that says nothing, Error(refused) for one of others.
void require_identity(const fs::path& folder, const std::string& text) {
  if (is_identity(text))
    return;
  const bool ours = text.empty() || text.find("cascade-units/") != std::string::npos;
  throw Error(ours ? ExitCode::io_failure : ExitCode::refused,
              fmt::format("{}: {}", (folder / identity_file).string(),
                          ours ? "damaged. Use --force to start the run anew."
                               : "was not made by this program. Move it, or choose another --output."));
}

void require_same(const fs::path& folder, const std::string& before, const std::string& now) {
  require_identity(folder, before);
  std::string lines;
  for (const std::string& line : identity_differences(before, now))
    lines += "\n  " + line;
  if (!lines.empty())
    throw Error(ExitCode::bad_input,
                fmt::format("{}: the units there are of another run. Changed:{}\nGive the old values, choose another "
                            "--output, or use --force to start anew.",
                            folder.string(), lines));
}

/// A plain file of that name whose text holds the word by which its kind is known; what a kill left half written may
/// hold nothing yet.
bool begins_ours(const fs::path& file, std::string_view word) {
  std::ifstream stream(file, std::ios::binary);
  std::string start(256, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  return start.empty() || start.find(word) != std::string::npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// grid-0001.unit, points-0008.unit.
bool is_unit_name(std::string_view name) {
  for (const std::string_view view : {"grid-", "points-"})
    if (name.starts_with(view) && name.ends_with(".unit"))
      return is_number(name.substr(view.size(), name.size() - view.size() - std::string_view(".unit").size()));
  return false;
}

bool is_part_mark(const std::string& name) {
  long long index = 0, count = 0;
  return std::sscanf(name.c_str(), "part-%lld-of-%lld", &index, &count) == 2 &&
         name == fmt::format("part-{}-of-{}", index, count);
}

/// By its first word; beside a config.json of ours a damaged unit is ours too, so that there the name decides.
bool is_unit(const fs::path& file) {
  std::error_code ignored;
  const fs::path identity = file.parent_path() / identity_file;
  return is_unit_name(file.filename().string()) && fs::is_regular_file(file, ignored) &&
         (begins_ours(file, magic) ||
          (fs::is_regular_file(identity, ignored) && begins_ours(identity, "cascade-units/")));
}

/// Whether a run of this program made it.
bool is_ours(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(file, ignored)))
    return false;
  std::string name = file.filename().string();
  constexpr std::string_view partial = ".partial";
  const bool half = name.starts_with('.') && name.ends_with(partial);
  if (half)
    name = name.substr(1, name.size() - 1 - partial.size());
  if (name == identity_file)
    return begins_ours(file, "cascade-units/");
  if (name == ".config.lock")
    return begins_ours(file, "host ");
  if (is_part_mark(name)) // they are empty
    return fs::file_size(file, ignored) == 0;
  return half ? is_unit_name(name) : is_unit(file);
}

void open_folder(const fs::path& folder, const std::string& identity) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    throw Error(ExitCode::refused, fmt::format("{}: {}. Choose another --output.", folder.string(), failure.message()));
  const core::FileLock alone = core::wait_for_lock(folder / ".config.lock");
  if (const auto before = read_bytes(folder / identity_file))
    return require_same(folder, *before, identity);
  if (const fs::path file = folder / identity_file; fs::exists(fs::symlink_status(file, failure)))
    throw Error(ExitCode::refused, file.string() +
                                       ": is there, and cannot be read as a file. Move it, or choose another "
                                       "--output.");
  core::write_text(folder / identity_file, identity);
}

} // namespace

UnitStore::UnitStore(fs::path folder, const std::string& identity, const core::Communicator& communicator)
    : folders_{std::move(folder)}, identity_(identity), digest_(identity_digest(identity)) {
  communicator.agree([&] {
    if (communicator.rank() == 0)
      open_folder(folders_.front(), identity);
  });
}

void UnitStore::read_also(const fs::path& folder, const core::Communicator& communicator) {
  communicator.agree([&] {
    if (communicator.rank() == 0)
      require_same(folder, read_identity(folder), identity_);
  });
  folders_.push_back(folder);
}

UnitStore::Unit UnitStore::load(const std::string& name) const {
  Unit unit;
  for (const fs::path& folder : folders_) {
    const auto bytes = read_bytes(unit_file(folder, name));
    if (!bytes)
      continue;
    const std::size_t end = bytes->find('\n');
    if (end != std::string::npos) {
      std::string tables = bytes->substr(end + 1);
      if (bytes->compare(0, end + 1, header(name, digest_, tables)) == 0)
        return {std::move(tables), false};
    }
    unit.damaged = true;
  }
  return unit;
}

void UnitStore::save(const std::string& name, std::string_view tables) const {
  core::TemporaryFile file(unit_file(folder(), name));
  const std::string first = header(name, digest_, tables);
  file.write(first);
  file.write(tables, static_cast<std::int64_t>(first.size()));
  file.publish();
}

void UnitStore::mark_part(const Part& part) const {
  core::write_text(folder() / fmt::format("part-{}-of-{}", part.index, part.count), "");
}

std::vector<Part> UnitStore::parts() const {
  std::vector<Part> parts;
  for (const fs::path& folder : folders_)
    for (const fs::path& file : core::list_directory(folder)) {
      long long index = 0, count = 0;
      if (std::sscanf(file.filename().c_str(), "part-%lld-of-%lld", &index, &count) == 2 && index > 0 && index <= count)
        parts.push_back({index, count});
    }
  return parts;
}

void UnitStore::remove_unless_parts() const {
  if (!parts().empty())
    return;
  try {
    clear(folder());
  } catch (const Error&) {
    // a stranger's file came while we worked: it stays, and the units with it
  }
}

void UnitStore::require_ours(const fs::path& folder) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(folder, ignored);
  if (!fs::exists(status))
    return;
  const auto refuse = [](const fs::path& what) {
    throw Error(ExitCode::refused, what.string() + ": was not made by this program, and is not removed. Move it, or "
                                                   "choose another --output.");
  };
  if (!fs::is_directory(status))
    refuse(folder);
  for (const fs::path& file : core::list_directory(folder))
    if (!is_ours(file))
      refuse(file);
}

void UnitStore::require_files(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& file : core::list_directory(folder)) {
    const std::string name = file.filename().string();
    if ((is_unit_name(name) || is_part_mark(name)) && !fs::is_regular_file(file, ignored))
      throw Error(ExitCode::refused, file.string() + ": is there, and cannot be read as a file. Move it, or choose "
                                                     "another --output.");
  }
}

void UnitStore::clear(const fs::path& folder) {
  require_ours(folder);
  std::error_code ignored;
  std::vector<fs::path> files = core::list_directory(folder);
  // config.json last: what a kill leaves is still known for what it is
  std::stable_partition(files.begin(), files.end(), [](const fs::path& f) { return f.filename() != identity_file; });
  for (const fs::path& file : files)
    fs::remove(file, ignored);
  fs::remove(folder, ignored);
}

std::int64_t UnitStore::count_units(const fs::path& folder) {
  std::int64_t count = 0;
  for (const fs::path& file : core::list_directory(folder))
    count += is_unit(file) ? 1 : 0;
  return count;
}

bool UnitStore::begun(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / identity_file, ignored);
}

void UnitStore::require_same_run(const fs::path& folder, const std::string& identity) {
  if (begun(folder))
    require_same(folder, read_identity(folder), identity);
}

std::string UnitStore::read_identity(const fs::path& folder) {
  const auto text = read_bytes(folder / identity_file);
  if (!text)
    throw Error(ExitCode::bad_input,
                fmt::format("{}: no config.json: no run or part has kept units here. Name the --output directories of "
                            "the parts.",
                            folder.string()));
  require_identity(folder, *text);
  return *text;
}

} // namespace cascade::app
