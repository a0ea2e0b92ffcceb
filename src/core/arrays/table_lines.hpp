#pragma once
// Lines and cells of text tables.

#include "core/arrays/array_file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace cascade::core {

/// Without blanks at its ends.
std::string_view trimmed(std::string_view text);

/// Without blanks, then quotes, at its ends.
std::string_view unquoted(std::string_view cell);

/// Where the cell at the beginning of a line ends, which has no blanks for separators; beyond the line where its quotes
/// are not closed.
std::size_t end_of_cell(std::string_view line, char separator);

/// Whether a line ends inside quotes.
bool ends_in_quotes(std::string_view line, char separator);

/// Calls take(number from 0, cell); returns how many there were.
template <class Take>
std::size_t for_each_cell(std::string_view line, char separator, const Take& take) {
  std::size_t number = 0;
  if (separator == ' ') {
    for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
      const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
      take(number++, line.substr(0, end));
      line.remove_prefix(end);
    }
    return number;
  }
  for (;;) {
    const std::size_t end = end_of_cell(line, separator);
    take(number++, unquoted(line.substr(0, end)));
    if (end >= line.size())
      return number;
    line.remove_prefix(end + 1);
  }
}

/// A number, all of it; NaN and infinity by any of their names; exponents also with D, as Fortran writes them. With a
/// decimal comma 3,14 and 3.14 are both numbers.
std::optional<double> number_in(std::string_view cell, bool decimal_comma);

/// Lines that are neither empty nor comments, with their numbers.
class TableLines {
public:
  explicit TableLines(std::string_view text) : text_(text) {}
  bool next() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      line_ = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      number_ += 1 + joined_;
      joined_ = 0;
      const std::string_view content = trimmed(line_);
      if (!content.empty() && content[0] != '#' && content[0] != '%')
        return true;
      if (!content.empty())
        comment_ = trimmed(content.substr(1));
    }
    return false;
  }
  /// The line that follows becomes part of this one; false: there is none.
  bool join() {
    if (text_.empty())
      return false;
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    line_ = {line_.data(), static_cast<std::size_t>(text_.data() + end - line_.data())};
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++joined_;
    return true;
  }
  /// The last comment met.
  std::string_view comment() const { return comment_; }
  std::string_view line() const { return line_; }
  Index number() const { return number_; }

private:
  std::string_view text_, line_, comment_;
  Index number_ = 0, joined_ = 0;
};

struct TableHead {
  std::vector<std::string> columns; ///< names in the header, numbers where there is none
  bool named = false;
  char separator = ' ';
};

/// The text without the mark that some programs put before it. Throws for text of two bytes a letter, and for lines
/// that end in carriage returns alone.
std::string_view unmarked(std::string_view text, const std::string& name);

/// The first line of a text, and the comment before it. `name`: of the file, for messages. Throws Error(bad_input).
TableHead read_head(TableLines& lines, const ArrayWish& wish, const std::string& name);

} // namespace cascade::core
