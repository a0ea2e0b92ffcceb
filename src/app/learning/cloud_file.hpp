#pragma once
// Clouds in files of others.

#include "core/points/point_cloud.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

/// One number a row of the points: another file of one column, or a column, an array or a dataset of the points' file.
struct CloudColumn {
  std::string name; ///< as the input has it; empty: none
  std::string path; ///< of the other file, as it can be opened; empty: the points' own file
};

/// What is wanted of a file; data.* of the input.
struct CloudFileWish {
  std::string path;    ///< as it can be opened
  std::string array;   ///< of .npz and .h5; empty: the only one with two axes
  std::string columns; ///< of tables, separated by commas; empty: all but the target and the weights
  CloudColumn target;  ///< `log_row`: the logarithm of the row's number
  CloudColumn weights;
  bool drop_invalid = false;
};

struct CloudFileContents {
  core::PointCloud cloud;
  std::int64_t rows = 0;          ///< in the file
  std::int64_t invalid = 0;       ///< left out: NaN or infinity
  std::int64_t weightless = 0;    ///< left out: of weight 0
  std::int64_t duplicates = 0;    ///< left out: the same coordinates as an earlier row, which has their weights
  std::int64_t contradictory = 0; ///< of those: with another target than the row that stays
  std::string doubt;              ///< about the file; empty: none
};

/// Refuses a target that is the same everywhere, to the rounding of double precision, and one whose squares are no
/// numbers: nothing can be learned from either. `where`: of the message. Throws core::Error(bad_input). Local.
void require_learnable(const std::vector<double>& target, const std::string& where);

/// Arrays of numbers of one or two axes, by core/arrays: HDF5, .npy, .npz, tables (columns by name); and word vectors
/// (word_vectors.hpp): .vec, and .txt where a line begins with a word. Weights have the mean 1. Throws
/// core::Error(bad_input, io_failure) with what is wrong and what to do. Local, one rank.
CloudFileContents read_cloud_file(const CloudFileWish& wish);

} // namespace cascade::app
