#pragma once
// A table as text: a header line with names, then one line a row, in the dialects that are found.

#include "core/ranks/memory_part.hpp"

#include <string>
#include <vector>

namespace cascade::analysis {

struct TextRow {
  int line = 0; ///< where it begins in the file
  std::vector<std::string> cells;
};

/// Problems of a file, thrown together: core::Error(bad_input) with `name:line: what is wrong`, at most 20 of them.
struct TableComplaints {
  std::string name;
  std::vector<std::string> all;
  void add(int line, const std::string& what);
  void throw_if_any() const;
};

struct TextTable {
  TextRow header;
  std::vector<TextRow> rows;
  int titles = 0; ///< lines above the header that were passed over
};

/// RFC 4180 (quotes, separators and line ends inside quotes), and more. The separator is what the header has most of:
/// comma, semicolon or tab; runs of blanks when it has none of them. CRLF, CR, a byte-order mark, blank lines and lines
/// that begin with '#' are accepted. The header is the first line, or, when that holds numbers only, the nearest line
/// before it that begins with '#' and has names for all of them (as numpy.savetxt writes), or, where the first line
/// does not go with the second, the first of ten that holds names, has as many cells as the row below it, and more than
/// every line above it (titles of spreadsheets). Complains about what is no table; rows are not checked for the number
/// of their cells. Local, pure.
TextTable read_text_table(const std::string& text, TableComplaints& complaints);

/// What read_text_table takes beside the text: every cell of it as a text of its own. Local, pure.
core::MemoryParts text_table_memory(const std::string& text);

/// A finite number in C's notation, with an optional plus sign; NaN when the cell is anything else.
double number_in(const std::string& cell);
/// Empty, or one of the words that exported tables have for nothing: nan, na, n/a, null, none, inf, -.
bool says_nothing(const std::string& cell);

} // namespace cascade::analysis
