#include "theory/cascade/cell_moments.hpp"

#include "theory/gaussian/gram_basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace cascade::theory {
namespace {

using Values = std::vector<double>;
constexpr std::int64_t widest = 32; ///< cells an eddy may be wide

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// Gram polynomials on `side` points, mean square 1; zero where the points cannot carry the degree.
std::vector<Values> polynomials(std::int64_t side, int degree) {
  std::vector<Values> all(at(degree) + 1, Values(at(side), 0.0));
  const int carried = std::min<int>(degree, static_cast<int>(side) - 1);
  const auto table = GramBasis(side, carried).slice(0, side);
  for (int a = 0; a <= carried; ++a)
    for (std::int64_t i = 0; i < side; ++i)
      all[at(a)][at(i)] = table[at(a * side + i)] * std::sqrt(static_cast<double>(side));
  return all;
}

/// Factors of one axis. Term 0 is the profile p itself, term 1 + a the polynomial g_a times the profile's projection
/// c_a, which depends on the eddy (cells larger than eddies) or on the cell within it. A pair of terms (i <= j) is one
/// function of the position; `pairs` of them.
class Axis {
public:
  Axis(const Values& profile, std::int64_t side, const std::vector<Values>& g)
      : profile_(profile), side_(side), g_(g), width_(static_cast<std::int64_t>(profile.size())),
        period_(std::max(width_, side)), terms_(g.size() + 1) {
    for (std::int64_t place = 0; place < period_ / std::min(width_, side_); ++place) {
      Values c;
      for (const Values& polynomial : g) {
        double sum = 0;
        for (std::int64_t i = 0; i < std::min(width_, side_); ++i)
          sum += inside() ? profile[at(place * side_ + i)] * polynomial[at(i)]
                          : profile[at(i)] * polynomial[at(place * width_ + i)];
        c.push_back(sum / static_cast<double>(side_));
      }
      projection_.push_back(std::move(c));
    }
    for (std::size_t i = 0; i < terms_; ++i)
      for (std::size_t j = i; j < terms_; ++j)
        pairs_.push_back({i, j});
  }

  std::size_t pairs() const { return pairs_.size(); }
  std::int64_t period() const { return period_; }

  /// Sum over the eddies of the product of two terms, at every position of a period.
  Values summed(std::size_t pair) const {
    const auto [i, j] = pairs_[pair];
    Values f(at(period_), 0.0);
    if (inside() || i == 0) {
      for (std::int64_t x = 0; x < period_; ++x)
        f[at(x)] = own(i, x) * own(j, x);
      return f;
    }
    double strength = 0;
    for (const Values& c : projection_)
      strength += c[i - 1] * c[j - 1];
    for (std::int64_t x = 0; x < period_; ++x)
      f[at(x)] = strength * g_[i - 1][at(x)] * g_[j - 1][at(x)];
    return f;
  }

  /// Mean over positions of the sum over eddies of this axis' pair times another's of the same level.
  double joint(std::size_t pair, const Axis& other, std::size_t other_pair) const {
    const auto [i, j] = pairs_[pair];
    const auto [k, l] = other.pairs_[other_pair];
    double sum = 0;
    if (inside() || i == 0 || k == 0) { // at a position only its own eddy has a profile
      for (std::int64_t x = 0; x < period_; ++x)
        sum += own(i, x) * own(j, x) * other.own(k, x) * other.own(l, x);
      return sum / static_cast<double>(period_);
    }
    for (std::size_t e = 0; e < projection_.size(); ++e)
      sum += projection_[e][i - 1] * projection_[e][j - 1] * other.projection_[e][k - 1] * other.projection_[e][l - 1];
    double shape = 0;
    for (std::int64_t x = 0; x < side_; ++x)
      shape += g_[i - 1][at(x)] * g_[j - 1][at(x)] * g_[k - 1][at(x)] * g_[l - 1][at(x)];
    return sum * shape / static_cast<double>(side_);
  }

private:
  bool inside() const { return side_ <= width_; }
  /// A term of the eddy at position x.
  double own(std::size_t term, std::int64_t x) const {
    if (term == 0)
      return profile_[at(x % width_)];
    return projection_[at(x / std::min(width_, side_))][term - 1] * g_[term - 1][at(x % side_)];
  }

  const Values& profile_;
  std::int64_t side_;
  const std::vector<Values>& g_;
  std::int64_t width_, period_;
  std::size_t terms_;
  std::vector<Values> projection_; ///< [eddy in the cell, or cell in the eddy][polynomial]
  std::vector<std::array<std::size_t, 2>> pairs_;
};

/// Mean over the common period of two functions, the shorter one repeated.
double mean_product(const Values& a, const Values& b) {
  const Values &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  double sum = 0;
  for (std::size_t start = 0; start < longer.size(); start += shorter.size())
    for (std::size_t i = 0; i < shorter.size(); ++i)
      sum += longer[start + i] * shorter[i];
  return sum / static_cast<double>(longer.size());
}

/// Means over one axis for two levels: table[kind][kind'][pair][pair'], kind 0 the wave, 1 the window.
using Table = std::array<std::array<std::vector<Values>, 2>, 2>;

/// A product of two terms of rho: which pair along each axis, and its weight in rho^2.
struct Square {
  std::vector<std::size_t> pair;
  double weight;
};

std::vector<Square> squares(int dimensions, int degree) {
  std::vector<std::vector<std::size_t>> terms{std::vector<std::size_t>(at(dimensions), 0)};
  std::vector<std::size_t> index(at(dimensions), 0); // all multi-indices of total degree <= degree
  for (;;) {
    std::size_t total = 0, axis = 0;
    for (const std::size_t a : index)
      total += a;
    if (total <= at(degree)) {
      auto& term = terms.emplace_back();
      for (const std::size_t a : index)
        term.push_back(a + 1);
    }
    while (axis < index.size() && ++index[axis] > at(degree))
      index[axis++] = 0;
    if (axis == index.size())
      break;
  }
  const std::size_t kinds = at(degree) + 2;
  std::map<std::vector<std::size_t>, double> sum;
  for (std::size_t s = 0; s < terms.size(); ++s)
    for (std::size_t t = 0; t < terms.size(); ++t) {
      std::vector<std::size_t> pair;
      for (std::size_t a = 0; a < terms[s].size(); ++a) {
        const std::size_t i = std::min(terms[s][a], terms[t][a]), j = std::max(terms[s][a], terms[t][a]);
        pair.push_back(i * kinds - i * (i + 1) / 2 + j); // place of (i, j) in the order of Axis
      }
      sum[pair] += (s == 0) == (t == 0) ? 1 : -1;
    }
  std::vector<Square> all;
  for (const auto& [pair, weight] : sum)
    all.push_back({pair, weight});
  return all;
}

/// <rho^2 rho'^2> for waves along the same axis or along two different ones.
double quartic(const Table& table, const std::vector<Square>& terms, bool same) {
  double sum = 0;
  for (const Square& s : terms)
    for (const Square& t : terms) {
      double product = s.weight * t.weight;
      for (std::size_t a = 0; a < s.pair.size(); ++a) {
        const std::size_t first = a == 0 ? 0 : 1, second = a == (same ? 0U : 1U) ? 0 : 1;
        product *= table[first][second][s.pair[a]][t.pair[a]];
      }
      sum += product;
    }
  return sum;
}

template <class Mean>
Table table_of(std::size_t pairs, std::size_t kinds, const Mean& mean) {
  Table table;
  for (std::size_t kind = 0; kind < kinds; ++kind)
    for (std::size_t other = 0; other < kinds; ++other) {
      table[kind][other].assign(pairs, Values(pairs));
      for (std::size_t i = 0; i < pairs; ++i)
        for (std::size_t j = 0; j < pairs; ++j)
          table[kind][other][i][j] = mean(kind, other, i, j);
    }
  return table;
}

} // namespace

std::vector<double> cell_fourth_cumulants(const LevelProfiles& profiles, int dimensions, std::int64_t side,
                                          int degree) {
  const std::size_t levels = profiles.wave.size();
  const auto g = polynomials(side, degree);
  const auto terms = squares(dimensions, degree);
  const double D = dimensions;
  const std::size_t kinds = dimensions > 1 ? 2 : 1; // no window where there is one axis only
  std::vector<double> cumulants(levels * levels, 0.0);
  std::vector<std::array<Axis, 2>> axes;
  std::vector<std::array<std::vector<Values>, 2>> sums; // [level][kind][pair]
  std::size_t first = 0;
  while (first<levels&& static_cast<std::int64_t>(profiles.wave[first].size())> widest * side)
    ++first;
  for (std::size_t l = first; l < levels; ++l) {
    axes.push_back({Axis(profiles.wave[l], side, g), Axis(profiles.window[l], side, g)});
    auto& level = sums.emplace_back();
    for (std::size_t kind = 0; kind < kinds; ++kind)
      for (std::size_t pair = 0; pair < axes.back()[kind].pairs(); ++pair)
        level[kind].push_back(axes.back()[kind].summed(pair));
  }
  const auto mixed = [&](const Table& t) { // wave axes of two eddies are independent
    return quartic(t, terms, true) / D + (dimensions > 1 ? quartic(t, terms, false) * (D - 1) / D : 0);
  };
  std::vector<double> square(levels, 0.0);
  for (std::size_t l = first; l < levels; ++l) { // R_l from the same sums, against a level that is one everywhere
    double total = 0;
    for (const Square& s : terms) {
      double product = s.weight;
      for (std::size_t a = 0; a < s.pair.size(); ++a) {
        const Values& f = sums[l - first][a == 0 ? 0 : 1][s.pair[a]];
        double mean = 0;
        for (const double v : f)
          mean += v / static_cast<double>(f.size());
        product *= mean;
      }
      total += product;
    }
    square[l] = total;
  }
  for (std::size_t l = first; l < levels; ++l)
    for (std::size_t k = l; k < levels; ++k) {
      const auto &a = sums[l - first], &b = sums[k - first];
      const Table means =
          table_of(a[0].size(), kinds, [&](std::size_t kind, std::size_t other, std::size_t i, std::size_t j) {
            return mean_product(a[kind][i], b[other][j]);
          });
      double c = 3 * (mixed(means) - square[l] * square[k]);
      if (k == l) {
        const auto& own = axes[l - first];
        const Table joint =
            table_of(a[0].size(), kinds, [&](std::size_t kind, std::size_t other, std::size_t i, std::size_t j) {
              return own[kind].joint(i, own[other], j);
            });
        c += quartic(joint, terms, true) - 3 * mixed(joint);
      }
      cumulants[l * levels + k] = cumulants[k * levels + l] = c;
    }
  return cumulants;
}

} // namespace cascade::theory
