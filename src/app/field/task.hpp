#pragma once
// A run that measures a field, from the plan to the last file: whole, in parts, or merged from parts.

#include "app/session/task.hpp"

namespace cascade::app {

/// The line of the table of tasks: every input that is nobody else's. With --part only the units of that part are
/// measured and kept (app/store/unit_store.hpp); --merge takes the input kept with the units.
Task field_task();

} // namespace cascade::app
