#include "theory/gaussian/gaussian_family.hpp"

#include "theory/gaussian/gaussian_covariance.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace cascade::theory {
namespace {

constexpr int nodes = 32;

/// Surface of the unit sphere in D dimensions.
double sphere(int dimensions) {
  const double half = 0.5 * dimensions;
  return 2 * std::pow(std::numbers::pi, half) / std::tgamma(half);
}

} // namespace

GaussianFamily::GaussianFamily(const PowerLawBand& band, int highest_degree, int components)
    : band_(band), components_(components) {
  const std::int64_t n = band.points();
  for (std::int64_t r = 1; r <= n / 2; r *= 2)
    increments_.emplace(r, series(band.structure_function(r)));
  for (std::int64_t r = 1; components > 1 && r <= n / 2; r *= 2)
    for (const bool longitudinal : {true, false})
      vector_increments_.emplace(std::pair{r, longitudinal}, series(band.vector_structure_function(r, longitudinal)));
  for (std::int64_t cells = 2; n % cells == 0 && n / cells >= 2; cells *= 2)
    for (int degree = 0; degree <= highest_degree; ++degree)
      if (n / cells >= degree + 2)
        losses_.emplace(std::pair{n / cells, degree}, series(band.cell_error(n / cells, degree)));
}

GaussianFamily::Series GaussianFamily::series(const ShellWindow& window) const {
  std::vector<double> values;
  for (int i = 0; i < nodes; ++i) {
    const double t = std::cos(std::numbers::pi * (i + 0.5) / nodes);
    values.push_back(
        std::log(band_.expectation(window, lowest_hurst + 0.5 * (t + 1) * (highest_hurst - lowest_hurst))));
  }
  Series coefficients;
  for (int k = 0; k < nodes; ++k) {
    double c = 0;
    for (int i = 0; i < nodes; ++i)
      c += values[static_cast<std::size_t>(i)] * std::cos(std::numbers::pi * k * (i + 0.5) / nodes);
    coefficients.push_back(c * (k == 0 ? 1.0 : 2.0) / nodes);
  }
  return coefficients;
}

double GaussianFamily::evaluate(const Series& series, double hurst) {
  const double t = 2 * (hurst - lowest_hurst) / (highest_hurst - lowest_hurst) - 1;
  double b1 = 0, b2 = 0; // Clenshaw's recurrence
  for (std::size_t k = series.size(); k-- > 1;) {
    const double b = 2 * t * b1 - b2 + series[k];
    b2 = b1;
    b1 = b;
  }
  return t * b1 - b2 + series[0];
}

std::vector<double> GaussianFamily::loss(double hurst, double order, int degree, bool,
                                         std::span<const std::int64_t> sides, const Activity&) const {
  std::vector<double> result;
  for (const std::int64_t side : sides) {
    const auto known = losses_.find({side, degree});
    const double log_square = known != losses_.end()
                                  ? evaluate(known->second, hurst)
                                  : std::log(band_.expectation(band_.cell_error(side, degree), hurst));
    result.push_back(std::exp(0.5 * order * log_square));
  }
  return result;
}

std::vector<double> GaussianFamily::increment(double hurst, double order, std::span<const std::int64_t> separations,
                                              const Activity&) const {
  std::vector<double> result;
  for (const std::int64_t r : separations) {
    const auto known = increments_.find(r);
    const double log_square = known != increments_.end()
                                  ? evaluate(known->second, hurst)
                                  : std::log(band_.expectation(band_.structure_function(r), hurst));
    result.push_back(std::exp(0.5 * order * log_square));
  }
  return result;
}

std::vector<double> GaussianFamily::component_increment(const std::string& component, double hurst, double order,
                                                        std::span<const std::int64_t> separations,
                                                        const Activity& activity) const {
  if (component.empty())
    return increment(hurst, order, separations, activity);
  const bool longitudinal = component == "longitudinal";
  std::vector<double> result;
  for (const std::int64_t r : separations) {
    const auto known = vector_increments_.find({r, longitudinal});
    const double log_square =
        known != vector_increments_.end()
            ? evaluate(known->second, hurst)
            : std::log(band_.expectation(band_.vector_structure_function(r, longitudinal), hurst));
    result.push_back(std::exp(0.5 * order * log_square));
  }
  return result;
}

double GaussianFamily::missing_variance(double hurst, const Activity&, double) const {
  const int D = band_.dimensions();
  // A cube of side 2 K holds the band's corners; the sphere of the same volume bounds what is missing.
  const double volume = std::pow(2.0 * static_cast<double>(band_.largest()) + 1, D);
  const double radius = std::pow(volume * D / sphere(D), 1.0 / D);
  return sphere(D) * std::pow(radius, -2 * hurst) / (2 * hurst);
}

std::vector<double> GaussianFamily::completion(double hurst, double order, int degree,
                                               std::span<const std::int64_t> sides, const Activity& activity,
                                               double decay) const {
  std::vector<double> result;
  const double missing = missing_variance(hurst, activity, decay);
  for (const double square : loss(hurst, 2, degree, false, sides, activity))
    result.push_back(std::pow(1 + missing / square, 0.5 * order));
  return result;
}

std::vector<std::vector<double>> GaussianFamily::log_covariance(double hurst, int degree,
                                                                std::span<const std::int64_t> sides) const {
  std::vector<std::vector<double>> c;
  if (degree >= 0) {
    c = cell_error_covariance(band_, sides, degree, hurst);
  } else {
    std::vector<ShellWindow> windows;
    for (const std::int64_t r : sides)
      windows.push_back(band_.structure_function(r));
    for (const auto& a : windows) {
      auto& row = c.emplace_back();
      for (const auto& b : windows)
        row.push_back(band_.diagonal_covariance(a, b, hurst));
    }
  }
  const auto mean = degree >= 0 ? loss(hurst, 2, degree, false, sides, {}) : increment(hurst, 2, sides, {});
  const double amplitudes = components_ > 1 && degree >= 0 ? band_.dimensions() - 1 : 1;
  for (std::size_t i = 0; i < c.size(); ++i)
    for (std::size_t j = 0; j < c.size(); ++j)
      c[i][j] /= mean[i] * mean[j] * amplitudes;
  return c;
}

double GaussianFamily::order_factor(double order, int degree) const {
  const double half = 0.5 * (degree >= 0 ? components_ : 1);
  return half * std::expm1(std::lgamma(order + half) + std::lgamma(half) - 2 * std::lgamma(0.5 * order + half));
}

} // namespace cascade::theory
