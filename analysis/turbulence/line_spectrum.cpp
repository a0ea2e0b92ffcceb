#include "analysis/turbulence/line_spectrum.hpp"

#include "analysis/sums/pair_sums.hpp"
#include "core/grid/line_fft.hpp"
#include "core/sums/exact_sum.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace cascade::analysis {

using core::ExactSum;
using core::Index;

namespace {

/// Hann's window at the points of a line, with a mean square of one.
std::vector<double> hann_window(Index n) {
  std::vector<double> window(static_cast<std::size_t>(n));
  for (std::size_t k = 0; k < window.size(); ++k) {
    const double sine = std::sin(std::numbers::pi * (static_cast<double>(k) + 0.5) / static_cast<double>(n));
    window[k] = sine * sine * std::sqrt(8.0 / 3); // the mean of sin^4 is 3/8, at the middles of n > 4 intervals exactly
  }
  return window;
}

/// The line less its mean under the window, times the window.
void taper(const double* line, const std::vector<double>& window, std::vector<double>& out) {
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < window.size(); ++k) {
    sum += window[k] * line[k];
    weights += window[k];
  }
  const double mean = sum / weights;
  for (std::size_t k = 0; k < window.size(); ++k)
    out[k] = window[k] * (line[k] - mean);
}

} // namespace

std::map<std::string, BlockTable> line_spectra(const core::RealField& field, const core::Communicator& communicator) {
  const core::Domain& domain = field.domain();
  const Index n = domain.points(2);
  if (domain.dimensions() == 1 || n < 2 || (!domain.periodic(2) && n < 8))
    return {};
  const std::vector<double> window = domain.periodic(2) ? std::vector<double>{} : hann_window(n);
  std::vector<double> tapered(window.size());
  const auto modes = static_cast<std::size_t>(n / 2);
  const core::RealLineFft fft(n);
  std::vector<core::Complex> coefficients(modes + 1);
  const std::size_t kinds = field.components() > 1 ? 2 : 1;
  std::vector<ExactSum> sums(kinds * modes);
  const core::Box& box = field.box();
  for (int c = 0; c < field.components(); ++c) {
    const std::size_t kind = kinds == 2 && c != 2 - domain.first_axis() ? 1 : 0;
    for (Index i = 0; !box.empty() && i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j) {
        const double* line = field.line(c, i, j).data();
        if (!window.empty()) {
          taper(line, window, tapered);
          line = tapered.data();
        }
        fft.forward(line, coefficients.data());
        for (std::size_t k = 1; k <= modes; ++k) {
          const double both = 2 * static_cast<Index>(k) == n ? 1 : 2;
          sums[kind * modes + k - 1].add(both * std::norm(coefficients[k]));
        }
      }
  }
  communicator.sum(std::span<ExactSum>(sums));
  const double lines = static_cast<double>(domain.points(0) * domain.points(1));
  std::map<std::string, BlockTable> spectra;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const double weight = lines * (kind == 1 ? field.components() - 1 : 1);
    BlockTable table;
    table.sum.resize(1);
    for (std::size_t k = 1; k <= modes; ++k) {
      table.x.push_back(static_cast<double>(k) / domain.length(2));
      table.sum[0].push_back(sums[kind * modes + k - 1].value() / (static_cast<double>(n) * static_cast<double>(n)));
    }
    table.weight.assign(1, std::vector<double>(modes, weight));
    table.count.assign(modes, weight);
    spectra[kinds == 1 ? "" : kind == 0 ? "longitudinal" : "transverse"] = std::move(table);
  }
  return spectra;
}

core::MemoryParts line_spectrum_memory(const core::Decomposition& decomposition, int components) {
  const core::Domain& domain = decomposition.domain();
  if (domain.dimensions() == 1)
    return {};
  return {{"sums of one-dimensional spectra",
           pair_kinds(components) * static_cast<double>(domain.points(2) / 2) * sizeof(ExactSum)}};
}

} // namespace cascade::analysis
