#pragma once
// Text of others in our messages: short, and without anything a terminal would obey.

#include <cstddef>
#include <string>
#include <string_view>

namespace cascade::core {

/// Length in bytes of the valid UTF-8 sequence at text[i], 0 if there is none (overlong forms and surrogates are
/// invalid).
std::size_t utf8_length(std::string_view text, std::size_t i);

/// What somebody wrote, as one line of at most about `most` bytes: control characters, marks that turn the direction of
/// writing and bytes that are not UTF-8 become \n, \t or \xNN, and what is too long is cut in the middle ("...").
std::string shown(std::string_view text, std::size_t most = 100);

/// A text of many lines, as above, the line breaks kept and nothing cut: what is ours but names things of others.
std::string plain(std::string_view text);

/// A word of a command line, quoted where a shell would take it for anything else.
std::string shell_word(std::string_view text);

/// A whole message, as it may be printed: line by line as above, the line breaks kept, and no more lines than anybody
/// reads.
std::string printable(std::string_view message);

} // namespace cascade::core
