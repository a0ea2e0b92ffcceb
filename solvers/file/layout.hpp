#pragma once
// Which numbers of which files are the field.

#include "core/arrays/array_file.hpp"
#include "core/grid/domain.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cascade::solvers {

/// What the input says of the files; names as the keys of generator file.
struct FileWish {
  std::vector<std::string> path, dataset;
  std::string files, format = "auto", dtype = "float64", byte_order = "little", order = "C";
  std::vector<std::int64_t> shape, first, count, step;
  std::int64_t offset = 0;
  std::optional<std::int64_t> time;
  std::string component_axis = "auto", components_along = "axes";
  std::string column, position, separator;
  std::string decimal = "point";
  std::vector<std::string> missing_codes;
  std::optional<double> missing_value;
  std::vector<double> length;
  std::vector<bool> periodic;
  std::string points_at = "centers", missing = "refuse";
  bool running_sum = false;
  std::string folder; ///< names are relative to it
  bool operator==(const FileWish&) const = default;
};

/// Something wrong with the value of one key of the input.
class FileProblem : public std::runtime_error {
public:
  FileProblem(std::string key, const std::string& what) : std::runtime_error(what), key_(std::move(key)) {}
  const std::string& key() const { return key_; }

private:
  std::string key_;
};

/// Where a component lies in an array: a selection whose axes each run along an axis of the box, or stand still.
struct ComponentPlace {
  core::ArrayWish array;
  core::ArraySelection all;  ///< of the whole field
  std::vector<int> box_axis; ///< [axis of the file] 0, 1, 2; -1: it stands still
};

/// Everything known before a value is read. Plain value; local.
struct FileLayout {
  core::Domain domain{1, 1};
  int components = 1;
  std::vector<std::vector<ComponentPlace>> realisations; ///< [realisation][component]
  std::optional<double> fill;                            ///< value that stands for none
  std::optional<double> time;
  double held = 0;                          ///< bytes an open array takes
  std::vector<std::string> assumed;         ///< what was guessed of the axes, and the keys that say otherwise
  std::vector<std::filesystem::path> files; ///< all that are read, in order; neighbours differ
};

/// Opens the files' headers. Throws FileProblem (a key is to blame), or core::Error.
FileLayout look_at_files(const FileWish& wish);

} // namespace cascade::solvers
