#include "analysis/blind/second_order.hpp"

#include "analysis/blind/alias_excess.hpp"
#include "analysis/blind/block_noise.hpp"
#include "analysis/blind/marginal_fit.hpp"
#include "analysis/blind/taper.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_psi.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cascade::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

constexpr int fewest_shells = 5;
constexpr double shortest_range = 6;    // shells: three octaves
constexpr double nearly_gaussian = 1.3; // own noise that is not told from a Gaussian field's
constexpr double many = 1000;           // degrees of freedom where the noise is known

struct UsedShells {
  std::vector<std::size_t> shell;
  Vector energy;
  Vector amplitudes; ///< complex amplitudes behind the energy, all realisations
};

UsedShells used_shells(const BandLayout& layout, const BlockTable& table, double realisations) {
  const auto energies = table.mean();
  std::vector<double> energy, amplitudes;
  UsedShells used;
  if (energies.empty())
    return used; // an axis of two points has no shell at all
  const double highest = *std::max_element(energies.begin(), energies.end());
  for (std::size_t j = layout.first_used(); j < layout.bins().count(); ++j) {
    const auto& shell = layout.bins()[j];
    const double count = shell.modes / 2 * layout.amplitudes() * layout.tapered_share() * realisations;
    if (count < 1 || !(energies[j] > 1e-13 * highest) || shell.wavenumber < layout.lowest_wavenumber()) {
      if (used.shell.empty())
        continue; // above the field's smallest scale
      break;
    }
    used.shell.push_back(j);
    energy.push_back(energies[j]);
    amplitudes.push_back(count);
  }
  const auto n = static_cast<Index>(energy.size());
  used.energy = Eigen::Map<const Vector>(energy.data(), n);
  used.amplitudes = Eigen::Map<const Vector>(amplitudes.data(), n);
  return used;
}

double loglog_slope(const Vector& k, const Vector& energy) {
  const Vector x = k.array().log(), y = energy.array().log();
  const Vector centred = x.array() - x.mean();
  return centred.dot(y) / centred.squaredNorm();
}

/// y and X such that y = c + X beta is the law, linear about the optimum under the Gaussian weights.
struct LinearLaw {
  Vector y, expected; ///< expected: log sum |k|^-beta at `beta`
  Matrix X;
  double beta;
};

LinearLaw linear_law(const BandLayout& layout, const std::vector<std::size_t>& shells, const Vector& log_energy,
                     const Vector& gaussian) {
  constexpr int steps = 3;
  const Index n = log_energy.size();
  LinearLaw law{Vector(n), Vector(n), Matrix::Ones(n, 2), layout.domain().dimensions() + 1.0};
  for (int step = 0; step < steps; ++step) {
    for (Index i = 0; i < n; ++i) {
      const auto& shell = layout.bins()[shells[static_cast<std::size_t>(i)]];
      ShellPower power = shell_power(shell, law.beta);
      if (!layout.periodic()) {
        const TaperExcess more = taper_excess(layout.domain().dimensions(), law.beta, shell.wavenumber);
        power.log_sum += std::log1p(more.value);
        power.slope += more.slope / (1 + more.value);
      }
      law.expected(i) = power.log_sum - power.slope * law.beta;
      law.X(i, 1) = power.slope;
    }
    law.y = log_energy - law.expected;
    law.beta = marginal_fit(law.y, law.X, gaussian.asDiagonal()).coefficients(1);
  }
  return law;
}

ModelFamily spectral_models(const LinearLaw& law, const Vector& k, const Vector& variance, const Vector& aliases) {
  using Where = BlindCorrection::Where;
  const double common = std::log(0.15);
  const Vector ripple = Vector::NullaryExpr(k.size(), [](Index i) { return i % 2 == 0 ? 1.0 : -1.0; });
  ModelFamily family{law.y, law.X, variance.asDiagonal(), 1.0, fewest_shells, {}, {}, {}};
  family.corrections = {{"u", k.array().square(), Where::from_first, true, 0.5, 0, common},
                        {"v", k, Where::from_first, true, 0.5, 0, common},
                        {"w", k.array().square().square(), Where::from_first, true, 0.5, 0, common},
                        {"i", k.array().square().inverse(), Where::to_last, true, 0.5, 0, common},
                        {"a", aliases, Where::from_first, false, 0.5, 0.8, std::log(0.4)},
                        {"r", ripple, Where::everywhere, false, 0.5, 0, common}};
  for (const std::vector<int>& set :
       std::vector<std::vector<int>>{{}, {0}, {1}, {2}, {0, 2}, {3}, {0, 3}, {1, 3}, {2, 3}, {4}, {3, 4}}) {
    family.sets.push_back(set);
    family.sets.push_back(set);
    family.sets.back().push_back(5);
  }
  return family;
}

/// Judges the fit: what is a range, what fails, by how much the error grows.
void judge(BlindExponent& zeta, const ModelAverage& average, double dimensions, Index shells) {
  zeta.octaves = average.range / 2;
  const double freedom = static_cast<double>(shells) - 2;
  zeta.chi2_per_dof = average.chi2 / freedom;
  zeta.p_value = gsl_cdf_chisq_Q(average.chi2, freedom);
  zeta.status = FitStatus::good;
  if (average.range < shortest_range) {
    zeta.status = FitStatus::no_range;
    zeta.reason = fmt::format("a power law holds over {} octaves only; an exponent needs three",
                              core::rounded_down_text(zeta.octaves));
  } else if (zeta.p_value < 0.001) {
    zeta.status = FitStatus::failed;
    zeta.reason = fmt::format("no power law with any correction describes the spectrum (p = {:.1g})", zeta.p_value);
  } else if (average.value < dimensions - 2 || average.value > dimensions + 10) {
    zeta.status = FitStatus::pinned;
    zeta.reason = fmt::format("the spectrum's exponent {:.3g} lies outside [-2, 10]", average.value - dimensions);
  } else if (zeta.value > 2 + 2 * zeta.error && zeta.noise > nearly_gaussian) {
    zeta.status = FitStatus::no_range;
    zeta.reason = "a few large smooth eddies are all there is: the spectrum is that of their shape";
  } else if (zeta.p_value < 0.05) {
    zeta.status = FitStatus::widened;
    zeta.widening = std::sqrt(std::max(1.0, zeta.chi2_per_dof));
    zeta.error *= zeta.widening;
    zeta.reason = fmt::format("residuals {:.2f} times the noise (p = {:.1g})", zeta.widening, zeta.p_value);
  }
}

} // namespace

SecondOrder second_order(const BandLayout& layout, const BlockTable& energy) {
  SecondOrder result;
  const double dimensions = layout.domain().dimensions();
  const auto realisations = static_cast<Index>(energy.blocks() / layout.blocks());
  const UsedShells used = used_shells(layout, energy, static_cast<double>(realisations));
  const auto n = static_cast<Index>(used.shell.size());
  if (n < fewest_shells) {
    result.zeta = without_exponent(FitStatus::no_range,
                                   fmt::format("the spectrum spans {:.1f} octaves; an exponent needs three", 0.5 * n),
                                   0.5 * static_cast<double>(n));
    return result;
  }
  result.first = used.shell.front();
  result.wavenumbers = Vector::NullaryExpr(
      n, [&](Index i) { return layout.bins()[used.shell[static_cast<std::size_t>(i)]].wavenumber; });
  const double steepness = std::max(0.1, -loglog_slope(result.wavenumbers, used.energy));
  result.log_energy.resize(n);
  result.gaussian.resize(n);
  for (Index i = 0; i < n; ++i) {
    const auto& shell = layout.bins()[used.shell[static_cast<std::size_t>(i)]];
    const double m = used.amplitudes(i) * effective_share(shell, dimensions + steepness);
    result.log_energy(i) = std::log(used.energy(i)) - (gsl_sf_psi(m) - std::log(m));
    result.gaussian(i) = gsl_sf_psi_1(m);
  }
  const BlockGrid grid{layout.domain().dimensions(), layout.blocks_per_side(), realisations};
  result.resolved = layout.resolved() > result.first ? layout.resolved() - result.first : 0;
  const Matrix influences = block_influences(energy, result.first, result.first + result.resolved);
  result.noise = own_noise(influences, result.gaussian, result.wavenumbers, grid, 1.0);

  const LinearLaw law = linear_law(layout, used.shell, result.log_energy, result.gaussian);
  const double alias_beta = std::clamp(law.beta, dimensions + 0.1, dimensions + 2);
  const Vector aliases = Vector::NullaryExpr(
      n, [&](Index i) { return alias_excess(layout.bins(), used.shell[static_cast<std::size_t>(i)], alias_beta); });
  const Vector variance = result.gaussian.cwiseProduct(result.noise);
  const ModelAverage average = average_models(spectral_models(law, result.wavenumbers, variance, aliases));

  result.estimator = average.estimator;
  result.corrected = average.corrected;
  result.corrections = average.corrections;
  const Vector shape = law.expected + law.X.col(1) * average.value;
  result.fitted =
      shape.array() + (result.log_energy - shape).cwiseQuotient(variance).sum() / variance.cwiseInverse().sum();
  result.zeta.value = average.value - dimensions;
  result.zeta.error = average.error;
  result.zeta.noise = result.noise(0);
  result.zeta.freedom = many;
  if (result.noise.maxCoeff() > nearly_gaussian)
    result.zeta.freedom = std::min(
        many, block_freedom(influences.transpose() * result.estimator.head(static_cast<Index>(result.resolved))));
  judge(result.zeta, average, dimensions, n);
  if (result.zeta.usable())
    set_interval(result.zeta);
  return result;
}

} // namespace cascade::analysis
