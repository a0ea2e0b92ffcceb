#pragma once
// Finished units on the disk: what a killed run or a share of a batch array leaves for the next.

#include "app/plan/work_unit.hpp"
#include "core/ranks/communicator.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::app {

/// A folder with config.json (unit_identity.hpp) and one file NAME.unit for each finished unit: a line of text
///   cascade-unit/1 NAME DIGEST BYTES CHECKSUM
/// and BYTES bytes of tables (table_set.hpp). DIGEST names the configuration, CHECKSUM (core/sums/checksum.hpp) covers
/// name, digest and tables. Files appear whole or not at all (core/files/safe_file.hpp), so that a kill at any moment
/// leaves valid units only; a unit damaged later is noticed and made again.
class UnitStore {
public:
  struct Unit {
    std::optional<std::string> tables; ///< as saved
    bool damaged = false;              ///< there is a file, but it cannot be used
  };

  /// Makes the folder, or takes up the one there is. Throws core::Error(bad_input), naming every changed key, when it
  /// belongs to another configuration. Collective; rank 0 does the work.
  UnitStore(std::filesystem::path folder, const std::string& identity, const core::Communicator& communicator);

  /// A second folder to read units from. Throws as the constructor does. Collective.
  void read_also(const std::filesystem::path& folder, const core::Communicator& communicator);

  const std::filesystem::path& folder() const { return folders_.front(); }
  Unit load(const std::string& name) const;                          ///< local
  void save(const std::string& name, std::string_view tables) const; ///< local; units of different names in parallel
  void mark_part(const Part& part) const;                            ///< local: this folder is filled by parts
  std::vector<Part> parts() const;                                   ///< local: the parts that were here; never throws
  /// Local, never throws: the result is complete, nothing is left to resume. Units of parts are their makers' to
  /// remove, and so is whatever is not ours.
  void remove_unless_parts() const;

  /// Removes what runs left in the folder, and the folder. Nothing is removed where something is not ours: Error
  /// (refused) names it. Ours are plain files with the names and the first words that we give them. Local.
  static void clear(const std::filesystem::path& folder);

  /// The same refusal, removing nothing. Local.
  static void require_ours(const std::filesystem::path& folder);

  /// Throws Error(refused) where something that is no file bears the name of one of ours: the unit could not be
  /// written, hours later. Local.
  static void require_files(const std::filesystem::path& folder);

  static std::int64_t count_units(const std::filesystem::path& folder); ///< local: files of finished units
  static bool begun(const std::filesystem::path& folder);               ///< local: some run or part was here
  /// The constructor's refusal, without making anything: the units there, if any, are of this configuration. Local.
  static void require_same_run(const std::filesystem::path& folder, const std::string& identity);
  static std::string read_identity(const std::filesystem::path& folder); ///< local; throws Error(bad_input) if none

private:
  std::vector<std::filesystem::path> folders_;
  std::string identity_, digest_;
};

/// Where a run's output directory has its units.
inline std::filesystem::path units_folder(const std::filesystem::path& output) {
  return output / "units";
}

} // namespace cascade::app
