#pragma once
// What standard output leads to, and text that fits there.

#include <string>
#include <string_view>

namespace cascade::core {

/// Look before MPI starts: see under_launcher().
struct Terminal {
  bool watched = false; ///< a terminal that can redraw a line, and no launcher in between
  bool colours = false; ///< and colours are welcome there (NO_COLOR is not set)
  int columns = 80;     ///< of a terminal: COLUMNS where it is set, else its own answer; 80 where nobody knows

  /// A launcher gives its ranks a pseudo-terminal even when the output goes to a file: there nobody is watching.
  /// TERM=dumb or none cannot redraw. Local.
  static Terminal look();
};

/// How to talk to it.
struct TerminalStyle {
  bool bar = false;    ///< a bar that redraws itself
  bool colour = false; ///< ANSI colours
};

/// `when` is "auto" (as the terminal has them), "always" or "never".
TerminalStyle terminal_style(const std::string& when, const Terminal& terminal);

/// The text with lines of at most `columns` characters, broken at blanks; line breaks of its own are kept, a longer
/// word has a line of its own, and lines that follow begin with `indent` blanks. A character is a column.
std::string wrapped(std::string_view text, int columns, int indent = 0);

} // namespace cascade::core
