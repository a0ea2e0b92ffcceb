#include "core/input/input_text.hpp"

#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::core {

namespace {

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
