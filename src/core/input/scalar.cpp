#include "core/input/scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace cascade::core {

namespace {

/// The text from `i` on that is a decimal number, digits [. digits] [e digits]; empty if there is none.
std::size_t match_digits(const std::string& s, std::size_t i) {
  std::size_t n = 0;
  while (i + n < s.size() && std::isdigit(static_cast<unsigned char>(s[i + n])))
    ++n;
  return n;
}

/// One plain decimal number, or what is wrong. The sign may be + or -.
Parsed<double> parse_decimal(const std::string& s) {
  std::size_t i = !s.empty() && (s[0] == '+' || s[0] == '-') ? 1 : 0;
  const std::size_t start = i;
  const std::size_t whole = match_digits(s, i);
  i += whole;
  std::size_t fraction = 0;
  if (i < s.size() && s[i] == '.') {
    fraction = match_digits(s, i + 1);
    i += 1 + fraction;
  }
  const std::size_t mantissa_end = i;
  bool exponent_ok = true;
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    i += i + 1 < s.size() && (s[i + 1] == '+' || s[i + 1] == '-') ? 2 : 1;
    const std::size_t digits = match_digits(s, i);
    exponent_ok = digits > 0;
    i += digits;
  }
  if (whole + fraction == 0 || !exponent_ok || i != s.size())
    return fmt::format("'{}' is not a number", s);
  if (whole > 1 && s[start] == '0')
    return fmt::format("'{}' has leading zeros; write it without", s);
  double value = 0;
  const char* first = s.data() + (s[0] == '+' ? 1 : 0); // from_chars knows no plus sign
  const auto [end, error] = std::from_chars(first, s.data() + s.size(), value);
  const bool zero = s.substr(start, mantissa_end - start).find_first_of("123456789") == std::string::npos;
  if (error != std::errc() || end != s.data() + s.size() || !std::isfinite(value) || (value == 0 && !zero))
    return fmt::format("'{}' is beyond what a double holds", s);
  return value;
}

bool is_not_finite_word(const std::string& s) {
  std::string word;
  for (const char c : s)
    if (std::isalpha(static_cast<unsigned char>(c)))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "nan" || word == "inf" || word == "infinity";
}

} // namespace

Parsed<double> parse_real(const std::string& text) {
  if (is_not_finite_word(text))
    return fmt::format("'{}' is not a finite number", text);
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos)
    return parse_decimal(text);
  const auto trim = [](std::string s) {
    while (!s.empty() && s.back() == ' ')
      s.pop_back();
    return s.substr(std::min(s.find_first_not_of(' '), s.size()));
  };
  const Parsed<double> above = parse_decimal(trim(text.substr(0, slash)));
  const Parsed<double> below = parse_decimal(trim(text.substr(slash + 1)));
  const double* a = std::get_if<double>(&above);
  const double* b = std::get_if<double>(&below);
  if (a == nullptr || b == nullptr)
    return fmt::format("'{}' is not a number or a fraction such as 1/3", text);
  if (*b == 0)
    return fmt::format("'{}' divides by zero", text);
  const double value = *a / *b;
  if (!std::isfinite(value) || (value == 0 && *a != 0))
    return fmt::format("'{}' is beyond what a double holds", text);
  return value;
}

Parsed<std::int64_t> parse_integer(const std::string& text) {
  const std::size_t start = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const std::size_t digits = match_digits(text, start);
  if (digits == 0 || start + digits != text.size()) {
    const Parsed<double> real = parse_real(text);
    const double* value = std::get_if<double>(&real);
    if (value != nullptr && *value == std::rint(*value) && std::abs(*value) < 0x1p53)
      return fmt::format("'{}' is not an integer; write {}", text, static_cast<std::int64_t>(*value));
    return fmt::format("'{}' is not an integer", text);
  }
  if (digits > 1 && text[start] == '0')
    return fmt::format("'{}' has leading zeros; write it without", text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + (text[0] == '+' ? 1 : 0), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return fmt::format("'{}' does not fit into 64 bits", text);
  return value;
}

Parsed<bool> parse_boolean(const std::string& text) {
  if (text == "true" || text == "false")
    return text == "true";
  std::string word;
  for (const char c : text)
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool yes = word == "true" || word == "yes" || word == "on" || word == "y" || word == "1";
  const bool no = word == "false" || word == "no" || word == "off" || word == "n" || word == "0";
  const std::string hint = yes ? "; did you mean 'true'?" : no ? "; did you mean 'false'?" : "";
  return fmt::format("'{}' is neither true nor false", text) + hint;
}

std::string format_real(double value) {
  if (value == std::rint(value) && std::abs(value) < 1e15)
    return fmt::format("{}", static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

std::string format_range(const Range1& range) {
  const auto bound = [](double b) { // 2^63 - 1 is no double: the next one stands for it
    if (b >= 0x1p63)
      return fmt::format("{}", std::numeric_limits<std::int64_t>::max());
    return format_real(b);
  };
  const bool below = std::isfinite(range.lowest), above = std::isfinite(range.highest);
  if (below && above)
    return bound(range.lowest) + " to " + bound(range.highest);
  if (below)
    return "at least " + bound(range.lowest);
  return above ? "at most " + bound(range.highest) : "any number";
}

} // namespace cascade::core
