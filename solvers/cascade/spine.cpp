#include "solvers/cascade/spine.hpp"

#include "theory/cascade/eddy_profile.hpp"

#include <algorithm>

namespace cascade::solvers {

CascadeSpine::CascadeSpine(CascadeRules rules, std::uint64_t seed)
    : rules_(std::move(rules)), roots_(seed, spine_roots) {}

void CascadeSpine::evaluate_in_cell(std::uint64_t sample, std::span<const core::Coordinate> corner, int level,
                                    std::span<const core::Coordinate> points, std::span<double> values) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  std::fill(values.begin(), values.end(), 0.0);
  core::Block key = roots_.block(sample);
  for (int l = 0;; ++l) {
    const auto axis = static_cast<std::size_t>(rules_.orientation(key));
    const double strength = rules_.sign(key) * rules_.amplitude[static_cast<std::size_t>(l)];
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] += strength * theory::EddyProfile::wave(cell_position(points[i * d + axis], l));
    if (l == level)
      break;
    key = child_key(key, corner.data(), rules_.dimensions, l);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] += below(key, &points[i * d], level);
}

/// Eddies of the levels below `level` at a point of the cell with this key.
double CascadeSpine::below(core::Block key, const core::Coordinate* point, int level) const {
  double sum = 0;
  for (int l = level + 1; l < rules_.levels; ++l) {
    key = child_key(key, point, rules_.dimensions, l - 1);
    if (!rules_.alive(key))
      break;
    const double u = cell_position(point[rules_.orientation(key)], l);
    sum += rules_.sign(key) * rules_.amplitude[static_cast<std::size_t>(l)] * theory::EddyProfile::wave(u);
  }
  return sum;
}

} // namespace cascade::solvers
