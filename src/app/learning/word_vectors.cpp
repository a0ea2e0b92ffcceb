#include "app/learning/word_vectors.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <functional>

namespace cascade::app {
namespace {

/// A line behind its first word.
struct WordLine {
  bool counts = false; ///< the first word is a number
  std::vector<double> numbers;
  std::string rest; ///< what is no number and follows them
};

WordLine taken_apart(const std::string& line) {
  WordLine out;
  const std::size_t begin = line.find_first_not_of(" \t"), word = line.find_first_of(" \t\r", begin);
  if (begin == std::string::npos || word == std::string::npos)
    return out;
  char* end = nullptr;
  std::strtod(line.c_str() + begin, &end);
  out.counts = end == line.c_str() + word;
  const char* at = line.c_str() + word;
  for (;; at = end) {
    const double value = std::strtod(at, &end);
    if (end == at)
      break;
    out.numbers.push_back(value);
  }
  while (*at == ' ' || *at == '\t' || *at == '\r')
    ++at;
  out.rest = at;
  return out;
}

/// Calls one(line, its number from 1) until it answers false.
void each_line(const std::string& text, const std::function<bool(const std::string&, std::int64_t)>& one) {
  std::size_t begin = 0;
  for (std::int64_t number = 1; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!one(text.substr(begin, end - begin), number))
      return;
    begin = end + 1;
  }
}

} // namespace

bool holds_words(const std::string& text) {
  bool found = false;
  each_line(text, [&](const std::string& line, std::int64_t) {
    const WordLine parts = taken_apart(line);
    found = !parts.counts && !parts.numbers.empty() && parts.rest.empty();
    return !found;
  });
  return found;
}

WordVectors read_word_vectors(const std::string& text, const std::string& name) {
  WordVectors out;
  each_line(text, [&](const std::string& line, std::int64_t number) {
    const WordLine parts = taken_apart(line);
    if (!parts.rest.empty())
      throw core::Error(core::ExitCode::bad_input,
                        fmt::format("{}: line {}: '{}' is no number", name, number, core::shown(parts.rest, 20)));
    if (parts.numbers.empty() || (number == 1 && parts.counts && parts.numbers.size() == 1))
      return true;
    if (out.values.empty())
      out.columns = static_cast<std::int64_t>(parts.numbers.size());
    else if (static_cast<std::int64_t>(parts.numbers.size()) != out.columns)
      throw core::Error(core::ExitCode::bad_input, fmt::format("{}: line {}: {} numbers, {} in the lines before", name,
                                                               number, parts.numbers.size(), out.columns));
    out.values.insert(out.values.end(), parts.numbers.begin(), parts.numbers.end());
    return true;
  });
  return out;
}

} // namespace cascade::app
