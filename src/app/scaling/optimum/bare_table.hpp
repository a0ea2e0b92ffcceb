#pragma once
// A bare table of training runs as an input of its own.

#include <string>

namespace cascade::app {

/// The first bytes of a file are those of a table of runs, by its names; `asked`: of any table with names. Local, pure.
bool is_run_table(const std::string& head, bool asked);

/// What is said of a table with names that is taken for a series; empty where it has none. Local, pure.
std::string note_on_series(const std::string& head);

/// "task: scaling_law ...", the study compute_optimal on this file. Local, pure.
std::string input_of_run_table(const std::string& file);

} // namespace cascade::app
