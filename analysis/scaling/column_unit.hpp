#pragma once
// Units that the name of a column carries: "params (M)", "tokens_B", "FLOPs (1e18)", "compute (PF-days)".

#include <string>

namespace cascade::analysis {

/// A column's name without its unit, and what one of that unit is in parameters, tokens or FLOP.
struct ColumnUnit {
  std::string base;
  std::string unit; ///< as written; empty: the name has none
  double factor = 1;
};

/// A unit in brackets at the end ("(M)", "[billions]", "(1e18)", "(10^18 FLOP)", "(PF-days)"), behind " in "
/// ("params in millions"), or as the last word ("tokens_billions", "n_params_M"); prefixes of FLOP ("total EFLOPs").
/// k, M (mio), B (G, bn) and T are 1e3, 1e6, 1e9 and 1e12; a petaflop day is 8.64e19 FLOP. Brackets that hold anything
/// else stay part of the name. Pure.
ColumnUnit unit_of_column(const std::string& column);

} // namespace cascade::analysis
