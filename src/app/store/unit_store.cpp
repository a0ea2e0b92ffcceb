#include "app/store/unit_store.hpp"

#include "app/store/unit_identity.hpp"
#include "core/files/file_lock.hpp"
#include "core/files/safe_file.hpp"
#include "core/sums/checksum.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

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

void require_same(const fs::path& folder, const std::string& before, const std::string& now) {
  std::string lines;
  for (const std::string& line : identity_differences(before, now))
    lines += "\n  " + line;
  if (!lines.empty())
    throw Error(ExitCode::bad_input,
                fmt::format("{}: the units there are of another run. Changed:{}\nGive the old values, choose another "
                            "--output, or use --force to start anew.",
                            folder.string(), lines));
}

void open_folder(const fs::path& folder, const std::string& identity) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure)
    throw Error(ExitCode::refused, fmt::format("{}: {}. Choose another --output.", folder.string(), failure.message()));
  const core::FileLock alone = core::wait_for_lock(folder / ".config.lock");
  if (const auto before = read_bytes(folder / identity_file))
    return require_same(folder, *before, identity);
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
  std::error_code ignored;
  if (parts().empty())
    fs::remove_all(folder(), ignored);
}

std::int64_t UnitStore::count_units(const fs::path& folder) {
  std::int64_t count = 0;
  for (const fs::path& file : core::list_directory(folder))
    count += file.extension() == ".unit" ? 1 : 0;
  return count;
}

bool UnitStore::begun(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / identity_file, ignored);
}

std::string UnitStore::read_identity(const fs::path& folder) {
  const auto text = read_bytes(folder / identity_file);
  if (!text)
    throw Error(ExitCode::bad_input,
                fmt::format("{}: no config.json: no run or part has kept units here. Name the --output directories of "
                            "the parts.",
                            folder.string()));
  return *text;
}

} // namespace cascade::app
