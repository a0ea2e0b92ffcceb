#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cascade::core {
namespace {

constexpr double whole_below = 1e15, plain_from = 1e-4, plain_below = 1e7;
constexpr double roundoff = 1e-14; ///< of a whole number or a fraction that was worked out
constexpr int most_digits = 12;

/// 1234567.5 -> "1,234,567.5": groups of three from five digits on.
std::string grouped(std::string text) {
  const std::size_t start = text.front() == '-' ? 1 : 0, end = std::min(text.find('.'), text.size());
  if (end - start > 4)
    for (std::size_t at = end - 3; at > start; at = at > start + 3 ? at - 3 : start)
      text.insert(at, 1, ',');
  return text;
}

/// The power of ten of the leading digit, after rounding to `digits` significant ones.
int exponent_of(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

/// To `decimals` places behind the point; -2: to hundreds.
std::string fixed(double value, int decimals) {
  if (decimals >= 0)
    return grouped(fmt::format("{:.{}f}", value, decimals));
  const std::string leading = fmt::format("{:.0f}", value / std::pow(10.0, -decimals));
  return leading == "0" || leading == "-0" ? "0"
                                           : grouped(leading + std::string(static_cast<std::size_t>(-decimals), '0'));
}

std::string scientific(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  const std::size_t at = text.find('e');
  return fmt::format("{}e{}", text.substr(0, at), std::atoi(text.c_str() + at + 1));
}

/// "1/6", or nothing.
std::string fraction(double value) {
  for (const int below : {3, 6, 7, 9, 11, 12}) {
    const double above = std::round(value * below);
    if (above != 0 && std::abs(above) < 100 && std::abs(value * below - above) <= roundoff * std::abs(above))
      return fmt::format("{:.0f}/{}", above, below);
  }
  return "";
}

/// Is this all there is of the value?
bool holds(const std::string& text, double value) {
  return std::strtod(text.c_str(), nullptr) == value;
}

} // namespace

std::string number_text(double value, int digits) {
  if (std::isnan(value))
    return "-";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  if (value == 0)
    return "0";
  const double size = std::abs(value);
  if (size < whole_below && std::abs(value - std::round(value)) <= roundoff * size)
    return grouped(fmt::format("{:.0f}", value));
  const int exponent = exponent_of(value, digits);
  const bool plain = size >= plain_from && size < plain_below;
  for (int fewer = 1; fewer < digits; ++fewer)
    if (holds(fmt::format("{:.{}e}", value, fewer - 1), value))
      return plain ? fixed(value, std::max(fewer - 1 - exponent, 0)) : scientific(value, fewer);
  if (!plain)
    return scientific(value, digits);
  if (const std::string exact = fraction(value); !exact.empty())
    return exact;
  return fixed(value, std::max(digits - 1 - exponent, 0));
}

std::string with_error_text(double value, double error, const std::string& between) {
  if (!std::isfinite(value) || !std::isfinite(error) || error <= 0)
    return number_text(value);
  const double larger = std::max(std::abs(value), error);
  const int top = exponent_of(larger, most_digits), last = exponent_of(error, 2) - 1; // places of first and last digit
  if (top - last >= most_digits)
    return number_text(value, most_digits) + between + scientific(error, 2);
  if (larger >= 1e-3 && larger < plain_below)
    return fixed(value, -last) + between + fixed(error, -last);
  const double unit = std::pow(10.0, top);
  return fmt::format("({}{}{})e{}", fixed(value / unit, top - last), between, fixed(error / unit, top - last), top);
}

std::string interval_text(double low, double high, const std::string& between) {
  if (!std::isfinite(low) || !std::isfinite(high) || high <= low)
    return number_text(low) + between + number_text(high);
  const double larger = std::max(std::abs(low), std::abs(high));
  const int top = exponent_of(larger, most_digits), last = exponent_of((high - low) / 4, 2) - 1;
  if (top - last >= most_digits || larger < 1e-3 || larger >= plain_below)
    return number_text(low, std::clamp(top - last + 1, 1, most_digits)) + between +
           number_text(high, std::clamp(top - last + 1, 1, most_digits));
  return fixed(low, -last) + between + fixed(high, -last);
}

std::string within_text(double value, double low, double high) {
  if (!std::isfinite(value) || !std::isfinite(low) || !std::isfinite(high) || high <= low)
    return number_text(value);
  const double larger = std::max(std::abs(low), std::abs(high));
  const int top = exponent_of(larger, most_digits), last = exponent_of((high - low) / 4, 2) - 1;
  if (top - last >= most_digits || larger < 1e-3 || larger >= plain_below)
    return number_text(value, std::clamp(top - last + 1, 1, most_digits));
  return fixed(value, -last);
}

std::string rounded_down_text(double value) {
  return fmt::format("{:.2f}", std::floor(100 * value) / 100);
}

std::string p_text(double p) {
  return std::isfinite(p) && p < 1e-4 ? "< 0.0001" : number_text(p, 2);
}

} // namespace cascade::core
