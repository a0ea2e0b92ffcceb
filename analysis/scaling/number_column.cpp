#include "analysis/scaling/number_column.hpp"

#include "analysis/scaling/written_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace cascade::analysis {
namespace {

/// "3,79", "2,46e+09", "1.400,5": what would be a number with a point.
bool has_decimal_comma(std::string cell) {
  const std::size_t comma = cell.find(',');
  if (comma == std::string::npos || cell.find(',', comma + 1) != std::string::npos)
    return false;
  cell.erase(std::remove(cell.begin(), cell.begin() + static_cast<std::ptrdiff_t>(comma), '.'),
             cell.begin() + static_cast<std::ptrdiff_t>(comma));
  std::replace(cell.begin(), cell.end(), ',', '.');
  return written_number(cell).has_value();
}

/// "40.000.000": points where commas could be.
bool has_grouping_points(std::string cell) {
  if (std::count(cell.begin(), cell.end(), '.') < 2)
    return false;
  std::replace(cell.begin(), cell.end(), '.', ',');
  return written_number(cell).has_value();
}

} // namespace

bool is_resource(RunRole role) {
  return role == RunRole::params || role == RunRole::tokens || role == RunRole::compute || role == RunRole::unique;
}

NumberColumn::NumberColumn(RunRole column_role, std::size_t place, std::string column_name)
    : role(column_role), at(place), name(std::move(column_name)) {
  if (is_resource(role))
    unit_ = unit_of_column(name);
}

double NumberColumn::refuse(const TextRow& row, const std::string& kind, const std::string& what) {
  Fault& fault = faults_[kind];
  if (fault.count++ == 0) {
    fault.line = row.line;
    fault.what = what;
  }
  return std::nan("");
}

double NumberColumn::number_of(const TextRow& row) {
  const std::string& cell = row.cells[at];
  const auto written = written_number(cell);
  if (!written && has_decimal_comma(cell))
    return refuse(row, "comma",
                  fmt::format("'{}' has a decimal comma; numbers need a point (where cells are separated by semicolons "
                              "or tabs: tr , . < table.csv > points.csv)",
                              cell));
  if (!written && has_grouping_points(cell))
    return refuse(row, "points",
                  fmt::format("'{}' has points for separators of thousands; write 40000000, 40M or "
                              "4e7, and decimals with a point",
                              cell));
  if (!written)
    return refuse(
        row, "number",
        fmt::format("'{}' is not a number; allowed: 2.5e9, 1.4B, 300M, 1,400,000, with a decimal point", cell));
  if (written->percent)
    return refuse(row, "percent",
                  fmt::format("'{}' is a percentage; write it as a fraction{}", cell,
                              role == RunRole::error ? ", or say --set compute_optimal.error=none" : ""));
  if (written->grouped && !is_resource(role))
    return refuse(
        row, "group",
        fmt::format("'{}' has a comma: separators of thousands are for resources, and decimals need a point", cell));
  if (!(written->value > 0) && role != RunRole::error)
    return refuse(row, "sign", fmt::format("'{}' is not above zero; losses and resources are", cell));
  grouped_ += written->grouped ? 1 : 0;
  if (written->suffix) {
    ++suffixed_;
    suffix_example_ = cell;
    return written->value;
  }
  first_line_ = plain_++ == 0 ? row.line : first_line_;
  largest_plain_ = std::max(largest_plain_, written->value);
  if (written->value < 1e5) {
    ++plain_small_;
    small_example_ = cell;
    small_line_ = row.line;
  }
  return written->value * unit_.factor;
}

void NumberColumn::read(const TextRow& row) {
  values.push_back(says_nothing(row.cells[at]) ? std::nan("") : number_of(row));
}

void NumberColumn::complain(TableComplaints& complaints) const {
  for (const auto& [kind, fault] : faults_)
    complaints.add(
        fault.line,
        fmt::format("{}: {}{}", name, fault.what,
                    fault.count > 1 ? fmt::format("; {} more such cells in this column", fault.count - 1) : ""));
  if (suffixed_ > 0 && plain_small_ > 0 && is_resource(role) && unit_.factor <= 1)
    complaints.add(small_line_,
                   fmt::format("{}: mixed units: '{}' beside '{}'; write all of them with the suffix, or none", name,
                               small_example_, suffix_example_));
  if ((role == RunRole::params || role == RunRole::tokens) && unit_.factor >= 1e6 && largest_plain_ >= 1e6)
    complaints.add(
        first_line_,
        fmt::format("{}: the name says {:g}, and cells go to {:g}: are they written whole? Rename the column", name,
                    unit_.factor, largest_plain_));
}

void NumberColumn::complain_of_holes(const std::vector<int>& line, TableComplaints& complaints) const {
  if ((role != RunRole::params && role != RunRole::tokens) || suffixed_ > 0)
    return;
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const double low = values[order[i - 1]], high = values[order[i]];
    if (low < 1e5 && std::isgreater(high, 300 * low) && high > 1e5)
      complaints.add(line[order[i - 1]],
                     fmt::format("{}: mixed units? {} rows lie at or below {:g} and {} at or above {:g}, none between; "
                                 "write all in one unit (300M, 3e8)",
                                 name, i, low, order.size() - i, high));
  }
}

std::vector<std::string> NumberColumn::notes() const {
  std::vector<std::string> out;
  if (grouped_ > 0)
    out.push_back(fmt::format("{}: commas are read as separators of thousands", name));
  if (unit_.factor != 1 && plain_ > 0)
    out.push_back(fmt::format("{}: its name says that one is {:g}{}", name, unit_.factor,
                              suffixed_ > 0 ? "; cells with a suffix have their own unit" : ""));
  return out;
}

} // namespace cascade::analysis
