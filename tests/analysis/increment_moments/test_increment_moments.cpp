// Moments of increments: brute force over all pairs, the same bits at any rank count, Gaussian fields and fields that
// are not, and numbers derived with their errors.

#include "analysis/increment_moments/measurement.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace cascade;
using analysis::BlockTable;
using analysis::Fits;
using analysis::IncrementMomentsMeasurement;
using analysis::Result;
using analysis::Subject;
using analysis::Tables;
using analysis::View;
using core::Communicator;

namespace {

Subject subject_of(int dimensions, int components, std::int64_t points) {
  Subject s;
  s.dimensions = dimensions;
  s.components = components;
  s.points = points;
  return s;
}

/// Any function of position and component.
core::GridSample field_of(int dimensions, int components, std::int64_t points, const Communicator& ranks,
                          const std::function<double(int, core::Index, core::Index, core::Index)>& f) {
  const core::Decomposition grid(core::Domain(dimensions, points), ranks.size());
  core::GridSample sample{core::RealField(grid, ranks.rank(), components), std::nullopt};
  const core::Box& box = sample.field.box();
  for (int c = 0; c < components; ++c) {
    std::size_t at = 0;
    for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
      for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
        for (core::Index k = box.begin[2]; k < box.end[2]; ++k)
          sample.field.component(c)[at++] = f(c, i, j, k);
  }
  return sample;
}

Tables measured(const core::GridSample& sample, const Subject& subject, const Communicator& ranks) {
  Tables tables;
  IncrementMomentsMeasurement().measure_grid(sample, subject, {0, 1, ranks}, tables);
  return tables;
}

struct Fitted {
  std::vector<Result> results;
  Tables derived;
};

Fitted fitted(const Subject& subject, const Tables& tables) {
  IncrementMomentsMeasurement m;
  m.asked = true;
  Fits fits("increment_moments", View::grid, true);
  const analysis::Findings findings;
  m.fit(subject, View::grid, tables, findings, fits);
  fits.finish(Communicator::self());
  return {fits.take_results(), fits.take_derived()};
}

const Result& named(const Fitted& all, const std::string& id) {
  for (const Result& r : all.results)
    if (r.id == id)
      return r;
  throw std::out_of_range(id);
}

/// Rough and skewed: no two increments alike.
double any(int c, core::Index i, core::Index j, core::Index k) {
  const double u = std::sin(1.7 * static_cast<double>(i) + 0.3) + std::cos(2.3 * static_cast<double>(j * j) + c) +
                   std::sin(0.7 * static_cast<double>(k * k));
  return u + 0.4 * u * u;
}

} // namespace

TEST_CASE("Moments of all pairs, longitudinal and transverse apart", "[increment_moments]") {
  constexpr core::Index n = 8;
  const auto self = Communicator::self();
  const Tables tables = measured(field_of(2, 2, n, self, any), subject_of(2, 2, n), self);
  REQUIRE(tables.size() == 6);
  const auto at = [&](int c, core::Index j, core::Index k) { return any(c, 0, (j + n) % n, (k + n) % n); };
  for (const bool along : {true, false})
    for (int power = 2; power <= 4; ++power) {
      const BlockTable& table = analysis::table_of(tables, std::string(power == 2   ? "square"
                                                                       : power == 3 ? "cube"
                                                                                    : "fourth") +
                                                               (along ? "/longitudinal" : "/transverse"));
      REQUIRE(table.x == std::vector<double>{0.125, 0.25, 0.5});
      for (std::size_t s = 0; s < 3; ++s) {
        const core::Index r = core::Index{1} << s;
        double sum = 0;
        for (core::Index j = 0; j < n; ++j)
          for (core::Index k = 0; k < n; ++k)
            for (int axis = 1; axis < 3; ++axis) { // component 0 lies along axis 1
              const int c = along ? axis - 1 : 2 - axis;
              sum += std::pow((axis == 1 ? at(c, j + r, k) : at(c, j, k + r)) - at(c, j, k), power);
            }
        CAPTURE(along, power, s);
        CHECK(table.mean()[s] == Approx(sum / (2 * n * n)).epsilon(1e-12).margin(1e-12)); // odd ones cancel at n/2
        CHECK(table.count[s] == 2 * n * n);
      }
    }
}

TEST_CASE("The same bits at any rank count", "[increment_moments][mpi]") {
  const auto world = Communicator::world(), self = Communicator::self();
  bool same = true;
  for (const int D : {2, 3}) {
    const Subject subject = subject_of(D, D, 12);
    const Tables here = measured(field_of(D, D, 12, world, any), subject, world),
                 alone = measured(field_of(D, D, 12, self, any), subject, self);
    for (const auto& [name, table] : alone)
      for (std::size_t b = 0; b < table.blocks(); ++b)
        same = same && test::same_bits(here.at(name).sum[b], table.sum[b]);
  }
  std::int64_t wrong[] = {same ? 0 : 1};
  world.sum(std::span<std::int64_t>(wrong));
  CHECK(wrong[0] == 0);
}

TEST_CASE("A field and its opposite have opposite skewness and the same flatness", "[increment_moments]") {
  const auto self = Communicator::self();
  const Subject subject = subject_of(2, 1, 128);
  const Fitted plain = fitted(subject, measured(field_of(2, 1, 128, self, any), subject, self)),
               opposite = fitted(subject, measured(field_of(2, 1, 128, self,
                                                            [](int c, core::Index i, core::Index j, core::Index k) {
                                                              return -any(c, i, j, k);
                                                            }),
                                                   subject, self));
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(named(opposite, "grid/skewness").curve.y[i] == -named(plain, "grid/skewness").curve.y[i]);
    CHECK(named(opposite, "grid/flatness").curve.y[i] == named(plain, "grid/flatness").curve.y[i]);
  }
  CHECK(named(opposite, "grid/skewness").measured.value == -named(plain, "grid/skewness").measured.value);
}

TEST_CASE("A ramp with a cliff is skewed and intermittent by known amounts", "[increment_moments]") {
  // f = k/n on a line: of n pairs a distance r apart, n - r differ by r/n and r by r/n - 1.
  constexpr core::Index n = 256;
  const auto self = Communicator::self();
  const Subject subject = subject_of(1, 1, n);
  const Fitted all =
      fitted(subject,
             measured(field_of(1, 1, n, self,
                               [](int, core::Index, core::Index, core::Index k) { return static_cast<double>(k) / n; }),
                      subject, self));
  const auto &skewness = named(all, "grid/skewness").curve, &flatness = named(all, "grid/flatness").curve;
  for (std::size_t i = 0; i < skewness.x.size(); ++i) {
    const double q = skewness.x[i]; // r/n, the share of pairs across the cliff
    const auto moment = [&](int p) { return (1 - q) * std::pow(q, p) + q * std::pow(q - 1, p); };
    CAPTURE(q);
    CHECK(skewness.y[i] == Approx(moment(3) / std::pow(moment(2), 1.5)).epsilon(1e-10));
    CHECK(flatness.y[i] == Approx(moment(4) / std::pow(moment(2), 2)).epsilon(1e-10));
  }
}

TEST_CASE("Gaussian fields: skewness 0 and a flatness of 3 that does not change with r", "[increment_moments]") {
  const auto self = Communicator::self();
  for (const char* components : {"scalar", "vector"}) {
    solvers::GaussianParameters p;
    p.embedding_dimension = 2;
    p.hurst = 0.4;
    p.points = 128;
    p.components = components;
    const solvers::Gaussian generator(p, 5);
    Subject subject = subject_of(2, p.component_count(), 128);
    subject.realisations = 24;
    Tables total;
    for (std::uint64_t r = 0; r < 24; ++r) {
      const auto sample = generator.grid()->sample(core::Decomposition(core::Domain(2, 128), 1), self, r);
      for (const auto& [name, table] : measured(sample, subject, self))
        total[name].append(table.collapsed());
    }
    const Fitted all = fitted(subject, total);
    for (const Result& r : all.results) {
      CAPTURE(components, r.id, r.measured.value, r.measured.standard_error);
      CHECK(std::abs(r.measured.value) < 4 * r.measured.standard_error);
      CHECK(r.measured.standard_error < 0.01);
      for (std::size_t i = 0; i + 2 < r.curve.x.size(); ++i) {
        const double expected = r.quantity == "flatness" ? 3 : 0;
        CAPTURE(r.curve.x[i], r.curve.y[i]);
        CHECK(std::abs(r.curve.y[i] - expected) < 4.5 * r.curve.standard_error[i]);
      }
      CHECK(r.curve.y_axis.scale == analysis::Scale::linear);
      CHECK(analysis::find_table(all.derived, r.curve.origin.table) != nullptr);
    }
    CHECK(all.results.size() == (p.component_count() > 1 ? 4 : 2));
  }
}

TEST_CASE("A cube of a Gaussian field is not Gaussian", "[increment_moments]") {
  const auto self = Communicator::self();
  solvers::GaussianParameters p;
  p.embedding_dimension = 2;
  p.hurst = 0.4;
  p.points = 128;
  const solvers::Gaussian generator(p, 5);
  const Subject subject = subject_of(2, 1, 128);
  auto sample = generator.grid()->sample(core::Decomposition(core::Domain(2, 128), 1), self, 0);
  for (double& v : sample.field.component(0))
    v = v * v * v;
  const Fitted all = fitted(subject, measured(sample, subject, self));
  const auto& flatness = named(all, "grid/flatness").curve;
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(flatness.y[i] > 3 + 4 * flatness.standard_error[i]);
}
