#pragma once
// What a run has measured, by name: all that passes from measuring to fitting.

#include "analysis/sums/block_table.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::app {

/// Tables by name. From the grid, blocks = realisations, or the blocks within each (grid_tables.hpp):
///   "zeta/<kind>/<order>"                          S_p(r)
///   "spectrum", "spectrum_error"                   E(k) and its standard error; x = mean |k|, count = modes
///   "cells", "set/<threshold>"                     N(s) of the active set and of threshold sets
///   "uniform/<degree>/<q>/volume|active"           losses, x = s
///   "adaptive/<degree>/<q>/pieces|loss"            N(tau), L(tau), x = tau
/// From the point view, blocks = trees, x = 2^-j, j = 1, 2, ... (sampled_tables.hpp):
///   "sampled/zeta/<order>"                         S_p(r)
///   "sampled/active_square"                        mean square increment from alive cells of level j
///   "sampled/cells"                                N_j, the alive cells of a tree
///   "sampled/loss/<degree>/<q>/volume|active"      losses, x = s
///   "sampled/loss_cells"                           pieces that meet the active set (random origins move them)
/// From scattered points, blocks = realisations, x = s = 2^-j (scattered_tables.hpp):
///   "scattered/zeta/<order>"                       S_p along diagonals of cells of side s; fields that fill space
///   "scattered/loss/<degree>/<q>"                  losses
///   "scattered/cells"                              N_j by descent, where there is a tree
/// <order> and <q> as order_text() writes them ("2", "2.5").
using TableSet = std::map<std::string, analysis::BlockTable>;

/// The parts joined by slashes; empty ones are left out.
std::string table_name(const std::string& stage, const std::string& a, const std::string& b = "",
                       const std::string& c = "");

/// The table of that name. Throws std::logic_error with the name when it was not measured.
const analysis::BlockTable& table_of(const TableSet& tables, const std::string& name);

/// Appends the blocks of a unit to those there are. Units are merged in their order, so that block b is always the same
/// tree or realisation.
void merge(TableSet& total, const TableSet& part);

/// Every bit of the tables as bytes: the number of tables, then for each a line "NAME POINTS BLOCKS" and the doubles x,
/// count, and block by block sum and weight. For this machine's kind (the byte order is the machine's).
std::string to_bytes(const TableSet& tables);
/// Throws std::invalid_argument for anything else.
TableSet from_bytes(std::string_view bytes);

} // namespace cascade::app
