// Moments at every lag: brute force over all pairs, periodic and not, at any number of ranks; ramps; cancellation.

#include "analysis/all_lags/all_lags.hpp"
#include "core/random/random.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <map>

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

struct Brute {
  double length = 0, pairs = 0, lags = 0;
  std::map<std::pair<std::string, int>, double> sum, absolute, square, largest;
};

double across(int dimensions, int p) { // < cos^p > over directions of the plane, or +-1
  double c = 1;
  for (int k = 2; dimensions == 3 && k <= p; k += 2)
    c *= (k - 1.0) / k;
  return c;
}

/// By shell: every lag vector in half of them, every pair.
std::map<Index, Brute> brute_force(const Domain& domain, int components, const std::vector<int>& orders,
                                   const Function& u) {
  std::map<Index, Brute> shells;
  const auto largest = [&](int a) { return domain.periodic(a) ? domain.points(a) / 2 : domain.points(a) - 1; };
  double width = 1e300;
  for (int a = domain.first_axis(); a < 3; ++a)
    width = std::min(width, domain.spacing(a));
  const Index n[3] = {domain.points(0), domain.points(1), domain.points(2)};
  for (Index l0 = 0; l0 <= largest(0); ++l0)
    for (Index l1 = -largest(1); l1 <= largest(1); ++l1)
      for (Index l2 = -largest(2); l2 <= largest(2); ++l2) {
        const Index l[3] = {l0, l1, l2};
        if (l0 < 0 || (l0 == 0 && (l1 < 0 || (l1 == 0 && l2 <= 0))))
          continue;
        double weight = 1, length = 0, direction[3];
        for (int a = 0; a < 3; ++a) {
          weight *= domain.periodic(a) && l[a] != 0 && 2 * std::abs(l[a]) == n[a] ? 0.5 : 1;
          direction[a] = a < domain.first_axis() ? 0 : domain.spacing(a) * static_cast<double>(l[a]);
          length += direction[a] * direction[a];
        }
        length = std::sqrt(length);
        Brute& shell = shells[std::lround(length / width)];
        std::map<std::pair<std::string, int>, double> sum, size;
        double pairs = 0;
        for (Index i = 0; i < n[0]; ++i)
          for (Index j = 0; j < n[1]; ++j)
            for (Index k = 0; k < n[2]; ++k) {
              Index x[3] = {i + l0, j + l1, k + l2};
              bool inside = true;
              for (int a = 0; a < 3; ++a) {
                if (domain.periodic(a))
                  x[a] = (x[a] + n[a]) % n[a];
                inside = inside && x[a] >= 0 && x[a] < n[a];
              }
              if (!inside)
                continue;
              pairs += 1;
              double d[3], along = 0, whole = 0;
              for (int c = 0; c < components; ++c) {
                d[c] = u(c, x[0], x[1], x[2]) - u(c, i, j, k);
                along += d[c] * direction[c + domain.first_axis()] / length;
                whole += d[c] * d[c];
              }
              const double rest = std::max(0.0, whole - along * along);
              for (const int p : orders) {
                const auto add = [&](const char* kind, double value) {
                  sum[{kind, p}] += value;
                  size[{kind, p}] += std::abs(value);
                };
                if (components == 1) {
                  add("", std::pow(d[0], p));
                  continue;
                }
                add("longitudinal", std::pow(along, p));
                if (p % 2 == 0)
                  add("transverse", across(components, p) * std::pow(rest, p / 2));
                if (p > 2)
                  add("mixed", std::pow(along, p - 2) * rest / (components - 1));
              }
            }
        shell.length += weight * pairs * length;
        shell.pairs += weight * pairs;
        shell.lags += weight;
        for (const auto& [key, value] : sum) {
          shell.sum[key] += weight * value;
          shell.absolute[key] += weight * size[key];
          shell.largest[key] += weight * size[key] * size[key] / pairs;
          shell.square[key] += weight * value * value / pairs;
        }
      }
  return shells;
}

/// Largest difference from brute force, of the mean of absolute values in the shell.
double worst_of(const AllLags& all, const std::map<Index, Brute>& brute) {
  double worst = all.r.size() == brute.size() ? 0 : 1e300;
  std::size_t s = 0;
  for (const auto& [number, shell] : brute) {
    if (s == all.r.size())
      break;
    worst = std::max(worst, std::abs(all.r[s] / (shell.length / shell.pairs) - 1));
    worst = std::max(worst, std::abs(all.count[s] - shell.pairs));
    worst = std::max(worst, std::abs(all.lags[s] - shell.lags));
    for (const LagCurve& curve : all.curves) {
      const std::pair key{curve.kind, curve.order};
      worst = std::max(worst, std::abs(curve.sum[s] - shell.sum.at(key)) / shell.absolute.at(key));
      worst = std::max(worst, std::abs(curve.square[s] - shell.square.at(key)) / shell.largest.at(key) / 2);
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
         {Case{{17}, 1, {1, 2, 3, 4, 7, 8}}, Case{{31, 29}, 1, {2, 3, 5}}, Case{{16, 16}, 2, {1, 2, 3, 4}},
          Case{{10, 9, 8}, 1, {1, 2, 3, 4}}, Case{{8, 7, 6}, 3, {2, 3, 4, 5}}, Case{{16, 1}, 1, {2}}}) {
      const Domain domain = box(c.points, periodic);
      const AllLags all = analysis::all_lags(field_of(domain, c.components, self, noise), self, {c.orders, false});
      const double worst = worst_of(all, brute_force(domain, c.components, c.orders, noise));
      CAPTURE(c.points, c.components, periodic, worst, all.takeover.lags, all.takeover.worst);
      CHECK(worst < 1e-12);
      CHECK(all.takeover.lags < 8); // those of a single pair that happen to be small
      CHECK(all.takeover.left == 0);
    }
}
