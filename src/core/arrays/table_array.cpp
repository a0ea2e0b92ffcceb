#include "core/arrays/table_array.hpp"

#include "core/arrays/even_steps.hpp"
#include "core/arrays/strided_array.hpp"
#include "core/arrays/table_lines.hpp"
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

constexpr std::size_t largest_table_text = std::size_t{1} << 32, longest_header = std::size_t{1} << 20;
constexpr int most_lines_of_a_cell = 1000;

/// Half of the last digit of a number as it is written: .005 of 3.14; 0 where it has an exponent.
double rounding_in(std::string_view cell) {
  if (cell.find_first_of("eEdD") != std::string_view::npos)
    return 0;
  const std::size_t point = cell.find_first_of(".,");
  const double digits = point == std::string_view::npos ? 0 : static_cast<double>(cell.size() - point - 1);
  return 0.5 * std::pow(10.0, -digits);
}

std::string names_of(const TableHead& head) {
  return shown(fmt::format("{}", fmt::join(head.columns, ", ")), 400);
}

std::size_t named_column(const TableHead& head, const std::string& wish, const std::string& name) {
  const auto found = std::find(head.columns.begin(), head.columns.end(), wish);
  if (const auto same = std::count(found, head.columns.end(), wish); same > 1)
    throw Error(ExitCode::bad_input,
                fmt::format("{}: {} columns are called '{}'; name one by its number, from 1", name, same, shown(wish)));
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

class TableArray final : public ArrayFile {
public:
  explicit TableArray(const ArrayWish& wish) : wish_(wish), name_(shown(wish.path.string(), 400)) {
    const std::string text = read_file(wish.path, largest_table_text);
    TableLines lines(unmarked(text, name_));
    const TableHead head = read_head(lines, wish, name_);
    if (!wish.columns.empty()) {
      read_rows(lines, head);
      return;
    }
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
    const bool flat = header_.shape.size() == 2;
    for (Index i = 0; i < selection.count[0]; ++i) {
      const Index row = selection.begin[0] + i * selection.step[0];
      for (Index j = 0; j < (flat ? selection.count[1] : 1); ++j)
        piece.push_back(values_[static_cast<std::size_t>(
            flat ? row * header_.shape[1] + selection.begin[1] + j * selection.step[1] : row)]);
    }
    visit(0, piece);
  }
  double bytes_held() const override { return 2.0 * sizeof(double) * static_cast<double>(values_.size()); }

private:
  /// Goes to the next line with points, to the end of its quotes.
  bool next_row(TableLines& lines, char separator) const { return lines.next() && whole_row(lines, separator); }
  bool whole_row(TableLines& lines, char separator) const {
    for (int joined = 0; ends_in_quotes(lines.line(), separator); ++joined)
      if (joined == most_lines_of_a_cell || !lines.join())
        throw Error(ExitCode::bad_input, fmt::format("{}:{}: a quote is not closed", name_, lines.number()));
    return true;
  }

  void require_cells(std::size_t cells, std::string_view last, const TableHead& head, Index line) const {
    const std::size_t columns = head.columns.size();
    if (cells != columns && !(cells == columns + 1 && last.empty()))
      throw Error(ExitCode::bad_input,
                  fmt::format("{}:{}: {} cells where the first line has {}", name_, line, cells, columns));
  }

  void read_rows(TableLines& lines, const TableHead& head) {
    std::vector<std::size_t> wanted;
    for (const std::string& column : wish_.columns)
      wanted.push_back(named_column(head, column, name_));
    std::vector<std::string_view> cells;
    for (bool more = head.named ? next_row(lines, head.separator) : whole_row(lines, head.separator); more;
         more = next_row(lines, head.separator)) {
      cells.clear();
      for_each_cell(lines.line(), head.separator, [&](std::size_t, std::string_view cell) { cells.push_back(cell); });
      require_cells(cells.size(), cells.back(), head, lines.number());
      for (const std::size_t c : wanted)
        values_.push_back(value_of(cells[c], lines.number(), head.columns[c]));
    }
    if (values_.empty())
      throw Error(ExitCode::bad_input, name_ + ": a header and no numbers");
    const auto columns = static_cast<Index>(wanted.size());
    header_.shape = {static_cast<Index>(values_.size()) / columns, columns};
    header_.type = "text";
    header_.axes = wish_.columns;
  }

  void read_lines(TableLines& lines, const TableHead& head, const Columns& chosen) {
    for (bool more = head.named ? next_row(lines, head.separator) : whole_row(lines, head.separator); more;
         more = next_row(lines, head.separator)) {
      std::string_view mine, place, last;
      const std::size_t cells = for_each_cell(lines.line(), head.separator, [&](std::size_t i, std::string_view cell) {
        if (i == chosen.values)
          mine = cell;
        if (i == chosen.places)
          place = cell;
        last = cell;
      });
      require_cells(cells, last, head, lines.number());
      if (chosen.places)
        add_place(place, chosen.guessed, head, lines.number());
      values_.push_back(value_of(mine, lines.number(), ""));
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

  /// `column`: the name of one of several.
  double value_of(std::string_view cell, Index line, const std::string& column) const {
    if (cell.empty() ||
        std::find(wish_.missing_codes.begin(), wish_.missing_codes.end(), cell) != wish_.missing_codes.end())
      return std::numeric_limits<double>::quiet_NaN();
    if (const auto number = number_in(cell, wish_.decimal_comma))
      return *number;
    if (!column.empty())
      throw Error(ExitCode::bad_input,
                  fmt::format("{}:{}: {}: '{}' is no number; name the columns that hold numbers with `columns`", name_,
                              line, shown(column), shown(std::string(cell))));
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

std::vector<std::string> table_columns(const ArrayWish& wish) {
  require_readable(wish.path);
  const std::string name = shown(wish.path.string(), 400);
  FileBytes bytes(wish.path);
  std::string text(std::min(static_cast<std::size_t>(bytes.size()), longest_header), '\0');
  bytes.read(0, std::as_writable_bytes(std::span(text)));
  if (static_cast<std::size_t>(bytes.size()) > text.size()) {
    const std::size_t end = text.rfind('\n');
    text = end == std::string::npos ? read_file(wish.path, largest_table_text) : text.substr(0, end);
  }
  TableLines lines(unmarked(text, name));
  return read_head(lines, wish, name).columns;
}

std::unique_ptr<ArrayFile> open_table(const ArrayWish& wish) {
  return std::make_unique<TableArray>(wish);
}

} // namespace cascade::core
