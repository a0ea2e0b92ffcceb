#pragma once
// Markdown whose words come from others: a name is text, never markup of a page.

#include <string>

namespace cascade::app {

/// The same text with a backslash before every '<' that would begin a tag, comment or declaration of HTML; "x < y"
/// stays as it is. What a terminal would obey is written out too: such a page is read in pagers. For all of a page but
/// its code blocks. Pure.
std::string without_tags(const std::string& text);

} // namespace cascade::app
