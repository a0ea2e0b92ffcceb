#pragma once
// Tables of losses, read strictly: whatever is not a number is an error with its line.

#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Keeps the rows whose cell equals the text, or whose number lies in [at_least, at_most].
struct ColumnFilter {
  std::string column;
  std::optional<std::string> equals;
  std::optional<double> at_least, at_most;
};

/// Which columns hold what.
struct LossColumns {
  std::string loss;
  std::string first;              ///< x, e.g. parameters
  std::string second;             ///< z, e.g. training tokens; empty: one variable
  bool second_is_compute = false; ///< the column `second` holds C, and z = C/(6 x)
  std::vector<ColumnFilter> filters{};
  int drop_highest = 0;      ///< so many of the highest losses are left out as outliers
  std::string weight{};      ///< of each row in every sum; empty: 1 each
  bool drop_missing = false; ///< rows with nothing where a number is needed are left out, not refused
};

/// Points of a loss table, all numbers finite and above zero. `z` is empty with one variable.
struct LossTable {
  std::string name; ///< for messages
  std::vector<double> x, z, loss;
  std::vector<int> line;      ///< where each point stands in the file
  std::vector<double> weight; ///< of each point in every sum; empty: 1 each
  int missing = 0;            ///< rows left out because they hold no number where one is needed
  int outliers = 0;           ///< of the highest losses, left out
  std::string cut{};          ///< what is arbitrary in that, see LowerRows; empty: nothing
  std::vector<int> repeated;  ///< lines that hold the same numbers as an earlier one; they are points like any other
  std::size_t size() const { return x.size(); }
  bool two_variables() const { return !z.empty(); }
  LossTable subset(const std::vector<std::size_t>& points) const;
};

/// All rows but those of the `count` highest losses, in order; of equal losses those further down are left out first.
/// `cut` says it where rows of one loss are on either side: which of them stay is the order of the file. Pure.
struct LowerRows {
  std::vector<std::size_t> kept;
  int left_out = 0;
  std::string cut;
};
LowerRows lower_rows(const std::vector<double>& loss, int count);

/// Reads a text table (table_text.hpp) by the names of its columns. Only the cells of rows that pass the filters must
/// be numbers; a row with nothing (empty, nan, NA, inf, ...) in a column that a range is asked of does not lie in it.
/// Throws core::Error(bad_input) with every problem as `name:line: column: what is wrong` (at most 20): no such column,
/// one column for two things, no rows, no numbers. Local, pure.
LossTable read_loss_table(const std::string& name, const std::string& text, const LossColumns& columns);

} // namespace cascade::analysis
