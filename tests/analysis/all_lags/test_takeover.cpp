// Where transforms lose digits: ramps of known moments, high orders of smooth fields, and the same bits at any rank
// count.

#include "analysis/all_lags/all_lags.hpp"
#include "support/fp_traps.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

using namespace cascade;
using analysis::AllLags;
using analysis::LagCurve;
using core::Communicator;
using core::Domain;
using core::Index;

namespace {

core::RealField made(const Domain& domain, int components, const Communicator& ranks,
                     const std::function<double(int, Index, Index, Index)>& u) {
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

/// Points on nodes, spacing 1/(n - 1), not periodic: the ramps of fastSF's tests (u_c = x_c, S_q = l^q along the lag).
Domain nodes(int dimensions, Index n) {
  return Domain(core::Axes(static_cast<std::size_t>(dimensions),
                           core::GridAxis{n, static_cast<double>(n) / static_cast<double>(n - 1), false}));
}

double uneven(int c, Index i, Index j, Index k) {
  const auto x = [](Index n) { return static_cast<double>(n); };
  return std::sin(1.7 * x(i) + 0.3 + c) + std::cos(2.3 * x(j * j) + c) + std::sin(0.7 * x(k * k) + 2 * c);
}

bool same(const AllLags& a, const AllLags& b) {
  bool equal = a.curves.size() == b.curves.size() && test::same_bits(a.r, b.r) && test::same_bits(a.count, b.count) &&
               a.takeover.lags == b.takeover.lags && a.takeover.worst == b.takeover.worst;
  for (std::size_t i = 0; i < a.curves.size() && equal; ++i)
    equal = test::same_bits(a.curves[i].sum, b.curves[i].sum) &&
            test::same_bits(a.curves[i].square, b.curves[i].square) &&
            a.curves[i].map.size() == b.curves[i].map.size() && (a.curves[i].map.empty() || [&] {
              for (std::size_t l = 0; l < a.curves[i].map.size(); ++l)
                if (std::isfinite(a.curves[i].map[l]) && a.curves[i].map[l] != b.curves[i].map[l])
                  return false;
              return true;
            }());
  return equal;
}

} // namespace

TEST_CASE("Ramps: S_q = l^q along every lag, nothing across", "[all_lags]") {
  constexpr Index n = 32;
  const auto self = Communicator::self();
  const Domain domain = nodes(3, n);
  const double dx = domain.spacing(0);
  const auto field = made(domain, 3, self, [dx](int c, Index i, Index j, Index k) {
    return dx * static_cast<double>(c == 0 ? i : c == 1 ? j : k);
  });
  const AllLags all = analysis::all_lags(field, self, {{1, 2, 3}, true});
  double worst = 0;
  for (const LagCurve& curve : all.curves) {
    std::size_t at = 0;
    for (Index i = 0; i < n; ++i)
      for (Index j = 1 - n; j < n; ++j)
        for (Index k = 1 - n; k < n; ++k, ++at) {
          if (i == 0 && (j < 0 || (j == 0 && k <= 0)))
            continue;
          const double expected = std::pow(dx * std::sqrt(static_cast<double>(i * i + j * j + k * k)), curve.order);
          const double difference = curve.map[at] - (curve.kind == "longitudinal" ? expected : 0);
          worst = std::max(worst, std::abs(difference) / expected);
        }
  }
  CAPTURE(worst, all.takeover.lags, all.takeover.worst);
  CHECK(worst < 1e-10);
}

TEST_CASE("Roundoff that would show is found, and the pairs are summed one by one", "[all_lags]") {
  // f = x on a line of n nodes: S_p(l) = l^p exactly, the eighth order of one step is 1e-17 of the correlations.
  constexpr Index n = 257;
  const auto self = Communicator::self();
  const Domain domain = nodes(1, n);
  const auto field = made(domain, 1, self, [](int, Index, Index, Index k) { return static_cast<double>(k) / (n - 1); });
  const AllLags all = analysis::all_lags(field, self, {{2, 7, 8}, false});
  CHECK(all.takeover.lags > 10);
  CHECK(all.takeover.left == 0);
  CHECK(all.takeover.worst < 1e-6);
  for (const LagCurve& curve : all.curves)
    for (std::size_t s = 0; s < all.r.size(); ++s) {
      CAPTURE(curve.order, s, all.takeover.lags);
      CHECK(all.mean(curve, s) == Approx(std::pow(all.r[s], curve.order)).epsilon(1e-9));
      CHECK(all.spread(curve, s) < 1e-6 * all.mean(curve, s));
    }
}

TEST_CASE("Holes in ramps: the pairs that are summed one by one leave them out, too", "[all_lags]") {
  constexpr Index n = 97;
  const auto self = Communicator::self();
  const auto hole = [](Index k) { return k % 7 == 3 || (k >= 20 && k < 31); };
  const auto field = made(nodes(1, n), 1, self, [&](int, Index, Index, Index k) {
    return hole(k) ? std::nan("") : static_cast<double>(k) / (n - 1);
  });
  const AllLags all = analysis::all_lags(field, self, {{1, 2, 7, 8}, true, true, true});
  CHECK(all.takeover.lags > 10);
  CHECK(all.takeover.left == 0);
  for (const LagCurve& curve : all.curves)
    for (std::size_t s = 0; s < all.r.size(); ++s) {
      const Index l = std::lround(all.r[s] * (n - 1));
      double pairs = 0;
      for (Index k = 0; k + l < n; ++k)
        pairs += hole(k) || hole(k + l) ? 0 : 1;
      CAPTURE(curve.order, l, pairs);
      CHECK(all.count[s] == pairs);
      CHECK(curve.sum[s] == Approx(pairs * std::pow(all.r[s], curve.order)).epsilon(1e-9));
      const double mean = curve.map[static_cast<std::size_t>(l + n - 1)]; // half of the lags of a line is not known
      CHECK((pairs > 0 ? mean == Approx(std::pow(all.r[s], curve.order)).epsilon(1e-9) : std::isnan(mean)));
    }
}

TEST_CASE("A constant field has no increments, and one that is not finite is refused", "[all_lags]") {
  const auto self = Communicator::self();
  const AllLags all = analysis::all_lags(made(Domain(2, 8), 1, self, [](int, Index, Index, Index) { return 7.25; }),
                                         self, {{2, 3}, false});
  for (const LagCurve& curve : all.curves)
    for (const double s : curve.sum)
      CHECK(s == 0);
  CHECK_THROWS_WITH(
      analysis::all_lags(made(Domain(2, 8), 1, self, [](int, Index, Index j, Index) { return j == 3 ? 1e200 : 0.0; }),
                         self, {{2}, false}),
      Catch::Contains("not finite"));
  CHECK_THROWS_WITH(analysis::all_lags(made(Domain(3, 4), 2, self, uneven), self, {{2}, false}),
                    Catch::Contains("a component for each axis"));
}

TEST_CASE("Moments at all lags have the same bits at any number of ranks", "[all_lags][mpi]") {
  const auto world = Communicator::world(), self = Communicator::self();
  bool equal = true;
  for (const bool periodic : {true, false}) {
    const auto axes = [&](std::vector<Index> points) {
      core::Axes all;
      for (const Index n : points)
        all.push_back({n, static_cast<double>(n), periodic});
      return Domain(all);
    };
    for (const auto& [domain, components] :
         {std::pair{axes({12, 10, 9}), 1}, std::pair{axes({6, 5, 4}), 3}, std::pair{axes({31, 29}), 1},
          std::pair{axes({8, 9}), 2}, std::pair{axes({17}), 1}, std::pair{axes({3, 16, 5}), 1}}) {
      const analysis::AllLagsRequest request{{1, 2, 3, 8}, true};
      equal = equal && same(analysis::all_lags(made(domain, components, world, uneven), world, request),
                            analysis::all_lags(made(domain, components, self, uneven), self, request));
    }
  }
  std::int64_t wrong[] = {equal ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
}
