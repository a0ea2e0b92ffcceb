#include "analysis/fit/log_slope.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

struct StraightLine {
  double slope = 0, intercept = 0, error = 0;
};

/// Least squares of y = intercept + slope x (+ b bend), rows first..last-1; no bend: an empty list.
StraightLine straight_line(const std::vector<double>& x, const std::vector<double>& bend, const std::vector<double>& y,
                           std::size_t first, std::size_t last) {
  const auto count = static_cast<double>(last - first);
  const bool bent = !bend.empty();
  double u = 0, v = 0, w = 0;
  for (std::size_t i = first; i < last; ++i) {
    u += x[i] / count;
    v += y[i] / count;
    w += bent ? bend[i] / count : 0;
  }
  double uu = 0, uv = 0, uw = 0, vw = 0, ww = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double e = bent ? bend[i] - w : 0;
    uu += (x[i] - u) * (x[i] - u);
    uv += (x[i] - u) * (y[i] - v);
    uw += (x[i] - u) * e;
    vw += (y[i] - v) * e;
    ww += e * e;
  }
  StraightLine line;
  const double share = bent ? uw / ww : 0; // of x that the bend makes
  const double own = uu - share * uw;
  line.slope = (uv - share * vw) / own;
  const double b = bent ? (vw - line.slope * uw) / ww : 0;
  line.intercept = v - line.slope * u - b * w;
  double square = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double r = y[i] - line.intercept - line.slope * x[i] - (bent ? b * bend[i] : 0);
    square += r * r;
  }
  const double parameters = bent ? 3 : 2;
  line.error = count > parameters ? std::sqrt(square / (count - parameters) / own) : 0;
  return line;
}

std::vector<double> means_of(const BlockTable& table, std::optional<std::size_t> without) {
  return without ? table.mean_without(*without) : table.mean();
}

} // namespace

RowsOf log_rows(const BlockTable& table) {
  return [&table](std::optional<std::size_t> without) {
    auto y = means_of(table, without);
    for (double& v : y)
      v = v > 0 ? std::log2(v) : std::numeric_limits<double>::quiet_NaN();
    return y;
  };
}

RowsOf ratio_rows(const BlockTable& over, const BlockTable& under) {
  return [&over, &under](std::optional<std::size_t> without) {
    auto y = means_of(over, without);
    const auto all = means_of(under, without);
    for (std::size_t i = 0; i < y.size(); ++i)
      y[i] = all[i] > 0 ? y[i] / all[i] : std::numeric_limits<double>::quiet_NaN();
    return y;
  };
}

ExponentFit log_slope(const std::vector<double>& x, std::size_t blocks, const RowsOf& rows, double lowest,
                      double highest, std::optional<double> end) {
  constexpr std::size_t fewest_scales = 4, fewest_blocks = 4; // without one of them a bent line still has three
  const std::vector<double> all = rows(std::nullopt);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] >= lowest * (1 - 1e-9) && x[i] <= highest * (1 + 1e-9) && std::isfinite(all[i]))
      kept.push_back(i);
  std::sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const auto inside = static_cast<std::size_t>(std::count_if(
      x.begin(), x.end(), [=](double s) { return s >= lowest * (1 - 1e-9) && s <= highest * (1 + 1e-9); }));
  if (kept.size() < fewest_scales && inside >= fewest_scales) // a larger field would not help
    throw NoFit(
        fmt::format("of the {} scales between {:.3g} and {:.3g} {} hold anything but zeros, and a slope takes {}",
                    inside, lowest, highest, kept.empty() ? "none" : std::to_string(kept.size()), fewest_scales));
  if (kept.size() < fewest_scales)
    throw NoFit(fmt::format("{} scales lie between {:.3g} and {:.3g}, and a slope takes {}; make the field larger, or "
                            "begin the fit at a smaller scale",
                            kept.size(), lowest, highest, fewest_scales));
  std::vector<double> u, bend;
  for (const std::size_t i : kept) {
    u.push_back(std::log2(x[i]));
    if (end)
      bend.push_back(std::pow(x[i] / x[kept.front()], -*end));
  }
  const auto picked = [&](const std::vector<double>& y) {
    std::vector<double> v;
    for (const std::size_t i : kept)
      v.push_back(y[i]);
    return v;
  };
  const std::vector<double> v = picked(all);
  const StraightLine line = straight_line(u, bend, v, 0, u.size());
  ExponentFit fit;
  fit.exponent = fit.loglog_slope = line.slope;
  fit.amplitude = std::exp2(line.intercept);
  if (blocks >= fewest_blocks) {
    for (std::size_t b = 0; b < blocks; ++b)
      fit.replicates.push_back(straight_line(u, bend, picked(rows(b)), 0, u.size()).slope);
    fit.statistical_error = jackknife_error(fit.replicates);
  } else {
    fit.statistical_error = line.error;
  }
  const double low = straight_line(u, bend, v, 1, u.size()).slope,
               high = straight_line(u, bend, v, 0, u.size() - 1).slope;
  fit.systematic_error = 0.5 * (std::max({line.slope, low, high}) - std::min({line.slope, low, high}));
  fit.model = end ? fmt::format("straight line through the logarithms, and b s^-{:.3g} for the end of the grid", *end)
                  : "straight line through the logarithms";
  fit.window[0] = x[kept.front()];
  fit.window[1] = x[kept.back()];
  fit.octaves = u.back() - u.front();
  fit.points = static_cast<int>(kept.size());
  fit.chi2_per_dof = fit.p_value = std::numeric_limits<double>::quiet_NaN();
  finish(fit, blocks >= fewest_blocks ? blocks : std::max<std::size_t>(kept.size() - (end ? 2 : 1), 2));
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

} // namespace cascade::analysis
