#pragma once
// A run with `task: scaling_law`, from the checked input to the last file.

#include "app/session/task.hpp"

namespace cascade::app {

/// The line of the table of tasks: inputs with `task: scaling_law`, one study each. They have no parts.
Task scaling_task();

} // namespace cascade::app
