#include "solvers/cascade/density.hpp"

#include <algorithm>

namespace cascade::solvers {
namespace {

class DensityFiller {
public:
  DensityFiller(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth)
      : rules_(rules), box_(field.box()), values_(field.component(0)), depth_(depth),
        first_axis_(field.domain().first_axis()), points_(field.domain().points()) {}

  void visit(const core::Block& key, const core::Index3& corner, int level, double path) {
    const core::Index side = points_ >> level;
    core::Box cell;
    for (int a = 0; a < 3; ++a) {
      cell.begin[a] = a < first_axis_ ? 0 : corner[a];
      cell.end[a] = a < first_axis_ ? 1 : corner[a] + side;
    }
    const core::Box region = cell.intersect(box_);
    if (region.empty())
      return;
    if (path == 0 || level + 1 == rules_.levels) {
      fill(region, path, path > 0 ? level + 1 : level);
      return;
    }
    for (std::uint32_t child = 0; child < 1u << rules_.dimensions; ++child) {
      const core::Block below = core::philox(key, child);
      core::Index3 at = corner;
      for (int a = 0; a < rules_.dimensions; ++a)
        at[first_axis_ + a] += (child >> a & 1u) != 0 ? side / 2 : 0;
      visit(below, at, level + 1, path * rules_.factor(key, child, below));
    }
  }

private:
  void fill(const core::Box& region, double value, int alive_levels) {
    for (core::Index i = region.begin[0]; i < region.end[0]; ++i)
      for (core::Index j = region.begin[1]; j < region.end[1]; ++j) {
        const core::Index first = ((i - box_.begin[0]) * box_.extent(1) + j - box_.begin[1]) * box_.extent(2) +
                                  region.begin[2] - box_.begin[2];
        std::fill_n(values_.begin() + first, region.extent(2), value);
        std::fill_n(depth_.begin() + first, region.extent(2), static_cast<std::uint8_t>(alive_levels));
      }
  }

  const CascadeRules& rules_;
  core::Box box_;
  std::span<double> values_;
  core::ActiveDepth& depth_;
  int first_axis_;
  core::Index points_;
};

} // namespace

void fill_density(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth) {
  depth.assign(static_cast<std::size_t>(field.box().size()), 0);
  if (!field.box().empty())
    DensityFiller(rules, field, depth).visit(rules.root, {0, 0, 0}, 0, 1);
}

} // namespace cascade::solvers
