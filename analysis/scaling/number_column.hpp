#pragma once
// One column of numbers of a table of runs: its cells as people write them, and what cannot be right about them.

#include "analysis/losses/table_text.hpp"
#include "analysis/scaling/column_unit.hpp"
#include "analysis/scaling/run_columns.hpp"

#include <map>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Parameters, tokens, compute or unique tokens: above zero, with suffixes and separators of thousands.
bool is_resource(RunRole role);

/// Values of a column, one a row that was read. A cell with a suffix (1.4B) has its unit with it; the others are in the
/// unit of the column's name. Complaints are counted by their kind, and said once a kind with the first such cell: a
/// table has a mistake in every row, or in one.
class NumberColumn {
public:
  NumberColumn(RunRole role, std::size_t at, std::string name);

  /// The number of a row's cell, or NaN: nothing is said there (no complaint), or it is no such number.
  void read(const TextRow& row);
  /// Complains about cells, about units that are mixed in the column or doubled (a name says millions of 4e7).
  void complain(TableComplaints& complaints) const;
  /// Numbers without suffixes in two units: a hole of a factor of 300 with small numbers below it.
  void complain_of_holes(const std::vector<int>& line, TableComplaints& complaints) const;
  /// What was made of the cells: separators of thousands, the unit of the name.
  std::vector<std::string> notes() const;

  RunRole role;
  std::size_t at;
  std::string name;
  std::vector<double> values;

private:
  struct Fault {
    int line = 0, count = 0;
    std::string what;
  };
  double refuse(const TextRow& row, const std::string& kind, const std::string& what);
  double number_of(const TextRow& row);

  ColumnUnit unit_;
  int suffixed_ = 0, grouped_ = 0, plain_small_ = 0, plain_ = 0;
  double largest_plain_ = 0;
  std::string suffix_example_, small_example_;
  int small_line_ = 0, first_line_ = 0;
  std::map<std::string, Fault> faults_; ///< by kind
};

} // namespace cascade::analysis
