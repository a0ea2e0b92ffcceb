#include "analysis/learners/curve_fit.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/fit/power_law.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

struct Window {
  std::size_t first, last;
};

/// y at 1/x, in increasing order of that.
struct Turned {
  std::vector<double> x, y, error;
};

Turned turned_curve(const LearningCurve& curve, const std::vector<double>& y, double error) {
  Turned t;
  for (std::size_t i = curve.x.size(); i-- > 0;) {
    t.x.push_back(1 / curve.x[i]);
    t.y.push_back(y[i]);
    t.error.push_back(error);
  }
  return t;
}

/// Relative scatter of the means: that of the repeats at each size, less what all sizes of a repeat share.
double scatter(const LearningCurve& curve, const Window& w) {
  const auto repeats = static_cast<double>(curve.loss.size()), sizes = static_cast<double>(w.last - w.first + 1);
  const std::vector<double> mean = geometric_means(curve.loss, no_repeat);
  double sum = 0;
  for (const std::vector<double>& loss : curve.loss) {
    double shared = 0;
    for (std::size_t i = w.first; i <= w.last; ++i)
      shared += std::log(loss[i] / mean[i]) / sizes;
    for (std::size_t i = w.first; i <= w.last; ++i)
      sum += std::pow(std::log(loss[i] / mean[i]) - shared, 2);
  }
  return std::max(1e-3, std::sqrt(sum / (repeats * (repeats - 1) * std::max(1.0, sizes - 1))));
}

PowerLawModel model_of(double smooth_exponent) {
  if (!(smooth_exponent > 0))
    return {"A x^-alpha", {}};
  return {fmt::format("A x^-alpha + B x^-{:.3g}", smooth_exponent),
          {{Correction::Kind::fixed_power, smooth_exponent, {}}}};
}

struct Fitted {
  double exponent;
  PowerLawFit fit;
};

Fitted fit_means(const LearningCurve& curve, const std::vector<double>& means, const Window& w, double error,
                 double smooth_exponent) {
  const Turned t = turned_curve(curve, means, error);
  const std::size_t n = curve.x.size();
  PowerLawFit fit = fit_power_law(t.x, t.y, t.error, n - 1 - w.last, n - 1 - w.first, model_of(smooth_exponent), -1, 8);
  return {fit.exponent, std::move(fit)};
}

/// Standard error of a straight line's slope from its residuals.
double residual_error(const LearningCurve& curve, const std::vector<double>& residual, const Window& w) {
  const std::size_t points = w.last - w.first + 1;
  double mean = 0, square = 0, left = 0;
  for (std::size_t i = w.first; i <= w.last; ++i)
    mean += std::log(curve.x[i]) / static_cast<double>(points);
  for (std::size_t i = w.first; i <= w.last; ++i)
    square += std::pow(std::log(curve.x[i]) - mean, 2);
  for (const double r : residual)
    left += r * r;
  return std::sqrt(left / static_cast<double>(points - 2) / square);
}

/// Whether what is left of the optimisation may still move the exponent: by how much half of it moved it, and whether
/// the losses still fall, at any size, by more than the error of the exponent means over the window. Training flattens
/// a curve from its far end; where it is slow, one halving shows little of what is to come.
void check_end(const LearningCurve& curve, const CurveFitOptions& options, const Window& w, double error,
               const std::vector<double>& means, ExponentFit& out) {
  const std::vector<double> before = geometric_means(curve.checked, no_repeat);
  const double half = fit_means(curve, before, w, error, options.smooth_exponent).exponent;
  if (std::abs(half - out.exponent) > out.standard_error) {
    mark(out, FitStatus::failed,
         fmt::format("not converged: {} gives {:.3f} in place of {}", options.check, half,
                     core::with_error_text(out.exponent, out.standard_error)));
    return;
  }
  const double allowed = out.standard_error * std::log(curve.x[w.last] / curve.x[w.first]);
  for (std::size_t i = w.first; i <= w.last && options.training; ++i)
    if (std::log(before[i] / means[i]) > allowed) {
      mark(out, FitStatus::failed,
           fmt::format(
               "not converged: in its second half the optimisation still takes {:.0f}% off the loss at size {:g}, "
               "and the error of alpha is worth {:.0f}%",
               100 * (1 - means[i] / before[i]), curve.x[i], 100 * (1 - std::exp(-allowed))));
      return;
    }
}

} // namespace

std::vector<double> geometric_means(const std::vector<std::vector<double>>& loss, std::size_t without) {
  std::vector<double> mean(loss.front().size(), 0.0);
  const double count = static_cast<double>(loss.size()) - (without < loss.size() ? 1 : 0);
  for (std::size_t b = 0; b < loss.size(); ++b)
    for (std::size_t i = 0; b != without && i < mean.size(); ++i)
      mean[i] += std::log(loss[b][i]) / count;
  for (double& v : mean)
    v = std::exp(v);
  return mean;
}

ExponentFit fit_learning_curve(const LearningCurve& curve, const CurveFitOptions& options) {
  for (const auto& losses : curve.loss)
    for (const double loss : losses)
      if (!std::isfinite(loss) || loss <= 0)
        throw NoFit("a loss is zero or no number");
  if (curve.loss.size() < 3)
    throw NoFit(fmt::format("{} repeats give no error; at least 3", curve.loss.size()));
  Window w{0, curve.x.size() - 1};
  const double lowest = curve.x.empty() ? 0 : curve.x.back() * std::exp2(-options.doublings) * (1 - 1e-9);
  while (w.first < w.last && curve.x[w.first] < lowest)
    ++w.first;
  require_range(curve.x, w.first, w.last, 4, fewest_octaves - 0.1); // N of a network grows a little less than its width

  const double error = scatter(curve, w);
  const std::vector<double> means = geometric_means(curve.loss, no_repeat);
  const Fitted best = fit_means(curve, means, w, error, options.smooth_exponent);
  const Fitted plain = fit_means(curve, means, w, error, 0);
  ExponentFit out;
  out.exponent = best.exponent;
  out.loglog_slope = plain.exponent;
  for (std::size_t b = 0; b < curve.loss.size(); ++b)
    out.replicates.push_back(
        fit_means(curve, geometric_means(curve.loss, b), w, error, options.smooth_exponent).exponent);
  out.statistical_error = std::max(jackknife_error(out.replicates), residual_error(curve, best.fit.residual, w));
  std::vector<double> ways{best.exponent, plain.exponent};
  if (w.last - w.first >= 4)
    ways.push_back(fit_means(curve, means, {w.first + 1, w.last}, error, options.smooth_exponent).exponent);
  const auto [low, high] = std::minmax_element(ways.begin(), ways.end());
  out.systematic_error = (*high - *low) / 2;
  out.window[0] = curve.x[w.first];
  out.window[1] = curve.x[w.last];
  out.points = static_cast<int>(w.last - w.first + 1);
  out.octaves = std::log2(curve.x[w.last] / curve.x[w.first]);
  out.model = model_of(options.smooth_exponent).name;
  out.amplitude = best.fit.coefficients.front();
  finish(out, curve.loss.size());
  for (std::size_t i = w.first; i <= w.last; ++i) {
    out.curve.x.push_back(curve.x[i]);
    out.curve.y.push_back(best.fit.curve[w.last - i]);
    out.curve.residual.push_back(best.fit.residual[w.last - i] / error);
  }
  if (!curve.checked.empty())
    check_end(curve, options, w, error, means, out);
  return out;
}

} // namespace cascade::analysis
