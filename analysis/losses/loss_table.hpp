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
  std::vector<ColumnFilter> filters;
  int drop_highest = 0; ///< so many of the highest losses are left out as outliers
};

/// Points of a loss table, all numbers finite and above zero. `z` is empty with one variable.
struct LossTable {
  std::string name; ///< for messages
  std::vector<double> x, z, loss;
  std::vector<int> line; ///< where each point stands in the file
  std::size_t size() const { return x.size(); }
  bool two_variables() const { return !z.empty(); }
};

/// Reads text with a header line (RFC 4180: quotes, separators and line ends inside quotes). The separator is what
/// the header has most of: comma, semicolon or tab. CRLF, CR, a byte-order mark, blank lines and lines that begin with
/// '#' are accepted. Only the cells of rows that pass the filters must be numbers. Throws
/// core::Error(bad_input) with every problem as `name:line: column: what is wrong` (at most 20). Local, pure.
LossTable read_loss_table(const std::string& name, const std::string& text, const LossColumns& columns);

} // namespace cascade::analysis
