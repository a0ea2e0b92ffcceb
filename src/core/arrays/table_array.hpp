#pragma once
// Columns of numbers as text.

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// One column of a text table, a line a point; D = 1. Lines that are empty or begin with # are no points. The first
/// other line is a header if none of its cells is a number; where it is none, the comment just before it is, if it has
/// as many words (as numpy.savetxt writes). Cells are parted by the separator: the wish's, or the one the first line
/// has (tab, semicolon, comma, else white space), and one in quotes may hold separators, quotes (two for one) and ends
/// of lines (RFC 4180). Several columns and none named, or a cell that is no
/// number: Error(bad_input) with the line. An empty cell, NaN, and the missing codes are missing values. A separator at
/// the end of a line ends nothing.
/// Places: the column `position`, or, of two columns where none is named, the first if its numbers rise or fall
/// throughout. They must be evenly spaced (even_steps.hpp) and give the spacing; a point that is not there between them
/// is missing. With `columns`, these in that order: an array with two axes, rows and columns, and no places.
std::unique_ptr<ArrayFile> open_table(const ArrayWish& wish);

/// Names of a table's columns, or their numbers from 1 where there is no header. Throws Error(bad_input).
std::vector<std::string> table_columns(const ArrayWish& wish);

} // namespace cascade::core
