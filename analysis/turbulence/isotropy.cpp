#include "analysis/turbulence/isotropy.hpp"

#include "analysis/spectrum/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {

double isotropy_between(const VelocityMeans& m, const std::vector<double>& of_box, double low, double high) {
  const std::vector<double> ratio = isotropy_of(m);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < ratio.size(); ++i)
    if (m.r[i] >= low * (1 - 1e-9) && m.r[i] <= high * (1 + 1e-9)) {
      sum += of_box.empty() ? ratio[i] : ratio[i] / of_box[i];
      count += 1;
    }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> isotropy_of_box(const IsotropicBox& box, const std::vector<double>& energy, int dimensions,
                                    const std::vector<double>& r) {
  VelocityMeans m;
  m.dimensions = dimensions;
  m.r = r;
  IsotropicBox::Increments s = box.increments(energy);
  m.second = std::move(s.along);
  m.across = std::move(s.across);
  return isotropy_of(m);
}

BlockTable table_of_rows(const std::vector<double>& x, const std::vector<double>& count,
                         const std::vector<std::vector<double>>& values) {
  const std::size_t n = values.size() - 1;
  BlockTable table{{}, std::vector<std::vector<double>>(n), std::vector<std::vector<double>>(n), {}};
  for (std::size_t i = 0; i < x.size(); ++i) {
    double mean = 0;
    for (std::size_t b = 0; b < n; ++b)
      mean += values[b][i] / static_cast<double>(n);
    if (!std::isfinite(mean) || !std::isfinite(values[n][i]))
      continue;
    table.x.push_back(x[i]);
    table.count.push_back(count[i]);
    for (std::size_t b = 0; b < n; ++b) {
      table.sum[b].push_back(values[n][i] + static_cast<double>(n - 1) * (mean - values[b][i]));
      table.weight[b].push_back(1);
    }
  }
  return table;
}

void measure_waves(const core::RealField& velocity, const core::Communicator& communicator, const VelocityMeans& m,
                   double low, double high, Tables& tables) {
  const core::SpectralField modes = coefficients_of(velocity, communicator);
  BlockTable waves = wave_energies(modes, communicator);
  const std::vector<double>& energy = waves.sum[0];
  const std::vector<double> of_box =
      isotropy_of_box(IsotropicBox(velocity.domain(), energy, m.r), energy, m.dimensions, m.r);
  // By how much the mean ratio changes with each of the second orders it is made of.
  constexpr double step = 1e-5;
  const auto rates = [&](std::vector<double> VelocityMeans::*which) {
    std::vector<double> rate(m.r.size(), 0.0);
    for (std::size_t i = 0; i < rate.size(); ++i) {
      const double value = (m.*which)[i];
      VelocityMeans more = m, less = m;
      (more.*which)[i] = value * (1 + step);
      (less.*which)[i] = value * (1 - step);
      const double change = isotropy_between(more, of_box, low, high) - isotropy_between(less, of_box, low, high);
      if (std::isfinite(change) && value > 0)
        rate[i] = change / (2 * step * value);
    }
    return rate;
  };
  tables["wave_scatter"] =
      wave_scatter(modes, communicator, energy, m.r, rates(&VelocityMeans::second), rates(&VelocityMeans::across));
  tables["waves"] = std::move(waves);
}

void set_wave_error(const BlockTable& scatter, ExponentFit& fit) {
  double square = 0, fourth = 0;
  const auto fields = static_cast<double>(scatter.blocks());
  for (const auto& block : scatter.sum) {
    square += block[0];
    fourth += block[1];
  }
  if (!(square > 0 && fourth > 0))
    return;
  fit.statistical_error = std::sqrt(square) / fields;
  const double samples = std::clamp(square * square / fourth, 2.0, 1e6); // those few that matter
  finish(fit, static_cast<std::size_t>(samples) + 1);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
}

} // namespace cascade::analysis
