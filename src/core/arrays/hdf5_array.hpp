#pragma once
// Datasets of HDF5 files of others, NetCDF-4 and openPMD among them.

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// A dataset of floating-point numbers (any_numbers: or integers) of any size and byte order (HDF5 converts). What the
/// file says of itself is taken over: own files' length and boundary (core/files/field_file.hpp), dimension scales
/// (HDF5's and NetCDF-4's: names, and the spacing of evenly spaced coordinates), _FillValue and missing_value (NetCDF
/// conventions), gridSpacing and axisLabels (openPMD 1.x).
std::unique_ptr<ArrayFile> open_hdf5(const ArrayWish& wish);

/// Names of all datasets.
std::vector<std::string> all_hdf5_datasets(const std::filesystem::path& path);

/// The dataset to take where none is named: the only one of floating-point numbers that is no coordinate, or all of
/// them where they are the components of a vector. Throws Error(bad_input) that lists them.
std::vector<std::string> hdf5_datasets(const std::filesystem::path& path);

/// Names that differ in a last digit alone, one after another: u0, u1, u2.
bool are_components(const std::vector<std::string>& names);

} // namespace cascade::core
