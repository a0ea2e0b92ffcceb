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

/// Values in the window.
std::vector<double> part_of(const std::vector<double>& values, const Window& w) {
  return {values.begin() + static_cast<std::ptrdiff_t>(w.first),
          values.begin() + static_cast<std::ptrdiff_t>(w.last) + 1};
}

/// What longer training would still change the exponent by, as its last two halves did; without a repeat, or of all.
double still_to_move(const LearningCurve& curve, const CurveFitOptions& options, const Window& w, double error,
                     std::size_t without) {
  const std::vector<double> all = geometric_means(curve.loss, without), half = geometric_means(curve.checked, without);
  const double moved = fit_means(curve, all, w, error, options.smooth_exponent).exponent -
                       fit_means(curve, half, w, error, options.smooth_exponent).exponent;
  return moved *
         changes_to_come(part_of(geometric_means(curve.quarter, without), w), part_of(half, w), part_of(all, w));
}

/// Whether what is left of the optimisation may still move the exponent, and by how much.
void check_end(const LearningCurve& curve, const CurveFitOptions& options, const Window& w, double error,
               const std::vector<double>& means, ExponentFit& out) {
  const double half =
      fit_means(curve, geometric_means(curve.checked, no_repeat), w, error, options.smooth_exponent).exponent;
  if (!(std::abs(half - out.exponent) <= out.standard_error))
    mark(out, FitStatus::failed,
         fmt::format("not converged: {} gives {:.3f} in place of {}", options.check, half,
                     core::with_error_text(out.exponent, out.standard_error)));
  if (!curve.start.empty()) {
    const std::vector<double> start = geometric_means(curve.start, no_repeat);
    if (start_catches_up(part_of(curve.x, w), part_of(start, w), part_of(means, w)))
      mark(out, FitStatus::failed,
           fmt::format("not converged: what training gains falls with the size, from {:.0f}% of the untrained loss at "
                       "{:g} to {:.0f}% at {:g}",
                       100 * (1 - means[w.first] / start[w.first]), curve.x[w.first],
                       100 * (1 - means[w.last] / start[w.last]), curve.x[w.last]));
  }
  if (curve.quarter.empty())
    return;
  if (!options.gains_alike) {
    const std::vector<double> halved = part_of(geometric_means(curve.checked, no_repeat), w), all = part_of(means, w);
    double most = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      most = std::max(most, std::abs(std::log(halved[i] / all[i])));
    const double to_come = changes_to_come(part_of(geometric_means(curve.quarter, no_repeat), w), halved, all);
    if (const double moved = most * to_come / std::log(curve.x[w.last] / curve.x[w.first]); moved > out.standard_error)
      mark(out, FitStatus::failed,
           fmt::format(
               "not converged: the last doubling of the steps changed a loss by {:.0f}%; that of one size alone, "
               "with four times the steps, may move the exponent by {:.2g}",
               100 * (1 - std::exp(-most)), moved));
  }
  std::vector<double> moves;
  for (std::size_t b = 0; b < curve.loss.size(); ++b)
    moves.push_back(still_to_move(curve, options, w, error, b));
  out.systematic_error =
      std::hypot(out.systematic_error, still_to_move(curve, options, w, error, no_repeat), jackknife_error(moves));
  finish(out, curve.loss.size());
}

} // namespace

double changes_to_come(const std::vector<double>& quarter, const std::vector<double>& half,
                       const std::vector<double>& all) {
  double last = 0, earlier = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    last += std::abs(std::log(half[i] / all[i]));
    earlier += std::abs(std::log(quarter[i] / half[i]));
  }
  const double ratio = last < earlier ? last / earlier : 1.0;
  return ratio + ratio * ratio;
}

bool start_catches_up(const std::vector<double>& x, const std::vector<double>& start, const std::vector<double>& all) {
  const auto n = static_cast<double>(x.size());
  double at = 0, gain = 0, square = 0, product = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(all[i] < start[i]))
      return true;
    at += std::log(x[i]) / n;
    gain += std::log(start[i] / all[i]) / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    square += std::pow(std::log(x[i]) - at, 2);
    product += (std::log(x[i]) - at) * std::log(start[i] / all[i]);
  }
  const double beyond = 2 * std::log(x.back()) - std::log(x.front());
  return gain + product / square * (beyond - at) <= 0;
}

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
  if (curve.x.empty())
    throw NoFit("too few points for any size of it");
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
