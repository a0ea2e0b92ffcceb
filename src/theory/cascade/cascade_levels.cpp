#include "theory/cascade/cascade_levels.hpp"

#include "theory/cascade/cell_moments.hpp"
#include "theory/cascade/eddy_profile.hpp"
#include "theory/gaussian/gram_basis.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::theory {
namespace {

/// Gram polynomial of degree a on `count` points, mean square 1; zero where the points cannot carry that degree.
std::vector<double> gram(int a, std::int64_t count) {
  if (a >= count)
    return std::vector<double>(static_cast<std::size_t>(count), 0.0);
  const auto all = GramBasis(count, a).slice(0, count);
  std::vector<double> g(all.end() - count, all.end());
  for (double& v : g)
    v *= std::sqrt(static_cast<double>(count));
  return g;
}

/// Mean over sub-cells (cells no larger than the eddy) or sum over eddy positions (cells larger) of the squared
/// projection of the profile on the polynomial.
double projection(const std::vector<double>& profile, std::int64_t side, const std::vector<double>& g) {
  const auto m = static_cast<std::int64_t>(profile.size());
  const auto at = [](const std::vector<double>& v, std::int64_t i) { return v[static_cast<std::size_t>(i)]; };
  const bool inside = side <= m;
  const std::int64_t places = inside ? m / side : side / m;
  double total = 0;
  for (std::int64_t p = 0; p < places; ++p) {
    double c = 0;
    for (std::int64_t i = 0; i < (inside ? side : m); ++i)
      c += inside ? at(profile, p * side + i) * at(g, i) : at(profile, i) * at(g, p * m + i);
    c /= static_cast<double>(side);
    total += c * c;
  }
  return inside ? total / static_cast<double>(places) : total;
}

double correlation(const std::vector<double>& p, std::int64_t r, bool circular) {
  const auto m = static_cast<std::int64_t>(p.size());
  double sum = 0;
  for (std::int64_t i = 0; i < m; ++i)
    if (circular || i + r < m)
      sum += p[static_cast<std::size_t>(i)] * p[static_cast<std::size_t>((i + r) % m)];
  return sum / static_cast<double>(m);
}

double flatness(const std::vector<double>& p) {
  double second = 0, fourth = 0;
  for (const double v : p) {
    second += v * v;
    fourth += v * v * v * v;
  }
  return fourth * static_cast<double>(p.size()) / (second * second);
}

/// Sum over all multi-indices |a| <= degree of prod_i table_i[a_i], the first axis wave, the others window.
double sum_products(const std::vector<double>& first, const std::vector<double>& others, int axes, int degree,
                    int axis = 0) {
  if (axis == axes)
    return 1;
  double total = 0;
  const auto& table = axis == 0 ? first : others;
  for (int a = 0; a <= degree; ++a)
    total += table[static_cast<std::size_t>(a)] * sum_products(first, others, axes, degree - a, axis + 1);
  return total;
}

} // namespace

CascadeLevels::CascadeLevels(int dimensions, std::int64_t points, int levels)
    : dimensions_(dimensions), points_(points) {
  for (int l = 0; l < levels; ++l) {
    Eddy e{{}, {}, 0, 0, 0};
    const std::int64_t m = points >> l;
    for (std::int64_t i = 0; i < m; ++i) {
      const double u = static_cast<double>(2 * i + 1) / static_cast<double>(m) - 1;
      e.window.push_back(EddyProfile::window(u));
      e.wave.push_back(EddyProfile::wave(u));
    }
    e.window_square = correlation(e.window, 0, false);
    e.wave_square = correlation(e.wave, 0, false);
    e.excess = flatness(e.wave) * std::pow(flatness(e.window), dimensions - 1) - 3;
    eddies_.push_back(std::move(e));
  }
  // Dyadic sides and separations are what the estimators use: computed once, a fit asks for them thousands of times.
  for (std::int64_t side = 1; side <= points; side *= 2) {
    for (int l = 0; l < levels; ++l)
      increments_[side].push_back(compute_increment(l, side));
    for (int degree = 0; degree <= 2 && points % side == 0; ++degree)
      for (int l = 0; l < levels; ++l)
        residuals_[{points / side, degree}].push_back(compute_residual(l, points / side, degree));
  }
  for (std::int64_t side = 2; side < points; ++side) // from small to large: large ones are taken from smaller ones
    if (points % side == 0 && residuals_.contains({side, 0}))
      compute_cumulants(side);
}

/// Cells of more than 128 points a side look like those of half as many, one level further down, but for the smallest
/// eddies, which look the same in both.
void CascadeLevels::compute_cumulants(std::int64_t side) {
  constexpr std::int64_t large = 128, smooth = 8, small = 64;
  const std::size_t levels = eddies_.size();
  LevelProfiles profiles;
  for (const Eddy& e : eddies_) {
    profiles.wave.push_back(e.wave);
    profiles.window.push_back(e.window);
  }
  for (int degree = 0; degree <= 2; ++degree) {
    const auto half = cumulants_.find({side / 2, degree});
    if (side <= large || half == cumulants_.end()) {
      cumulants_[{side, degree}] = cell_fourth_cumulants(profiles, dimensions_, side, degree);
      continue;
    }
    std::vector<double> c(levels * levels, 0.0);
    for (std::size_t l = 0; l < levels; ++l)
      for (std::size_t k = l; k < levels; ++k) {
        const auto width = static_cast<std::int64_t>(eddies_[l].wave.size());
        const auto finer = static_cast<std::int64_t>(eddies_[k].wave.size());
        if (k + 1 < levels && finer / 2 >= smooth)
          c[l * levels + k] = half->second[(l + 1) * levels + k + 1];
        else if (width <= small)
          c[l * levels + k] = half->second[l * levels + k];
        c[k * levels + l] = c[l * levels + k];
      }
    cumulants_[{side, degree}] = std::move(c);
  }
}

const std::vector<double>& CascadeLevels::cumulants(std::int64_t side, int degree) const {
  static const std::vector<double> none;
  const auto known = cumulants_.find({side, degree});
  return known != cumulants_.end() ? known->second : none;
}

double CascadeLevels::fraction(int level, const Activity& activity) const {
  return activity.cells.empty() ? 1 : activity.cells[static_cast<std::size_t>(level)] * std::exp2(-dimensions_ * level);
}

double CascadeLevels::residual(int level, std::int64_t side, int degree) const {
  const auto known = residuals_.find({side, degree});
  return known != residuals_.end() ? known->second[static_cast<std::size_t>(level)]
                                   : compute_residual(level, side, degree);
}

double CascadeLevels::compute_increment(int level, std::int64_t r) const {
  const Eddy& e = eddies_[static_cast<std::size_t>(level)];
  const double D = dimensions_, side_windows = std::pow(e.window_square, D - 1);
  double kept = correlation(e.wave, r, level == 0) * side_windows / D;
  if (dimensions_ > 1)
    kept += (D - 1) / D * correlation(e.window, r, level == 0) * e.wave_square * std::pow(e.window_square, D - 2);
  return 2 * (e.wave_square * side_windows - kept);
}

double CascadeLevels::compute_residual(int level, std::int64_t side, int degree) const {
  const Eddy& e = eddies_[static_cast<std::size_t>(level)];
  std::vector<double> wave, window;
  for (int a = 0; a <= degree; ++a) {
    const auto g = gram(a, side);
    wave.push_back(projection(e.wave, side, g));
    window.push_back(projection(e.window, side, g));
  }
  // The sum over |a| <= degree runs over all axes alike, so every orientation gives the same.
  return e.wave_square * std::pow(e.window_square, dimensions_ - 1) - sum_products(wave, window, dimensions_, degree);
}

double CascadeLevels::over_depths(double hurst, double order, int first, const std::vector<Level>& levels,
                                  const std::vector<double>& cumulants) {
  const auto known = static_cast<int>(std::lround(std::sqrt(static_cast<double>(cumulants.size()))));
  double variance = 0, fourth = 0, sum = 0;
  const int count = static_cast<int>(levels.size());
  for (int i = 0; i < count; ++i) {
    const Level& level = levels[static_cast<std::size_t>(i)];
    const double part = std::exp2(-2 * i * hurst) * std::max(level.term, 0.0);
    variance += part;
    if (i >= known)
      fourth += part * part * level.excess;
    else if (order != 2)
      for (int k = 0; k <= i; ++k)
        fourth +=
            (k < i ? 2 : 1) * std::exp2(-2 * (i + k) * hurst) * cumulants[static_cast<std::size_t>(i * known + k)];
    if (i < first || variance <= 0)
      continue;
    const double deeper = i + 1 < count ? levels[static_cast<std::size_t>(i) + 1].fraction : 0;
    sum += (level.fraction - deeper) * std::pow(variance, order / 2) *
           (1 + order * (order - 2) / 24 * fourth / (variance * variance));
  }
  return sum;
}

int CascadeLevels::level_of(std::int64_t side) const {
  const auto j = static_cast<int>(std::lround(std::log2(static_cast<double>(points_) / static_cast<double>(side))));
  return std::min(j, static_cast<int>(eddies_.size()) - 1);
}

std::vector<CascadeLevels::Level> CascadeLevels::loss_levels(std::int64_t side, int degree,
                                                             const Activity& activity) const {
  std::vector<Level> levels;
  for (int l = 0; l < static_cast<int>(eddies_.size()); ++l)
    levels.push_back({residual(l, side, degree), eddies_[static_cast<std::size_t>(l)].excess, fraction(l, activity)});
  return levels;
}

std::vector<double> CascadeLevels::loss(double hurst, double order, int degree, bool active,
                                        std::span<const std::int64_t> sides, const Activity& activity) const {
  std::vector<double> result;
  for (const std::int64_t side : sides) {
    const auto levels = loss_levels(side, degree, activity);
    const int first = active ? level_of(side) : 0;
    result.push_back(over_depths(hurst, order, first, levels, cumulants(side, degree)) /
                     (active ? levels[static_cast<std::size_t>(first)].fraction : 1));
  }
  return result;
}

std::vector<double> CascadeLevels::increment(double hurst, double order, std::span<const std::int64_t> separations,
                                             const Activity& activity) const {
  std::vector<double> result;
  for (const std::int64_t r : separations) {
    const auto known = increments_.find(r);
    const double size = static_cast<double>(points_) / static_cast<double>(r);
    std::vector<Level> levels;
    for (int l = 0; l < static_cast<int>(eddies_.size()); ++l) {
      const double term =
          known != increments_.end() ? known->second[static_cast<std::size_t>(l)] : compute_increment(l, r);
      const bool pairs = std::exp2(l) > size * (1 + 1e-9); // eddies smaller than r: two of them in an increment
      levels.push_back(
          {term, eddies_[static_cast<std::size_t>(l)].excess * (pairs ? 0.5 : 1.0), fraction(l, activity)});
    }
    result.push_back(over_depths(hurst, order, 0, levels, {}));
  }
  return result;
}

std::vector<double> CascadeLevels::completion(double hurst, double order, int degree,
                                              std::span<const std::int64_t> sides, const Activity& activity,
                                              double decay) const {
  constexpr int more = 40, fine = 1024;
  const CascadeLevels whole(dimensions_, fine,
                            1); // one well resolved eddy: mean square and flatness of the small scales
  const Eddy& eddy = whole.eddies_.front();
  const double square = eddy.wave_square * std::pow(eddy.window_square, dimensions_ - 1);
  std::vector<double> result;
  for (const std::int64_t side : sides) {
    auto levels = loss_levels(side, degree, activity);
    const int first = level_of(side);
    const double partial = over_depths(hurst, order, first, levels, cumulants(side, degree));
    for (int l = 0; l < more; ++l)
      levels.push_back({square, eddy.excess, levels.back().fraction * decay});
    result.push_back(over_depths(hurst, order, first, levels, cumulants(side, degree)) / partial);
  }
  return result;
}

double CascadeLevels::missing_variance(double hurst, const Activity& activity, double decay) const {
  const int last = static_cast<int>(eddies_.size()) - 1;
  const double ratio = std::exp2(-2 * hurst) * decay; // geometric series of the levels that are not there
  return std::exp2(-2 * last * hurst) * fraction(last, activity) * ratio / (1 - ratio);
}

} // namespace cascade::theory
