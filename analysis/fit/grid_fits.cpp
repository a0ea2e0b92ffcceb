#include "analysis/fit/grid_fits.hpp"

#include "analysis/fit/jackknife.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cascade::analysis {
namespace {

/// y at x on a curve of increasing abscissas, linear between points, the end values beyond.
double interpolate(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto upper = std::upper_bound(x.begin(), x.end(), at);
  if (upper == x.begin())
    return y.front();
  if (upper == x.end())
    return y.back();
  const auto i = static_cast<std::size_t>(upper - x.begin());
  return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

/// log L of the complete field at N pieces.
class Completer {
public:
  Completer(const MissingPart& missing, std::optional<std::size_t> without)
      : missing_(missing), variance_(missing.variance ? missing.variance(without) : 0) {
    if (missing.square_pieces == nullptr)
      return;
    const auto n = missing.square_pieces->mean(), l = missing.square_loss->mean();
    for (std::size_t i = n.size(); i-- > 0;) { // N falls as the threshold rises
      log_n_.push_back(std::log(n[i]));
      log_l_.push_back(std::log(l[i]));
    }
  }
  double operator()(double pieces, double loss) const {
    if (missing_.completion.empty())
      return std::log(loss + (missing_.square_pieces == nullptr ? variance_ : 0));
    const double square = std::exp(interpolate(log_n_, log_l_, std::log(pieces)));
    std::vector<double> first, second;
    for (std::size_t i = 0; i < missing_.completion.size(); ++i) {
      first.push_back(std::log(missing_.square_completion[i]));
      second.push_back(std::log(missing_.completion[i]));
    }
    return std::log(loss) + interpolate(first, second, std::log1p(variance_ / square));
  }

private:
  const MissingPart& missing_;
  double variance_;
  std::vector<double> log_n_, log_l_;
};

/// The thresholds inside a window; one that changes nothing adds nothing.
std::vector<std::size_t> inside(const std::vector<double>& pieces, double fewest, double most) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (pieces[i] >= fewest && pieces[i] <= most && (chosen.empty() || pieces[i] < pieces[chosen.back()] * 0.999))
      chosen.push_back(i);
  std::vector<double> n;
  for (std::size_t i = chosen.size(); i-- > 0;)
    n.push_back(pieces[chosen[i]]);
  require_range(n, 0, n.empty() ? 0 : n.size() - 1, 6, fewest_octaves);
  return chosen;
}

/// What a misfit does to a fit whose statistical and systematic errors are known.
void conclude(ExponentFit& fit, const FitQuality& quality, double tau, double left_open, std::size_t blocks) {
  fit.chi2_per_dof = quality.chi2_per_dof;
  fit.p_value = quality.p_value;
  fit.degrees_of_freedom = quality.dof;
  fit.systematic_error = std::hypot(fit.systematic_error, left_open);
  finish(fit, blocks);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  if (!(tau > 0))
    return;
  if (fit.statistical_error > 0) // blocks that do not scatter at all have no factor
    fit.widening = fit.standard_error / fit.statistical_error;
  mark(fit, leaves_open(fit.systematic_error, fit.exponent) ? FitStatus::failed : FitStatus::widened,
       describe_misfit(quality, tau));
}

double size_of_misfit(const FitQuality& quality, const Linearised& seen,
                      const std::vector<std::vector<double>>& replicates) {
  return quality.p_value && *quality.p_value < describes_above ? misfit_size(seen, replicates) : 0;
}

} // namespace

ExponentFit fit_threshold_curve(const BlockTable& pieces, const BlockTable& loss, double fewest, double most,
                                const ExponentFit& dimension, const std::vector<PowerLawModel>& models,
                                const MissingPart& missing) {
  const auto total = pieces.mean(), total_loss = loss.mean();
  const std::vector<std::size_t> chosen = inside(total, fewest, most);
  const std::vector<double> equal(chosen.size(), 0.01);
  const auto fit_of = [&](const std::vector<double>& n, const std::vector<double>& l,
                          std::optional<std::size_t> without, const PowerLawModel& model, std::size_t first,
                          std::size_t last) {
    const Completer complete(missing, without);
    const double d = without ? dimension.replicates[*without] : dimension.exponent;
    std::vector<double> side, completed;
    for (const std::size_t i : chosen) {
      side.push_back(std::pow(n[i], -1 / d));
      completed.push_back(std::exp(complete(n[i], l[i])));
    }
    const double slope = loglog_slope(side, completed, first, last);
    PowerLawFit fit = fit_power_law(side, completed, equal, first, last, model, std::max(0.01, slope - 0.5), slope + 1);
    fit.exponent /= d;
    return fit;
  };
  const std::size_t end = chosen.size() - 1;
  const auto alpha = [&](const PowerLawModel& model, std::size_t first, std::size_t last) {
    return fit_of(total, total_loss, {}, model, first, last).exponent;
  };
  const PowerLawFit whole = fit_of(total, total_loss, {}, models.front(), 0, end);
  ExponentFit fit;
  fit.exponent = whole.exponent;
  std::vector<std::vector<double>> residuals;
  for (std::size_t b = 0; b < pieces.blocks(); ++b) {
    PowerLawFit without = fit_of(pieces.mean_without(b), loss.mean_without(b), b, models.front(), 0, end);
    fit.replicates.push_back(without.exponent);
    residuals.push_back(std::move(without.residual));
  }
  fit.statistical_error = jackknife_error(fit.replicates);
  const PowerLawModel straight{"", {}};
  double farthest = std::abs(alpha(straight, 0, end) - fit.exponent);
  for (const PowerLawModel& model : models)
    farthest = std::max(farthest, std::abs(alpha(model, 0, end) - fit.exponent));
  const double halves = std::abs(alpha(straight, 0, end / 2) - alpha(straight, end / 2, end));
  fit.systematic_error = 0.5 * std::max(farthest, halves);
  std::vector<double> n, l;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    n.push_back(total[chosen[i]]);
    l.push_back(total_loss[chosen[i]]);
    fit.curve.x.push_back(n.back());
    fit.curve.y.push_back(l.back() * (1 - whole.residual[i])); // as measured: what is completed is divided out again
    fit.curve.residual.push_back(whole.residual[i] / equal[i]);
  }
  fit.loglog_slope = -loglog_slope(n, l, 0, end);
  fit.window[0] = n.back();
  fit.window[1] = n.front();
  fit.points = static_cast<int>(chosen.size());
  fit.octaves = std::log2(n.front() / n.back());
  fit.model =
      models.front().name + " with s = N^(-1/d), d counted" + (missing.variance ? ", L completed below the grid" : "");
  const FitQuality quality = goodness_of_fit(whole.solution, residuals);
  const double tau = size_of_misfit(quality, whole.solution, residuals);
  conclude(fit, quality, tau, misfit_error(whole.solution, tau) / dimension.exponent, pieces.blocks());
  return fit;
}

namespace {

/// Local dimensions log(N_l/N_(l+1))/log 2 of the levels [first, last) and their mean.
struct LocalDimensions {
  std::vector<double> local, weight;
  double mean = 0;
};

LocalDimensions local_dimensions(const std::vector<double>& x, const std::vector<double>& n, std::size_t first,
                                 std::size_t last) {
  LocalDimensions d;
  double sum = 0, weight = 0; // n falls with x: the parent of level i is i + 1
  for (std::size_t i = first; i < last; ++i) {
    d.local.push_back(std::log(n[i] / n[i + 1]) / std::log(x[i + 1] / x[i]));
    d.weight.push_back(n[i + 1]);
    sum += d.weight.back() * d.local.back();
    weight += d.weight.back();
  }
  d.mean = sum / weight;
  return d;
}

std::vector<double> apart(const LocalDimensions& d) {
  std::vector<double> residual;
  for (const double local : d.local)
    residual.push_back(local - d.mean);
  return residual;
}

/// The mean as a weighted fit of one number to the local dimensions.
Linearised seen_from(const std::vector<double>& x, std::size_t first, const LocalDimensions& d) {
  Linearised seen;
  const auto n = static_cast<Eigen::Index>(d.local.size());
  seen.residual = apart(d);
  seen.jacobian = Eigen::MatrixXd::Ones(n, 1);
  seen.row = Eigen::Map<const Eigen::VectorXd>(d.weight.data(), n);
  seen.row /= seen.row.sum();
  for (std::size_t i = 0; i < d.local.size(); ++i) {
    seen.log_x.push_back(0.5 * std::log(x[first + i] * x[first + i + 1]));
    seen.error.push_back(1 / std::sqrt(d.weight[i]));
  }
  return seen;
}

} // namespace

ExponentFit fit_dimension(const BlockTable& cells, double lowest_x, double highest_x) {
  const FitData data = prepare(cells);
  std::size_t first = data.x.size(), last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i)
    if (data.x[i] >= lowest_x * (1 - 1e-9) && data.x[i] <= highest_x * (1 + 1e-9)) {
      first = std::min(first, i);
      last = i;
    }
  require_range(data.x, first, last, 3, fewest_octaves_of_curve);
  const LocalDimensions whole = local_dimensions(data.x, data.y, first, last);
  ExponentFit fit;
  fit.exponent = whole.mean;
  std::vector<std::vector<double>> residuals;
  for (const auto& replicate : data.replicates) {
    const LocalDimensions without = local_dimensions(data.x, replicate, first, last);
    fit.replicates.push_back(without.mean);
    residuals.push_back(apart(without));
  }
  fit.statistical_error = jackknife_error(fit.replicates);
  double low = fit.exponent, high = low;
  for (const auto& [from, to] : {std::pair{first + 1, last}, std::pair{first, last - 1}})
    if (from < to) {
      const double part = local_dimensions(data.x, data.y, from, to).mean;
      low = std::min(low, part);
      high = std::max(high, part);
    }
  fit.systematic_error = 0.5 * (high - low);
  fit.loglog_slope = -loglog_slope(data.x, data.y, first, last);
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.octaves = std::log2(data.x[last] / data.x[first]);
  fit.model = "mean of log2 N_(l+1)/N_l, weighted by N_l";
  const Linearised seen = seen_from(data.x, first, whole);
  const FitQuality quality = goodness_of_fit(seen, residuals);
  const double tau = size_of_misfit(quality, seen, residuals);
  conclude(fit, quality, tau, misfit_error(seen, tau), cells.blocks());
  return fit;
}

} // namespace cascade::analysis
