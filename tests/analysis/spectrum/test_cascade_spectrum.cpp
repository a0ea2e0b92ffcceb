// The spectrum a cascade must have: one eddy at a time, through the estimator.
#include "analysis/spectrum/spectrum.hpp"
#include "solvers/cascade/expectation.hpp"
#include "theory/cascade/eddy_profile.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using core::Index;

namespace {

/// An eddy of m points a side in the corner of a field, its wave along axis o.
core::RealField one_eddy(int D, Index n, Index m, int o) {
  core::RealField f(core::Decomposition(core::Domain(D, n), 1), 0);
  const auto value = [&](Index x, int axis) {
    const double u = static_cast<double>(2 * x + 1) / static_cast<double>(m) - 1;
    return axis < 3 - D ? 1 : axis == o ? theory::EddyProfile::wave(u) : theory::EddyProfile::window(u);
  };
  const auto shape = f.domain().shape();
  std::size_t at = 0;
  for (Index i = 0; i < shape[0]; ++i)
    for (Index j = 0; j < shape[1]; ++j)
      for (Index k = 0; k < shape[2]; ++k)
        f.component(0)[at++] = i < m && j < m && k < m ? value(i, 0) * value(j, 1) * value(k, 2) : 0;
  return f;
}

} // namespace

TEST_CASE("spectrum of a cascade: the orientations of one eddy of each level, to roundoff") {
  const auto self = core::Communicator::self();
  struct Size {
    int D;
    Index n;
  };
  for (const auto& [D, n] : {Size{1, 64}, Size{2, 24}, Size{3, 16}}) {
    const int levels = n == 24 ? 4 : (n == 64 ? 6 : 4);
    const solvers::CascadeExpectation e(D, n, levels, D - 0.3, 0.25);
    const core::DistributedFft fft(core::Decomposition(core::Domain(D, n), 1), self);
    for (int l = 0; l < levels; ++l) {
      theory::Activity one;
      one.cells.assign(static_cast<std::size_t>(levels), 0.0);
      one.cells[static_cast<std::size_t>(l)] = 1;
      const auto expected = *e.spectrum(&one);
      std::vector<double> sum(expected.size(), 0.0);
      for (int o = 3 - D; o < 3; ++o) {
        const auto s = analysis::spectrum(one_eddy(D, n, n >> l, o), fft, self);
        REQUIRE(s.energy.size() == expected.size());
        for (std::size_t k = 0; k < sum.size(); ++k)
          sum[k] += s.energy[k] * std::exp2(-0.5 * l) / D; // A_l^2 = 2^(-2 l h)
      }
      for (std::size_t k = 0; k < sum.size(); ++k) {
        INFO("D " << D << " level " << l << " shell " << k);
        CHECK(expected[k] == Approx(sum[k]).margin(1e-14));
      }
    }
  }
}
