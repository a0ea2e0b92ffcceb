#pragma once
// A run with `task: learning`, from the checked input to the last file.

#include "app/session/task.hpp"

namespace cascade::app {

/// The line of the table of tasks: inputs with `task: learning`. They have no parts.
Task learning_task();

} // namespace cascade::app
