#pragma once
// A table of training runs as practitioners keep it: sizes, tokens, compute and losses, each cell as they write it.

#include "analysis/losses/loss_table.hpp"
#include "analysis/scaling/run_columns.hpp"
#include "analysis/scaling/written_number.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// How a table is read beyond its columns.
struct RunReading {
  RunColumns columns; ///< of the guess
  std::vector<ColumnFilter> filters;
  int drop_highest = 0;
  bool allow_unfinished = false; ///< rows before the end of their decay are points like others
};

/// Rows of a table of runs. Columns that are absent are empty. N parameters, D tokens, C FLOP.
struct RunTable {
  std::string name;
  RunColumns columns;
  std::vector<double> params, tokens, compute, loss, unique, sd, error, experts;
  bool compute_given = false; ///< a column of its own, not 6 N D
  std::vector<int> run, group, line;
  std::vector<std::string> run_names, group_names;
  int missing = 0, outliers = 0;                      ///< rows left out: no number, highest losses
  std::vector<int> repeated;                          ///< lines that hold the numbers of an earlier row
  std::vector<std::string> notes;                     ///< what was found, a clause each
  double flop_ratio = 0, flop_low = 0, flop_high = 0; ///< median, least and largest C/(6 N D); 0: not all three given

  std::size_t size() const { return loss.size(); }
  bool has_params() const { return !params.empty(); }
  bool has_tokens() const { return !tokens.empty(); }
  bool has_compute() const { return !compute.empty(); }
  RunTable subset(const std::vector<std::size_t>& rows) const;
  /// x = N, z = D (where both are there), or x the only resource there is.
  LossTable points() const;
};

/// Rows of one size, tokens, unique tokens and group: seeds. Pooled standard deviation of log L within them.
struct RepeatedRuns {
  int places = 0, rows = 0;
  double sd = 0;
};
RepeatedRuns repeated_runs(const RunTable& table);

/// Reads the rows. Where two of N, D and C are there the third is C = 6 N D; a column of tokens a parameter gives D.
/// Throws core::Error(bad_input) with every problem: cells that are no number, units mixed in one column, percentages,
/// rows before the end of their decay. Local, pure.
RunTable read_run_table(const std::string& name, const TextTable& text, const RunReading& reading);

} // namespace cascade::analysis
