#pragma once
// The table of tasks: which input is whose.

#include "app/session/task.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// All tasks, in the order in which they are asked whether an input is theirs; the last takes what is left.
const std::vector<Task>& tasks();

/// The values of the key `task`, the last task's first.
std::vector<std::string> task_names();

/// Whose input this is. Throws core::Error(bad_input) when it names a task that does not exist. Local.
const Task& task_of(const Input& input);

/// What the command line names: the input file, or with --merge the input kept in the folders. Rank 0 reads, every rank
/// parses the same. Throws core::Error(bad_input) when there is none. Collective.
Input find_input(const Session& session);

} // namespace cascade::app
