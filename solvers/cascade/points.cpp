#include "solvers/cascade/points.hpp"

#include "core/random/philox_lanes.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <algorithm>
#include <bit>

namespace cascade::solvers {
namespace {

using core::Block;
using core::Coordinate;
using theory::EddyProfile;

CASCADE_CLONES void multiply_profile(int n, int axis, int dimensions, int level, const Coordinate* __restrict x,
                                     const std::uint32_t* __restrict direction, double* __restrict product) {
  const auto mine = static_cast<std::uint64_t>(axis);
  const auto d = static_cast<std::uint64_t>(dimensions);
  for (int i = 0; i < n; ++i) {
    const double u = cell_position(x[i], level);
    const double g = 1 - u * u;
    const bool along = ((direction[i] * d) >> 32) == mine;
    const double factor = along ? -EddyProfile::wave_scale * u : EddyProfile::window_scale;
    product[i] *= factor * (g * g);
  }
}

/// The same for eddies that are constant along all axes but their own.
CASCADE_CLONES void multiply_wave(int n, int axis, int dimensions, int level, const Coordinate* __restrict x,
                                  const std::uint32_t* __restrict direction, double* __restrict product) {
  const auto mine = static_cast<std::uint64_t>(axis);
  const auto d = static_cast<std::uint64_t>(dimensions);
  for (int i = 0; i < n; ++i) {
    const bool along = ((direction[i] * d) >> 32) == mine;
    product[i] *= along ? EddyProfile::wave(cell_position(x[i], level)) : 1.0;
  }
}

CASCADE_CLONES void start_product(int n, double amplitude, const std::uint32_t* __restrict sign_word,
                                  double* __restrict product) {
  for (int i = 0; i < n; ++i)
    product[i] = (sign_word[i] >> 31) != 0 ? -amplitude : amplitude;
}

CASCADE_CLONES void child_index(int n, int axis, int level, const Coordinate* __restrict x,
                                std::uint32_t* __restrict low) {
  for (int i = 0; i < n; ++i)
    low[i] |= static_cast<std::uint32_t>((x[i] >> (63 - level)) & 1u) << axis;
}

CASCADE_CLONES void next_keys(int n, std::uint32_t* c0, std::uint32_t* c1, std::uint32_t* c2, std::uint32_t* c3,
                              const std::uint32_t* low, const std::uint32_t* high) {
  core::philox_lanes(n, c0, c1, c2, c3, low, high);
}

CASCADE_CLONES void multiply_paths(int n, const double* __restrict path, double* __restrict product) {
  for (int i = 0; i < n; ++i)
    product[i] *= path[i];
}

/// How many levels down the lattice with these coordinates along each axis and these points lie in one cell; at
/// most 63.
int common_levels(std::span<const Coordinate> axis, std::span<const Coordinate> points, std::size_t dimensions) {
  const std::size_t side = axis.size() / dimensions;
  Coordinate differs = 0;
  for (std::size_t a = 0; a < dimensions; ++a) {
    const Coordinate first = axis[a * side], last = axis[a * side + side - 1];
    if (first > last) // round the box
      return 0;
    differs |= first ^ last;
    for (std::size_t k = a; k < points.size(); k += dimensions)
      differs |= first ^ points[k];
  }
  return std::min(std::countl_zero(differs), 63);
}

/// values += top times the product of the profiles of all axes (`side` numbers each) on the lattice. Local.
void add_product(double top, const std::vector<double>& profile, std::size_t side, std::vector<double>& line,
                 std::span<double> values) {
  const std::size_t d = profile.size() / side;
  line[0] = top;
  std::size_t n = 1;
  for (std::size_t a = 0; a + 1 < d; ++a, n *= side) // built from the last element down in place
    for (std::size_t k = n; k-- > 0;) {
      const double base = line[k];
      for (std::size_t i = side; i-- > 0;)
        line[k * side + i] = base * profile[a * side + i];
    }
  const double* last_axis = &profile[(d - 1) * side];
  for (std::size_t k = 0; k < n; ++k) { // its last step is added where it goes
    const double base = line[k];
    double* to = &values[k * side];
    for (std::size_t i = 0; i < side; ++i)
      to[i] += base * last_axis[i];
  }
}

/// Whole SIMD lanes: the padding beyond `count` is computed and ignored.
int padded(int count) {
  return std::min((count + 7) & ~7, PointBatch::capacity);
}

} // namespace

PointBatch::PointBatch(const CascadeRules& rules)
    : rules_(rules), x_(static_cast<std::size_t>(rules.dimensions * capacity)), c0_{}, c1_{}, c2_{}, c3_{}, low_{},
      high_{}, product_{}, path_{}, slot_{} {}

void PointBatch::push(const Coordinate* point, std::size_t stride, const Block& key, double path, int slot) {
  for (int a = 0; a < rules_.dimensions; ++a)
    x_[static_cast<std::size_t>(a * capacity + count_)] = point[static_cast<std::size_t>(a) * stride];
  c0_[count_] = key[0];
  c1_[count_] = key[1];
  c2_[count_] = key[2];
  c3_[count_] = key[3];
  path_[count_] = path;
  slot_[count_++] = slot;
}

void PointBatch::add_eddies(int level, double* values) {
  const int n = padded(count_);
  start_product(n, rules_.amplitude[static_cast<std::size_t>(level)], c1_, product_);
  if (rules_.multipliers)
    multiply_paths(n, path_, product_);
  const auto multiply = rules_.oriented ? multiply_wave : multiply_profile;
  for (int a = 0; a < rules_.dimensions; ++a)
    multiply(n, a, rules_.dimensions, level, &x_[static_cast<std::size_t>(a * capacity)], c2_, product_);
  for (int i = 0; i < count_; ++i)
    values[slot_[i]] += product_[i];
}

void PointBatch::descend(int level) {
  const int n = padded(count_);
  std::fill_n(low_, n, 0u);
  for (int a = 0; a < rules_.dimensions; ++a)
    child_index(n, a, level, &x_[static_cast<std::size_t>(a * capacity)], low_);
  std::uint32_t shared[capacity]; // the parents' words, gone once there are keys of children
  if (rules_.multipliers)
    std::copy_n(c3_, count_, shared);
  next_keys(n, c0_, c1_, c2_, c3_, low_, high_);
  if (rules_.multipliers)
    for (int i = 0; i < count_; ++i)
      path_[i] *= (*rules_.multipliers)(shared[i], low_[i], c0_[i]);
  if (rules_.multipliers && !rules_.multipliers->dies())
    return;
  int kept = 0;
  for (int i = 0; i < count_; ++i) { // compaction without branches: a dead point is overwritten by the next one
    for (int a = 0; a < rules_.dimensions; ++a)
      x_[static_cast<std::size_t>(a * capacity + kept)] = x_[static_cast<std::size_t>(a * capacity + i)];
    c0_[kept] = c0_[i];
    c1_[kept] = c1_[i];
    c2_[kept] = c2_[i];
    c3_[kept] = c3_[i];
    slot_[kept] = slot_[i];
    path_[kept] = path_[i];
    const bool alive = (static_cast<std::uint64_t>(c0_[i]) << 32 | c3_[i]) <= rules_.last_alive && path_[i] > 0;
    kept += alive ? 1 : 0;
  }
  count_ = kept;
}

void CascadePoints::evaluate(std::span<const Coordinate> points, std::span<double> values) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  std::fill(values.begin(), values.end(), 0.0);
  PointBatch batch(rules_);
  for (std::size_t first = 0; first < values.size(); first += PointBatch::capacity) {
    const std::size_t count = std::min<std::size_t>(PointBatch::capacity, values.size() - first);
    batch.clear();
    for (std::size_t i = 0; i < count; ++i)
      batch.push(&points[(first + i) * d], 1, rules_.root, 1, static_cast<int>(i));
    for (int level = 0; level < rules_.levels && batch.size() > 0; ++level) {
      batch.add_eddies(level, &values[first]);
      if (level + 1 < rules_.levels)
        batch.descend(level);
    }
  }
}

void CascadePoints::evaluate_lattice(std::span<const Coordinate> corner, int level, int m,
                                     std::span<const Coordinate> offset, std::span<double> values) const {
  evaluate_cell(corner, level, m, offset, values, {}, {});
}

void CascadePoints::evaluate_cell(std::span<const Coordinate> corner, int level, int m,
                                  std::span<const Coordinate> offset, std::span<double> values,
                                  std::span<const Coordinate> points, std::span<double> at_points) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  const auto side = static_cast<std::size_t>(m);
  thread_local CellScratch scratch;
  auto& axis = scratch.axis;
  auto& profile = scratch.profile;
  auto& line = scratch.line;
  axis.resize(d * side);
  profile.resize(d * side);
  line.resize(values.size());
  core::lattice_coordinates(corner, level, m, offset, axis);
  std::fill(values.begin(), values.end(), 0.0);
  std::fill(at_points.begin(), at_points.end(), 0.0);

  // While all lie in one cell, its eddy is a product of one-dimensional profiles on the lattice.
  const int together = common_levels(axis, points, d);
  const bool oriented = rules_.oriented;
  const auto axis_factor = [oriented](double u, bool along) {
    const double across = oriented ? 1.0 : EddyProfile::window(u);
    return along ? EddyProfile::wave(u) : across;
  };
  Block key = rules_.root;
  double path = 1;
  int l = 0;
  for (;; ++l) {
    const int o = rules_.orientation(key);
    const double top = path * rules_.sign(key) * rules_.amplitude[static_cast<std::size_t>(l)];
    for (std::size_t a = 0; a < d; ++a)
      for (std::size_t i = 0; i < side; ++i)
        profile[a * side + i] = axis_factor(cell_position(axis[a * side + i], l), static_cast<int>(a) == o);
    add_product(top, profile, side, line, values);
    for (std::size_t k = 0; k < at_points.size(); ++k) {
      double product = top;
      for (std::size_t a = 0; a < d; ++a)
        product *= axis_factor(cell_position(points[k * d + a], l), static_cast<int>(a) == o);
      at_points[k] += product;
    }
    if (l + 1 == rules_.levels)
      return;
    if (l == together)
      break;
    std::uint64_t child = 0;
    for (std::size_t a = 0; a < d; ++a)
      child |= ((axis[a * side] >> (63 - l)) & 1u) << a;
    const Block parent = key;
    key = core::philox(key, child);
    path *= rules_.factor(parent, static_cast<std::uint32_t>(child), key);
    if (path == 0)
      return;
  }
  add_below(key, path, l, points, scratch, values, at_points);
}

/// Eddies of the cells below a cell of `level` that holds the scratch's lattice and the points, each along its own way.
void CascadePoints::add_below(const Block& key, double path, int level, std::span<const Coordinate> points,
                              CellScratch& scratch, std::span<double> values, std::span<double> at_points) const {
  const auto d = static_cast<std::size_t>(rules_.dimensions);
  const std::size_t side = scratch.axis.size() / d, all = values.size() + at_points.size();
  auto& point = scratch.point;
  auto& place = scratch.place;
  auto& below = scratch.below;
  PointBatch batch(rules_);
  point.resize(d);
  place.assign(d, 0); // counted up: a division a point and axis would cost more than its eddy
  below.assign(all, 0.0);
  for (std::size_t first = 0; first < all; first += PointBatch::capacity) {
    batch.clear();
    for (std::size_t k = first; k < std::min(first + PointBatch::capacity, all); ++k) {
      const Coordinate* x = point.data();
      if (k < values.size()) {
        for (std::size_t a = 0; a < d; ++a)
          point[a] = scratch.axis[a * side + place[a]];
        for (std::size_t a = d; a-- > 0 && ++place[a] == side;)
          place[a] = 0;
      } else {
        x = &points[(k - values.size()) * d];
      }
      batch.push(x, 1, key, path, static_cast<int>(k));
    }
    for (int l = level; l + 1 < rules_.levels && batch.size() > 0; ++l) {
      batch.descend(l);
      batch.add_eddies(l + 1, below.data());
    }
  }
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] += below[k];
  for (std::size_t k = 0; k < at_points.size(); ++k)
    at_points[k] += below[values.size() + k];
}

std::shared_ptr<const core::PointField> CascadePoints::cut(int levels) const {
  CascadeRules rules = rules_;
  rules.levels = std::clamp(levels, 1, rules_.levels);
  return std::make_shared<CascadePoints>(std::move(rules));
}

} // namespace cascade::solvers
