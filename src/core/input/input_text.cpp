#include "core/input/input_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cascade::core {

namespace {

/// Length of the valid UTF-8 sequence at s[i], 0 if there is none (overlong forms and surrogates are invalid).
std::size_t utf8_length(const std::string& s, std::size_t i) {
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

/// Byte offset and description of the first thing no text file holds.
std::optional<std::pair<std::size_t, std::string>> find_garbage(const std::string& s) {
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t n = utf8_length(s, i);
    const auto byte = static_cast<unsigned char>(s[i]);
    if (n == 0)
      return {{i, fmt::format("byte 0x{:02x} is not UTF-8 text; is this an input file?", byte)}};
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F)
      return {{i, fmt::format("control character 0x{:02x}; is this an input file?", byte)}};
    i += n;
  }
  return std::nullopt;
}

} // namespace

InputText::InputText(const std::string& raw) {
  for (std::size_t i = raw.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < raw.size(); ++i)
    if (raw[i] != '\r' || i + 1 == raw.size() || raw[i + 1] != '\n')
      body_.push_back(raw[i]);
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < body_.size(); ++i)
    if (body_[i] == '\n')
      line_starts_.push_back(i + 1);
}

std::size_t InputText::offset(int line, int column) const {
  if (line < 0 || static_cast<std::size_t>(line) >= line_starts_.size())
    return body_.size();
  return std::min(body_.size(), line_starts_[static_cast<std::size_t>(line)] + static_cast<std::size_t>(column));
}

std::pair<int, int> InputText::place(std::size_t offset) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  int column = 1;
  for (std::size_t i = *(next - 1); i < offset; ++i)
    column += (static_cast<unsigned char>(body_[i]) & 0xC0) != 0x80; // continuation bytes belong to a character
  return {static_cast<int>(next - line_starts_.begin()), column};
}

std::optional<std::pair<std::size_t, std::string>> InputText::first_problem() const {
  if (auto garbage = find_garbage(body_))
    return garbage;
  for (const std::size_t start : line_starts_) {
    if (start < body_.size() && body_[start] == '%')
      return {{start, "directives (%...) are not supported"}};
    const std::size_t first = body_.find_first_not_of(' ', start);
    if (first != std::string::npos && body_[first] == '\t')
      return {{first, "a tab; indent with spaces"}};
  }
  return std::nullopt;
}

} // namespace cascade::core
