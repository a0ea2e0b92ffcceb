#pragma once
// What a run has measured, by measurement and name: all that passes from measuring to fitting.

#include "analysis/measurement/view.hpp"
#include "analysis/sums/block_table.hpp"

#include <map>
#include <string>
#include <string_view>

namespace cascade::analysis {

/// The tables of one measurement on one view, under names of its own.
using Tables = std::map<std::string, BlockTable>;

/// The tables of a run by view and measurement, "grid/spectrum". Blocks are realisations (trees), or parts of each.
using TableSet = std::map<std::string, Tables>;

/// "grid/spectrum"
std::string tables_key(View view, const std::string& measurement);
/// The tables of a measurement on a view; none at all if it was not measured.
const Tables& tables_of(const TableSet& all, View view, const std::string& measurement);

/// The parts joined by slashes; empty ones are left out. "uniform/0/2/volume"
std::string table_name(const std::string& stage, const std::string& a, const std::string& b = "",
                       const std::string& c = "");

/// The table of that name. Throws std::logic_error with the name when it was not measured.
const BlockTable& table_of(const Tables& tables, const std::string& name);
/// The same; null when it was not measured.
const BlockTable* find_table(const Tables& tables, const std::string& name);

/// Appends the blocks of a unit to those there are. Units are merged in their order, so that block b is always the same
/// tree or realisation.
void merge(TableSet& total, const TableSet& part);

/// Every bit of the tables as bytes: the number of tables, then for each a line "KEY NAME POINTS BLOCKS" and the
/// doubles x, count, and block by block sum and weight. For this machine's kind (the byte order is the machine's).
std::string to_bytes(const TableSet& tables);
/// Throws std::invalid_argument for anything else.
TableSet from_bytes(std::string_view bytes);

} // namespace cascade::analysis
