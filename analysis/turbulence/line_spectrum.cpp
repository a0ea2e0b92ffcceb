#include "analysis/turbulence/line_spectrum.hpp"

#include "analysis/sums/pair_sums.hpp"
#include "core/grid/line_fft.hpp"
#include "core/sums/exact_sum.hpp"

#include <complex>
#include <vector>

namespace cascade::analysis {

using core::ExactSum;
using core::Index;

std::map<std::string, BlockTable> line_spectra(const core::RealField& field, const core::Communicator& communicator) {
  const core::Domain& domain = field.domain();
  const Index n = domain.points(2);
  if (!domain.periodic(2) || domain.dimensions() == 1 || n < 2)
    return {};
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
        fft.forward(field.line(c, i, j).data(), coefficients.data());
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
