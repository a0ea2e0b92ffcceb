#include "core/arrays/table_array.hpp"

#include "core/arrays/even_steps.hpp"
#include "core/files/read_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace cascade::core {
namespace {

constexpr std::size_t largest_table_text = std::size_t{1} << 32;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view unquoted(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.size() > 1 && (cell[0] == '"' || cell[0] == '\'') && cell.back() == cell[0])
    cell = trimmed(cell.substr(1, cell.size() - 2));
  return cell;
}

/// Tab, semicolon, comma or, where the line has none of them, white space (' ').
char separator_of(std::string_view line, const ArrayWish& wish) {
  const std::string& wanted = wish.separator;
  if (!wanted.empty())
    return wanted == "\\t" || wanted == "tab" ? '\t' : wanted == "space" ? ' ' : wanted[0];
  for (const char c : {'\t', ';', ','})
    if (line.find(c) != std::string_view::npos && !(c == ',' && wish.decimal_comma))
      return c;
  return ' ';
}

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
    const std::size_t end = std::min(line.find(separator), line.size());
    take(number++, unquoted(line.substr(0, end)));
    if (end == line.size())
      return number;
    line.remove_prefix(end + 1);
  }
}

/// A number, all of it; NaN and infinity by any of their names. With a decimal comma 3,14 and 3.14 are both numbers.
std::optional<double> number_in(std::string_view cell, bool decimal_comma) {
  if (cell.starts_with('+'))
    cell.remove_prefix(1);
  std::string pointed;
  if (const std::size_t comma = cell.find(','); decimal_comma && comma != std::string_view::npos) {
    pointed = cell;
    pointed[comma] = '.';
    cell = pointed;
  }
  double value = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (read.ptr != cell.data() + cell.size() || cell.empty())
    return std::nullopt;
  if (read.ec == std::errc::result_out_of_range)
    return std::nullopt;
  return value;
}

/// Half of the last digit of a number as it is written: .005 of 3.14; 0 where it has an exponent.
double rounding_in(std::string_view cell) {
  if (cell.find_first_of("eE") != std::string_view::npos)
    return 0;
  const std::size_t point = cell.find_first_of(".,");
  const double digits = point == std::string_view::npos ? 0 : static_cast<double>(cell.size() - point - 1);
  return 0.5 * std::pow(10.0, -digits);
}

/// Lines that are neither empty nor comments, with their numbers.
class Lines {
public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool next() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      line_ = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++number_;
      if (const std::string_view content = trimmed(line_); !content.empty() && content[0] != '#' && content[0] != '%')
        return true;
    }
    return false;
  }
  std::string_view line() const { return line_; }
  Index number() const { return number_; }

private:
  std::string_view text_, line_;
  Index number_ = 0;
};

struct TableHead {
  std::vector<std::string> columns; ///< names in the header, numbers where there is none
  bool named = false;
  char separator = ' ';
};

/// Of the first line.
TableHead head_of(std::string_view line, const ArrayWish& wish) {
  TableHead head;
  head.separator = separator_of(line, wish);
  head.named = true;
  std::vector<std::string> cells;
  for_each_cell(line, head.separator, [&](std::size_t, std::string_view cell) { cells.emplace_back(cell); });
  if (cells.size() > 1 && cells.back().empty()) // a separator at the end of the line
    cells.pop_back();
  for (const std::string& cell : cells)
    if (number_in(cell, wish.decimal_comma) ||
        std::find(wish.missing_codes.begin(), wish.missing_codes.end(), cell) != wish.missing_codes.end())
      head.named = false;
  for (std::size_t i = 0; i < cells.size(); ++i)
    head.columns.push_back(head.named ? cells[i] : std::to_string(i + 1));
  return head;
}

std::string names_of(const TableHead& head) {
  return shown(fmt::format("{}", fmt::join(head.columns, ", ")), 400);
}

std::size_t named_column(const TableHead& head, const std::string& wish, const std::string& name) {
  const auto found = std::find(head.columns.begin(), head.columns.end(), wish);
  if (found != head.columns.end())
    return static_cast<std::size_t>(found - head.columns.begin());
  std::size_t number = 0;
  const auto read = std::from_chars(wish.data(), wish.data() + wish.size(), number);
  if (read.ec == std::errc() && read.ptr == wish.data() + wish.size() && number >= 1 && number <= head.columns.size())
    return number - 1;
  throw Error(ExitCode::bad_input, fmt::format("{}: no column '{}'; there are: {}", name, shown(wish), names_of(head)));
}

/// Which columns of a line are read.
struct Columns {
  std::size_t values = 0;
  std::optional<std::size_t> places;
  bool guessed = false; ///< nobody said which
};

Columns chosen_columns(const TableHead& head, const ArrayWish& wish, const std::string& name) {
  Columns chosen;
  const std::size_t columns = head.columns.size();
  if (!wish.position.empty() && wish.position != "none")
    chosen.places = named_column(head, wish.position, name);
  if (!wish.column.empty()) {
    chosen.values = named_column(head, wish.column, name);
  } else if (columns == 2 && wish.position != "none") {
    chosen.guessed = !chosen.places;
    chosen.values = chosen.places == std::size_t{1} ? 0 : 1;
    chosen.places = 1 - chosen.values;
  } else if (columns > 1) {
    throw Error(ExitCode::bad_input,
                fmt::format("{}: {} columns; a table is read as one series: name a column as field.column ({})", name,
                            columns, names_of(head)));
  }
  if (chosen.places && *chosen.places == chosen.values)
    throw Error(ExitCode::bad_input, fmt::format("{}: field.position and field.column are the same column", name));
  return chosen;
}

/// The text without the mark that some programs put before it. Throws for text of two bytes a letter.
std::string_view unmarked(std::string_view text, const std::string& name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw Error(ExitCode::bad_input, name + ": is UTF-16 text; save it as UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW");
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  return text;
}

class TableArray final : public ArrayFile {
public:
  explicit TableArray(const ArrayWish& wish) : wish_(wish), name_(shown(wish.path.string(), 400)) {
    const std::string text = read_file(wish.path, largest_table_text);
    Lines lines(unmarked(text, name_));
    if (!lines.next())
      throw Error(ExitCode::bad_input, name_ + ": is empty");
    const TableHead head = head_of(lines.line(), wish);
    const Columns chosen = chosen_columns(head, wish, name_);
    read_lines(lines, head, chosen);
    if (values_.empty())
      throw Error(ExitCode::bad_input, name_ + ": a header and no numbers");
    if (chosen.places)
      place_points(head, chosen);
    header_.shape = {static_cast<Index>(values_.size())};
    header_.type = "text";
    header_.dataset = head.named ? head.columns[chosen.values] : "";
  }
  void read(const ArraySelection& selection, const Visit& visit) const override {
    std::vector<double> piece;
    for (Index i = 0; i < selection.count[0]; ++i)
      piece.push_back(values_[static_cast<std::size_t>(selection.begin[0] + i * selection.step[0])]);
    visit(0, piece);
  }
  double bytes_held() const override { return 2.0 * sizeof(double) * static_cast<double>(values_.size()); }

private:
  void read_lines(Lines& lines, const TableHead& head, const Columns& chosen) {
    const std::size_t columns = head.columns.size();
    for (bool more = !head.named || lines.next(); more; more = lines.next()) {
      std::string_view mine, place, last;
      const std::size_t cells = for_each_cell(lines.line(), head.separator, [&](std::size_t i, std::string_view cell) {
        if (i == chosen.values)
          mine = cell;
        if (i == chosen.places)
          place = cell;
        last = cell;
      });
      if (cells != columns && !(cells == columns + 1 && last.empty()))
        throw Error(ExitCode::bad_input,
                    fmt::format("{}:{}: {} cells where the first line has {}", name_, lines.number(), cells, columns));
      if (chosen.places)
        add_place(place, chosen.guessed, head, lines.number());
      values_.push_back(value_of(mine, lines.number()));
    }
  }

  void add_place(std::string_view cell, bool guessed, const TableHead& head, Index line) {
    const auto number = number_in(cell, wish_.decimal_comma);
    const bool follows = number && (places_.size() < 2 || (*number > places_.back()) == (places_[1] > places_[0]));
    if (guessed && !follows)
      throw Error(ExitCode::bad_input,
                  fmt::format("{}:{}: 2 columns, and the first holds no rising numbers, places or times; name the one "
                              "to measure as field.column ({})",
                              name_, line, names_of(head)));
    if (!number)
      throw Error(ExitCode::bad_input, fmt::format("{}:{}: the place '{}' is no number; field.position: none takes the "
                                                   "points as evenly spaced",
                                                   name_, line, shown(std::string(cell))));
    places_.push_back(*number);
    rounding_ = std::max(rounding_, rounding_in(cell));
  }

  /// The spacing of the points; those that are not there between others become missing values.
  void place_points(const TableHead& head, const Columns& chosen) {
    const EvenSteps steps = even_steps(places_, rounding_);
    const std::string& column = head.columns[*chosen.places];
    if (!steps.refusal.empty())
      throw Error(ExitCode::bad_input, fmt::format("{}: column {}: {}", name_, shown(column), steps.refusal));
    header_.spacing = {steps.spacing};
    if (steps.gaps.empty())
      return;
    std::vector<double> filled;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      filled.push_back(values_[i]);
      filled.insert(filled.end(), static_cast<std::size_t>(steps.gaps[i]), std::numeric_limits<double>::quiet_NaN());
    }
    values_ = std::move(filled);
  }

  double value_of(std::string_view cell, Index line) const {
    if (cell.empty() ||
        std::find(wish_.missing_codes.begin(), wish_.missing_codes.end(), cell) != wish_.missing_codes.end())
      return std::numeric_limits<double>::quiet_NaN();
    if (const auto number = number_in(cell, wish_.decimal_comma))
      return *number;
    const bool comma = !wish_.decimal_comma && number_in(cell, true);
    throw Error(ExitCode::bad_input,
                fmt::format("{}:{}: '{}' is no number; {}", name_, line, shown(std::string(cell)),
                            comma ? "if the comma is its decimal sign, say field.decimal: comma"
                                  : "if it stands for a missing value, add it to field.missing_codes"));
  }

  ArrayWish wish_;
  std::string name_;
  std::vector<double> values_, places_;
  double rounding_ = 0;
};

} // namespace

std::unique_ptr<ArrayFile> open_table(const ArrayWish& wish) {
  return std::make_unique<TableArray>(wish);
}

} // namespace cascade::core
