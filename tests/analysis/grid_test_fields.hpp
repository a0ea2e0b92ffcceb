#pragma once
// Small fields for the tests of the grid estimators: filled point by point, the same at any rank count.

#include "core/grid/field.hpp"
#include "core/random/random.hpp"
#include "core/ranks/communicator.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace cascade::test {

inline core::Index flat(const core::Domain& domain, const core::Index3& i) {
  return (i[0] * domain.shape()[1] + i[1]) * domain.shape()[2] + i[2];
}

/// field(c, i) for global index i, on this rank's box.
template <class Function>
core::RealField make_field(const core::Decomposition& decomposition, int rank, int components, Function function) {
  core::RealField field(decomposition, rank, components);
  const core::Box& box = field.box();
  for (int c = 0; c < components; ++c) {
    std::size_t at = 0;
    for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
      for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
        for (core::Index k = box.begin[2]; k < box.end[2]; ++k)
          field.component(c)[at++] = function(c, core::Index3{i, j, k});
  }
  return field;
}

/// Standard normal number of a global point, by Box and Muller.
inline double normal(std::uint64_t seed, std::uint64_t index, std::uint32_t sub = 0) {
  const core::Block bits = core::CounterRng(seed, core::Stream{5}).block(index, sub);
  return std::sqrt(-2 * std::log(core::uniform(bits[0], bits[1]))) *
         std::cos(2 * std::numbers::pi * core::uniform(bits[2], bits[3]));
}

/// White noise with some zeros in it.
inline core::RealField noise(const core::Decomposition& decomposition, int rank, int components, std::uint64_t seed) {
  return make_field(decomposition, rank, components, [&](int c, const core::Index3& i) {
    const auto index = static_cast<std::uint64_t>(flat(decomposition.domain(), i));
    return index % 7 == 3 ? 0.0 : normal(seed, index, static_cast<std::uint32_t>(c));
  });
}

/// Boxes of uneven, odd and prime sizes with unit spacing along every axis.
inline core::Domain unit_spacing(const std::vector<core::Index>& points, const std::vector<bool>& periodic = {}) {
  core::Axes axes;
  for (std::size_t a = 0; a < points.size(); ++a)
    axes.push_back({points[a], static_cast<double>(points[a]), periodic.empty() || periodic[a]});
  return core::Domain(axes);
}

/// Every process grid of this many ranks: slabs and, in 3-D, pencils and all columns.
inline std::vector<core::Decomposition> process_grids(const core::Domain& domain, int ranks) {
  std::vector<core::Decomposition> result{core::Decomposition(domain, ranks, 1)};
  for (int columns = 2; domain.dimensions() == 3 && columns <= ranks; ++columns)
    if (ranks % columns == 0)
      result.push_back(core::Decomposition(domain, ranks / columns, columns));
  return result;
}

} // namespace cascade::test
