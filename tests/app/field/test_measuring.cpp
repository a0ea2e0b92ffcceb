// Measuring in units: the same bits for any grouping of the ranks, from parts, and from a damaged store.
#include "app/field/measuring.hpp"
#include "app/field/unit_meter.hpp"
#include "app/store/unit_identity.hpp"
#include "core/ranks/stop_signals.hpp"
#include "core/talk/errors.hpp"
#include "tests/app/tiny_runs.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace cascade;
using analysis::View;
using app::MeasuredUnits;
using app::Part;
using app::RunConfig;
using app::UnitStore;
using core::Communicator;

namespace {

const std::string lines = R"(
run: {seed: 2, realisations: 9}
field: {generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 256, virtual_levels: 10}
analysis: {structure_function: {orders: [2]}, spectrum: {}, box_counting: {thresholds: [1]}}
approximation: {degrees: [1], loss_powers: [2], pieces: 16}
sampling: {trees: 20, pairs: 64, cells: 32}
)";

/// Blocks within each realisation; thresholds; a random origin that differs from field to field.
const std::string squares = R"(
run: {seed: 4, realisations: 5}
field: {generator: beta_cascade, embedding_dimension: 2, dimension: 1.7, hurst: 0.3, points: 32, virtual_levels: 10}
analysis: {structure_function: {orders: [2]}, spectrum: {}, box_counting: {}}
approximation: {degrees: [1, 0], loss_powers: [2], partitions: [uniform, adaptive, oracle], averages: [volume, active], origin: random, pieces: 16}
sampling: {trees: 33, pairs: 32, cells: 16}
)";

/// One block a realisation, no point view.
const std::string gaussian = R"(
run: {seed: 4, realisations: 9}
field: {generator: gaussian, embedding_dimension: 2, hurst: 0.4, points: 32}
analysis: {structure_function: {orders: [2]}, spectrum: {}}
approximation: {degrees: [0], loss_powers: [2, 4], averages: [volume], pieces: 16}
)";

app::RunPlan plan_of(const RunConfig& config, const Communicator& ranks) {
  return app::make_plan(config, {ranks.size(), ranks.size(), std::int64_t{64} << 30, "a test"});
}

MeasuredUnits measure(const RunConfig& config, const Communicator& ranks, const UnitStore* store = nullptr,
                      std::string* log = nullptr) {
  core::Progress progress(core::Progress::Style::silent);
  MeasuredUnits result = app::measure(config, plan_of(config, ranks), *config.make_generator(), ranks, progress, store);
  if (log != nullptr)
    *log = progress.log();
  return result;
}

void measure_part(const RunConfig& config, const Communicator& ranks, const UnitStore& store, const Part& part) {
  core::Progress progress(core::Progress::Style::silent);
  app::measure_part(config, plan_of(config, ranks), *config.make_generator(), ranks, progress, store, part);
}

const analysis::BlockTable& table_of(const analysis::TableSet& all, View view, const char* measurement,
                                     const char* name) {
  return analysis::table_of(analysis::tables_of(all, view, measurement), name);
}

/// Tables measured by rank 0 alone, one unit after the other.
std::string alone(const RunConfig& config, const Communicator& world) {
  std::string bytes;
  if (world.rank() == 0)
    bytes = analysis::to_bytes(measure(config, Communicator::self()).tables);
  return world.broadcast(bytes, 0);
}

/// Ranks on which something is wrong.
std::int64_t wrong_on(const Communicator& world, bool wrong) {
  std::int64_t count[] = {wrong ? 1 : 0};
  world.sum(std::span<std::int64_t>(count));
  return count[0];
}

} // namespace

TEST_CASE("Any grouping of the ranks gives the same tables and the same last field, bit for bit",
          "[measure][mpi][slow]") {
  const auto world = Communicator::world();
  for (const std::string& input : {lines, squares, gaussian}) {
    RunConfig config = test::config_of(input);
    const std::string expected = alone(config, world);
    const bool cut = config.field->shape().dimensions > 1;
    for (int size = 1; size <= (cut ? world.size() : 1); ++size) {
      config.run.group_size = size;
      CAPTURE(input, size);
      const app::RunPlan plan = plan_of(config, world);
      CHECK(plan.groups == std::min<std::int64_t>(world.size() / size, config.realisations()));
      const MeasuredUnits measured = measure(config, world);
      CHECK(wrong_on(world, analysis::to_bytes(measured.tables) != expected) == 0);
      CHECK(measured.last.has_value() == cut);
      if (measured.last) {
        const auto last = config.make_generator()->grid()->sample(
            *plan.decomposition, world, static_cast<std::uint64_t>(config.realisations() - 1));
        CHECK(wrong_on(world, !test::same_bits(measured.last->field.component(0), last.field.component(0))) == 0);
      }
    }
  }
}

TEST_CASE("Block b is tree b, and realisation b where there are many", "[measure]") {
  const auto self = Communicator::self();
  core::Progress progress(core::Progress::Style::silent);
  // Adaptive partitions would have the thresholds of realisation 0.
  const RunConfig config = test::config_of(lines, {{"approximation.partitions", "[uniform]", ""}});
  const auto generator = config.make_generator();
  const app::RunPlan plan = plan_of(config, self);
  const analysis::TableSet all = measure(config, self).tables;
  const app::UnitMeter meter(config, plan, *generator, progress);
  const auto same_block = [&](const analysis::TableSet& one, std::size_t b) {
    REQUIRE_FALSE(one.empty());
    for (const auto& [key, tables] : one)
      for (const auto& [name, table] : tables) {
        CAPTURE(key, name, b);
        if (all.at(key).at(name).blocks() > 20) { // blocks of space within every realisation
          const std::size_t parts = table.blocks();
          for (std::size_t i = 0; i < parts; ++i)
            CHECK(test::same_bits(all.at(key).at(name).sum.at(b * parts + i), table.sum[i]));
          continue;
        }
        REQUIRE(table.blocks() == 1);
        CHECK(test::same_bits(all.at(key).at(name).sum.at(b), table.sum[0]));
        CHECK(test::same_bits(all.at(key).at(name).weight.at(b), table.weight[0]));
      }
  };
  for (const int tree : {0, 1, 7, 8, 15, 16, 19})
    same_block(meter.measure_points({View::points, tree, 1}, self), static_cast<std::size_t>(tree));
  for (const int r : {0, 5, 8})
    same_block(meter.measure_grid(meter.make_field(r, self), r, nullptr, self), static_cast<std::size_t>(r));
  CHECK(table_of(all, View::points, "box_counting", "cells").blocks() == 20);
  CHECK(table_of(all, View::grid, "approximation", "uniform/1/2/volume").blocks() == 9);
}

TEST_CASE("Parts, in any order and in folders of their own, hold the units of the whole run", "[measure][mpi][slow]") {
  const auto world = Communicator::world();
  for (const std::string& input : {lines, squares}) {
    const RunConfig config = test::config_of(input);
    const app::RunPlan plan = plan_of(config, world);
    const auto units = app::work_units(config, plan);
    const std::string expected = alone(config, world), identity = app::identity_text(config, plan);
    const test::Scratch scratch(world);
    UnitStore first(scratch.path() / "a", identity, world);
    const UnitStore second(scratch.path() / "b", identity, world);
    measure_part(config, world, second, {2, 2}); // without unit 0, whose refinement thresholds it needs
    measure_part(config, world, first, {1, 2});
    world.barrier();
    CHECK(UnitStore::count_units(scratch.path() / "a") + UnitStore::count_units(scratch.path() / "b") ==
          static_cast<std::int64_t>(units.size()));
    first.read_also(scratch.path() / "b", world);
    std::string log;
    const MeasuredUnits measured = measure(config, world, &first, &log);
    CHECK(wrong_on(world, analysis::to_bytes(measured.tables) != expected) == 0);
    CHECK(wrong_on(world, world.rank() == 0 && log.find(std::to_string(units.size()) + " of ") == std::string::npos) ==
          0);

    // They really are taken from the folders: false tables come out as they were put in.
    if (world.rank() == 0)
      first.save(units[1].name(), analysis::to_bytes({{"grid/box_counting", {{"cells", {{1}, {{7}}, {{1}}, {1}}}}}}));
    world.barrier();
    bool thrown = false;
    try {
      thrown = analysis::to_bytes(measure(config, world, &first).tables) != expected;
    } catch (const std::exception&) {
      thrown = true; // the abscissas differ
    }
    CHECK(wrong_on(world, !thrown) == 0);
  }
}

TEST_CASE("A damaged unit is noticed, said and measured again", "[measure][mpi]") {
  const auto world = Communicator::world();
  const RunConfig config = test::config_of(squares);
  const app::RunPlan plan = plan_of(config, world);
  const test::Scratch scratch(world);
  const UnitStore store(scratch.path(), app::identity_text(config, plan), world);
  const std::string expected = analysis::to_bytes(measure(config, world, &store).tables);
  const auto file = [&](const char* name) { return scratch.path() / (std::string(name) + ".unit"); };
  if (world.rank() == 0) {
    std::fstream bit(file("grid-0000"), std::ios::in | std::ios::out | std::ios::binary);
    bit.seekg(-20, std::ios::end);
    const char old = static_cast<char>(bit.get());
    bit.seekp(-20, std::ios::end);
    bit.put(static_cast<char>(old ^ 1));
    bit.close();
    std::filesystem::resize_file(file("points-0016"), std::filesystem::file_size(file("points-0016")) - 8);
    std::filesystem::resize_file(file("points-0000"), 0);
    std::filesystem::rename(file("grid-0003"), file("grid-0002")); // whole, but not what its name says
  }
  world.barrier();
  std::string log;
  CHECK(wrong_on(world, analysis::to_bytes(measure(config, world, &store, &log).tables) != expected) == 0);
  if (world.rank() == 0)
    for (const char* name : {"grid-0000", "points-0016", "points-0000", "grid-0002"}) {
      CHECK(log.find(std::string("unit ") + name + " in ") != std::string::npos);
      CHECK(store.load(name).tables.has_value());
    }
  CHECK(log.find("grid-0001") == std::string::npos);
}

TEST_CASE("A unit of another configuration is no unit of this one, and a folder says which key differs", "[measure]") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const RunConfig config = test::config_of(squares);
  RunConfig other = test::config_of(squares);
  other.run.seed = 5;
  const std::string mine = app::identity_text(config, plan_of(config, self));
  const std::string theirs = app::identity_text(other, plan_of(other, self));
  const UnitStore store(scratch.path() / "a", mine, self), foreign(scratch.path() / "b", theirs, self);
  foreign.save("points-0000", "tables");
  std::filesystem::copy_file(scratch.path() / "b" / "points-0000.unit", scratch.path() / "a" / "points-0000.unit");
  CHECK(foreign.load("points-0000").tables == "tables");
  CHECK_FALSE(store.load("points-0000").tables);
  CHECK(store.load("points-0000").damaged);
  CHECK_FALSE(store.load("points-0016").damaged); // merely absent
  try {
    UnitStore(scratch.path() / "a", theirs, self);
    FAIL("two configurations in one folder");
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    CHECK_THAT(error.what(), Catch::Contains("run.seed: 4 before, 5 now") && Catch::Contains("--force"));
  }
  // What changes no number of a unit may change.
  other = config;
  other.run.group_size = 2;
  other.output.directory = "elsewhere";
  CHECK(app::identity_differences(mine, app::identity_text(other, plan_of(other, self))).empty());
  CHECK(app::identity_digest(mine) == app::identity_digest(app::identity_text(other, plan_of(other, self))));
  CHECK(app::identity_digest(mine) != app::identity_digest(theirs));
  // The identity alone leads back to the configuration.
  const RunConfig back = app::load_config(app::parse_input(app::input_from_identity(mine)));
  CHECK(app::identity_text(back, plan_of(back, self)) == mine);
}

TEST_CASE("A signal ends the measuring between units; what is finished is kept and used", "[measure][mpi]") {
  const auto world = Communicator::world();
  const RunConfig config = test::config_of(squares);
  const test::Scratch scratch(world);
  const UnitStore store(scratch.path(), app::identity_text(config, plan_of(config, world)), world);
  // The signal comes from within: the generator's second field raises it on the last rank only.
  class Raising final : public solvers::Generator, public solvers::GridView {
  public:
    Raising(std::unique_ptr<solvers::Generator> inner, bool raise) : inner_(std::move(inner)), raise_(raise) {}
    theory::LawPtr law() const override { return inner_->law(); }
    const solvers::GridView* grid() const override { return this; }
    const solvers::PointView* points() const override { return inner_->points(); }
    core::MemoryParts scratch_memory(const core::Decomposition& d) const override {
      return inner_->grid()->scratch_memory(d);
    }
    core::GridSample sample(const core::Decomposition& d, const Communicator& c, std::uint64_t r) const override {
      if (raise_ && r == 0)
        std::raise(SIGUSR1);
      return inner_->grid()->sample(d, c, r);
    }

  private:
    std::unique_ptr<solvers::Generator> inner_;
    bool raise_;
  };
  const Raising generator(config.make_generator(), world.rank() == world.size() - 1);
  core::Progress progress(core::Progress::Style::silent);
  core::ExitCode code = core::ExitCode::complete;
  std::string message;
  try {
    const core::StopSignals signals; // the program has it from its first moment
    app::measure(config, plan_of(config, world), generator, world, progress, &store);
  } catch (const core::Error& error) {
    code = error.code();
    message = error.what();
  }
  CHECK(wrong_on(world, code != core::ExitCode::stopped) == 0);
  CHECK(message.find("--resume") != std::string::npos);
  world.barrier();
  CHECK(UnitStore::count_units(scratch.path()) == 1);
  const core::StopSignals anew; // forgets the request
  const MeasuredUnits measured = measure(config, world, &store);
  CHECK(wrong_on(world, analysis::to_bytes(measured.tables) != alone(config, world)) == 0);
}
