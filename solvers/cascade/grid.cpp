#include "solvers/cascade/grid.hpp"

#include "core/random/philox_lanes.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <algorithm>

namespace cascade::solvers {
namespace {

using core::Block;
using core::Box;
using core::Index;
using core::Index3;

/// values[i] += scale * profile[i]: the innermost loop of the fill.
CASCADE_CLONES void add_line(double* __restrict values, const double* __restrict profile, double scale, Index n) {
  for (Index i = 0; i < n; ++i)
    values[i] += scale * profile[i];
}

/// Samples of window and wave at the n/2^l cell centres of a level-l eddy, for every level.
struct ProfileTable {
  std::vector<std::vector<double>> window, wave;
  ProfileTable(Index points, int levels) {
    for (int l = 0; l < levels; ++l) {
      const Index m = points >> l;
      auto& w = window.emplace_back();
      auto& v = wave.emplace_back();
      for (Index i = 0; i < m; ++i) {
        const double u = static_cast<double>(2 * i + 1) / static_cast<double>(m) - 1.0;
        w.push_back(theory::EddyProfile::window(u));
        v.push_back(theory::EddyProfile::wave(u));
      }
    }
  }
};

struct Eddy {
  Index3 corner;   ///< global index of its first point
  double strength; ///< sign times amplitude
  int level;
  int axis;        ///< array axis the wave runs along
  double path = 1; ///< product of the random factors on the way to it; 0: dead
};

/// Depth-first descent. Large eddies are not written when met but kept on a stack and added tile by tile, while the
/// tile is in cache: one pass over memory instead of one a level.
class Filler {
public:
  Filler(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth)
      : rules_(rules), box_(field.box()), values_(field.component(0)), depth_(depth),
        first_axis_(field.domain().first_axis()), points_(field.domain().points()), table_(points_, rules.levels) {}

  void run() {
    std::fill(values_.begin(), values_.end(), 0.0);
    const Eddy root{{0, 0, 0}, 0, 0, 0};
    visit(rules_.root, root, 0);
  }

private:
  static constexpr Index tile_side = 32;

  Box cell_box(const Eddy& cell) const {
    const Index side = points_ >> cell.level;
    Box b;
    for (int a = 0; a < 3; ++a) {
      b.begin[a] = a < first_axis_ ? 0 : cell.corner[a];
      b.end[a] = a < first_axis_ ? 1 : cell.corner[a] + side;
    }
    return b.intersect(box_);
  }

  /// `alive_levels`: consecutive alive levels above this cell.
  void visit(const Block& key, Eddy cell, int alive_levels) {
    const bool alive = cell.path > 0;
    const Box region = cell_box(cell);
    if (region.empty())
      return;
    if (alive) {
      cell.strength = cell.path * rules_.sign(key) * rules_.amplitude[static_cast<std::size_t>(cell.level)];
      cell.axis = first_axis_ + rules_.orientation(key);
      ++alive_levels;
      stack_.push_back(cell);
    }
    const bool bottom = cell.level + 1 == rules_.levels;
    if ((points_ >> cell.level) <= tile_side || bottom) {
      for (const Eddy& eddy : stack_)
        add(eddy, region);
      set_depth(region, alive_levels);
      if (alive && !bottom)
        for (int child = 0; child < 1 << rules_.dimensions; ++child)
          visit_small(key, cell, child, alive_levels);
    } else {
      for (int child = 0; child < 1 << rules_.dimensions; ++child) {
        const Block child_key = alive ? core::philox(key, static_cast<std::uint64_t>(child)) : Block{};
        Eddy below = child_of(cell, child);
        below.path = alive ? cell.path * rules_.factor(key, static_cast<std::uint32_t>(child), child_key) : 0;
        visit(child_key, below, alive_levels);
      }
    }
    if (alive)
      stack_.pop_back();
  }

  /// Below tile size: eddies are added as they are met.
  void visit_small(const Block& parent_key, const Eddy& parent, int index, int alive_levels) {
    const Block key = core::philox(parent_key, static_cast<std::uint64_t>(index));
    Eddy cell = child_of(parent, index);
    cell.path = parent.path * rules_.factor(parent_key, static_cast<std::uint32_t>(index), key);
    if (cell.path == 0)
      return;
    const Box region = cell_box(cell);
    if (region.empty())
      return;
    cell.strength = cell.path * rules_.sign(key) * rules_.amplitude[static_cast<std::size_t>(cell.level)];
    cell.axis = first_axis_ + rules_.orientation(key);
    add(cell, region);
    set_depth(region, alive_levels + 1);
    if (cell.level + 1 < rules_.levels)
      for (int child = 0; child < 1 << rules_.dimensions; ++child)
        visit_small(key, cell, child, alive_levels + 1);
  }

  Eddy child_of(const Eddy& cell, int child) const {
    Eddy c{cell.corner, 0, cell.level + 1, 0};
    for (int a = 0; a < rules_.dimensions; ++a)
      if ((child >> a & 1) != 0)
        c.corner[first_axis_ + a] += points_ >> c.level;
    return c;
  }

  const double* profile(const Eddy& eddy, int axis) const {
    const auto l = static_cast<std::size_t>(eddy.level);
    return (axis == eddy.axis ? table_.wave[l] : table_.window[l]).data();
  }

  Index offset(Index i, Index j, Index k) const {
    return ((i - box_.begin[0]) * box_.extent(1) + j - box_.begin[1]) * box_.extent(2) + k - box_.begin[2];
  }

  void add(const Eddy& eddy, const Box& region) {
    const double* p2 = profile(eddy, 2) - eddy.corner[2];
    for (Index i = region.begin[0]; i < region.end[0]; ++i) {
      const double f0 = first_axis_ > 0 ? eddy.strength : eddy.strength * profile(eddy, 0)[i - eddy.corner[0]];
      for (Index j = region.begin[1]; j < region.end[1]; ++j) {
        const double f1 = first_axis_ > 1 ? f0 : f0 * profile(eddy, 1)[j - eddy.corner[1]];
        double* line = values_.data() + offset(i, j, region.begin[2]);
        const Index n = region.extent(2);
        if (n <= 4) // short lines: a call would cost more than the work
          for (Index k = 0; k < n; ++k)
            line[k] += f1 * p2[region.begin[2] + k];
        else
          add_line(line, p2 + region.begin[2], f1, n);
      }
    }
  }

  void set_depth(const Box& region, int alive_levels) {
    for (Index i = region.begin[0]; i < region.end[0]; ++i)
      for (Index j = region.begin[1]; j < region.end[1]; ++j)
        std::fill_n(depth_.begin() + offset(i, j, region.begin[2]), region.extent(2),
                    static_cast<std::uint8_t>(alive_levels));
  }

  const CascadeRules& rules_;
  Box box_;
  std::span<double> values_;
  core::ActiveDepth& depth_;
  int first_axis_;
  Index points_;
  ProfileTable table_;
  std::vector<Eddy> stack_;
};

} // namespace

double profile_bytes(Index points) {
  constexpr double window_and_wave = 2, all_levels = 2, grown_by_doubling = 1.5;
  return window_and_wave * all_levels * grown_by_doubling * sizeof(double) * static_cast<double>(points);
}

void fill_cascade(const CascadeRules& rules, core::RealField& field, core::ActiveDepth& depth) {
  depth.assign(static_cast<std::size_t>(field.box().size()), 0);
  if (!field.box().empty())
    Filler(rules, field, depth).run();
}

} // namespace cascade::solvers
