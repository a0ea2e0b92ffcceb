#include "analysis/fit/loss_table.hpp"

#include "core/errors.hpp"
#include "core/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
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
  void add(int line, const std::string& what) { all.push_back(fmt::format("{}:{}: {}", name, line, what)); }
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

/// Cells of one row, from `at` to behind its line end; `line` counts the lines read.
Row next_row(const std::string& text, std::size_t& at, int& line, Complaints& complaints) {
  Row row{line, {""}};
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    line += c == '\n' ? 1 : 0;
    if (quoted) {
      if (c != '"')
        row.cells.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        row.cells.back() += text[++at];
      else
        quoted = false;
    } else if (c == '"' && row.cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      row.cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      return row;
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted)
    complaints.add(row.line, "a quote is opened and never closed");
  return row;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<Row> rows_of(const std::string& text, Complaints& complaints) {
  std::vector<Row> rows;
  std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (int line = 1; at < text.size();) {
    Row row = next_row(text, at, line, complaints);
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
  const char* begin = cell.data() + (cell.starts_with("+") ? 1 : 0);
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
    complaints.add(row.line, fmt::format("{}: {} is not a finite number; allowed: decimal numbers above zero", name,
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
