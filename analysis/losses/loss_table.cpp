#include "analysis/losses/loss_table.hpp"

#include "core/input/suggest.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

namespace cascade::analysis {
namespace {

struct Row {
  int line = 0;
  std::vector<std::string> cells;
};

struct Complaints {
  std::string name;
  std::vector<std::string> all;
  void add(int line, const std::string& what) {
    constexpr std::size_t longest = 600; // a cell may be as long as the file
    all.push_back(fmt::format("{}:{}: {}", name, line, core::shown(what, longest)));
  }
  void throw_if_any() const {
    if (all.empty())
      return;
    const std::size_t shown = std::min<std::size_t>(all.size(), 20);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i)
      text += (i > 0 ? "\n" : "") + all[i];
    if (shown < all.size())
      text += fmt::format("\n{}: and {} more", name, all.size() - shown);
    throw core::Error(core::ExitCode::bad_input, text);
  }
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// Cells of one row, from `at` to behind its line end (LF, CRLF or CR); `line` counts the lines read.
Row next_row(const std::string& text, char separator, std::size_t& at, int& line, Complaints& complaints) {
  Row row{line, {""}};
  bool quoted = false, was_quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool end = c == '\n' || (c == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'));
    line += end ? 1 : 0;
    if (quoted) {
      if (c != '"')
        row.cells.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        row.cells.back() += text[++at];
      else
        quoted = false;
    } else if (c == separator) {
      row.cells.emplace_back();
      was_quoted = false;
    } else if (end) {
      ++at;
      return row;
    } else if (c == '"' && trimmed(row.cells.back()).empty() && !was_quoted) {
      row.cells.back().clear();
      quoted = was_quoted = true;
    } else if (was_quoted && !std::isspace(static_cast<unsigned char>(c))) {
      complaints.add(row.line, fmt::format("text behind the closing quote of '{}'; a quote inside quotes is doubled",
                                           row.cells.back()));
      was_quoted = false;
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted)
    complaints.add(row.line, "a quote is opened and never closed");
  return row;
}

/// What stands most often between the names of the header: comma, semicolon or tab; comma when none does.
char separator_of(const std::string& text, std::size_t begin) {
  std::array<std::pair<char, int>, 3> found{{{',', 0}, {';', 0}, {'\t', 0}}};
  bool quoted = false;
  for (std::size_t i = begin; i < text.size() && (quoted || (text[i] != '\n' && text[i] != '\r')); ++i) {
    quoted = quoted != (text[i] == '"');
    for (auto& [c, count] : found)
      count += !quoted && text[i] == c ? 1 : 0;
  }
  return std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

/// Behind blank lines and lines that begin with '#'.
void skip_comments(const std::string& text, std::size_t& at, int& line) {
  while (at < text.size()) {
    const std::size_t first = text.find_first_not_of(" \t", at);
    if (first == std::string::npos || (text[first] != '#' && text[first] != '\n' && text[first] != '\r'))
      return;
    const std::size_t end = text.find_first_of("\r\n", first);
    if (end == std::string::npos) {
      at = text.size();
      return;
    }
    at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    ++line;
  }
}

std::vector<Row> rows_of(const std::string& text, Complaints& complaints) {
  std::vector<Row> rows;
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  if (text.find('\0') != std::string::npos) {
    complaints.add(1, "is not plain text (it holds zero bytes); save it as UTF-8 text");
    return rows;
  }
  int line = 1;
  skip_comments(text, at, line);
  const char separator = separator_of(text, at);
  for (; at < text.size(); skip_comments(text, at, line)) {
    Row row = next_row(text, separator, at, line, complaints);
    for (std::string& cell : row.cells)
      cell = trimmed(cell);
    if (row.cells.size() > 1 || !row.cells[0].empty())
      rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::size_t> find_column(const Row& header, const std::string& column, Complaints& complaints) {
  const auto count = std::count(header.cells.begin(), header.cells.end(), column);
  if (count == 1)
    return static_cast<std::size_t>(std::find(header.cells.begin(), header.cells.end(), column) - header.cells.begin());
  std::string known;
  for (const std::string& cell : header.cells)
    known += (known.empty() ? "" : ", ") + cell;
  complaints.add(header.line, count > 1 ? fmt::format("column '{}' stands {} times in the header", column, count)
                                        : fmt::format("no column '{}'; there are: {}", column, known) +
                                              core::suggestion(column, header.cells));
  return std::nullopt;
}

std::optional<double> number(const std::string& cell) {
  const char* begin = cell.data() + (cell.starts_with("+") && !cell.starts_with("+-") ? 1 : 0);
  const char* end = cell.data() + cell.size();
  double value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

bool passes(const Row& row, const ColumnFilter& filter, std::size_t column, Complaints& complaints) {
  const std::string& cell = row.cells[column];
  if (filter.equals) {
    const auto a = number(cell), b = number(*filter.equals);
    return a && b ? *a == *b : cell == *filter.equals; // "1" and "1.0" are the same token multiplier
  }
  const auto value = number(cell);
  if (!value) {
    complaints.add(row.line,
                   fmt::format("{}: '{}' is not a finite number, and a filter needs one", filter.column, cell));
    return false;
  }
  return *value >= filter.at_least.value_or(*value) && *value <= filter.at_most.value_or(*value);
}

double positive(const Row& row, const std::string& name, std::size_t column, Complaints& complaints) {
  const std::string& cell = row.cells[column];
  const auto value = number(cell);
  if (!value)
    complaints.add(row.line,
                   fmt::format("{}: {} is not a finite number; allowed: numbers above zero, with a decimal point", name,
                               cell.empty() ? "an empty cell" : "'" + cell + "'"));
  else if (*value <= 0)
    complaints.add(row.line, fmt::format("{}: {} is not above zero; losses and resources are", name, cell));
  return value && *value > 0 ? *value : 1;
}

void drop_highest(LossTable& table, int count) {
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return table.loss[i] < table.loss[j]; });
  order.resize(order.size() - std::min<std::size_t>(order.size(), static_cast<std::size_t>(count)));
  std::sort(order.begin(), order.end());
  LossTable kept;
  kept.name = table.name;
  for (const std::size_t i : order) {
    kept.x.push_back(table.x[i]);
    kept.loss.push_back(table.loss[i]);
    kept.line.push_back(table.line[i]);
    if (table.two_variables())
      kept.z.push_back(table.z[i]);
  }
  table = std::move(kept);
}

} // namespace

LossTable read_loss_table(const std::string& name, const std::string& text, const LossColumns& columns) {
  Complaints complaints{name, {}};
  const std::vector<Row> rows = rows_of(text, complaints);
  if (rows.empty())
    complaints.add(1, "empty; expected a header line with the names of the columns, then one line a point");
  complaints.throw_if_any();
  const Row& header = rows.front();
  const auto loss = find_column(header, columns.loss, complaints),
             first = find_column(header, columns.first, complaints);
  const auto second = columns.second.empty() ? first : find_column(header, columns.second, complaints);
  std::vector<std::size_t> filtered;
  for (const ColumnFilter& filter : columns.filters)
    filtered.push_back(find_column(header, filter.column, complaints).value_or(0));
  complaints.throw_if_any();

  LossTable table;
  table.name = name;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const Row& row = rows[r];
    if (row.cells.size() != header.cells.size()) {
      complaints.add(row.line, fmt::format("{} cells, the header has {}", row.cells.size(), header.cells.size()));
      continue;
    }
    bool keep = true;
    for (std::size_t i = 0; i < filtered.size() && keep; ++i)
      keep = passes(row, columns.filters[i], filtered[i], complaints);
    if (!keep)
      continue;
    table.loss.push_back(positive(row, columns.loss, *loss, complaints));
    table.x.push_back(positive(row, columns.first, *first, complaints));
    table.line.push_back(row.line);
    if (!columns.second.empty()) {
      const double z = positive(row, columns.second, *second, complaints);
      table.z.push_back(columns.second_is_compute ? z / (6 * table.x.back()) : z);
    }
  }
  complaints.throw_if_any();
  drop_highest(table, columns.drop_highest);
  return table;
}

} // namespace cascade::analysis
