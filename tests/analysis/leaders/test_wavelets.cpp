// Wavelets and leaders in two and three dimensions: energy, the line's own coefficients, the definition by brute force,
// known roughness.

#include "analysis/leaders/measurement.hpp"
#include "analysis/leaders/wavelets.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace cascade;
using namespace cascade::analysis;

namespace {

std::vector<double> noise(std::size_t count) {
  std::vector<double> values;
  const core::CounterRng random(11, core::Stream{5});
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(core::uniform(random.block(i)[0], random.block(i)[1]) - 0.4);
  return values;
}

Subject gaussian_subject(int D, std::int64_t points, std::int64_t realisations) {
  Subject s;
  s.dimensions = D;
  s.points = points;
  s.realisations = realisations;
  return s;
}

} // namespace

TEST_CASE("Octaves of wavelets hold the energy of the field", "[leaders]") {
  for (const auto& [D, n] : {std::pair<int, std::size_t>{1, 256}, {2, 32}, {3, 16}})
    for (const int moments : {2, 3, 5}) {
      std::size_t count = 1;
      for (int a = 0; a < D; ++a)
        count *= n;
      const auto values = noise(count);
      double energy = 0, mean = 0;
      for (const double v : values) {
        energy += v * v;
        mean += v / static_cast<double>(count);
      }
      double found = mean * mean * static_cast<double>(count);
      int j = 0;
      for (const WaveletOctave& octave : wavelet_octaves(values, D, n, moments, 2)) {
        ++j;
        for (const double square : octave.power)
          found += std::exp2(D * j) * square;
      }
      CAPTURE(D, moments);
      CHECK(found == Approx(energy).epsilon(1e-11));
    }
}

TEST_CASE("What varies along one axis alone has the coefficients of the line", "[leaders]") {
  const std::size_t n = 64;
  const auto line = noise(n);
  const auto of_line = wavelet_octaves(line, 1, n, 3, 0);
  for (const std::size_t axis : {0u, 1u}) {
    std::vector<double> plane(n * n);
    for (std::size_t i = 0; i < plane.size(); ++i)
      plane[i] = line[axis == 0 ? i / n : i % n];
    const auto of_plane = wavelet_octaves(plane, 2, n, 3, 0);
    REQUIRE(of_plane.size() == of_line.size());
    for (std::size_t j = 0; j < of_line.size(); ++j)
      for (std::size_t k = 0; k < of_plane[j].largest.size(); ++k) {
        const std::size_t side = of_plane[j].side;
        CHECK(of_plane[j].largest[k] ==
              Approx(of_line[j].largest[axis == 0 ? k / side : k % side]).epsilon(1e-10).margin(1e-14));
      }
  }
}

TEST_CASE("Leaders are what their definition says", "[leaders]") {
  const std::size_t n = 16;
  const auto octaves = wavelet_octaves(noise(n * n), 2, n, 2, 3);
  for (const double p : {0.0, 3.0}) {
    const auto leaders = leaders_of(octaves, 2, p);
    for (std::size_t j = 0; j < octaves.size(); ++j) {
      const auto side = static_cast<int>(octaves[j].side);
      for (int a = 0; a < side; ++a)
        for (int b = 0; b < side; ++b) {
          double expected = 0;
          for (int da = -1; da <= 1; ++da)
            for (int db = -1; db <= 1; ++db)
              for (std::size_t finer = 0; finer <= j; ++finer) {
                const int times = 1 << (j - finer), wide = side * times;
                for (int x = (a + da + side) % side * times, i = 0; i < times; ++i)
                  for (int y = (b + db + side) % side * times, k = 0; k < times; ++k) {
                    const auto cell = static_cast<std::size_t>((x + i) * wide + y + k);
                    expected = p > 0 ? expected + octaves[finer].power[cell] / (times * times)
                                     : std::max(expected, octaves[finer].largest[cell]);
                  }
              }
          CHECK(leaders[j][static_cast<std::size_t>(a * side + b)] ==
                Approx(p > 0 ? std::pow(expected, 1 / p) : expected).epsilon(1e-12));
        }
    }
  }
}

TEST_CASE("Leaders of Gaussian planes and boxes show h, no c2, no c3", "[leaders][slow]") {
  struct Case {
    int D;
    std::int64_t points, realisations;
    double h;
  };
  for (const Case& c : {Case{2, 512, 8, 0.3}, Case{2, 512, 8, 0.7}, Case{3, 64, 8, 0.4}}) {
    solvers::GaussianParameters p;
    p.embedding_dimension = c.D;
    p.hurst = c.h;
    p.points = c.points;
    const solvers::Gaussian gaussian(p, 5);
    LeadersMeasurement measurement;
    measurement.asked = true;
    Subject subject = gaussian_subject(c.D, c.points, c.realisations);
    if (c.D == 3) // few octaves are all there are
      subject.window = {2.0 / 64, 0.25};
    Tables tables;
    for (std::int64_t r = 0; r < c.realisations; ++r) {
      Tables one;
      const core::Decomposition decomposition(core::Domain(c.D, c.points), 1);
      measurement.measure_grid(
          gaussian.sample(decomposition, core::Communicator::self(), static_cast<std::uint64_t>(r)), subject,
          Batch{r, 1, core::Communicator::self()}, one);
      for (auto& [name, table] : one)
        if (r == 0)
          tables[name] = table.collapsed();
        else
          tables[name].append(table.collapsed());
    }
    Fits fits("leaders", View::grid, true);
    const Findings findings;
    measurement.fit(subject, View::grid, tables, findings, fits);
    fits.finish(core::Communicator::self());
    std::map<std::string, Result> found;
    for (Result& r : fits.take_results())
      found[r.id] = std::move(r);
    CAPTURE(c.D, c.h, found.at("grid/c1").measured.value, found.at("grid/c2").measured.value,
            found.at("grid/c3").measured.value, found.at("grid/width").measured.value);
    CHECK(std::abs(found.at("grid/c1").measured.value - c.h) < (c.D == 3 ? 0.06 : 0.03));
    CHECK(std::abs(found.at("grid/c2").measured.value) < 0.01);
    CHECK(std::abs(found.at("grid/c3").measured.value) < 0.01);
    CHECK(std::abs(found.at("grid/width").measured.value) < 0.06);
    // The spectrum: a point, (h, D), to the scatter.
    const Curve& curve = found.at("grid/width").curve;
    REQUIRE(curve.x.size() == 7);
    CHECK(*std::max_element(curve.y.begin(), curve.y.end()) == Approx(c.D).margin(0.01)); // q = 0
    CHECK(*std::min_element(curve.y.begin(), curve.y.end()) > c.D - 0.1);
  }
}

TEST_CASE("Leaders of planes and boxes do not depend on the ranks", "[leaders][mpi]") {
  for (const auto& [D, points] : {std::pair<int, std::int64_t>{2, 64}, {3, 16}}) {
    solvers::GaussianParameters p;
    p.embedding_dimension = D;
    p.hurst = 0.4;
    p.points = points;
    const solvers::Gaussian gaussian(p, 5);
    const auto world = core::Communicator::world(), self = core::Communicator::self();
    const LeadersMeasurement measurement;
    const Subject subject = gaussian_subject(D, points, 1);
    Tables a, b;
    measurement.measure_grid(gaussian.sample(core::Decomposition(core::Domain(D, points), world.size()), world, 0),
                             subject, Batch{0, 1, world}, a);
    measurement.measure_grid(gaussian.sample(core::Decomposition(core::Domain(D, points), 1), self, 0), subject,
                             Batch{0, 1, self}, b);
    for (const auto& [name, table] : a)
      for (std::size_t block = 0; block < table.blocks(); ++block)
        CHECK(test::same_bits(table.sum[block], b.at(name).sum[block]));
  }
}
