#pragma once
// Columns of numbers as text.

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// One column of a text table, a line a point; D = 1. Lines that are empty or begin with # are no points. The first
/// other line is a header if none of its cells is a number. Cells are parted by the separator: the wish's, or the one
/// the first line has (tab, semicolon, comma, else white space). Several columns and none named, or a cell that is no
/// number: Error(bad_input) with the line. An empty cell, NaN, and the missing codes are missing values.
std::unique_ptr<ArrayFile> open_table(const ArrayWish& wish);

/// The names in the header of a table, its columns' numbers where it has none. Reads the first lines. Throws
/// Error(bad_input).
struct TableHead {
  std::vector<std::string> columns;
  bool named = false;
};
TableHead table_head(const std::filesystem::path& path, const std::string& separator);

} // namespace cascade::core
