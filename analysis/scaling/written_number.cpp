#include "analysis/scaling/written_number.hpp"

#include "analysis/losses/table_text.hpp"

#include <cctype>
#include <cmath>

namespace cascade::analysis {
namespace {

/// "1,400,000.5": groups of three.
std::optional<std::string> without_groups(const std::string& cell) {
  const std::size_t point = std::min(cell.find('.'), cell.size());
  std::string out;
  std::size_t run = 0;
  bool first = true;
  for (std::size_t i = 0; i < point; ++i) {
    if (cell[i] == ',' || cell[i] == '\'') {
      if (run == 0 || run > 3 || (!first && run != 3))
        return std::nullopt;
      first = false;
      run = 0;
    } else if (std::isdigit(static_cast<unsigned char>(cell[i])) == 0) {
      return std::nullopt;
    } else {
      ++run;
      out += cell[i];
    }
  }
  if (first || run != 3)
    return std::nullopt;
  return out + cell.substr(point);
}

double power_of(char suffix) {
  switch (suffix) {
  case 'k':
  case 'K':
    return 1e3;
  case 'm':
  case 'M':
    return 1e6;
  case 'g':
  case 'G':
  case 'b':
  case 'B':
    return 1e9;
  case 't':
  case 'T':
    return 1e12;
  default:
    return 0;
  }
}

} // namespace

std::optional<WrittenNumber> written_number(const std::string& cell) {
  WrittenNumber out;
  std::string text = cell;
  if (text.ends_with('%')) {
    out.percent = true;
    text.pop_back();
  }
  double scale = 1;
  if (!text.empty() && power_of(text.back()) > 0) {
    scale = power_of(text.back());
    out.suffix = true;
    text.pop_back();
    while (text.ends_with(' '))
      text.pop_back();
  }
  if (const auto plain = without_groups(text)) {
    out.grouped = true;
    text = *plain;
  }
  const double value = number_in(text);
  if (!std::isfinite(value))
    return std::nullopt;
  out.value = value * scale;
  return out;
}

} // namespace cascade::analysis
