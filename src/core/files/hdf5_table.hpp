#pragma once
// Tables in HDF5 files of others: datasets of numbers with one or two axes.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cascade::core {

/// Numbers of one dataset, whatever their type in the file, row by row.
struct Hdf5Table {
  std::string name; ///< absolute path in the file
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// The dataset of that name; "": the only one with two axes. Throws Error(bad_input): no HDF5 file, no such dataset
/// (with the names of those there are), not of numbers, not of one or two axes, unreadable. Local, one rank.
Hdf5Table read_hdf5_table(const std::filesystem::path& file, const std::string& name);

} // namespace cascade::core
