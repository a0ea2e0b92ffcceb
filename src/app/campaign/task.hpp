#pragma once
// A campaign, from the checked text to the last file.

#include "app/session/task.hpp"

namespace cascade::app {

/// The line of the table of tasks: inputs with `sweep`. With --part only the cases of that part are run; --merge takes
/// the input kept with the campaign.
Task campaign_task();

} // namespace cascade::app
