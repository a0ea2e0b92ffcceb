#pragma once
// The manual page, from the tables that read the command line and the input.

#include <string>

namespace cascade::app {

/// --man: the manual page cascade(1), in the man macros of roff; it has no date, so that the same sources give the same
/// page. Local.
std::string manual_page();

} // namespace cascade::app
