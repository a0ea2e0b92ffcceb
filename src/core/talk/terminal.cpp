#include "core/talk/terminal.hpp"

#include "core/talk/launcher.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace cascade::core {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// Of a terminal. A launcher's has no size; who starts the launcher may say COLUMNS.
int columns_of_terminal() {
  constexpr int usual = 80, least = 20, most = 1000;
  const char* said = std::getenv("COLUMNS");
  const std::string_view text = said == nullptr ? "" : said;
  int columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  if (columns <= 0) {
    struct winsize size {};
    columns = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  }
  return columns <= 0 ? usual : std::clamp(columns, least, most);
}

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { // all but the later bytes of UTF-8
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

} // namespace

Terminal Terminal::look() {
  Terminal out;
  if (isatty(STDOUT_FILENO) != 1)
    return out;
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  out.watched = !dumb && !under_launcher();
  out.colours = out.watched && !is_set("NO_COLOR");
  out.columns = columns_of_terminal();
  return out;
}

TerminalStyle terminal_style(const std::string& when, const Terminal& terminal) {
  if (when == "always")
    return {true, true};
  return when == "auto" ? TerminalStyle{terminal.watched, terminal.colours} : TerminalStyle{};
}

std::string wrapped(std::string_view text, int columns, int indent) {
  std::string out;
  int used = 0; // of the line that is being filled
  bool begun = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n' || text[i] == ' ') {
      if (text[i] == '\n') {
        out += '\n';
        used = 0;
        begun = false;
      } else if (!begun) { // what a line is indented by is its own
        out += ' ';
        ++used;
      }
      ++i;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \n", i), text.size());
    const std::string_view word = text.substr(i, end - i);
    const int length = characters(word);
    if (begun && used + 1 + length > columns) {
      out.append("\n").append(static_cast<std::size_t>(indent), ' ');
      used = indent;
    } else if (begun) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
    begun = true;
    i = end;
  }
  return out;
}

} // namespace cascade::core
