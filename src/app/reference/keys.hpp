#pragma once
// The parameter tables as documentation: all keys that an input may have, by whose they are.

#include "app/session/task.hpp"
#include "core/input/reference_writer.hpp"
#include "solvers/catalogue.hpp"

#include <string>
#include <vector>

namespace cascade::app {

using Keys = std::vector<core::KeyDescription>;

/// The keys that a task has of its own, as it declares them. Local, as all here.
Keys keys_of(const Task& task);

/// The keys of inputs that name no task; of `field` only the generator's name.
Keys common_keys();

/// The tasks whose keys come after the common ones.
std::vector<Task> other_tasks();

/// The keys of one generator, as they stand in the section `field`.
Keys generator_keys(const solvers::GeneratorEntry& entry);

/// Every key of every task and generator: common ones, generators in the order of their table, other tasks. A key that
/// several generators have comes once for each.
Keys all_keys();

/// What can be asked to be described: paths of keys and sections, names of generators.
std::vector<std::string> all_names();

} // namespace cascade::app
