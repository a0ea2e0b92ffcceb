#pragma once
// The text of an input before it is parsed: line ends, encoding, places.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cascade::core {

/// A text without its byte-order mark and with LF line ends, which knows where its lines start. Immutable, local.
class InputText {
public:
  explicit InputText(const std::string& raw);
  const std::string& body() const { return body_; }

  /// Byte offset of a place as yaml-cpp gives it: line and column from 0, in bytes.
  std::size_t offset(int line, int column) const;
  /// Line and column from 1; columns count characters, not bytes.
  std::pair<int, int> place(std::size_t offset) const;

  /// The first thing the parser must not see, as byte offset and message: bytes that are no text (invalid UTF-8,
  /// control characters), directives, which yaml-cpp swallows silently, and tabs as indentation.
  std::optional<std::pair<std::size_t, std::string>> first_problem() const;

private:
  std::string body_;
  std::vector<std::size_t> line_starts_;
};

} // namespace cascade::core
