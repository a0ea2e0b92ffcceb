#include "core/arrays/even_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::core {
namespace {

constexpr double jitter = 1e-4;     // of a step: places are often single precision
constexpr double most_points = 4;   // of the line, for each that is there
constexpr double rounding_of = 2.2; // two ends are rounded, and a little for the arithmetic

/// Every x_i on x_0 + places_i * step, within the tolerance.
bool on_a_line(std::span<const double> x, const std::vector<Index>& places, double step, double tolerance) {
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::fabs(x[i] - x[0] - static_cast<double>(places[i]) * step) > tolerance)
      return false;
  return true;
}

} // namespace

EvenSteps even_steps(std::span<const double> x, double rounding) {
  EvenSteps found;
  if (x.size() < 2) {
    found.spacing = 1;
    return found;
  }
  const double sign = x.back() > x.front() ? 1 : -1;
  double smallest = 0, largest = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double step = sign * (x[i] - x[i - 1]);
    if (!(step > 0) || !std::isfinite(step)) {
      found.refusal = fmt::format("point {} ({}) does not follow the one before ({}); sort the lines, each place once",
                                  i + 1, x[i], x[i - 1]);
      return found;
    }
    smallest = i == 1 ? step : std::min(smallest, step);
    largest = std::max(largest, step);
  }
  const double mean = (x.back() - x.front()) / static_cast<double>(x.size() - 1);
  const auto tolerance = [&](double step) { return std::max(rounding_of * rounding, jitter * std::fabs(step)); };
  std::vector<Index> places(x.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = static_cast<Index>(i);
  found.spacing = std::fabs(mean);
  if (on_a_line(x, places, mean, tolerance(mean)))
    return found;
  // Gaps: steps as whole numbers of the smallest, which rounding may have made a little too small or too large.
  for (std::size_t i = 1; i < x.size(); ++i)
    places[i] = places[i - 1] + std::max<Index>(1, std::llround(sign * (x[i] - x[i - 1]) / smallest));
  if (static_cast<double>(places.back() + 1) <= most_points * static_cast<double>(x.size())) {
    const double step = (x.back() - x.front()) / static_cast<double>(places.back());
    if (on_a_line(x, places, step, tolerance(step))) {
      found.spacing = std::fabs(step);
      for (std::size_t i = 1; i < x.size(); ++i)
        found.gaps.push_back(places[i] - places[i - 1] - 1);
      found.gaps.push_back(0);
      return found;
    }
  }
  found.refusal = fmt::format("the points are not evenly spaced (steps of {:.4g} to {:.4g}), and exponents need even "
                              "steps: interpolate first, numpy.interp(numpy.arange(t[0], t[-1], {:.4g}), t, u), or say "
                              "field.position: none to take them as they come",
                              smallest, largest, found.spacing);
  return found;
}

} // namespace cascade::core
