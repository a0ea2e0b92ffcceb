#include "core/arrays/table_array.hpp"

#include "core/files/read_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
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
char separator_of(std::string_view line, const std::string& wish) {
  if (!wish.empty())
    return wish == "\\t" || wish == "tab" ? '\t' : wish == "space" ? ' ' : wish[0];
  for (const char c : {'\t', ';', ','})
    if (line.find(c) != std::string_view::npos)
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

/// A number, all of it; NaN and infinity by any of their names.
std::optional<double> number_in(std::string_view cell) {
  if (cell.starts_with('+'))
    cell.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (read.ptr != cell.data() + cell.size() || cell.empty())
    return std::nullopt;
  if (read.ec == std::errc::result_out_of_range)
    return std::nullopt;
  return value;
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

struct Head {
  TableHead names;
  char separator = ' ';
};

/// Of the first line.
Head head_of(std::string_view line, const std::string& wish, const std::vector<std::string>& codes) {
  Head head;
  head.separator = separator_of(line, wish);
  head.names.named = true;
  std::vector<std::string> cells;
  for_each_cell(line, head.separator, [&](std::size_t, std::string_view cell) {
    cells.emplace_back(cell);
    if (number_in(cell) || std::find(codes.begin(), codes.end(), cell) != codes.end())
      head.names.named = false;
  });
  for (std::size_t i = 0; i < cells.size(); ++i)
    head.names.columns.push_back(head.names.named ? cells[i] : std::to_string(i + 1));
  return head;
}

std::size_t chosen_column(const TableHead& head, const std::string& wish, const std::string& name) {
  const std::string there = shown(fmt::format("{}", fmt::join(head.columns, ", ")), 400);
  if (wish.empty()) {
    if (head.columns.size() == 1)
      return 0;
    throw Error(ExitCode::bad_input,
                fmt::format("{}: {} columns; a table is read as one series: name a column as field.column ({})", name,
                            head.columns.size(), there));
  }
  const auto found = std::find(head.columns.begin(), head.columns.end(), wish);
  if (found != head.columns.end())
    return static_cast<std::size_t>(found - head.columns.begin());
  std::size_t number = 0;
  const auto read = std::from_chars(wish.data(), wish.data() + wish.size(), number);
  if (read.ec == std::errc() && read.ptr == wish.data() + wish.size() && number >= 1 && number <= head.columns.size())
    return number - 1;
  throw Error(ExitCode::bad_input, fmt::format("{}: no column '{}'; there are: {}", name, shown(wish), there));
}

class TableArray final : public ArrayFile {
public:
  explicit TableArray(const ArrayWish& wish) {
    const std::string name = shown(wish.path.string(), 400);
    const std::string text = read_file(wish.path, largest_table_text);
    Lines lines(text);
    if (!lines.next())
      throw Error(ExitCode::bad_input, name + ": is empty");
    const Head head = head_of(lines.line(), wish.separator, wish.missing_codes);
    const std::size_t column = chosen_column(head.names, wish.column, name), columns = head.names.columns.size();
    for (bool more = !head.names.named || lines.next(); more; more = lines.next()) {
      std::string_view mine;
      const std::size_t cells = for_each_cell(lines.line(), head.separator, [&](std::size_t i, std::string_view cell) {
        if (i == column)
          mine = cell;
      });
      if (cells != columns)
        throw Error(ExitCode::bad_input,
                    fmt::format("{}:{}: {} cells where the first line has {}", name, lines.number(), cells, columns));
      values_.push_back(value_of(mine, wish, name, lines.number()));
    }
    if (values_.empty())
      throw Error(ExitCode::bad_input, name + ": a header and no numbers");
    header_.shape = {static_cast<Index>(values_.size())};
    header_.type = "text";
    header_.dataset = head.names.named ? head.names.columns[column] : "";
  }
  void read(const ArraySelection& selection, const Visit& visit) const override {
    std::vector<double> piece;
    for (Index i = 0; i < selection.count[0]; ++i)
      piece.push_back(values_[static_cast<std::size_t>(selection.begin[0] + i * selection.step[0])]);
    visit(0, piece);
  }
  double bytes_held() const override { return 2.0 * sizeof(double) * static_cast<double>(values_.size()); }

private:
  static double value_of(std::string_view cell, const ArrayWish& wish, const std::string& name, Index line) {
    if (cell.empty() ||
        std::find(wish.missing_codes.begin(), wish.missing_codes.end(), cell) != wish.missing_codes.end())
      return std::numeric_limits<double>::quiet_NaN();
    if (const auto number = number_in(cell))
      return *number;
    throw Error(ExitCode::bad_input,
                fmt::format("{}:{}: '{}' is no number; if it stands for a missing value, add it to field.missing_codes",
                            name, line, shown(std::string(cell))));
  }
  std::vector<double> values_;
};

} // namespace

std::unique_ptr<ArrayFile> open_table(const ArrayWish& wish) {
  return std::make_unique<TableArray>(wish);
}

TableHead table_head(const std::filesystem::path& path, const std::string& separator) {
  const std::string text = read_file(path, largest_table_text);
  Lines lines(text);
  return lines.next() ? head_of(lines.line(), separator, {}).names : TableHead{};
}

} // namespace cascade::core
