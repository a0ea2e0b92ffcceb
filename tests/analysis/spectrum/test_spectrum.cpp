// The energy spectrum: Parseval's sum rule, single waves, mode counts and honest errors.

#include "analysis/spectrum/spectrum.hpp"
#include "tests/analysis/grid_test_fields.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <numeric>

using namespace cascade;
using core::Index;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

double mean_square(const core::RealField& f, const core::Communicator& comm) {
  core::ExactSum sum;
  for (int c = 0; c < f.components(); ++c)
    for (const double value : f.component(c))
      sum.add(value * value);
  comm.sum(std::span(&sum, 1));
  return sum.value() / static_cast<double>(f.domain().total_points());
}

analysis::Spectrum spectrum_of(const core::RealField& f, const core::Communicator& comm) {
  return analysis::spectrum(f, core::DistributedFft(f.decomposition(), comm), comm);
}

} // namespace

TEST_CASE("The spectrum sums to the mean square, or to the kinetic energy of a vector", "[mpi]") {
  const auto comm = core::Communicator::world();
  const auto self = core::Communicator::self();
  for (const auto& [dimensions, points] :
       std::vector<std::pair<int, Index>>{{1, 64}, {1, 45}, {2, 30}, {2, 21}, {3, 12}})
    for (const int components : {1, dimensions}) {
      const core::Domain domain(dimensions, points);
      const auto whole = test::noise(core::Decomposition(domain, 1), 0, components, 9);
      const auto serial = spectrum_of(whole, self);
      const double expected = mean_square(whole, self) * (components > 1 ? 0.5 : 1.0);
      for (const auto& grid : test::process_grids(domain, comm.size())) {
        const auto found = spectrum_of(test::noise(grid, comm.rank(), components, 9), comm);
        // The transform errs by epsilon log N in the root mean square.
        CHECK(std::accumulate(found.energy.begin(), found.energy.end(), 0.0) == Approx(expected).epsilon(50 * epsilon));
        CHECK(found.energy == serial.energy);
        CHECK(found.standard_error == serial.standard_error);
        CHECK(found.mean_wavenumber == serial.mean_wavenumber);
        CHECK(found.modes == serial.modes);
        CHECK(std::accumulate(found.modes.begin(), found.modes.end(), std::int64_t{0}) == domain.total_points());
      }
    }
}

TEST_CASE("A wave fills its own shell and no other", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(3, 16);
  // |k|^2 = 1 + 4 + 9: shell 4; mean square 2; the constant 3 fills shell 0 with 9.
  const auto field =
      test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [](int, const core::Index3& i) {
        return 3 + 2 * std::sin(2 * std::numbers::pi * static_cast<double>(i[0] - 2 * i[1] + 3 * i[2]) / 16);
      });
  const auto found = spectrum_of(field, comm);
  for (std::size_t k = 0; k < found.k.size(); ++k)
    CHECK(found.energy[k] == Approx(k == 0 ? 9.0 : k == 4 ? 2.0 : 0.0).margin(100 * epsilon));
  CHECK(found.modes[0] == 1);
  CHECK(found.modes[1] == 18); // 6 + 12 of length 1 and sqrt 2
  CHECK(found.mean_wavenumber[1] == Approx((6 + 12 * std::sqrt(2.0)) / 18).epsilon(10 * epsilon));
}

TEST_CASE("The errors of the spectrum of white noise are as large as its scatter", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(2, 64);
  const auto field =
      test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [&](int, const core::Index3& i) {
        return test::normal(4, static_cast<std::uint64_t>(test::flat(domain, i)));
      });
  const auto found = spectrum_of(field, comm);
  // E(k) = modes/N; z^2 has mean 1 and variance about 2 (a little more for few modes): 4 standard errors of its mean.
  double sum = 0, shells = 0;
  for (std::size_t k = 3; k < 32; ++k, ++shells) {
    const double z = (found.energy[k] - static_cast<double>(found.modes[k]) / 4096) / found.standard_error[k];
    sum += z * z;
  }
  CHECK(sum / shells == Approx(1).margin(4 * std::sqrt(2.0 / shells)));
  CHECK(found.standard_error[1] > 0);
}
