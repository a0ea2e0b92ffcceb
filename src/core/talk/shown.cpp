#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cascade::core {
namespace {

/// Nothing to see, or worse: C0, DEL, C1, and the marks that reorder what is read (Unicode 15, annex 9).
bool obeyed(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200E && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::uint32_t code_at(std::string_view text, std::size_t i, std::size_t length) {
  const auto lead = static_cast<unsigned char>(text[i]);
  std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t k = 1; k < length; ++k)
    code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
  return code;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length > 0 && !obeyed(code_at(text, i, length))) {
      out.append(text, i, length);
    } else if (text[i] == '\n') {
      out += "\\n";
    } else if (text[i] == '\t') {
      out += "\\t";
    } else {
      for (std::size_t k = 0; k < std::max<std::size_t>(length, 1); ++k)
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i + k]));
    }
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

/// Whether a character starts at i: where a text may be cut.
std::size_t start_of_character(std::string_view text, std::size_t i) {
  while (i > 0 && i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U)
    --i;
  return i;
}

} // namespace

std::size_t utf8_length(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0U; };
  const unsigned lead = byte(0);
  const std::size_t n = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  std::uint32_t code = n == 2 ? lead & 0x1FU : n == 3 ? lead & 0x0FU : lead & 0x07U;
  for (std::size_t k = 1; k < n; ++k) {
    if (byte(k) >> 6 != 2)
      return 0;
    code = code << 6 | (byte(k) & 0x3FU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool legal = n < 2 || (code >= smallest[n] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
  return legal ? n : 0;
}

std::string shown(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return escaped(text);
  const std::size_t tail = most / 4; // of the text's end
  const std::size_t head = start_of_character(text, most - tail), rest = start_of_character(text, text.size() - tail);
  return fmt::format("{}...({} bytes)...{}", escaped(text.substr(0, head)), rest - head, escaped(text.substr(rest)));
}

std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i <= text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    out.append(escaped(text.substr(i, end - i)));
    if (end < text.size())
      out.push_back('\n');
    i = end + 1;
  }
  return out;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(safe) == std::string_view::npos)
    return std::string(text);
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string printable(std::string_view message) {
  constexpr std::size_t longest = 4000, most = 400;
  std::string out;
  std::size_t lines = 0;
  for (std::size_t i = 0; i <= message.size(); ++lines) {
    const std::size_t end = std::min(message.find('\n', i), message.size());
    if (lines == most)
      return out.append("\n...");
    if (lines > 0)
      out.push_back('\n');
    out.append(shown(message.substr(i, end - i), longest));
    i = end + 1;
  }
  return out;
}

} // namespace cascade::core
