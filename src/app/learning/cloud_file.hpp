#pragma once
// Clouds in files of others.

#include "core/points/point_cloud.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

/// What is wanted of a file; data.* of the input.
struct CloudFileWish {
  std::string path;        ///< as it can be opened
  std::string array;       ///< of .npz and .h5; empty: the only one with two axes
  std::string columns;     ///< of .csv, separated by commas; empty: all but the target
  std::string target;      ///< see CloudFileSection
  std::string target_path; ///< where `target` would be, were it a file
  bool drop_invalid = false;
};

struct CloudFileContents {
  core::PointCloud cloud;
  std::int64_t rows = 0;       ///< in the file
  std::int64_t invalid = 0;    ///< left out: NaN or infinity
  std::int64_t duplicates = 0; ///< left out: the same coordinates as an earlier row
};

/// Formats by the end of the name: .npy (format 1 to 3; real and integer types of this byte order, C and Fortran
/// order), .npz (as numpy.savez writes it, not compressed), .h5/.hdf5, .csv/.tsv (any table that read_text_table takes,
/// columns by name), .txt/.vec: a word and its numbers a line, a first line "rows columns" being passed over. Throws
/// core::Error(bad_input) with what is wrong and what to do. Local, one rank.
CloudFileContents read_cloud_file(const CloudFileWish& wish);

} // namespace cascade::app
