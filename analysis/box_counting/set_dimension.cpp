#include "analysis/box_counting/set_dimension.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/minimise.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/fit/power_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr double widest_misfit = 0.15;

/// A line through log N, given the correction.
struct CountLine {
  double dimension = 0, level = 0, ends = 0; ///< d, log A, c
  double square = 0;                         ///< weighted mean square of the residuals
};

/// The sides [first, last] of the counts.
struct Counts {
  const std::vector<double>& x;
  const std::vector<double>& y;
  const std::vector<double>& weight; ///< those of the whole set, for all replicates alike
  std::size_t first, last;

  double ends_at(std::size_t i, double c) const { return std::log1p(c * x[i] / x[last]); }

  CountLine line(double c) const {
    double w = 0, sx = 0, sy = 0;
    for (std::size_t i = first; i <= last; ++i) {
      w += weight[i];
      sx += weight[i] * std::log(x[i]);
      sy += weight[i] * (std::log(y[i]) - ends_at(i, c));
    }
    double xx = 0, xy = 0;
    for (std::size_t i = first; i <= last; ++i) {
      const double apart = std::log(x[i]) - sx / w;
      xx += weight[i] * apart * apart;
      xy += weight[i] * apart * (std::log(y[i]) - ends_at(i, c) - sy / w);
    }
    CountLine found{-xy / xx, (sy - xy / xx * sx) / w, c, 0};
    for (std::size_t i = first; i <= last; ++i) {
      const double rest = std::log(y[i]) - found.level + found.dimension * std::log(x[i]) - ends_at(i, c);
      found.square += weight[i] * rest * rest / w;
    }
    return found;
  }

  /// c of a set that ends as a box of side L does, N = (L/s + 1)^d, L from the boxes of the largest side.
  double ends_of_a_box() const {
    const double d = line(0).dimension, sides = std::pow(y[last], 1 / std::max(d, 0.1)) - 1;
    return sides > 0 ? std::clamp(d / sides, 0.0, 4.0) : 0;
  }

  CountLine best() const {
    constexpr std::size_t enough = 5;
    if (last - first + 1 < enough)
      return line(0);
    const LineMinimum at = minimise([&](double c) { return line(c).square; }, {-0.5, 4, 24, 1e-7, -0.5, 4});
    return line(at.at);
  }
};

} // namespace

ExponentFit fit_set_dimension(const BlockTable& table, double lowest_x, double highest_x, double octaves) {
  if (table.blocks() < 2)
    throw NoFit("one block only: an exponent's error needs two independent ones");
  const FitData data = prepare(table);
  std::size_t first = data.x.size(), last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] >= lowest_x * (1 - 1e-9) && data.x[i] <= highest_x * (1 + 1e-9)) {
      first = std::min(first, i);
      last = i;
    }
  require_range(data.x, first, last, static_cast<std::size_t>(octaves) + 1, octaves);
  const Counts all{data.x, data.y, data.y, first, last};
  const CountLine found = all.best();
  ExponentFit fit;
  fit.exponent = found.dimension;
  for (const std::vector<double>& replicate : data.replicates)
    fit.replicates.push_back(Counts{data.x, replicate, data.y, first, last}.line(found.ends).dimension);
  fit.statistical_error = jackknife_error(fit.replicates);
  double low = fit.exponent, high = low;
  const auto other = [&](const CountLine& line) {
    low = std::min(low, line.dimension);
    high = std::max(high, line.dimension);
  };
  if (const CountLine straight = all.line(0); straight.square <= 2 * found.square)
    other(straight);
  constexpr std::size_t few = 5; // sides, of which the ripple of a set of ratio three may hide the ends
  // A plane's sets hold the truth as often as they say without (docs/coverage.md); one that fills its box has no ends.
  const bool broken = fit.exponent > 2 && std::fabs(fit.exponent - std::round(fit.exponent)) > 0.1;
  if (last - first < few && broken)
    other(all.line(all.ends_of_a_box()));
  if (last - first >= 2) {
    other(Counts{data.x, data.y, data.y, first + 1, last}.best());
    other(Counts{data.x, data.y, data.y, first, last - 1}.best());
  }
  double square = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const double curve =
        found.level - found.dimension * std::log(data.x[i]) + std::log1p(found.ends * data.x[i] / data.x[last]);
    fit.curve.x.push_back(data.x[i]);
    fit.curve.y.push_back(std::exp(curve));
    fit.curve.residual.push_back((std::log(data.y[i]) - curve) * std::sqrt(data.y[i]));
    square += std::pow(std::log(data.y[i]) - curve, 2) / static_cast<double>(last - first + 1);
  }
  const auto sides = static_cast<double>(last - first + 1);
  const double left_open = std::sqrt(found.square) * std::sqrt(12 / sides) / std::log(data.x[last] / data.x[first]);
  const double one_box = 1 / (data.y[first] * std::log(2)); // more or less at the border
  fit.systematic_error = std::hypot(high - low, left_open, one_box);
  fit.loglog_slope = loglog_slope(data.x, data.y, first, last);
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(sides);
  fit.octaves = std::log2(data.x[last] / data.x[first]);
  fit.model = found.ends == 0 ? "A s^-d" : "A s^-d (1 + c s)";
  finish(fit, table.blocks());
  if (std::sqrt(square) > widest_misfit)
    mark(fit, FitStatus::failed,
         fmt::format("the numbers of boxes leave every power of their side by {:.0f}%", 100 * std::sqrt(square)));
  return fit;
}

} // namespace cascade::analysis
