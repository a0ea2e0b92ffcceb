// Laws of a velocity: closed forms of every number, brute force of the densities, the same bits at any rank count.

#include "analysis/increment_pdf/measurement.hpp"
#include "analysis/spectrum/spectrum.hpp"
#include "analysis/turbulence/isotropic_box.hpp"
#include "analysis/turbulence/line_spectrum.hpp"
#include "analysis/turbulence/measurement.hpp"
#include "analysis/turbulence/quantities.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <numeric>

using namespace cascade;
using analysis::BlockTable;
using analysis::Subject;
using analysis::Tables;
using analysis::VelocityMeans;
using analysis::View;
using core::Communicator;
using core::Index;

namespace {

Subject subject_of(int dimensions, int components, std::int64_t points) {
  Subject s;
  s.dimensions = dimensions;
  s.components = components;
  s.points = points;
  return s;
}

core::GridSample field_of(int dimensions, int components, Index points, const Communicator& ranks,
                          const std::function<double(int, Index, Index, Index)>& f) {
  const core::Decomposition grid(core::Domain(dimensions, points), ranks.size());
  core::GridSample sample{core::RealField(grid, ranks.rank(), components), std::nullopt};
  const core::Box& box = sample.field.box();
  for (int c = 0; c < components; ++c) {
    std::size_t at = 0;
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k)
          sample.field.component(c)[at++] = f(c, i, j, k);
  }
  return sample;
}

double rugged(int c, Index i, Index j, Index k) {
  const auto x = [](Index n) { return static_cast<double>(n); };
  const double u = std::sin(1.7 * x(i) + 0.3) + std::cos(2.3 * x(j * j) + c) + std::sin(0.7 * x(k * k));
  return u + 0.4 * u * u;
}

template <class M>
Tables measured(const core::GridSample& sample, const Subject& subject, const Communicator& ranks) {
  Tables tables;
  M().measure_grid(sample, subject, {0, 1, ranks}, tables);
  return tables;
}

const analysis::Dataset& named(const analysis::Datasets& all, const std::string& path) {
  for (const analysis::Dataset& d : all)
    if (d.path == path)
      return d;
  throw std::out_of_range(path);
}

} // namespace

TEST_CASE("Third-order law of a sawtooth", "[turbulence]") {
  // f = k/n: of n pairs a distance r apart n - r differ by r/n and r by r/n - 1; D = 3 by Taylor's hypothesis.
  constexpr Index n = 256;
  const auto self = Communicator::self();
  const Subject subject = subject_of(1, 1, n);
  const Tables tables = measured<analysis::TurbulenceMeasurement>(
      field_of(1, 1, n, self, [](int, Index, Index, Index k) { return static_cast<double>(k) / n; }), subject, self);
  analysis::Datasets all;
  analysis::TurbulenceMeasurement().datasets(subject, View::grid, tables, all);
  const auto &r = named(all, "/turbulence/r").values, &e = named(all, "/turbulence/dissipation").values;
  REQUIRE(r.size() > 8);
  for (std::size_t i = 0; i < r.size(); ++i) {
    const double q = r[i], third = (1 - q) * q * q * q + q * std::pow(q - 1, 3);
    CHECK(e[i] == Approx(-1.25 * third / q).epsilon(1e-10));
  }
}

TEST_CASE("Isotropy, integral scale and gradients of known increments", "[turbulence]") {
  VelocityMeans m;
  m.dimensions = 3;
  m.variance = 2;
  for (int k = 0; k < 8; ++k) {
    m.r.push_back(std::exp2(k - 9));
    m.second.push_back(std::pow(m.r.back(), 2.0 / 3));
    m.across.push_back(4.0 / 3 * m.second.back()); // 1 + 2h/(D - 1), h = 1/3
    m.third.push_back(-0.8 * 5 * m.r.back());      // e = 5
  }
  for (const double ratio : analysis::isotropy_of(m))
    CHECK(ratio == Approx(1));
  for (const double e : analysis::dissipation_of(m))
    CHECK(e == Approx(5));
  CHECK(analysis::largest_dissipation_of(m) == Approx(5));
  CHECK(std::isnan(analysis::integral_scale_of(m))); // no zero
  for (std::size_t k = 0; k < 8; ++k)
    m.second[k] = 4 * m.r[k] / 0.3; // correlation 1 - r/0.3
  m.r.back() = 0.4;
  m.second.back() = 4 * 0.4 / 0.3;
  CHECK(analysis::integral_scale_of(m) == Approx(0.15));
  for (std::size_t k = 0; k < 8; ++k)
    m.second[k] = 7 * m.r[k] * m.r[k] - 100 * std::pow(m.r[k], 4);
  CHECK(analysis::gradient_variance_of(m) == Approx(7));
}

TEST_CASE("A periodic box shows its own isotropic ratio", "[turbulence]") {
  // Waves of up to three a side in the plane: every length of k belongs to one set of waves that differ by signs and
  // order, so that the box's ratio is the field's own, whatever the amplitudes; unless they point along k.
  constexpr Index n = 16;
  const auto self = Communicator::self();
  const Subject subject = subject_of(2, 2, n);
  for (const bool solenoidal : {true, false}) {
    const auto sample = field_of(2, 2, n, self, [&](int c, Index, Index j, Index k) {
      double u = 0;
      for (Index a = -3; a <= 3; ++a)
        for (Index b = -3; b <= 3; ++b)
          if (const Index square = a * a + b * b; square > 0 && square < 12) {
            const double amplitude = std::pow(square, -0.6) * (1 + 0.5 * std::sin(static_cast<double>(3 * a + 5 * b))),
                         phase = std::cos(static_cast<double>(7 * a + 4 * b)) * 9;
            const auto direction = static_cast<double>(solenoidal ? (c == 0 ? b : -a) : (c == 0 ? a : b));
            u +=
                direction * amplitude * std::cos(2 * std::numbers::pi * static_cast<double>(a * j + b * k) / n + phase);
          }
      return u;
    });
    const Tables tables = measured<analysis::TurbulenceMeasurement>(sample, subject, self);
    analysis::Datasets all;
    analysis::TurbulenceMeasurement().datasets(subject, View::grid, tables, all);
    const auto &ratio = named(all, "/turbulence/isotropy").values,
               &of_box = named(all, "/turbulence/isotropy_of_box").values;
    REQUIRE(ratio.size() == of_box.size());
    REQUIRE(ratio.size() >= 6);
    for (std::size_t i = 0; i < ratio.size(); ++i)
      if (solenoidal)
        CHECK(ratio[i] == Approx(of_box[i]).epsilon(1e-10));
      else
        CHECK(std::abs(ratio[i] / of_box[i] - 1) > 0.15);
    CHECK(of_box.back() > 1.05);                               // half a box apart; one in unbounded space
    CHECK(analysis::table_of(tables, "waves").x.size() == 15); // 1, sqrt 2, 2 ... sqrt 10, then 4 ... 11 waves
  }
}

TEST_CASE("Bands of waves hold the variance of a box that is no cube", "[turbulence]") {
  const auto self = Communicator::self();
  core::Axes axes{{10, 5, true}, {12, 6, true}, {7, 3.5, true}};
  core::RealField field(core::Decomposition(core::Domain(axes), 1), 0, 3);
  double variance = 0;
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    const auto u = field.component(c);
    for (std::size_t i = 0; i < u.size(); ++i)
      sum += u[i] = rugged(c, static_cast<Index>(i), static_cast<Index>(i / 7), 3);
    for (const double v : u)
      variance += std::pow(v - sum / static_cast<double>(u.size()), 2) / static_cast<double>(u.size());
  }
  const BlockTable waves = analysis::wave_energies(analysis::coefficients_of(field, self), self);
  CHECK(std::accumulate(waves.sum[0].begin(), waves.sum[0].end(), 0.0) == Approx(variance).epsilon(1e-12));
  // One wave along each axis as long as that axis, half of it apart: across it everything differs, along it nothing.
  const analysis::IsotropicBox box(field.domain(), waves.sum[0], {1.75});
  std::vector<double> one(waves.sum[0].size(), 0.0);
  one[3] = 1; // |k| L = 1, 1.2, sqrt(1 + 1.44), 12/7 ...: the fourth of the shortest axis alone
  const auto [along, across] = box.increments(one);
  CHECK(along[0] == Approx(0).margin(1e-12));
  CHECK(across[0] == Approx(2.0 / 3)); // a third of the axes, half of the energy a component, (1 - cos(pi)) twice
  axes[1].periodic = false;
  CHECK_FALSE(analysis::IsotropicBox::suits(core::Domain(axes)));
  axes[1] = {12, 7, true};
  CHECK_FALSE(analysis::IsotropicBox::suits(core::Domain(axes)));
}

TEST_CASE("Blocks are joined until they hold an integral scale", "[turbulence]") {
  BlockTable table{{1.0}, {}, {}, {64.0}};
  for (int b = 0; b < 64; ++b) {
    table.sum.push_back({1.0 + b});
    table.weight.push_back({1.0});
  }
  for (const auto& [scale, blocks] : {std::pair{0.1, 64}, std::pair{0.3, 27}, std::pair{0.45, 8}, std::pair{2.0, 8}}) {
    const BlockTable joined = analysis::joined_blocks(table, 3, 1, scale);
    CHECK(joined.blocks() == static_cast<std::size_t>(blocks));
    CHECK(joined.mean()[0] == Approx(table.mean()[0]));
  }
  // Two a side: the first holds the blocks (0 or 1, 0 or 1, 0 or 1) of four.
  CHECK(analysis::joined_blocks(table, 3, 1, 0.45).sum[0][0] == 8 + (0 + 1) * 4 + (0 + 4) * 4 + (0 + 16) * 4);
}

TEST_CASE("One-dimensional spectrum of a wave", "[turbulence]") {
  const auto self = Communicator::self();
  for (const Index n : {16, 15}) {
    const auto sample = field_of(2, 2, n, self, [n](int c, Index, Index j, Index k) {
      const double x = 2 * std::numbers::pi / static_cast<double>(n);
      return c == 1 ? 3 * std::cos(x * 4 * static_cast<double>(k)) : std::sin(x * static_cast<double>(2 * k + j));
    });
    const auto spectra = analysis::line_spectra(sample.field, self);
    for (std::size_t k = 0; k < static_cast<std::size_t>(n / 2); ++k) {
      CHECK(spectra.at("longitudinal").mean()[k] == Approx(k == 3 ? 4.5 : 0).margin(1e-12));
      CHECK(spectra.at("transverse").mean()[k] == Approx(k == 1 ? 0.5 : 0).margin(1e-12));
    }
  }
}

TEST_CASE("One-dimensional spectrum of a box that is not periodic", "[turbulence]") {
  // A wave of four periods under a Hann window: its own wavenumber and half of the amplitude on each side of it, so
  // that 2/3 and twice 1/6 of its variance; a mean leaves nothing, a slope little beyond the first waves.
  const auto self = Communicator::self();
  constexpr Index n = 64;
  core::Axes axes(2, core::GridAxis{n, 2, false});
  core::GridSample sample{core::RealField(core::Decomposition(core::Domain(axes), 1), 0, 1), std::nullopt};
  for (Index j = 0; j < n; ++j)
    for (Index k = 0; k < n; ++k)
      sample.field.component(0)[static_cast<std::size_t>(j * n + k)] =
          1000 + static_cast<double>(j) + 3 * std::cos(2 * std::numbers::pi * 4 * (static_cast<double>(k) + 0.5) / n);
  const BlockTable spectrum = analysis::line_spectra(sample.field, self).at("");
  const auto energy = spectrum.mean();
  REQUIRE(energy.size() == n / 2);
  CHECK(spectrum.x[3] == Approx(2)); // four waves in a length of two
  for (std::size_t k = 0; k < energy.size(); ++k)
    CHECK(energy[k] == Approx(k == 3 ? 4.5 * 2 / 3 : k == 2 || k == 4 ? 4.5 / 6 : 0).margin(1e-9));
}

TEST_CASE("Densities of increments count every pair", "[increment_pdf]") {
  constexpr Index n = 32;
  const auto self = Communicator::self();
  const Subject subject = subject_of(2, 1, n);
  const auto sample = field_of(2, 1, n, self, rugged);
  const Tables tables = measured<analysis::IncrementPdfMeasurement>(sample, subject, self);
  analysis::Datasets all;
  analysis::IncrementPdfMeasurement().datasets(subject, View::grid, tables, all);
  const auto &r = named(all, "/increment_pdf/r").values, &x = named(all, "/increment_pdf/x").values,
             &pdf = named(all, "/increment_pdf/pdf").values, &flatness = named(all, "/increment_pdf/flatness").values;
  const auto at = [&](Index j, Index k) { return rugged(0, 0, j % n, k % n); };
  for (std::size_t s = 0; s < r.size(); ++s) {
    const auto shift = static_cast<Index>(std::lround(r[s] * n));
    double square = 0, fourth = 0;
    std::vector<double> increments;
    for (Index j = 0; j < n; ++j)
      for (Index k = 0; k < n; ++k)
        for (const bool across : {true, false}) {
          increments.push_back((across ? at(j + shift, k) : at(j, k + shift)) - at(j, k));
          square += std::pow(increments.back(), 2) / (2 * n * n);
          fourth += std::pow(increments.back(), 4) / (2 * n * n);
        }
    CHECK(flatness[s] == Approx(fourth / (square * square)).epsilon(1e-10));
    std::vector<double> counts(x.size(), 0.0);
    const double width = x[1] - x[0];
    for (const double d : increments)
      counts[static_cast<std::size_t>(std::clamp((d / std::sqrt(square) - x[0]) / width + 0.5, 0.0, x.size() - 1.0))] +=
          1;
    double total = 0, different = 0;
    for (std::size_t b = 0; b < x.size(); ++b) {
      const double density = pdf[s * x.size() + b];
      total += density * width;
      different += std::abs(density - counts[b] / (2 * n * n) / width) * width;
    }
    CHECK(total == Approx(1));
    CHECK(different < 0.01); // an increment at the edge of two bins may fall into either
  }
}

TEST_CASE("Laws and densities have the same bits at any number of ranks", "[turbulence][increment_pdf][mpi]") {
  const auto world = Communicator::world(), self = Communicator::self();
  bool same = true;
  const auto compare = [&](const Tables& here, const Tables& alone) {
    same = same && here.size() == alone.size();
    for (const auto& [name, table] : alone)
      for (std::size_t b = 0; b < table.blocks() && same; ++b)
        same = test::same_bits(here.at(name).sum[b], table.sum[b]);
  };
  for (const int D : {2, 3}) {
    const Subject subject = subject_of(D, D, 12);
    const auto shared = field_of(D, D, 12, world, rugged), own = field_of(D, D, 12, self, rugged);
    compare(measured<analysis::TurbulenceMeasurement>(shared, subject, world),
            measured<analysis::TurbulenceMeasurement>(own, subject, self));
    compare(measured<analysis::IncrementPdfMeasurement>(shared, subject, world),
            measured<analysis::IncrementPdfMeasurement>(own, subject, self));
  }
  std::int64_t wrong[] = {same ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
}
