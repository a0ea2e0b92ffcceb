// Wavelet leaders and detrended fluctuations of lines: fractional Brownian motion, a multifractal random walk, the
// binomial.

#include "analysis/leaders/measurement.hpp"
#include "analysis/mfdfa/measurement.hpp"
#include "core/input/yaml_reader.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>

using namespace cascade;
using namespace cascade::analysis;

namespace {

Subject line_of(std::int64_t points, std::int64_t realisations) {
  Subject s;
  s.dimensions = 1;
  s.points = points;
  s.realisations = realisations;
  return s;
}

core::GridSample sample_of(const std::vector<double>& values) {
  const auto n = static_cast<core::Index>(values.size());
  core::GridSample sample{core::RealField(core::Decomposition(core::Domain(1, n), 1), 0), {}, {}};
  std::copy(values.begin(), values.end(), sample.field.component(0).begin());
  return sample;
}

template <class M>
void add(const M& measurement, const core::GridSample& sample, const Subject& subject, Tables& all) {
  Tables one;
  measurement.measure_grid(sample, subject, Batch{0, 1, core::Communicator::self()}, one);
  for (auto& [name, table] : one)
    if (all.contains(name))
      all[name].append(table.collapsed());
    else
      all[name] = table.collapsed();
}

template <class M>
std::map<std::string, Measured> fitted(const M& measurement, const Subject& subject, const Tables& tables,
                                       std::vector<std::string>* warnings = nullptr) {
  Fits fits("leaders", View::grid, true);
  const Findings findings;
  measurement.fit(subject, View::grid, tables, findings, fits);
  std::map<std::string, Measured> found;
  fits.finish(core::Communicator::self());
  for (const Result& r : fits.take_results())
    found[r.id] = r.measured;
  if (warnings != nullptr)
    *warnings = fits.take_warnings();
  return found;
}

solvers::Gaussian gaussian_line(double hurst, std::int64_t points) {
  solvers::GaussianParameters p;
  p.embedding_dimension = 1;
  p.hurst = hurst;
  p.points = points;
  return {p, 5};
}

/// Multifractal random walk (Bacry, Delour, Muzy, Phys. Rev. E 64 (2001) 026103) of roughness 1/2: sums of e_i
/// exp(w_i), w Gaussian with covariance lambda^2 ln(L/(|i - j| + 1)) below L, made by a circulant of twice the length.
std::vector<double> random_walk(std::size_t n, double lambda2, std::uint64_t realisation) {
  const std::size_t m = 2 * n;
  std::vector<std::complex<double>> a(m);
  const auto transform = [m](std::vector<std::complex<double>>& x) { // radix 2, in place
    for (std::size_t i = 1, j = 0; i < m; ++i) {
      std::size_t bit = m >> 1;
      for (; (j & bit) != 0; bit >>= 1)
        j ^= bit;
      j ^= bit;
      if (i < j)
        std::swap(x[i], x[j]);
    }
    for (std::size_t length = 2; length <= m; length *= 2) {
      const std::complex<double> root = std::polar(1.0, -2 * std::numbers::pi / static_cast<double>(length));
      for (std::size_t i = 0; i < m; i += length) {
        std::complex<double> w = 1;
        for (std::size_t k = 0; k < length / 2; ++k, w *= root) {
          const auto u = x[i + k], v = x[i + k + length / 2] * w;
          x[i + k] = u + v;
          x[i + k + length / 2] = u - v;
        }
      }
    }
  };
  for (std::size_t i = 0; i < m; ++i) {
    const auto lag = static_cast<double>(std::min(i, m - i)) + 1;
    a[i] = lag < static_cast<double>(n) ? lambda2 * std::log(static_cast<double>(n) / lag) : 0.0;
  }
  transform(a);
  const core::CounterRng random(17, core::Stream{5});
  const auto normal = [&](std::uint64_t i, int which) {
    const core::Block b = random.block(realisation << 32 | i, static_cast<std::uint32_t>(which));
    return std::polar(std::sqrt(-2 * std::log(core::uniform(b[0], b[1]))),
                      2 * std::numbers::pi * core::uniform(b[2], b[3]));
  };
  for (std::size_t i = 0; i < m; ++i)
    a[i] = std::sqrt(std::max(a[i].real(), 0.0) / static_cast<double>(m)) * normal(i, 0);
  transform(a);
  std::vector<double> walk(n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    walk[i] = sum += normal(i, 1).real() * std::exp(a[i].real());
  return walk;
}

} // namespace

TEST_CASE("Leaders of fractional Brownian lines show H and no c2", "[leaders][slow]") {
  constexpr std::int64_t n = 65536, series = 50;
  LeadersMeasurement measurement;
  measurement.asked = true;
  const Subject subject = line_of(n, series);
  for (const double H : {0.3, 0.7}) {
    const auto gaussian = gaussian_line(H, n);
    Tables tables;
    for (std::uint64_t r = 0; r < series; ++r)
      add(measurement, gaussian.sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(), r),
          subject, tables);
    const auto found = fitted(measurement, subject, tables);
    CAPTURE(H, found.at("grid/c1").value, found.at("grid/c2").value);
    CHECK(std::abs(found.at("grid/c1").value - H) < 0.03);
    CHECK(std::abs(found.at("grid/c2").value) < 0.01);
  }
}

TEST_CASE("Leaders of a multifractal random walk show its c2", "[leaders][slow]") {
  constexpr std::int64_t n = 65536, series = 50;
  constexpr double lambda2 = 0.04;
  LeadersMeasurement measurement;
  measurement.asked = true;
  const Subject subject = line_of(n, series);
  Tables tables;
  for (std::uint64_t r = 0; r < series; ++r) {
    auto walk = random_walk(n, lambda2, r);
    const double drift = walk.back() / static_cast<double>(n);
    for (std::size_t i = 0; i < walk.size(); ++i) // closed: the transform is periodic
      walk[i] -= drift * static_cast<double>(i + 1);
    add(measurement, sample_of(walk), subject, tables);
  }
  const auto found = fitted(measurement, subject, tables);
  CAPTURE(found.at("grid/c1").value, found.at("grid/c2").value);
  CHECK(std::abs(found.at("grid/c2").value + lambda2) < 0.02);
  CHECK(found.at("grid/c2").value < -0.02);
  CHECK(std::abs(found.at("grid/c1").value - 0.5 - lambda2) < 0.03);
}

TEST_CASE("Leaders of a field with unbounded spikes are refused, p-leaders named", "[leaders]") {
  constexpr std::int64_t n = 4096;
  const Subject subject = line_of(n, 1);
  LeadersMeasurement measurement;
  measurement.asked = true;
  std::vector<double> noise;
  const core::CounterRng random(3, core::Stream{5});
  for (std::uint64_t i = 0; i < n; ++i)
    noise.push_back(core::uniform(random.block(i)[0], random.block(i)[1]) - 0.5);
  Tables tables;
  measurement.measure_grid(sample_of(noise), subject, Batch{0, 1, core::Communicator::self()}, tables);
  std::vector<std::string> warnings;
  const auto found = fitted(measurement, subject, tables, &warnings);
  CHECK(found.at("grid/h_min").value < 0);
  CHECK_FALSE(found.contains("grid/c1"));
  CHECK(std::any_of(warnings.begin(), warnings.end(),
                    [](const std::string& w) { return w.find("set analysis.leaders.p") != std::string::npos; }));
}

TEST_CASE("p-leaders whose p-th moments grow towards small scales are refused", "[leaders]") {
  constexpr std::int64_t n = 4096;
  const Subject subject = line_of(n, 1);
  const core::CounterRng random(3, core::Stream{5});
  std::vector<double> noise, walk; // zeta_2 = -1, 1
  for (std::uint64_t i = 0; i < n; ++i)
    noise.push_back(core::uniform(random.block(i)[0], random.block(i)[1]) - 0.5);
  for (const double v : noise)
    walk.push_back(v + (walk.empty() ? 0 : walk.back()));
  for (const bool grows : {true, false}) {
    LeadersMeasurement measurement;
    core::Diagnostics diagnostics;
    const core::ConfigNode keys = core::parse_config("p: 2", "in", diagnostics);
    core::YamlReader reader(keys, diagnostics);
    measurement.declare(reader);
    measurement.asked = true;
    Tables tables;
    measurement.measure_grid(sample_of(grows ? noise : walk), subject, Batch{0, 1, core::Communicator::self()}, tables);
    std::vector<std::string> warnings;
    CHECK(fitted(measurement, subject, tables, &warnings).contains("grid/c1") != grows);
    CHECK(std::any_of(warnings.begin(), warnings.end(), [](const std::string& w) {
            return w.find("p-leaders need zeta_p > 0") != std::string::npos;
          }) == grows);
  }
}

TEST_CASE("A plane whose h_min is below zero, if not clearly: said", "[leaders]") {
  constexpr std::int64_t n = 256;
  solvers::MultiplicativeCascadeParameters p;
  p.model = "lognormal";
  p.mu = 1.5; // h_min = -.23
  p.embedding_dimension = 2;
  p.points = n;
  Subject subject = line_of(n, 1);
  subject.dimensions = 2;
  LeadersMeasurement measurement;
  measurement.asked = true;
  Tables tables;
  measurement.measure_grid(solvers::MultiplicativeCascade(p, 5).sample(core::Decomposition(core::Domain(2, n), 1),
                                                                       core::Communicator::self(), 0),
                           subject, Batch{0, 1, core::Communicator::self()}, tables);
  Fits fits("leaders", View::grid, true);
  const Findings findings;
  measurement.fit(subject, View::grid, tables, findings, fits);
  fits.finish(core::Communicator::self());
  double h = 0, error = 0;
  for (const Result& r : fits.take_results())
    if (r.quantity == "h_min")
      h = r.measured.value, error = r.measured.standard_error;
  CAPTURE(h, error);
  CHECK(h < 0);
  CHECK(h + 2 * error > 0);
  const auto warnings = fits.take_warnings();
  CHECK(std::any_of(warnings.begin(), warnings.end(), [](const std::string& w) {
    return w.find("leaders need h_min > 0, and h_min = -0.2") != std::string::npos;
  }));
}

TEST_CASE("Dead cells have no leaders to take the logarithm of, and that is said", "[leaders]") {
  constexpr std::int64_t n = 4096;
  Subject subject = line_of(n, 1);
  subject.activity = true;
  LeadersMeasurement measurement;
  measurement.asked = true;
  const core::CounterRng random(3, core::Stream{5});
  std::vector<double> walk(n);
  for (std::uint64_t i = 0; i < n; ++i) // there and back
    walk[i] = (i > 0 ? walk[i - 1] : 0) + (i < n / 2 ? 1 : -1) * (core::uniform(random.block(i % (n / 2))[0], 0) - 0.5);
  for (const bool dead : {false, true}) {
    core::GridSample sample = sample_of(walk);
    sample.active = core::ActiveDepth(n, 12);
    if (dead)
      std::fill(sample.active->begin() + 512, sample.active->begin() + 1024, std::uint8_t{3});
    Tables tables;
    measurement.measure_grid(sample, subject, Batch{0, 1, core::Communicator::self()}, tables);
    std::vector<std::string> warnings;
    const auto found = fitted(measurement, subject, tables, &warnings);
    CHECK(found.contains("grid/h_min"));
    for (const char* id : {"grid/c1", "grid/c2", "grid/c3", "grid/width"})
      CHECK(found.contains(id) == !dead);
    CHECK(std::any_of(warnings.begin(), warnings.end(), [](const std::string& w) {
            return w.find("12.5% of the box are dead") != std::string::npos;
          }) == dead);
  }
}

TEST_CASE("Flat and smooth stretches are found in the values alone; rounded series are measured", "[leaders][mfdfa]") {
  constexpr std::int64_t n = 16384;
  const Subject subject = line_of(n, 1); // as of a file: nothing is known of dead cells
  const auto line =
      gaussian_line(0.5, n).sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(), 0);
  const std::vector<double> walk(line.field.component(0).begin(), line.field.component(0).end());
  std::vector<double> held = walk, straight = walk, rounded = walk;
  const auto [lowest, highest] = std::minmax_element(walk.begin(), walk.end());
  const double step = (*highest - *lowest) / 4096;
  for (std::size_t i = 0; i < walk.size(); ++i) {
    const bool inside = i >= 6000 && i < 7600; // a tenth
    held[i] = inside ? walk[6000] : walk[i];
    straight[i] = inside ? walk[6000] + (walk[7600] - walk[6000]) * static_cast<double>(i - 6000) / 1600 : walk[i];
    rounded[i] = std::round(walk[i] / step);
  }
  solvers::BetaCascadeParameters p;
  p.embedding_dimension = 1;
  p.dimension = 0.8;
  p.hurst = 0.3;
  p.points = n;
  const auto beta =
      solvers::BetaCascade(p, 4).sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(), 0);
  const std::vector<double> cascade(beta.field.component(0).begin(), beta.field.component(0).end());
  const auto check = [&](const char* what, const std::vector<double>& values, bool still) {
    CAPTURE(what);
    {
      LeadersMeasurement measurement;
      measurement.asked = true;
      Tables tables;
      measurement.measure_grid(sample_of(values), subject, Batch{0, 1, core::Communicator::self()}, tables);
      std::vector<std::string> warnings;
      const auto found = fitted(measurement, subject, tables, &warnings);
      CHECK(found.contains("grid/h_min"));
      for (const char* id : {"grid/c1", "grid/c2", "grid/c3", "grid/width"})
        CHECK(found.contains(id) == !still);
      CHECK(std::any_of(warnings.begin(), warnings.end(), [](const std::string& w) {
              return w.find("flat or smooth stretches") != std::string::npos;
            }) == still);
      if (!still)
        CHECK(std::abs(found.at("grid/c1").value - 0.5) < 0.15);
    }
    MfdfaMeasurement fluctuations;
    fluctuations.asked = true;
    Tables tables;
    fluctuations.measure_grid(sample_of(values), subject, Batch{0, 1, core::Communicator::self()}, tables);
    const auto found = fitted(fluctuations, subject, tables);
    CHECK(found.contains("grid/h_q/q2"));
    CHECK(found.contains("grid/h_q/q-5") == !still);
  };
  check("a walk", walk, false);
  check("rounded to 4096 steps", rounded, false);
  check("a tenth is flat", held, true);
  check("a tenth is straight", straight, true);
  check("dead cells of a cascade, smooth", cascade, true);
}

TEST_CASE("Too few octaves of leaders: how many there are, and the key", "[leaders]") {
  LeadersMeasurement measurement;
  measurement.asked = true;
  const auto said = [&](std::int64_t n) {
    const Subject subject = line_of(n, 1);
    Tables tables;
    measurement.measure_grid(
        gaussian_line(0.5, n).sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(), 0),
        subject, Batch{0, 1, core::Communicator::self()}, tables);
    std::vector<std::string> warnings;
    const auto found = fitted(measurement, subject, tables, &warnings);
    return std::pair(found.contains("grid/c1"), warnings.empty() ? "" : warnings.front());
  };
  CHECK(said(2048).first); // up to a sixteenth of the line
  const auto [there, why] = said(1024);
  CHECK_FALSE(there);
  CHECK(why.find("there are 3 octaves of leaders, from 16 to 64 points, and a slope takes 4: measure a field of 2048 "
                 "points or more, or set analysis.leaders.first: 2") != std::string::npos);
}

TEST_CASE("Leaders are measured on periodic cubes of any length", "[leaders]") {
  LeadersMeasurement measurement;
  measurement.asked = true;
  Subject subject = line_of(256, 1);
  subject.dimensions = 2;
  const auto problems = [&](double length, bool periodic) {
    subject.box = core::Domain(core::Axes{{256, 3, true}, {256, length, periodic}});
    core::Problems found;
    measurement.validate(subject, found);
    return found.all().size();
  };
  CHECK(problems(3, true) == 0);
  CHECK(problems(4, true) == 1);
  CHECK(problems(3, false) == 1);
}

TEST_CASE("MF-DFA of the binomial measure follows the closed form", "[mfdfa]") {
  constexpr std::int64_t n = 65536;
  constexpr double a = 0.75;
  solvers::MultiplicativeCascadeParameters p;
  p.model = "binomial";
  p.p = a;
  p.embedding_dimension = 1;
  p.points = n;
  const solvers::MultiplicativeCascade cascade(p, 1);
  const Subject subject = line_of(n, 1);
  MfdfaMeasurement measurement;
  measurement.asked = true;
  Tables tables;
  measurement.measure_grid(cascade.sample(core::Decomposition(core::Domain(1, n), 1), core::Communicator::self(), 0),
                           subject, Batch{0, 1, core::Communicator::self()}, tables);
  const auto found = fitted(measurement, subject, tables);
  for (const int q : {-5, -2, -1, 1, 2, 5}) {
    const double h = 1.0 / q - std::log(std::pow(a, q) + std::pow(1 - a, q)) / (q * std::numbers::ln2);
    CAPTURE(q, h, found.at("grid/h_q/q" + std::to_string(q)).value);
    CHECK(std::abs(found.at("grid/h_q/q" + std::to_string(q)).value - h) < 0.03);
  }
}

TEST_CASE("Analyses of lines do not depend on the ranks", "[leaders][mfdfa][mpi]") {
  const auto gaussian = gaussian_line(0.4, 2048);
  const auto world = core::Communicator::world(), self = core::Communicator::self();
  const Subject subject = line_of(2048, 1);
  const auto both = [&](const auto& measurement) {
    Tables a, b;
    measurement.measure_grid(gaussian.sample(core::Decomposition(core::Domain(1, 2048), world.size()), world, 0),
                             subject, Batch{0, 1, world}, a);
    measurement.measure_grid(gaussian.sample(core::Decomposition(core::Domain(1, 2048), 1), self, 0), subject,
                             Batch{0, 1, self}, b);
    for (const auto& [name, table] : a)
      for (std::size_t block = 0; block < table.blocks(); ++block)
        CHECK(test::same_bits(table.sum[block], b.at(name).sum[block]));
  };
  both(LeadersMeasurement());
  both(MfdfaMeasurement());
}
