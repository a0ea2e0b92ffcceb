#include "analysis/learners/loss_parts.hpp"

#include "analysis/fit/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace cascade::analysis {
namespace {

/// bias^2 and variance of the repeats but one (none left out: `without` beyond the last).
std::pair<double, double> parts_without(const Predictions& f, const std::vector<double>& truth, std::size_t without) {
  const auto points = static_cast<double>(truth.size());
  const double repeats = static_cast<double>(f.size()) - (without < f.size() ? 1 : 0);
  double off = 0, variance = 0;
  for (std::size_t x = 0; x < truth.size(); ++x) {
    double mean = 0, square = 0;
    for (std::size_t r = 0; r < f.size(); ++r)
      mean += r == without ? 0 : f[r][x] / repeats;
    for (std::size_t r = 0; r < f.size(); ++r)
      square += r == without ? 0 : (f[r][x] - mean) * (f[r][x] - mean);
    off += (mean - truth[x]) * (mean - truth[x]) / points;
    variance += square / (repeats - 1) / points;
  }
  return {off - variance / repeats, variance};
}

} // namespace

LossParts loss_parts(const Predictions& predictions, const std::vector<double>& truth) {
  if (predictions.size() < 3 || truth.empty())
    throw std::invalid_argument("bias and variance need three repeats");
  std::vector<double> bias, variance, excess;
  for (std::size_t r = 0; r < predictions.size(); ++r) {
    const auto [b, v] = parts_without(predictions, truth, r);
    bias.push_back(b);
    variance.push_back(v);
    excess.push_back(b + v);
  }
  LossParts out;
  std::tie(out.bias, out.variance) = parts_without(predictions, truth, predictions.size());
  out.bias_error = jackknife_error(bias);
  out.variance_error = jackknife_error(variance);
  out.excess_error = jackknife_error(excess);
  return out;
}

std::vector<AveragedLoss> averaged_losses(const Predictions& predictions, const std::vector<double>& truth) {
  std::vector<AveragedLoss> out;
  for (std::size_t m = 1; m <= predictions.size(); m *= 2) {
    const std::size_t groups = predictions.size() / m;
    double sum = 0;
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t x = 0; x < truth.size(); ++x) {
        double mean = 0;
        for (std::size_t r = g * m; r < (g + 1) * m; ++r)
          mean += predictions[r][x] / static_cast<double>(m);
        sum += (mean - truth[x]) * (mean - truth[x]);
      }
    out.push_back({m, sum / static_cast<double>(groups * truth.size())});
  }
  return out;
}

double NoiseLine::threshold(double variance) const {
  if (still >= variance)
    return std::numeric_limits<double>::infinity();
  return std::max(0.0, slope) * variance / (variance - still);
}

NoiseLine noise_line(const std::vector<double>& square, const std::vector<double>& excess,
                     const std::vector<double>& error) {
  double total = 0, x = 0, y = 0;
  for (std::size_t i = 0; i < square.size(); ++i) {
    const double w = 1 / (error[i] * error[i]);
    total += w;
    x += w * square[i];
    y += w * excess[i];
  }
  double across = 0, along = 0;
  for (std::size_t i = 0; i < square.size(); ++i) {
    const double w = 1 / (error[i] * error[i]), dx = square[i] - x / total;
    across += w * dx * dx;
    along += w * dx * (excess[i] - y / total);
  }
  if (square.size() < 2 || !(across > 0))
    throw std::invalid_argument("a line of the noise needs two levels of it");
  NoiseLine line;
  line.slope = along / across;
  line.slope_error = 1 / std::sqrt(across);
  line.still = y / total - line.slope * x / total;
  return line;
}

} // namespace cascade::analysis
