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
  double dimension = 0, level = 0, ends = 0, power = 1; ///< d, log A, c, g
  double square = 0;                                    ///< weighted mean square of the residuals
};

/// The sides [first, last] of the counts.
struct Counts {
  const std::vector<double>& x;
  const std::vector<double>& y;
  const std::vector<double>& weight; ///< those of the whole set, for all replicates alike
  std::size_t first, last;

  CountLine line(double c, double power) const {
    const auto ends_at = [&](std::size_t i) { return std::log1p(c * std::pow(x[i] / x[last], power)); };
    double w = 0, sx = 0, sy = 0;
    for (std::size_t i = first; i <= last; ++i) {
      w += weight[i];
      sx += weight[i] * std::log(x[i]);
      sy += weight[i] * (std::log(y[i]) - ends_at(i));
    }
    double xx = 0, xy = 0;
    for (std::size_t i = first; i <= last; ++i) {
      const double apart = std::log(x[i]) - sx / w;
      xx += weight[i] * apart * apart;
      xy += weight[i] * apart * (std::log(y[i]) - ends_at(i) - sy / w);
    }
    CountLine found{-xy / xx, (sy - xy / xx * sx) / w, c, power, 0};
    for (std::size_t i = first; i <= last; ++i) {
      const double rest = std::log(y[i]) - found.level + found.dimension * std::log(x[i]) - ends_at(i);
      found.square += weight[i] * rest * rest / w;
    }
    return found;
  }

  CountLine best(double power) const {
    const LineMinimum at = minimise([&](double c) { return line(c, power).square; }, {-0.5, 4, 24, 1e-7, -0.5, 4});
    return line(at.at, power);
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
  std::vector<double> weight;
  for (const double n : data.y)
    weight.push_back(std::sqrt(n));
  const Counts all{data.x, data.y, weight, first, last};
  const CountLine found = all.best(1);
  ExponentFit fit;
  fit.exponent = found.dimension;
  for (const std::vector<double>& replicate : data.replicates)
    fit.replicates.push_back(Counts{data.x, replicate, weight, first, last}.line(found.ends, 1).dimension);
  fit.statistical_error = jackknife_error(fit.replicates);
  double low = fit.exponent, high = low;
  const auto other = [&](const CountLine& line) {
    low = std::min(low, line.dimension);
    high = std::max(high, line.dimension);
  };
  for (const double power : {0.8, 1.25})
    other(all.best(power));
  const auto octaves_within = [&](std::size_t from, std::size_t to) { return std::log2(data.x[to] / data.x[from]); };
  std::size_t later = first, sooner = last; // an octave less
  while (octaves_within(first, later) < 1 - 1e-9)
    ++later;
  while (octaves_within(sooner, last) < 1 - 1e-9)
    --sooner;
  other(Counts{data.x, data.y, weight, later, last}.best(1));
  other(Counts{data.x, data.y, weight, first, sooner}.best(1));
  double square = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const double curve =
        found.level - found.dimension * std::log(data.x[i]) + std::log1p(found.ends * data.x[i] / data.x[last]);
    fit.curve.x.push_back(data.x[i]);
    fit.curve.y.push_back(std::exp(curve));
    fit.curve.residual.push_back((std::log(data.y[i]) - curve) * std::sqrt(data.y[i]));
    square += std::pow(std::log(data.y[i]) - curve, 2) / static_cast<double>(last - first + 1);
  }
  const double range = octaves_within(first, last);
  const double left_open = std::sqrt(found.square) * std::sqrt(12 / (range + 1)) / (range * std::log(2));
  const double one_box = 1 / (data.y[first] * std::log(2)); // more or less at the border
  fit.systematic_error = std::hypot((high - low) / 2, left_open, one_box);
  fit.loglog_slope = loglog_slope(data.x, data.y, first, last);
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.octaves = range;
  fit.model = found.ends == 0 ? "A s^-d" : "A s^-d (1 + c s)";
  finish(fit, table.blocks());
  if (std::sqrt(square) > widest_misfit)
    mark(fit, FitStatus::failed,
         fmt::format("the numbers of boxes leave every power of their side by {:.0f}%", 100 * std::sqrt(square)));
  return fit;
}

} // namespace cascade::analysis
