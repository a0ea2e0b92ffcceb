// Error-driven partitions: unbiased against enumeration, on trees, volumes and shifted cells; exponents of known
// cascades; no use of who is alive; the same bits at any number of ranks.

#include "analysis/approximation/driven_alphas.hpp"
#include "analysis/approximation/driven_fit.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "support/same_bits.hpp"
#include "support/sample_statistics.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace cascade;
using namespace cascade::analysis;

namespace {

solvers::MultiplicativeCascade cascade_of(const std::string& model, int D, std::optional<double> d = {},
                                          std::optional<double> h = {}) {
  solvers::MultiplicativeCascadeParameters p;
  p.model = model;
  p.embedding_dimension = D;
  p.points = 0;
  p.dimension = d;
  p.hurst = h;
  return {p, 1};
}

DrivenSetting setting_of(int D, double q, int degree, bool active) {
  DrivenSetting s;
  s.dimensions = D;
  s.degree = degree;
  s.loss_power = q;
  s.active = active;
  s.levels = 48;
  choose_lattice(s);
  return s;
}

Subject subject_of(int D, int trees, bool activity) {
  Subject s;
  s.dimensions = D;
  s.levels = 48;
  s.activity = activity;
  s.alive = AliveCells::walked;
  s.sampling.levels = 48;
  s.sampling.trees = trees;
  return s;
}

/// Of one setting, all tables of a measured run.
Tables measured(const core::PointSource& source, const Subject& subject, ApproximationSettings settings,
                const core::Communicator& ranks) {
  Tables tables;
  measure_driven(settings, source, subject, Batch{0, subject.sampling.trees, ranks}, tables);
  return tables;
}

ApproximationSettings asked(double q, int degree, const std::string& average, std::int64_t runs, std::int64_t pieces) {
  ApproximationSettings a;
  a.degrees = {degree};
  a.loss_powers = {q};
  a.averages = {average};
  a.partitions = {"adaptive"};
  a.runs = runs;
  a.pieces = pieces;
  return a;
}

/// The same field beside a tree that says everything is alive.
class AllAlive final : public core::ActiveTree {
public:
  explicit AllAlive(std::shared_ptr<const core::ActiveTree> tree) : tree_(std::move(tree)) {}
  int dimensions() const override { return tree_->dimensions(); }
  int depth() const override { return tree_->depth(); }
  core::Block root() const override { return tree_->root(); }
  void children(const core::Block& key, std::span<core::Block> keys, std::span<std::uint8_t> alive) const override {
    tree_->children(key, keys, alive);
    std::fill(alive.begin(), alive.end(), std::uint8_t{1});
  }
  void depth_at(std::span<const core::Coordinate>, int limit, std::span<int> depth) const override {
    std::fill(depth.begin(), depth.end(), limit);
  }

private:
  std::shared_ptr<const core::ActiveTree> tree_;
};

} // namespace

TEST_CASE("A population of cells is unbiased: enumeration of one tree", "[driven]][slow") {
  struct Case {
    const char* model;
    int D;
    double q;
    int degree;
    bool active, shifted;
  };
  int far = 0, all = 0;
  for (const Case& c : {Case{"lognormal", 1, 2, 0, false, false}, Case{"random_beta", 2, 2, 1, false, false},
                        Case{"beta", 3, 2, 0, true, false}, Case{"log_poisson", 2, 4, 0, false, true},
                        Case{"beta", 2, 2, 0, false, true}}) {
    CAPTURE(c.model, c.D, c.q, c.degree, c.active, c.shifted);
    const auto cascade = cascade_of(c.model, c.D);
    const DrivenSetting setting = setting_of(c.D, c.q, c.degree, c.active);
    const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
    const DrivenCounts counts = count_for_data(source, setting, 1);
    std::array<core::Coordinate, 3> shift{};
    if (c.shifted)
      shift = {0x123456789abcdef0u, 0xfedcba9876543210u, 0x0f1e2d3c4b5a6978u};
    DrivenCells cells(source(3), setting, counts, core::Block{1, 2, 3, 4}, shift);
    DrivenThresholds thresholds;
    thresholds.top = static_cast<int>(std::ceil(std::log2(cells.root().least))) + 1;
    DrivenSums truth(0);
    for (thresholds.count = 20; truth.pieces().empty() || truth.pieces().back() < 4000; thresholds.count += 8) {
      truth = DrivenSums(thresholds.count);
      driven_enumeration(cells, thresholds, truth);
    }
    thresholds.count -= 8;
    const auto pieces = truth.pieces();
    CHECK(truth.unsplit().back() == 0);
    const auto count = static_cast<std::size_t>(thresholds.count);
    std::vector<test::Sample> n(count), loss(count);
    for (std::uint64_t run = 0; run < 300; ++run) {
      DrawStream stream(7, 0, run, DrawPurpose{6});
      DrivenSums sums(thresholds.count);
      driven_run(cells, thresholds, 4, stream, sums);
      const auto found = sums.pieces();
      for (std::size_t i = 0; i < count; ++i) {
        n[i].add(found[i]);
        loss[i].add(sums.loss[i]);
      }
    }
    for (std::size_t i = count / 2; i < count; i += 6) {
      CAPTURE(i, pieces[i], n[i].mean(), truth.loss[i], loss[i].mean());
      CHECK(std::abs(n[i].z(pieces[i])) < 4.5);
      CHECK(std::abs(loss[i].z(truth.loss[i])) < 4.5);
      far += std::abs(n[i].z(pieces[i])) > 2 ? 1 : 0;
      ++all;
    }
    // As many kept as there are: the enumeration itself.
    DrawStream stream(7, 0, 0, DrawPurpose{6});
    DrivenSums whole(thresholds.count);
    driven_run(cells, thresholds, 1 << 20, stream, whole);
    CHECK(whole.pieces().back() == pieces.back());
    CHECK(whole.loss.back() == Approx(truth.loss.back()).epsilon(1e-10));
    // A run that ends at so many pieces is the beginning of one that goes on, bit for bit.
    DrawStream one(7, 0, 1, DrawPurpose{6}), other(7, 0, 1, DrawPurpose{6});
    DrivenSums all_of_it(thresholds.count), beginning(thresholds.count);
    const double enough = pieces[count / 2];
    driven_run(cells, thresholds, 4, one, all_of_it);
    driven_run(cells, thresholds, 4, other, beginning, enough);
    const auto long_run = all_of_it.pieces(), short_run = beginning.pieces();
    std::size_t end = 0;
    while (end < count && long_run[end] <= enough)
      ++end;
    REQUIRE(end < count - 4);
    for (std::size_t i = 0; i <= end; ++i)
      CHECK(short_run[i] == long_run[i]);
    CHECK(short_run.back() < long_run.back());
    // The leaves tile the volume, and their losses add up to the mean error: falling with the threshold.
    if (!c.active)
      CHECK(std::fmod(pieces.back() - 1, std::exp2(c.D) - 1) == 0);
    CHECK(truth.loss.back() < truth.loss[count / 2]);
  }
  CHECK(far < all / 5);
}

TEST_CASE("Levels by population are the losses of uniform partitions, without bias", "[driven]") {
  const auto cascade = cascade_of("lognormal", 2);
  const DrivenSetting setting = setting_of(2, 2, 0, false);
  const DrivenCounts none;
  DrivenCells cells(cascade.sample(5), setting, none, core::Block{5, 6, 7, 8}, {});
  std::vector<double> truth;
  {
    DrawStream stream(1, 0, 0, DrawPurpose{6});
    truth = driven_levels(cells, 5, 1 << 20, stream);
  }
  std::vector<test::Sample> found(truth.size());
  for (std::uint64_t run = 0; run < 400; ++run) {
    DrawStream stream(1, 1, run, DrawPurpose{6});
    const auto loss = driven_levels(cells, 5, 8, stream);
    for (std::size_t j = 0; j < loss.size(); ++j)
      found[j].add(loss[j]);
  }
  for (std::size_t j = 0; j < truth.size(); ++j)
    CHECK(std::abs(found[j].z(truth[j])) < 4);
}

TEST_CASE("Error-driven exponents are those of equation (29), not of the uniform partition", "[driven][slow]") {
  struct Case {
    const char* model;
    int D;
    double q, adaptive, uniform;
  };
  for (const Case& c : {Case{"random_beta", 1, 2, .7824, .7044}, Case{"lognormal", 2, 4, .6840, .6389},
                        Case{"p_model", 2, 2, .3542, .3469}}) {
    CAPTURE(c.model, c.D, c.q);
    const auto cascade = cascade_of(c.model, c.D);
    const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
    const Tables t =
        measured(source, subject_of(c.D, 24, false), asked(c.q, 0, "volume", 4, 34), core::Communicator::self());
    const std::string name = c.q == 2 ? "driven/0/2/volume_" : "driven/0/4/volume_";
    DrivenFitSetting fit;
    fit.dimensions = c.D;
    fit.generation = c.D;
    fit.smooth_order = c.q;
    fit.lowest = c.D == 1 ? 10 : 12;
    const auto alpha =
        fit_driven(table_of(t, name + "pieces"), table_of(t, name + "loss"), table_of(t, name + "forced"), fit);
    CAPTURE(alpha.exponent, alpha.standard_error);
    CHECK(alpha.standard_error < 0.02 * c.adaptive);
    CHECK(std::abs(alpha.exponent - c.adaptive) < 4 * alpha.standard_error);
    CHECK(std::abs(alpha.exponent - c.uniform) > 3 * alpha.standard_error);
    CHECK(alpha.octaves > 15);
  }
}

TEST_CASE("On data that live on the active set 2h/d comes out without being told d", "[driven][slow]") {
  const double d = 1.6, h = 0.2;
  const auto cascade = cascade_of("beta", 2, d, h);
  const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
  const Tables t = measured(source, subject_of(2, 24, true), asked(2, 1, "active", 4, 32), core::Communicator::self());
  DrivenFitSetting fit;
  fit.dimensions = 2;
  fit.generation = d; // the width of a box only
  fit.smooth_order = 4;
  fit.lowest = 12;
  const auto alpha = fit_driven(table_of(t, "driven/1/2/active_pieces"), table_of(t, "driven/1/2/active_loss"),
                                table_of(t, "driven/1/2/active_forced"), fit);
  CAPTURE(alpha.exponent, alpha.standard_error);
  CHECK(alpha.standard_error < 0.004);
  CHECK(std::abs(alpha.exponent - 2 * h / d) < 4 * alpha.standard_error);
  CHECK(std::abs(alpha.exponent - 2 * h / 2) > 5 * alpha.standard_error); // the uniform partition
}

TEST_CASE("Refinement of the volume sees no tree: one that lies changes not a bit", "[driven]") {
  const auto cascade = cascade_of("beta", 2, 1.6, 0.3);
  const core::PointSource honest = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
  const core::PointSource liar = [&](int r) {
    core::PointSample sample = cascade.sample(static_cast<std::uint64_t>(r));
    sample.tree = std::make_shared<AllAlive>(sample.tree);
    return sample;
  };
  const auto self = core::Communicator::self();
  const Subject subject = subject_of(2, 4, true);
  const Tables a = measured(honest, subject, asked(2, 0, "volume", 1, 20), self),
               b = measured(liar, subject, asked(2, 0, "volume", 1, 20), self);
  REQUIRE(a.size() == 3);
  for (const auto& [name, table] : a) {
    CHECK(test::same_bits(table.mean(), b.at(name).mean()));
    CHECK(table.x == b.at(name).x);
  }
  // The data of an active average are the tree's to say: there the lie is seen.
  const Tables c = measured(honest, subject, asked(2, 0, "active", 1, 20), self),
               e = measured(liar, subject, asked(2, 0, "active", 1, 20), self);
  CHECK_FALSE(test::same_bits(c.at("driven/0/2/active_loss").mean(), e.at("driven/0/2/active_loss").mean()));
}

TEST_CASE("N is cut where the field ends, and a field too short says so", "[driven]") {
  const auto cascade = cascade_of("lognormal", 1);
  const core::PointSource source = [&](int r) {
    core::PointSample sample = cascade.sample(static_cast<std::uint64_t>(r));
    return sample;
  };
  Subject subject = subject_of(1, 4, false);
  subject.levels = 16;
  const Tables t = measured(source, subject, asked(2, 0, "volume", 1, 34), core::Communicator::self());
  const BlockTable &pieces = t.at("driven/0/2/volume_pieces"), &forced = t.at("driven/0/2/volume_forced");
  CHECK(clean_limit(pieces, forced) < 11); // cells of level 10 at most
  CHECK(clean_limit(pieces, forced) > 3);
  DrivenFitSetting fit;
  CHECK_THROWS_WITH(fit_driven(pieces, t.at("driven/0/2/volume_loss"), forced, fit),
                    Catch::Matchers::Contains("N is clean up to 2^"));
}

TEST_CASE("Error-driven partitions do not depend on the ranks", "[driven][mpi]") {
  const auto cascade = cascade_of("beta", 2, 1.7, 0.3);
  const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
  const Subject subject = subject_of(2, 3, true);
  for (const char* average : {"volume", "active"}) {
    const Tables a = measured(source, subject, asked(2, 0, average, 2, 18), core::Communicator::world()),
                 b = measured(source, subject, asked(2, 0, average, 2, 18), core::Communicator::self());
    for (const auto& [name, table] : a) {
      const BlockTable& other = b.at(name);
      CHECK(table.x == other.x);
      for (std::size_t tree = 0; tree < table.blocks(); ++tree)
        CHECK(test::same_bits(table.sum[tree], other.sum[tree]));
    }
  }
}
