#include "analysis/approximation/driven_fit.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr double most_forced = 1e-3, fewest_driven_octaves = 6;

/// log2 of threshold, pieces and loss, thresholds falling in equal steps.
struct DrivenCurve {
  std::vector<double> x, n, loss;
};

std::size_t clean_rows(const std::vector<double>& pieces, const std::vector<double>& forced) {
  std::size_t rows = 0;
  while (rows < pieces.size() && forced[rows] <= most_forced * pieces[rows])
    ++rows;
  return rows;
}

DrivenCurve driven_curve(const BlockTable& table, const std::vector<double>& pieces, const std::vector<double>& loss,
                         std::size_t rows) {
  DrivenCurve curve;
  for (std::size_t i = 0; i < rows && pieces[i] > 0 && (curve.x.empty() ? true : loss[i] > 0); ++i) {
    if (!(loss[i] > 0) || !std::isfinite(loss[i]) || pieces[i] <= 1)
      continue; // before the first cell is split
    curve.x.push_back(std::log2(table.x[i]));
    curve.n.push_back(std::log2(pieces[i]));
    curve.loss.push_back(std::log2(loss[i]));
  }
  return curve;
}

/// -slope of loss on n over the rows with lowest <= n.
double curve_slope(const DrivenCurve& c, double lowest) {
  double count = 0, u = 0, v = 0;
  for (std::size_t i = 0; i < c.n.size(); ++i)
    if (c.n[i] >= lowest) {
      ++count;
      u += c.n[i];
      v += c.loss[i];
    }
  double uu = 0, uv = 0;
  for (std::size_t i = 0; i < c.n.size(); ++i)
    if (c.n[i] >= lowest) {
      const double a = c.n[i] - u / count;
      uu += a * a;
      uv += a * (c.loss[i] - v / count);
    }
  return uu > 0 ? -uv / uu : std::numeric_limits<double>::quiet_NaN();
}

/// Means over a box of `width` octaves of the threshold, where it fits.
DrivenCurve smoothed(const DrivenCurve& c, double width) {
  DrivenCurve result;
  if (c.x.size() < 3)
    return result;
  const double step = c.x[0] - c.x[1], half = 0.5 * width / step; // in rows
  std::vector<double> to_n{0}, to_loss{0};                        // integrals of the polygons from row 0
  for (std::size_t i = 1; i < c.x.size(); ++i) {
    to_n.push_back(to_n.back() + 0.5 * (c.n[i] + c.n[i - 1]));
    to_loss.push_back(to_loss.back() + 0.5 * (c.loss[i] + c.loss[i - 1]));
  }
  const auto integral = [](const std::vector<double>& to, const std::vector<double>& y, double place) {
    const auto i = std::min(static_cast<std::size_t>(place), y.size() - 2);
    const double part = place - static_cast<double>(i);
    return to[i] + part * (y[i] + 0.5 * part * (y[i + 1] - y[i]));
  };
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    const double from = static_cast<double>(i) - half, until = static_cast<double>(i) + half;
    if (from < 0 || until > static_cast<double>(c.x.size() - 1))
      continue;
    result.x.push_back(c.x[i]);
    result.n.push_back((integral(to_n, c.n, until) - integral(to_n, c.n, from)) / (2 * half));
    result.loss.push_back((integral(to_loss, c.loss, until) - integral(to_loss, c.loss, from)) / (2 * half));
  }
  return result;
}

/// Least relative squares of y = a 2^(p x) + b 2^(r x): the sum of squares left.
double two_power_misfit(const std::vector<double>& x, const std::vector<double>& y, double p, double r, double lowest,
                        const std::vector<double>& n) {
  double pp = 0, pr = 0, rr = 0, py = 0, ry = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (n[i] < lowest)
      continue;
    const double a = std::exp2(p * x[i] - y[i]), b = std::exp2(r * x[i] - y[i]); // relative to y
    pp += a * a;
    pr += a * b;
    rr += b * b;
    py += a;
    ry += b;
    ++yy;
  }
  const double determinant = pp * rr - pr * pr;
  if (!(determinant > 1e-14 * pp * rr))
    return yy - py * py / pp;
  const double u = (py * rr - ry * pr) / determinant, v = (ry * pp - py * pr) / determinant;
  return yy - u * py - v * ry;
}

double two_exponents(const DrivenCurve& c, double lowest, double smooth) {
  const auto misfit = [&](double t) {
    return two_power_misfit(c.x, c.n, -t, -smooth, lowest, c.n) +
           two_power_misfit(c.x, c.loss, 1 - t, 1 - smooth, lowest, c.n);
  };
  constexpr int steps = 400;
  int best = 1;
  const auto at = [](double i) { return 0.05 + 0.945 * i / steps; };
  for (int i = 2; i < steps; ++i)
    if (misfit(at(i)) < misfit(at(best)))
      best = i;
  double low = at(best - 1), high = at(best + 1);
  constexpr double golden = 0.6180339887498949;
  for (int i = 0; i < 60; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (misfit(a) < misfit(b) ? high : low) = misfit(a) < misfit(b) ? b : a;
  }
  return 2 / (low + high) - 1;
}

/// alpha of log2 loss = c - alpha n - B 2^(-gap n), least squares over the rows with lowest <= n: the slope of what is
/// left of loss and n when the third term is taken out of both.
double approaching_slope(const DrivenCurve& c, double lowest, double gap) {
  std::vector<double> n, loss, bend;
  for (std::size_t i = 0; i < c.n.size(); ++i)
    if (c.n[i] >= lowest) {
      n.push_back(c.n[i]);
      loss.push_back(c.loss[i]);
      bend.push_back(std::exp2(-gap * (c.n[i] - lowest)));
    }
  const auto centred = [](std::vector<double>& v) {
    double mean = 0;
    for (const double x : v)
      mean += x / static_cast<double>(v.size());
    for (double& x : v)
      x -= mean;
  };
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      sum += a[i] * b[i];
    return sum;
  };
  for (auto* v : {&n, &loss, &bend})
    centred(*v);
  constexpr std::size_t fewest_rows = 8;
  if (n.size() < fewest_rows)
    return std::numeric_limits<double>::quiet_NaN();
  const double bb = dot(bend, bend), nb = dot(n, bend), nn = dot(n, n) - nb * nb / bb;
  return nn > 0 ? -(dot(n, loss) - nb * dot(bend, loss) / bb) / nn : std::numeric_limits<double>::quiet_NaN();
}

double driven_alpha(const DrivenCurve& c, const DrivenFitSetting& s, double lowest) {
  constexpr double least_gap = 0.02, negligible = 1e-3;
  double alpha = curve_slope(c, lowest);
  for (int i = 0; i < (s.approach ? 6 : 3) && std::isfinite(alpha); ++i) { // the width of the box follows from alpha
    const DrivenCurve even = smoothed(c, s.generation * (1 + alpha));
    const double gap = std::max(2 / s.loss_power * (s.smooth_order / s.generation - alpha), least_gap);
    if (s.dead_regions)
      alpha = two_exponents(even, lowest, s.dimensions / (s.dimensions + s.smooth_order));
    else if (s.approach && std::exp2(-gap * s.lowest) > negligible)
      alpha = approaching_slope(even, lowest, gap);
    else
      alpha = curve_slope(even, lowest);
  }
  return alpha;
}

} // namespace

double clean_limit(const BlockTable& pieces, const BlockTable& forced) {
  const auto n = pieces.mean();
  const std::size_t rows = clean_rows(n, forced.mean());
  return rows > 0 ? std::log2(n[rows - 1]) : 0;
}

ExponentFit fit_driven(const BlockTable& pieces, const BlockTable& loss, const BlockTable& forced,
                       const DrivenFitSetting& setting) {
  const auto n = pieces.mean();
  const std::size_t rows = clean_rows(n, forced.mean());
  const DrivenCurve curve = driven_curve(pieces, n, loss.mean(), rows);
  const double top = curve.n.empty() ? 0 : curve.n.back();
  if (top - setting.lowest < fewest_driven_octaves)
    throw NoFit(
        fmt::format("N is clean up to 2^{:.1f} only, and the curve is fitted from 2^{:.0f} on over {:g} octaves at "
                    "least",
                    top, setting.lowest, fewest_driven_octaves));
  ExponentFit fit;
  fit.exponent = driven_alpha(curve, setting, setting.lowest);
  if (!std::isfinite(fit.exponent))
    throw NoFit("too few thresholds for this fit");
  for (std::size_t b = 0; b < pieces.blocks(); ++b)
    fit.replicates.push_back(driven_alpha(driven_curve(pieces, pieces.mean_without(b), loss.mean_without(b), rows),
                                          setting, setting.lowest));
  fit.statistical_error = jackknife_error(fit.replicates);
  const double later = driven_alpha(curve, setting, setting.lowest + 2);
  fit.systematic_error = std::isfinite(later) ? 0.5 * std::abs(later - fit.exponent) : 0;
  fit.loglog_slope = curve_slope(curve, setting.lowest);
  fit.model = setting.dead_regions ? "N = a x^-t + b x^-u, loss = c x^(1-t) + d x^(1-u)"
              : setting.approach   ? "means over one generation of thresholds, A N^-a 2^(-B N^-g)"
                                   : "means over one generation of thresholds, A N^-a";
  fit.window[0] = std::exp2(setting.lowest);
  fit.window[1] = std::exp2(top);
  fit.octaves = top - setting.lowest;
  fit.points =
      static_cast<int>(std::count_if(curve.n.begin(), curve.n.end(), [&](double v) { return v >= setting.lowest; }));
  fit.chi2_per_dof = fit.p_value = std::numeric_limits<double>::quiet_NaN();
  finish(fit, pieces.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

} // namespace cascade::analysis
