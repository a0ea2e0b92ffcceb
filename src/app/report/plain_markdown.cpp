#include "app/report/plain_markdown.hpp"

#include "core/talk/shown.hpp"

#include <cctype>

namespace cascade::app {

std::string without_tags(const std::string& text) {
  const std::string markdown = core::plain(text);
  std::string out;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const auto next = static_cast<unsigned char>(i + 1 < markdown.size() ? markdown[i + 1] : ' ');
    // CommonMark 0.30, sections 4.6, 6.5 and 6.6: what may follow the bracket of a tag or of a link
    const bool begins = markdown[i] == '<' && (std::isalpha(next) != 0 || next == '/' || next == '!' || next == '?');
    if (begins && i > 0 && markdown[i - 1] == '\\')
      out += '\\'; // a backslash of theirs would escape ours
    if (begins)
      out += '\\';
    out += markdown[i];
  }
  return out;
}

} // namespace cascade::app
