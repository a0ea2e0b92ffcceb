#include "analysis/losses/loss_table.hpp"

#include "analysis/losses/table_text.hpp"
#include "core/input/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

namespace cascade::analysis {
namespace {

std::optional<std::size_t> find_column(const TextRow& header, const std::string& column, TableComplaints& complaints) {
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

/// A column of the table and what it is for; the filters come last.
struct UsedColumn {
  std::string name, use;
  std::size_t at = 0;
};

/// Columns of loss, x, z and weight, in that order, as far as they are used.
std::vector<UsedColumn> used_columns(const TextRow& header, const LossColumns& columns, TableComplaints& complaints) {
  std::vector<UsedColumn> used{{columns.loss, "the losses"}, {columns.first, "x"}};
  if (!columns.second.empty())
    used.push_back({columns.second, "z"});
  if (!columns.weight.empty())
    used.push_back({columns.weight, "the weights"});
  for (std::size_t i = 0; i < used.size(); ++i) {
    used[i].at = find_column(header, used[i].name, complaints).value_or(0);
    for (std::size_t j = 0; j < i; ++j)
      if (used[i].name == used[j].name)
        complaints.add(header.line, fmt::format("column '{}' is named both for {} and for {}", used[i].name,
                                                used[j].use, used[i].use));
  }
  return used;
}

enum class Passes { yes, no, missing };

Passes passes(const TextRow& row, const ColumnFilter& filter, std::size_t column, TableComplaints& complaints) {
  const std::string& cell = row.cells[column];
  const double value = number_in(cell);
  if (filter.equals) { // "1" and "1.0" are the same token multiplier
    const double wanted = number_in(*filter.equals);
    return (std::isfinite(value) && std::isfinite(wanted) ? value == wanted : cell == *filter.equals) ? Passes::yes
                                                                                                      : Passes::no;
  }
  if (!std::isfinite(value)) {
    if (says_nothing(cell))
      return Passes::missing;
    complaints.add(row.line,
                   fmt::format("{}: '{}' is not a finite number, and a filter needs one", filter.column, cell));
    return Passes::no;
  }
  return value >= filter.at_least.value_or(value) && value <= filter.at_most.value_or(value) ? Passes::yes : Passes::no;
}

/// The numbers of a row, one a used column; empty when the row is left out for want of one.
std::vector<double> numbers_of(const TextRow& row, const std::vector<UsedColumn>& used, bool drop_missing,
                               TableComplaints& complaints) {
  std::vector<double> out;
  for (const UsedColumn& column : used) {
    const std::string& cell = row.cells[column.at];
    const double value = number_in(cell);
    if (!std::isfinite(value) && says_nothing(cell) && drop_missing)
      return {};
    if (!std::isfinite(value))
      complaints.add(row.line, fmt::format("{}: {} is not a finite number; allowed: numbers above zero, with a decimal "
                                           "point{}",
                                           column.name, cell.empty() ? "an empty cell" : "'" + cell + "'",
                                           says_nothing(cell) ? " (missing: drop leaves such rows out)" : ""));
    else if (value <= 0)
      complaints.add(row.line, fmt::format("{}: {} is not above zero; losses and resources are", column.name, cell));
    out.push_back(std::isgreater(value, 0.0) ? value : 1);
  }
  return out;
}

std::vector<int> repeated_lines(const LossTable& t) {
  std::set<std::tuple<double, double, double>> seen;
  std::vector<int> out;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (!seen.emplace(t.x[i], t.two_variables() ? t.z[i] : 0, t.loss[i]).second)
      out.push_back(t.line[i]);
  return out;
}

} // namespace

LowerRows lower_rows(const std::vector<double>& loss, int count) {
  std::vector<std::size_t> order(loss.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return loss[i] < loss[j]; });
  LowerRows out;
  const std::size_t left_out = std::min<std::size_t>(order.size(), static_cast<std::size_t>(count)),
                    kept = order.size() - left_out;
  out.left_out = static_cast<int>(left_out);
  if (left_out > 0 && kept > 0 && loss[order[kept - 1]] == loss[order[kept]])
    out.cut =
        fmt::format("drop_highest = {} leaves out some of {} rows of one loss, {:.6g}, and keeps others: which of "
                    "them stay is the order of the file",
                    count, std::count(loss.begin(), loss.end(), loss[order[kept]]), loss[order[kept]]);
  order.resize(kept);
  std::sort(order.begin(), order.end());
  out.kept = order;
  return out;
}

LossTable LossTable::subset(const std::vector<std::size_t>& points) const {
  LossTable out;
  out.name = name;
  out.missing = missing;
  out.outliers = outliers;
  out.cut = cut;
  for (const std::size_t i : points) {
    out.x.push_back(x[i]);
    out.loss.push_back(loss[i]);
    if (!z.empty())
      out.z.push_back(z[i]);
    if (!line.empty())
      out.line.push_back(line[i]);
    if (!weight.empty())
      out.weight.push_back(weight[i]);
  }
  return out;
}

LossTable read_loss_table(const std::string& name, const std::string& text, const LossColumns& columns) {
  TableComplaints complaints{name, {}};
  const TextTable read = read_text_table(text, complaints);
  complaints.throw_if_any();
  const std::vector<UsedColumn> used = used_columns(read.header, columns, complaints);
  std::vector<std::size_t> filtered;
  for (const ColumnFilter& filter : columns.filters)
    filtered.push_back(find_column(read.header, filter.column, complaints).value_or(0));
  if (read.rows.empty())
    complaints.add(read.header.line, "a header and nothing below it; expected one line a point");
  complaints.throw_if_any();

  LossTable table;
  table.name = name;
  for (const TextRow& row : read.rows) {
    if (row.cells.size() != read.header.cells.size()) {
      complaints.add(row.line, fmt::format("{} cells, the header has {}", row.cells.size(), read.header.cells.size()));
      continue;
    }
    Passes kept = Passes::yes;
    for (std::size_t i = 0; i < filtered.size() && kept == Passes::yes; ++i)
      kept = passes(row, columns.filters[i], filtered[i], complaints);
    if (kept == Passes::no)
      continue;
    const std::vector<double> numbers =
        kept == Passes::missing ? std::vector<double>{} : numbers_of(row, used, columns.drop_missing, complaints);
    if (numbers.empty()) {
      ++table.missing;
      continue;
    }
    table.loss.push_back(numbers[0]);
    table.x.push_back(numbers[1]);
    if (!columns.second.empty())
      table.z.push_back(columns.second_is_compute ? numbers[2] / (6 * numbers[1]) : numbers[2]);
    if (!columns.weight.empty())
      table.weight.push_back(numbers.back());
    table.line.push_back(row.line);
  }
  if (table.size() > 1 && (table.x == table.loss || (table.two_variables() && table.z == table.loss)))
    complaints.add(read.header.line, fmt::format("column '{}' holds the same numbers as a resource; name the column of "
                                                 "the losses, and that of x",
                                                 columns.loss));
  complaints.throw_if_any();
  const LowerRows lower = lower_rows(table.loss, columns.drop_highest);
  table = table.subset(lower.kept);
  table.outliers = lower.left_out;
  table.cut = lower.cut;
  table.repeated = repeated_lines(table);
  return table;
}

} // namespace cascade::analysis
