#include "solvers/cascade/tilted_points.hpp"

#include "core/random/random.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <algorithm>

namespace cascade::solvers {
namespace {

using core::Block;
using core::Coordinate;
using theory::EddyProfile;

/// Keys under indices that no child has: 2^D at most.
constexpr std::uint64_t fresh_roots = std::uint64_t{1} << 63, fresh_words = std::uint64_t{1} << 62;

std::uint32_t child_of(const Coordinate* x, int dimensions, int level) {
  std::uint32_t child = 0;
  for (int a = 0; a < dimensions; ++a)
    child |= static_cast<std::uint32_t>((x[a] >> (63 - level)) & 1u) << a;
  return child;
}

double eddy(const CascadeRules& rules, const Block& key, const Coordinate* x, int level) {
  const int along = rules.orientation(key);
  double product = rules.sign(key) * rules.amplitude[static_cast<std::size_t>(level)];
  for (int a = 0; a < rules.dimensions; ++a) {
    const double u = cell_position(x[a], level);
    product *= a == along ? EddyProfile::wave(u) : EddyProfile::window(u);
  }
  return product;
}

} // namespace

TiltedPoints::TiltedPoints(CascadeRules rules, const std::vector<double>& tilts) : rules_(std::move(rules)) {
  for (const double q : tilts)
    factors_.emplace_back(rules_.multipliers, q);
}

void TiltedPoints::evaluate(std::uint64_t sample, std::size_t tilt, std::span<const Coordinate> guide, int levels,
                            int deepest, std::span<const Coordinate> points, std::span<double> values,
                            std::span<double> ratios) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  const auto row = static_cast<std::size_t>(deepest) + 1;
  const Block root = core::philox(rules_.root, fresh_roots | sample);
  std::vector<FactorWords> path(static_cast<std::size_t>(levels)); // of the step to level l + 1
  Block key = root;
  for (int l = 0; l < levels; ++l) {
    const std::uint32_t child = child_of(guide.data(), rules_.dimensions, l);
    const Block below = core::philox(key, child), random = core::philox(below, fresh_words);
    path[static_cast<std::size_t>(l)] = factors_[tilt].draw(
        {key[3], below[0]}, child, core::uniform(random[0], random[1]), core::uniform(random[2], random[3]));
    key = below;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Coordinate* const x = &points[i * d];
    bool on_path = true;
    double amplitude = 1;
    double* const own = &ratios[i * factors_.size() * row];
    std::fill_n(own, factors_.size() * row, 0.0); // of what is dead
    for (std::size_t k = 0; k < factors_.size(); ++k)
      own[k * row] = 1;
    values[i] = 0;
    key = root;
    for (int l = 0;; ++l) {
      values[i] += amplitude * eddy(rules_, key, x, l);
      if (l + 1 == rules_.levels)
        break;
      const std::uint32_t child = child_of(x, rules_.dimensions, l);
      const Block below = core::philox(key, child);
      FactorWords words{key[3], below[0]};
      if (l < levels && on_path) { // brothers off the path share the parent's word
        words.parent = path[static_cast<std::size_t>(l)].parent;
        on_path = child == child_of(guide.data(), rules_.dimensions, l);
        if (on_path)
          words.child = path[static_cast<std::size_t>(l)].child;
      }
      const auto at = static_cast<std::size_t>(l);
      for (std::size_t k = 0; l < deepest && k < factors_.size(); ++k)
        own[k * row + at + 1] = own[k * row + at] * factors_[k].ratio(words, child);
      amplitude *= (*rules_.multipliers)(words.parent, child, words.child);
      if (amplitude == 0) {
        for (std::size_t k = 0; k < factors_.size(); ++k) // without a tilt the dead are as likely as ever
          for (std::size_t m = at + 2; m < row; ++m)
            own[k * row + m] = own[k * row + at + 1];
        break;
      }
      key = below;
    }
  }
}

} // namespace cascade::solvers
