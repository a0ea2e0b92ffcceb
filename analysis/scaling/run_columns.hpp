#pragma once
// Which column of a table of training runs holds what, guessed from the names.

#include "analysis/losses/table_text.hpp"

#include <array>
#include <string>
#include <vector>

namespace cascade::analysis {

/// What a column can be for. M: tokens a parameter.
enum class RunRole { loss, params, tokens, compute, unique, multiplier, run, group, sd, error, horizon, experts };
constexpr std::size_t run_roles = 12;
/// "loss", "params", ...: the keys, and the flags of the command line.
const std::array<const char*, run_roles>& run_role_names();

/// Column of each role by name; empty: none.
struct RunColumns {
  std::array<std::string, run_roles> name;
  std::string& operator[](RunRole role) { return name[static_cast<std::size_t>(role)]; }
  const std::string& operator[](RunRole role) const { return name[static_cast<std::size_t>(role)]; }
  bool has(RunRole role) const { return !(*this)[role].empty(); }
};

/// The guess, and what to say about it.
struct ColumnGuess {
  RunColumns columns;
  std::vector<std::string> notes; ///< "loss: also loss_b, ...; the validation loss was taken"
};

/// Fills the roles that `asked` leaves empty; "none" there means that no column is for it. Names are compared without
/// case, blanks and `_-/.:()`, with and without the unit they carry (unit_of_column). A role has ranks of names, best
/// first; the first rank with a column decides. Several columns of one rank: for losses those of validation come first;
/// where the columns differ the role is ambiguous, and complained about with all candidates. A group is a column whose
/// values several sizes share. A table without a column of losses is complained about with its columns. Local, pure.
ColumnGuess guess_columns(const TextTable& table, const RunColumns& asked, TableComplaints& complaints);

/// A column of optimiser steps done, by its name.
bool names_steps(const std::string& column);

/// Lower case, without blanks and `_-/.:()[]`.
std::string plain_name(const std::string& column);

/// What says on the command line which column is for a role.
std::string flag_of(RunRole role);

/// The first line has names. Local, pure.
bool has_named_columns(const std::string& text);

/// The first line has names, and one of them is that of a loss, a size, tokens or compute (two, where they are single
/// letters), or a column holds words: a table of runs rather than a series of numbers. Local, pure.
bool looks_like_runs(const std::string& text);

} // namespace cascade::analysis
