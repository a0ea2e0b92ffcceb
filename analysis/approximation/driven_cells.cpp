#include "analysis/approximation/driven_cells.hpp"

#include "analysis/sums/absolute_power.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::Coordinate;

constexpr DrawPurpose driven_counts{5};

std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}

std::array<Coordinate, 3> child_corner(std::array<Coordinate, 3> corner, int level, std::size_t child, int dimensions) {
  for (std::size_t a = 0; a < static_cast<std::size_t>(dimensions); ++a)
    if ((child >> a & 1u) != 0)
      corner[a] += Coordinate{1} << (64 - level);
  return corner;
}

/// 2^n, -1022 <= n <= 1023: ldexp is a call into the library, and these stand in the innermost loop.
constexpr double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

/// Length that the intervals [a, a + w) and [x, x + s) of the periodic box have in common. Differences are taken as
/// integers: exact where both are small.
double overlap(Coordinate a, double w, Coordinate x, double s) {
  const double after = 0x1p-64 * static_cast<double>(x - a), before = 0x1p-64 * static_cast<double>(a - x);
  double length = after < w ? std::min(s, w - after) : 0.0;
  if (before > 0 && before < s)
    length += std::min(w, s - before);
  return length;
}

} // namespace

void choose_lattice(DrivenSetting& s) {
  const bool high = s.loss_power > 3;
  constexpr int mean_square[] = {8, 4, 3}, quartic[] = {8, 6, 4};
  const auto d = static_cast<std::size_t>(s.dimensions - 1);
  s.lattice = high ? quartic[d] : mean_square[d];
  s.lattice = std::max(s.lattice, s.degree == 0 ? 2 : (s.dimensions == 1 ? 4 : 3));
  s.test_points = high ? (s.dimensions == 1 ? 8 : 4) : (s.dimensions == 3 ? 1 : 2);
}

DrivenCounts count_for_data(const core::PointSource& source, const DrivenSetting& s, std::uint64_t seed) {
  DrivenCounts counts;
  if (!s.active)
    return counts;
  constexpr int trees = 64, walks = 256;
  constexpr int ahead[] = {5, 3, 2};
  counts.ahead = ahead[s.dimensions - 1];
  std::vector<double> sums(static_cast<std::size_t>(s.levels), 0.0);
  for (int t = 0; t < trees; ++t) {
    const core::PointSample sample = source(t);
    TreeDescent descent(*sample.tree);
    for (int w = 0; w < walks; ++w) {
      DrawStream stream(seed, static_cast<std::uint64_t>(t), static_cast<std::uint64_t>(w), driven_counts);
      descent.walk(stream, s.levels - 1);
      for (int l = 0; l <= descent.reached(); ++l)
        sums[static_cast<std::size_t>(l)] += descent.node(l).count_weight;
    }
  }
  for (double& n : sums)
    n /= trees * walks;
  counts.cells = std::move(sums);
  return counts;
}

DrivenCells::DrivenCells(const core::PointSample& sample, const DrivenSetting& setting, const DrivenCounts& counts,
                         const core::Block& hash, const std::array<Coordinate, 3>& shift)
    : setting_(setting), counts_(counts), hash_(hash), shift_(shift),
      moved_(std::any_of(shift.begin(), shift.begin() + setting.dimensions, [](Coordinate s) { return s != 0; })),
      tree_(setting.active ? sample.tree : nullptr), last_level_(setting.levels - 2 - below), gram_{} {
  last_level_ = std::min(last_level_, setting.levels - 2 - counts.ahead);
  for (int l = 0; l < setting.levels; ++l) {
    auto cut = l + below + 1 < setting.levels ? sample.field->cut(l + below + 1) : nullptr;
    fields_.push_back(cut ? cut : sample.field);
  }
  const int D = setting.dimensions, m = setting.lattice, k = setting.degree;
  // Polynomials of i - (m-1)/2, orthonormal under the sum over i = 0 .. m-1.
  double second = 0, fourth = 0;
  for (int i = 0; i < m; ++i) {
    const double x = i - 0.5 * (m - 1);
    second += x * x;
    fourth += x * x * x * x;
  }
  gram_[0] = {1 / std::sqrt(m), 0, 0};
  if (k > 0)
    gram_[1] = {0, 1 / std::sqrt(second), 0};
  if (k > 1) {
    const double norm = 1 / std::sqrt(fourth - second * second / m);
    gram_[2] = {-second / m * norm, 0, norm};
  }
  for (int a = 0; a <= k; ++a)
    for (int b = 0; b <= (D > 1 ? k - a : 0); ++b)
      for (int c = 0; c <= (D > 2 ? k - a - b : 0); ++c)
        terms_.push_back({a, b, c});
  const auto points = static_cast<std::size_t>(std::llround(std::pow(m, D)));
  const auto side = static_cast<std::size_t>(m), d = static_cast<std::size_t>(D);
  const auto gram = [&](int degree, double x) {
    const auto& g = gram_[static_cast<std::size_t>(degree)];
    return g[0] + x * (g[1] + x * g[2]);
  };
  for (const auto& term : terms_) {
    std::vector<double>& values = basis_.emplace_back(points, 1.0);
    for (std::size_t p = 0; p < points; ++p) {
      std::size_t rest = p;
      for (std::size_t a = d; a-- > 0; rest /= side)
        values[p] *= gram(term[a], static_cast<double>(rest % side) - 0.5 * (m - 1));
    }
  }
  values_.resize(points);
  residual_.resize(points);
  at_test_.resize(static_cast<std::size_t>(setting.test_points));
  test_.resize(at_test_.size() * d);
  const auto count = std::size_t{1} << D;
  const auto rows = static_cast<std::size_t>(tree_ && moved_ ? setting.levels : counts.ahead + 1);
  keys_.assign(rows, std::vector<core::Block>(count));
  alive_.assign(rows, std::vector<std::uint8_t>(count));
}

double DrivenCells::power(double residual) const {
  const double square = residual * residual;
  if (setting_.loss_power == 2)
    return square;
  return setting_.loss_power == 4 ? square * square : std::pow(std::abs(residual), setting_.loss_power);
}

double DrivenCells::alive_below(const core::Block& key, int levels) {
  const auto at = static_cast<std::size_t>(levels);
  tree_->children(key, keys_[at], alive_[at]);
  double sum = 0;
  for (std::size_t c = 0; c < alive_[at].size(); ++c)
    if (alive_[at][c] != 0)
      sum += levels > 1 ? alive_below(keys_[at][c], levels - 1) : 1.0;
  return sum;
}

/// Alive cells of cell.level + g' below the tree's cell of `level` at `corner`, each as far as it lies in the cell.
double DrivenCells::data_inside(const DrivenCell& cell, const core::Block& key, int level,
                                const std::array<Coordinate, 3>& corner) {
  double part = 1;
  for (std::size_t a = 0; a < static_cast<std::size_t>(setting_.dimensions); ++a)
    part *= overlap(corner[a], power_of_two(-level), cell.corner[a] + shift_[a], power_of_two(-cell.level));
  if (part == 0)
    return 0;
  if (level == cell.level + counts_.ahead)
    return part * power_of_two(setting_.dimensions * level);
  const auto at = static_cast<std::size_t>(level);
  tree_->children(key, keys_[at], alive_[at]);
  double sum = 0;
  for (std::size_t c = 0; c < alive_[at].size(); ++c)
    if (alive_[at][c] != 0)
      sum += data_inside(cell, keys_[at][c], level + 1, child_corner(corner, level + 1, c, setting_.dimensions));
  return sum;
}

double DrivenCells::share(const DrivenCell& cell) {
  if (!setting_.active)
    return power_of_two(-setting_.dimensions * cell.level);
  const double total = counts_.cells[static_cast<std::size_t>(cell.level + counts_.ahead)];
  if (!(total > 0))
    return 0;
  return (moved_ ? data_inside(cell, tree_->root(), 0, {}) : alive_below(cell.key, counts_.ahead)) / total;
}

void DrivenCells::look(DrivenCell& cell) {
  const double mu = share(cell);
  if (mu == 0) {
    cell.least = cell.loss = 0;
    return;
  }
  ++evaluations_;
  const auto d = static_cast<std::size_t>(setting_.dimensions);
  core::Block hash = hash_;
  for (std::size_t a = 0; a < d; ++a)
    hash = core::philox(hash, cell.corner[a]);
  hash = core::philox(hash, static_cast<std::uint64_t>(cell.level));
  // Offsets of the lattice within its step, then test points within the cell.
  std::array<Coordinate, 3> offset{}, corner{};
  std::size_t word = 0;
  core::Block bits = hash;
  const auto wide = [&] {
    if (word == 2) {
      bits = core::philox(bits, 1);
      word = 0;
    }
    const std::uint64_t value = word == 0 ? pair_of(bits[0], bits[1]) : pair_of(bits[2], bits[3]);
    ++word;
    return value;
  };
  for (std::size_t a = 0; a < d; ++a) {
    offset[a] = wide();
    corner[a] = cell.corner[a] + shift_[a];
  }
  const core::PointField& field = *fields_[static_cast<std::size_t>(cell.level)];
  std::array<std::array<double, 3>, 16> place{};
  for (std::size_t n = 0; n < at_test_.size(); ++n)
    for (std::size_t a = 0; a < d; ++a) {
      const Coordinate inside = wide();
      test_[n * d + a] = corner[a] + (cell.level > 0 ? inside >> cell.level : inside);
      place[n][a] =
          core::to_double(inside) * setting_.lattice - core::to_double(offset[a]) - 0.5 * (setting_.lattice - 1);
    }
  field.evaluate_cell(std::span(corner).first(d), cell.level, setting_.lattice, std::span(offset).first(d), values_,
                      test_, at_test_);
  std::array<double, 10> coefficient{};
  residual_ = values_;
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    double projection = 0;
    for (std::size_t p = 0; p < values_.size(); ++p)
      projection += values_[p] * basis_[t][p];
    coefficient[t] = projection;
    for (std::size_t p = 0; p < values_.size(); ++p)
      residual_[p] -= projection * basis_[t][p];
  }
  double error = 0;
  for (const double r : residual_)
    error += power(r);
  cell.least = mu * error / static_cast<double>(residual_.size());

  double loss = 0;
  for (std::size_t n = 0; n < at_test_.size(); ++n) {
    double fitted = 0;
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      double product = coefficient[t];
      for (std::size_t a = 0; a < d; ++a) {
        const auto& g = gram_[static_cast<std::size_t>(terms_[t][a])];
        product *= g[0] + place[n][a] * (g[1] + place[n][a] * g[2]);
      }
      fitted += product;
    }
    loss += power(at_test_[n] - fitted);
  }
  cell.loss = mu * loss / static_cast<double>(at_test_.size());
}

DrivenCell DrivenCells::root() {
  DrivenCell cell;
  if (tree_)
    cell.key = tree_->root();
  look(cell);
  return cell;
}

const std::vector<DrivenCell>& DrivenCells::children(const DrivenCell& parent) {
  children_.clear();
  const auto count = std::size_t{1} << setting_.dimensions;
  const bool same_cells = tree_ && !moved_;
  if (same_cells)
    tree_->children(parent.key, keys_[0], alive_[0]);
  const auto keys = same_cells ? keys_[0] : std::vector<core::Block>{};
  const auto alive = same_cells ? alive_[0] : std::vector<std::uint8_t>{};
  for (std::size_t c = 0; c < count; ++c) {
    if (same_cells && alive[c] == 0)
      continue;
    DrivenCell child;
    child.level = parent.level + 1;
    child.corner = child_corner(parent.corner, child.level, c, setting_.dimensions);
    if (same_cells)
      child.key = keys[c];
    child.weight = parent.weight;
    look(child);
    if (tree_ && child.least == 0 && child.loss == 0)
      continue; // no data below
    child.least = std::min(child.least, parent.least);
    children_.push_back(child);
  }
  return children_;
}

} // namespace cascade::analysis
