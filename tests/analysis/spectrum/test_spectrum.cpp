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
  for (const core::Domain& domain :
       {core::Domain(1, 64), core::Domain(1, 45), core::Domain(2, 30), core::Domain(2, 21), core::Domain(3, 12),
        core::Domain(core::Axes{{24, 2.0}, {20, 1.0}, {18, 0.5}}), core::Domain(core::Axes{{7}, {5, 0.3}, {3}}),
        core::Domain(core::Axes{{31, 3.1}, {29, 2.9}}), core::Domain(core::Axes{{17, 5.0}})})
    for (const int components : {1, domain.dimensions()}) {
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

TEST_CASE("In an uneven box a wave fills the shell of its physical wavenumber", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Domain domain(core::Axes{{24, 2.0}, {20, 1.0}, {18, 0.5}});
  const core::Index3 waves{3, -2, 1}; // |k| = (1.5^2 + 2^2 + 2^2)^(1/2) = 3.2016: shell round(6.403) = 6 of width 1/2
  const auto field =
      test::make_field(core::Decomposition(domain, comm.size()), comm.rank(), 1, [&](int, const core::Index3& i) {
        double turns = 0.2;
        for (int axis = 0; axis < 3; ++axis)
          turns += static_cast<double>(waves[static_cast<std::size_t>(axis)] * i[static_cast<std::size_t>(axis)]) /
                   static_cast<double>(domain.points(axis));
        return 3 + 2 * std::sin(2 * std::numbers::pi * turns);
      });
  const auto found = spectrum_of(field, comm);
  for (std::size_t s = 0; s < found.k.size(); ++s) {
    CHECK(found.k[s] == static_cast<double>(s) / 2);
    CHECK(found.energy[s] == Approx(s == 0 ? 9.0 : s == 6 ? 2.0 : 0.0).margin(100 * epsilon));
  }
  // Shell 1: one wave along z alone (the other axes start at 2 and 4 in these units). Shell 2: two along z, one along y
  // with none (2) or one (2.236) along z.
  CHECK(found.modes[1] == 2);
  CHECK(found.modes[2] == 2 + 2 + 4);
  CHECK(found.mean_wavenumber[1] == Approx(0.5).epsilon(10 * epsilon));
  CHECK(found.mean_wavenumber[2] == Approx((4 * 1.0 + 4 * std::sqrt(1.25)) / 8).epsilon(10 * epsilon));
  const auto line = spectrum_of(
      test::noise(core::Decomposition(core::Domain(core::Axes{{16, 4.0}}), comm.size()), comm.rank(), 1, 2), comm);
  CHECK(line.k[3] == 0.75);
  CHECK(line.mean_wavenumber[3] == 0.75);
}

TEST_CASE("The spectrum refuses an open box, and one of more shells than memory", "[mpi]") {
  const auto comm = core::Communicator::world();
  const core::Decomposition open(core::Domain(core::Axes{{8, 1.0, false}, {8}}), comm.size());
  const core::SpectralField coefficients(open, comm.rank());
  CHECK_THROWS_WITH(analysis::spectrum(coefficients, comm), Catch::Contains("axis y is not periodic"));
  const core::Decomposition needle(core::Domain(core::Axes{{8, 1e9}, {8, 1e-9}}), comm.size());
  CHECK_THROWS_WITH(analysis::spectrum(core::SpectralField(needle, comm.rank()), comm), Catch::Contains("axis x"));
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
