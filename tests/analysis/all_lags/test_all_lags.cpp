// Moments at every lag: brute force over all pairs, periodic and not, at any number of ranks; ramps; cancellation.

#include "analysis/all_lags/all_lags.hpp"
#include "core/random/random.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace cascade;
using analysis::AllLags;
using analysis::LagCurve;
using core::Communicator;
using core::Domain;
using core::Index;

namespace {

/// u(component, i, j, k) of global indices.
using Function = std::function<double(int, Index, Index, Index)>;

core::RealField field_of(const Domain& domain, int components, const Communicator& ranks, const Function& u) {
  core::RealField field(core::Decomposition(domain, ranks.size()), ranks.rank(), components);
  const core::Box& box = field.box();
  for (int c = 0; c < components; ++c) {
    std::size_t at = 0;
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k)
          field.component(c)[at++] = u(c, i, j, k);
  }
  return field;
}

/// Independent numbers of either sign, skewed, with a mean that has to be taken out.
double noise(int c, Index i, Index j, Index k) {
  static const core::CounterRng random(3, core::Stream{5});
  const auto bits = random.block(static_cast<std::uint64_t>((i * 64 + j) * 4096 + k), static_cast<std::uint32_t>(c));
  const double x = core::uniform(bits[0], bits[1]) - 0.5;
  return 2.5 + x + 1.5 * x * x;
}

using Key = std::pair<std::string, int>;
struct Brute {
  double length = 0, in_box = 0, pairs = 0, lags = 0;
  std::map<Key, double> sum, absolute, square, largest;
};

double across(int dimensions, int p) { // < cos^p > over directions of the plane, or +-1
  double c = 1;
  for (int k = 2; dimensions == 3 && k <= p; k += 2)
    c *= (k - 1.0) / k;
  return c;
}

long double power(long double x, int p) {
  long double result = 1;
  for (int k = 0; k < p; ++k)
    result *= x;
  return result;
}

/// The field at the points of a box, and the sums over all pairs of one lag, in long double.
class AllPairs {
public:
  AllPairs(const Domain& domain, int components, const std::vector<int>& orders, const Function& u)
      : domain_(domain), components_(components) {
    for (int a = 0; a < 3; ++a)
      n_[a] = domain.points(a);
    for (int c = 0; c < components; ++c)
      for (Index i = 0; i < n_[0]; ++i)
        for (Index j = 0; j < n_[1]; ++j)
          for (Index k = 0; k < n_[2]; ++k)
            values_.push_back(u(c, i, j, k));
    for (const int p : orders)
      if (components == 1)
        keys_.push_back({"", p});
      else {
        keys_.push_back({"longitudinal", p});
        if (p % 2 == 0)
          keys_.push_back({"transverse", p});
        if (p > 2)
          keys_.push_back({"mixed", p});
      }
  }
  const std::vector<Key>& keys() const { return keys_; }
  double in_box = 0, pairs = 0, length = 0, weight = 1;
  std::vector<long double> sum, size; ///< by key: of the increments' powers and of their absolute values

  void look_at(const Index (&l)[3]) {
    double direction[3];
    weight = 1, length = 0, pairs = in_box = 0;
    for (int a = 0; a < 3; ++a) {
      weight *= domain_.periodic(a) && l[a] != 0 && 2 * std::abs(l[a]) == n_[a] ? 0.5 : 1;
      direction[a] = a < domain_.first_axis() ? 0 : domain_.spacing(a) * static_cast<double>(l[a]);
      length += direction[a] * direction[a];
    }
    length = std::sqrt(length);
    sum.assign(keys_.size(), 0);
    size = sum;
    for (Index i = 0; i < n_[0]; ++i)
      for (Index j = 0; j < n_[1]; ++j)
        for (Index k = 0; k < n_[2]; ++k) {
          const Index i2 = partner(0, i + l[0]), j2 = partner(1, j + l[1]), k2 = partner(2, k + l[2]);
          if (i2 < 0 || j2 < 0 || k2 < 0)
            continue;
          in_box += 1;
          if (std::isnan(at(0, i, j, k)) || std::isnan(at(0, i2, j2, k2)))
            continue;
          pairs += 1;
          long double d[3], along = 0, whole = 0;
          for (int c = 0; c < components_; ++c) {
            d[c] = static_cast<long double>(at(c, i2, j2, k2)) - at(c, i, j, k);
            along += d[c] * direction[c + domain_.first_axis()] / length;
            whole += d[c] * d[c];
          }
          if (components_ == 1)
            along = d[0];
          add(along, std::max(0.0L, whole - along * along));
        }
  }

private:
  double at(int c, Index i, Index j, Index k) const {
    return values_[static_cast<std::size_t>(((c * n_[0] + i) * n_[1] + j) * n_[2] + k)];
  }
  Index partner(int a, Index x) const {
    if (domain_.periodic(a))
      return (x + n_[a]) % n_[a];
    return x < n_[a] ? x : -1;
  }
  void add(long double along, long double rest) {
    for (std::size_t q = 0; q < keys_.size(); ++q) {
      const auto& [kind, p] = keys_[q];
      const char first = kind.empty() ? 's' : kind[0];
      const long double value = first == 't'   ? across(components_, p) * power(rest, p / 2)
                                : first == 'm' ? power(along, p - 2) * rest / (components_ - 1)
                                               : power(along, p);
      sum[q] += value;
      size[q] += std::abs(value);
    }
  }
  const Domain& domain_;
  int components_;
  Index n_[3];
  std::vector<double> values_;
  std::vector<Key> keys_;
};

/// Calls visit(lag) for every lag vector of one half of them.
void for_each_lag(const Domain& domain, const std::function<void(const Index (&)[3])>& visit) {
  const auto largest = [&](int a) { return domain.periodic(a) ? domain.points(a) / 2 : domain.points(a) - 1; };
  for (Index l0 = 0; l0 <= largest(0); ++l0)
    for (Index l1 = -largest(1); l1 <= largest(1); ++l1)
      for (Index l2 = -largest(2); l2 <= largest(2); ++l2)
        if (l0 > 0 || l1 > 0 || (l1 == 0 && l2 > 0)) {
          const Index lag[3] = {l0, l1, l2};
          visit(lag);
        }
}

/// By shell: every lag vector in half of them, every pair.
std::map<Index, Brute> brute_force(const Domain& domain, int components, const std::vector<int>& orders,
                                   const Function& u) {
  std::map<Index, Brute> shells;
  double width = 1e300;
  for (int a = domain.first_axis(); a < 3; ++a)
    width = std::min(width, domain.spacing(a));
  AllPairs all(domain, components, orders, u);
  for_each_lag(domain, [&](const Index(&l)[3]) {
    all.look_at(l);
    Brute& shell = shells[std::lround(all.length / width)];
    const double weight = all.weight;
    shell.length += weight * all.in_box * all.length;
    shell.in_box += weight * all.in_box;
    shell.pairs += weight * all.pairs;
    shell.lags += all.pairs > 0 ? weight : 0;
    for (std::size_t q = 0; q < all.keys().size(); ++q) {
      const auto sum = static_cast<double>(all.sum[q]), size = static_cast<double>(all.size[q]);
      const Key& key = all.keys()[q];
      shell.sum[key] += weight * sum;
      shell.absolute[key] += weight * size;
      if (all.pairs == 0)
        continue;
      shell.largest[key] += weight * size * size / all.pairs;
      shell.square[key] += weight * sum * sum / all.pairs;
    }
  });
  return shells;
}

/// How large the moment is that cancels: where holes leave a few pairs of a shell, one part of a vector's increment may
/// be next to nothing, and roundoff is that of all of it.
double size_of(const Brute& shell, const Key& key) {
  double size = shell.absolute.at(key);
  for (const auto& [other, absolute] : shell.absolute)
    if (shell.pairs < 4 && shell.pairs < shell.in_box && other.second == key.second)
      size = std::max(size, absolute);
  return size;
}

/// Largest difference from brute force, of the mean of absolute values in the shell.
double worst_of(const AllLags& all, const std::map<Index, Brute>& brute) {
  double worst = all.r.size() == brute.size() ? 0 : 1e300;
  std::size_t s = 0;
  for (const auto& [number, shell] : brute) {
    if (s == all.r.size())
      break;
    worst = std::max(worst, std::abs(all.r[s] / (shell.length / shell.in_box) - 1));
    worst = std::max(worst, std::abs(all.count[s] - shell.pairs));
    worst = std::max(worst, std::abs(all.lags[s] - shell.lags));
    for (const LagCurve& curve : all.curves) {
      const std::pair key{curve.kind, curve.order};
      if (shell.pairs == 0) {
        worst = std::max({worst, std::abs(curve.sum[s]), std::abs(curve.square[s])});
        continue;
      }
      worst = std::max(worst, std::abs(curve.sum[s] - shell.sum.at(key)) / size_of(shell, key));
      const double square = std::pow(size_of(shell, key) / shell.absolute.at(key), 2) * shell.largest.at(key);
      worst = std::max(worst, std::abs(curve.square[s] - shell.square.at(key)) / square / 2);
    }
    ++s;
  }
  return worst;
}

Domain box(std::vector<Index> points, bool periodic) {
  core::Axes axes;
  for (const Index n : points)
    axes.push_back({n, static_cast<double>(n) / 16, periodic});
  return Domain(axes);
}

} // namespace

TEST_CASE("Every lag against all pairs", "[all_lags]") {
  const auto self = Communicator::self();
  struct Case {
    std::vector<Index> points;
    int components;
    std::vector<int> orders;
  };
  for (const bool periodic : {true, false})
    for (const Case& c :
         {Case{{17}, 1, {1, 2, 3, 4, 7, 8}}, Case{{31, 29}, 1, {1, 2, 3, 4, 5}}, Case{{16, 16}, 2, {1, 2, 3, 4}},
          Case{{10, 9, 8}, 1, {1, 2, 3, 4}}, Case{{8, 7, 6}, 3, {2, 3, 4, 5}}, Case{{16, 1}, 1, {2}}}) {
      const Domain domain = box(c.points, periodic);
      const AllLags all = analysis::all_lags(field_of(domain, c.components, self, noise), self, {c.orders});
      const double worst = worst_of(all, brute_force(domain, c.components, c.orders, noise));
      CAPTURE(c.points, c.components, periodic, worst, all.takeover.lags, all.takeover.worst);
      CHECK(worst < 1e-12);
      CHECK(all.takeover.lags < 8); // those of a single pair that happen to be small
      CHECK(all.takeover.left == 0);
    }
}

TEST_CASE("Every lag of a field with holes against all pairs that are known, at any number of ranks",
          "[all_lags][mpi]") {
  const auto world = Communicator::world();
  const auto holed = [](int c, Index i, Index j, Index k) { // single points, a block, and a corner
    const bool hole =
        core::uniform(
            core::CounterRng(4, core::Stream{5}).block(static_cast<std::uint64_t>((i * 64 + j) * 4096 + k), 0)[0], 0) <
            0.15 ||
        (j >= 3 && j < 6 && k >= 2 && k < 7) || k == 0;
    return hole ? std::nan("") : noise(c, i, j, k);
  };
  const auto combed = [](int c, Index i, Index j, Index k) { // lags of 1, 2, 5 points ... have no pairs
    return k % 3 == 0 && k < 12 ? noise(c, i, j, k) : std::nan("");
  };
  struct Case {
    std::vector<Index> points;
    int components;
    std::vector<int> orders;
    Function u;
  };
  for (const bool periodic : {true, false})
    for (const Case& c : {Case{{17}, 1, {1, 2, 3, 4, 7, 8}, combed}, Case{{200}, 1, {1, 2, 3, 4, 7, 8}, holed},
                          Case{{31, 29}, 1, {1, 2, 3, 4, 5}, holed}, Case{{16, 15}, 2, {1, 2, 3, 4}, holed},
                          Case{{10, 9, 8}, 1, {1, 2, 3, 4}, holed}, Case{{8, 7, 9}, 3, {2, 3, 4}, holed}}) {
      const Domain domain = box(c.points, periodic);
      const core::RealField field = field_of(domain, c.components, world, c.u);
      const AllLags all = analysis::all_lags(field, world, {c.orders, true, true, true});
      const double worst = worst_of(all, brute_force(domain, c.components, c.orders, c.u));
      CAPTURE(c.points, c.components, periodic, worst, all.takeover.lags, all.takeover.worst);
      CHECK(worst < 1e-12);
      CHECK(all.takeover.left == 0);
    }
}

TEST_CASE("Every lag of larger boxes against all pairs, at any number of ranks", "[all_lags][mpi][slow]") {
  const auto world = Communicator::world();
  const std::vector<int> orders{2, 3, 4};
  for (const bool periodic : {true, false})
    for (const std::vector<Index>& points :
         {std::vector<Index>{16, 16, 16}, std::vector<Index>{24, 20, 18}, std::vector<Index>{31, 29}}) {
      const Domain domain = box(points, periodic);
      const AllLags all = analysis::all_lags(field_of(domain, 1, world, noise), world, {orders});
      // One rank does the work, all hear of it: the answer is the same on all of them.
      double worst[] = {world.rank() == 0 ? worst_of(all, brute_force(domain, 1, orders, noise)) : 0};
      world.max(std::span<double>(worst));
      CAPTURE(points, periodic, worst[0]);
      CHECK(worst[0] < 1e-12);
    }
}

TEST_CASE("The error of a lag's sum is estimated above what it is, and not far above", "[all_lags]") {
  const auto self = Communicator::self();
  const auto walk = [](int, Index i, Index j, Index k) { // rough at all scales
    double sum = 0;
    for (int m = 0; m < 6; ++m)
      sum += std::pow(2.0, -0.4 * m) * std::sin(std::ldexp(1.0, m) * (0.31 * i + 0.17 * j + 0.23 * k) + m * m);
    return sum;
  };
  const auto peak = [](int, Index i, Index j, Index k) {
    return i == 1 && j == 2 && k == 3 ? 50.0 : 0.01 * (i + j + k);
  };
  const auto ramp = [](int, Index i, Index j, Index k) { return 0.1 * static_cast<double>(i + 2 * j + 3 * k); };
  double largest = 0;
  for (const Function& u : {Function(noise), Function(walk), Function(peak), Function(ramp)})
    for (const std::vector<Index>& points :
         {std::vector<Index>{500}, std::vector<Index>{31, 29}, std::vector<Index>{12, 11, 10}})
      for (const bool periodic : {true, false})
        for (const int p : {1, 2, 3, 4, 6, 8}) {
          if (p == 1 && periodic)
            continue; // nothing but zeros
          const Domain domain = box(points, periodic);
          const AllLags all = analysis::all_lags(field_of(domain, 1, self, u), self, {{p}, true, false});
          AllPairs pairs(domain, 1, {p}, u);
          double worst = 0;
          std::size_t at = 0;
          const auto& map = all.curves.front().map;
          const Index half[3] = {0, all.map_shape[1] / 2, all.map_shape[2] / 2};
          for_each_lag(domain, [&](const Index(&l)[3]) {
            const Index from1 = domain.dimensions() == 3 ? half[1] : 0;
            at = static_cast<std::size_t>((l[0] * all.map_shape[1] + l[1] + from1) * all.map_shape[2] + l[2] + half[2]);
            pairs.look_at(l);
            worst = std::max(worst, static_cast<double>(std::abs(map[at] * pairs.pairs - pairs.sum[0])));
          });
          const double ratio = worst / all.takeover.error[static_cast<std::size_t>(p)];
          CAPTURE(points, periodic, p, ratio);
          CHECK(ratio < 1);
          largest = std::max(largest, ratio);
        }
  CAPTURE(largest);
  CHECK(largest > 0.2); // it is no empty bound
}
