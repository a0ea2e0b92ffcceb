// Error-driven partitions of the active set whose cells are not the tree's, and trees that lie.

#include "analysis/approximation/driven_alphas.hpp"
#include "analysis/approximation/driven_fit.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace cascade;
using namespace cascade::analysis;

namespace {

solvers::MultiplicativeCascade beta_cascade(int D, double d, double h) {
  solvers::MultiplicativeCascadeParameters p;
  p.model = "beta";
  p.embedding_dimension = D;
  p.points = 0;
  p.dimension = d;
  p.hurst = h;
  return {p, 1};
}

/// alpha of degree `degree`, loss power 2, active average.
ExponentFit active_alpha(const core::PointSource& source, int D, double d, int degree, const std::string& origin,
                         int trees, int runs) {
  Subject s;
  s.dimensions = D;
  s.levels = s.sampling.levels = 48;
  s.activity = true;
  s.alive = AliveCells::walked;
  s.sampling.trees = trees;
  ApproximationSettings a;
  a.degrees = {degree};
  a.loss_powers = {2};
  a.averages = {"active"};
  a.partitions = {"adaptive"};
  a.origin = origin;
  a.runs = runs;
  a.pieces = 28;
  Tables tables;
  measure_driven(a, source, s, Batch{0, trees, core::Communicator::self()}, tables);
  DrivenFitSetting fit;
  fit.dimensions = D;
  fit.generation = d; // the width of a box only
  fit.smooth_order = 2 * (degree + 1);
  fit.lowest = D == 1 ? 10 : 12;
  const std::string name = "driven/" + std::to_string(degree) + "/2/active_";
  return fit_driven(table_of(tables, name + "pieces"), table_of(tables, name + "loss"),
                    table_of(tables, name + "forced"), fit);
}

/// Says of half of the dead cells that they are alive, for three generations: nothing happens in them.
class Ghosts final : public core::ActiveTree {
public:
  explicit Ghosts(std::shared_ptr<const core::ActiveTree> tree) : tree_(std::move(tree)) {}
  int dimensions() const override { return tree_->dimensions(); }
  int depth() const override { return tree_->depth(); }
  core::Block root() const override { return tree_->root(); }
  void children(const core::Block& key, std::span<core::Block> keys, std::span<std::uint8_t> alive) const override {
    if (key[0] == marked && key[1] == marked) { // a ghost of so many generations
      std::fill(alive.begin(), alive.end(), static_cast<std::uint8_t>(key[2] > 1 ? 1 : 0));
      std::fill(keys.begin(), keys.end(), core::Block{marked, marked, key[2] - 1, 0});
      return;
    }
    tree_->children(key, keys, alive);
    for (std::size_t c = 0; c < alive.size(); ++c)
      if (alive[c] == 0 && (keys[c][1] & 1u) != 0) {
        alive[c] = 1;
        keys[c] = {marked, marked, 3, 0};
      }
  }
  void depth_at(std::span<const core::Coordinate> points, int limit, std::span<int> depth) const override {
    tree_->depth_at(points, limit, depth);
  }

private:
  static constexpr std::uint32_t marked = 0xffffffffu;
  std::shared_ptr<const core::ActiveTree> tree_;
};

} // namespace

TEST_CASE("Cells of a moved partition share out all data, once", "[driven]") {
  for (const int D : {1, 2, 3}) {
    const auto cascade = beta_cascade(D, 0.9 * D, 0.3);
    DrivenSetting setting;
    setting.dimensions = D;
    setting.active = true;
    setting.levels = 24;
    choose_lattice(setting);
    const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
    const DrivenCounts counts = count_for_data(source, setting, 1);
    const std::array<core::Coordinate, 3> shift{0x123456789abcdef0u, 0xfedcba9876543210u, 0x8000000000000000u};
    DrivenCells aligned(source(2), setting, counts, core::Block{1, 2, 3, 4}, {}),
        moved(source(2), setting, counts, core::Block{1, 2, 3, 4}, shift);
    std::vector<DrivenCell> here{aligned.root()}, there{moved.root()};
    for (int level = 0; level < 4; ++level) {
      double whole = 0, parts = 0;
      std::vector<DrivenCell> here_next, there_next;
      for (const DrivenCell& cell : here) {
        whole += aligned.share(cell);
        const auto& children = aligned.children(cell);
        here_next.insert(here_next.end(), children.begin(), children.end());
      }
      for (const DrivenCell& cell : there) {
        parts += moved.share(cell);
        const auto& children = moved.children(cell);
        there_next.insert(there_next.end(), children.begin(), children.end());
      }
      CAPTURE(D, level);
      REQUIRE(whole > 0);
      CHECK(parts == Approx(whole).epsilon(1e-12));
      CHECK(there.size() >= here.size()); // a moved cell touches several alive ones, and an alive one several of them
      here = std::move(here_next);
      there = std::move(there_next);
    }
  }
}

TEST_CASE("Where the origin of the partition lies does not matter to the exponent", "[driven][slow]") {
  struct Case {
    int D;
    double d, h;
    int degree, trees;
  };
  for (const Case& c : {Case{1, 0.8, 0.3, 0, 32}, Case{2, 1.6, 0.3, 1, 24}}) {
    const auto cascade = beta_cascade(c.D, c.d, c.h);
    const core::PointSource source = [&](int r) { return cascade.sample(static_cast<std::uint64_t>(r)); };
    const ExponentFit alpha = active_alpha(source, c.D, c.d, c.degree, "random", c.trees, 2);
    CAPTURE(c.D, alpha.exponent, alpha.standard_error);
    CHECK(alpha.standard_error < 0.02 * 2 * c.h / c.d);
    CHECK(std::abs(alpha.exponent - 2 * c.h / c.d) < 4 * alpha.standard_error);
    CHECK(std::abs(alpha.exponent - 2 * c.h / c.D) > 4 * alpha.standard_error); // the uniform partition's
    CHECK(alpha.octaves > 12);
  }
}

TEST_CASE("A tree that takes dead cells for alive ones does not change the exponent", "[driven][slow]") {
  const double d = 1.6, h = 0.3;
  const auto cascade = beta_cascade(2, d, h);
  const core::PointSource liar = [&](int r) {
    core::PointSample sample = cascade.sample(static_cast<std::uint64_t>(r));
    sample.tree = std::make_shared<Ghosts>(sample.tree);
    return sample;
  };
  // Half of the data are moved to where nothing happens: pieces are not, because errors decide.
  const ExponentFit alpha = active_alpha(liar, 2, d, 1, "aligned", 24, 2);
  CAPTURE(alpha.exponent, alpha.standard_error);
  CHECK(alpha.standard_error < 0.02 * 2 * h / d);
  CHECK(std::abs(alpha.exponent - 2 * h / d) < 4 * alpha.standard_error);
}
