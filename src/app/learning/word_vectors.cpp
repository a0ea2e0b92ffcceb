#include "app/learning/word_vectors.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// The last `count` words of a line that has more, where all of them are numbers; empty otherwise, or for count
/// below 1.
std::vector<double> last_numbers(const std::string& line, std::int64_t count) {
  constexpr const char* blank = " \t\r";
  std::vector<double> out;
  std::size_t end = line.find_last_not_of(blank);
  while (static_cast<std::int64_t>(out.size()) < count && end != std::string::npos) {
    const std::size_t before = line.find_last_of(blank, end);
    if (before == std::string::npos) // no word in front
      return {};
    char* stop = nullptr;
    out.push_back(std::strtod(line.c_str() + before + 1, &stop));
    if (stop != line.c_str() + end + 1)
      return {};
    end = line.find_last_not_of(blank, before);
  }
  if (end == std::string::npos)
    return {};
  std::reverse(out.begin(), out.end());
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
  std::int64_t declared = -1, rows = 0; // by the first line
  each_line(text, [&](const std::string& line, std::int64_t number) {
    WordLine parts = taken_apart(line);
    if (!parts.rest.empty()) {
      std::vector<double> last = last_numbers(line, out.columns);
      if (last.empty())
        throw core::Error(core::ExitCode::bad_input,
                          fmt::format("{}: line {}: '{}' is no number", name, number, core::shown(parts.rest, 20)));
      parts.numbers = std::move(last);
    }
    if (parts.numbers.empty())
      return true;
    if (number == 1 && parts.counts && parts.numbers.size() == 1) {
      declared = std::strtoll(line.c_str(), nullptr, 10);
      out.columns = static_cast<std::int64_t>(parts.numbers.front());
      return true;
    }
    if (out.columns < 1)
      out.columns = static_cast<std::int64_t>(parts.numbers.size());
    else if (static_cast<std::int64_t>(parts.numbers.size()) != out.columns)
      throw core::Error(core::ExitCode::bad_input,
                        fmt::format("{}: line {}: {} numbers, {} {}", name, number, parts.numbers.size(), out.columns,
                                    rows == 0 ? "by the first line" : "in the lines before"));
    out.values.insert(out.values.end(), parts.numbers.begin(), parts.numbers.end());
    ++rows;
    return true;
  });
  if (declared >= 0 && declared != rows)
    out.doubt = fmt::format("its first line counts {} words, and {} are there; a file that was cut looks like this",
                            declared, rows);
  return out;
}

} // namespace cascade::app
