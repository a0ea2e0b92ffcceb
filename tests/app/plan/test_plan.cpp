#include "app/plan/fit.hpp"
#include "app/plan/plan_text.hpp"
#include "app/plan/work_unit.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace cascade;
using app::Machine;
using app::RunPlan;

namespace {

constexpr std::int64_t gib = std::int64_t{1} << 30;

app::RunConfig config(const std::string& text) {
  return app::load_config(app::parse_input({"in.yaml", text, {}, false}));
}

Machine machine(int ranks, std::int64_t bytes = 64 * gib) {
  return {ranks, ranks, bytes, "a test"};
}

RunPlan plan(const std::string& text, const Machine& m) {
  return app::make_plan(config(text), m);
}

} // namespace

TEST_CASE("bytes of a field are those of its largest box", "[run_plan]") {
  const RunPlan one = plan("field: {generator: beta_cascade, points: 64}", machine(1));
  CHECK(one.field_bytes_per_rank == 64 * 64 * 64 * 8);
  const RunPlan three = plan("field: {generator: beta_cascade, points: 64}", machine(3));
  CHECK(three.field_bytes_per_rank == 22 * 64 * 64 * 8); // 64 planes over 3 ranks: 22, 21, 21
  const RunPlan many = plan("field: {generator: beta_cascade, points: 16}", machine(40));
  CHECK(many.decomposition->ranks() == 40); // pencils, some empty
  CHECK(many.field_bytes_per_rank > 0);
}

TEST_CASE("no stage of a large grid needs more than three fields a rank, blind exponents and exchanges one more each",
          "[run_plan]") {
  for (const char* text :
       {"field: {generator: beta_cascade, points: 1024}", "field: {generator: gaussian, points: 1024}",
        "field: {generator: gaussian, embedding_dimension: 2, points: 16384}"})
    for (const int ranks : {1, 2, 3, 5, 64}) {
      const RunPlan p = plan(text, machine(ranks, 64 * 64 * gib));
      // Two of the three may be spectral: n/2 + 1 complex numbers a line instead of n real ones, split on their own.
      std::int64_t copy = p.field_bytes_per_rank;
      for (int rank = 0; rank < ranks; ++rank)
        copy = std::max(copy, 16 * p.decomposition->spectral_box(rank).size());
      constexpr std::int64_t line_buffers = 16 << 20; // lines of the transform, sums, tables: no share of the field
      INFO(text << " at " << ranks);
      for (const app::PlanStage& stage : p.stages)
        if (stage.name.find("sampled") == std::string::npos) { // buffers of a fixed size, whatever the field
          const int copies =
              (stage.name.find("blind") == std::string::npos ? 2 : 3) // of modes filtered again and again
              + (ranks > 1 ? 1 : 0);                                  // what is sent and what comes
          const std::int64_t activity = p.field_bytes_per_rank / 8;   // a byte a point, kept to the end
          CAPTURE(stage.name);
          CHECK(stage.bytes_per_rank <= p.field_bytes_per_rank + copies * copy + activity + line_buffers);
        }
    }
}

TEST_CASE("in one dimension ranks share out realisations", "[run_plan]") {
  const RunPlan p =
      plan("run: {realisations: 16}\nfield: {generator: gaussian, embedding_dimension: 1, points: 65536}", machine(5));
  CHECK(p.groups == 5);
  CHECK(p.group_size == 1);
  CHECK(p.decomposition->ranks() == 1);
  CHECK(p.field_bytes_per_rank == 65536 * 8);
}

TEST_CASE("a field without a grid has no decomposition, one without points no samples", "[run_plan]") {
  const RunPlan points_only = plan("field: {generator: beta_cascade, points: 0}", machine(2));
  CHECK_FALSE(points_only.decomposition);
  CHECK(points_only.subject.sampling.levels >= 24);
  CHECK(points_only.subject.sampling.scales <= points_only.subject.sampling.levels);
  CHECK(plan("field: {generator: gaussian, points: 64}", machine(2)).subject.sampling.levels == 0);
}

TEST_CASE("the input's own sample sizes are taken", "[run_plan]") {
  const RunPlan p = plan("field: {generator: beta_cascade, points: 0}\nsampling: {trees: 17, pairs: 100, cells: 50, "
                         "scales: 9, lattice: 3}",
                         machine(1));
  CHECK(p.subject.sampling.trees == 17);
  CHECK(p.subject.sampling.pairs == 100);
  CHECK(p.subject.sampling.cells == 50);
  CHECK(p.subject.sampling.scales == 9);
  CHECK(p.subject.sampling.lattice == 3);
}

TEST_CASE("a grid beyond the memory is refused at its key, with what would fit", "[run_plan]") {
  const auto refusal = [](int ranks_per_node, std::int64_t node_bytes) {
    try {
      plan("field:\n  generator: beta_cascade\n  points: 1024\n", {4, ranks_per_node, node_bytes, "a test"});
    } catch (const core::Error& error) {
      CHECK(error.code() == core::ExitCode::bad_input);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal(4, 64 * gib).empty()); // 8 GiB of field
  CHECK(refusal(1, 12 * gib).empty()); // 2 GiB of field on each of four nodes
  const std::string message = refusal(4, 8 * gib);
  CHECK(message.find("in.yaml:3:11: field.points: 1024 needs ") == 0);
  CHECK(message.find("2.0 GiB are available (a test, 4 ranks on this node)") != std::string::npos);
  CHECK(message.find("field.points: 512 would need ") != std::string::npos);
}

TEST_CASE("stages that are off cost nothing and are not planned", "[run_plan]") {
  const RunPlan p =
      plan("field: {generator: gaussian, points: 64}\nanalysis: {}\napproximation: {enabled: false}", machine(1));
  REQUIRE(p.stages.size() == 2);
  CHECK(p.stages[0].name == "field");
  CHECK(p.stages[1].name == "report");
}

TEST_CASE("realisations are dealt to as many groups as the memory allows, or as asked", "[run_plan]") {
  const auto groups = [](const std::string& run, int ranks, std::int64_t bytes) {
    const RunPlan p =
        plan("run: " + run + "\nfield: {generator: beta_cascade, points: 128}\nsampling: {enabled: false}",
             machine(ranks, bytes));
    return std::pair(p.groups, p.group_size);
  };
  constexpr std::int64_t field = 128 * 128 * 128 * 8; // a rank alone needs up to three of them
  using Pair = std::pair<int, int>;
  CHECK(groups("{realisations: 64}", 8, 64 * gib) == Pair{8, 1});
  CHECK(groups("{realisations: 3}", 8, 64 * gib) == Pair{3, 2}); // 3, 3 and 2 ranks
  CHECK(groups("{realisations: 1}", 8, 64 * gib) == Pair{1, 8});
  CHECK(groups("{realisations: 64}", 8, 20 * field) == Pair{2, 4}); // two and a half fields' bytes a rank
  CHECK(groups("{realisations: 64, group_size: 4}", 8, 64 * gib) == Pair{2, 4});
  CHECK(groups("{realisations: 64, group_size: 5}", 8, 64 * gib) == Pair{1, 8});
  CHECK(groups("{realisations: 64, group_size: 100}", 8, 64 * gib) == Pair{1, 8});
  CHECK_THROWS_WITH(groups("{realisations: 64, group_size: 1}", 8, 20 * field),
                    Catch::Contains("run.group_size: 4 would need"));
  CHECK_THROWS_WITH(
      plan("run: {group_size: 2}\nfield: {generator: gaussian, embedding_dimension: 1, points: 64}", machine(4)),
      Catch::Contains("in.yaml:1:19: run.group_size") && Catch::Contains("allowed: 1"));
  // No stage of a group needs more than the plan says it may.
  const app::RunConfig c =
      config("run: {realisations: 64}\nfield: {generator: beta_cascade, points: 128}\nsampling: {enabled: false}");
  const RunPlan p = app::make_plan(c, machine(8, 20 * field));
  CHECK(p.peak_bytes_per_rank <= 20 * field / 8);
  CHECK(app::to_text(p, c, "x").find("2 groups of 4 ranks") != std::string::npos);
}

TEST_CASE("work units are the same at any rank count, and parts share all of them out", "[run_plan]") {
  const app::RunConfig c = config("run: {realisations: 3}\nfield: {generator: beta_cascade, points: 64}\n"
                                  "sampling: {trees: 36}\n");
  const auto units = app::work_units(c, app::make_plan(c, machine(1)));
  const auto elsewhere = app::work_units(c, app::make_plan(c, machine(5)));
  std::vector<std::string> names;
  for (const app::WorkUnit& unit : units)
    names.push_back(unit.name());
  CHECK(names == std::vector<std::string>{"grid-0000", "grid-0001", "grid-0002", "points-0000", "points-0008",
                                          "points-0016", "points-0024", "points-0032"});
  CHECK(units.back().count == 4);
  REQUIRE(elsewhere.size() == units.size());
  for (std::size_t k = 0; k < units.size(); ++k) {
    CHECK(elsewhere[k].name() == names[k]);
    int owners = 0;
    for (std::int64_t i = 1; i <= 4; ++i)
      owners += app::Part{i, 4}.has(k) ? 1 : 0;
    CHECK(owners == 1);
  }
  CHECK(app::Part{2, 4}.has(1));
}

TEST_CASE("the printed plan names what a reader decides by", "[run_plan]") {
  const app::RunConfig c = config("field: {generator: beta_cascade, points: 64}");
  const std::string text = app::to_text(app::make_plan(c, machine(4)), c, "results/x");
  for (const char* part :
       {"4 x 1 (slabs)", "64^3 points", "peak ", "point view", "results/x (nothing was written)", "spectrum"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("what a step holds is the sum of named parts, the program's first", "[run_plan]") {
  Machine m = machine(1);
  m.base_bytes = 40 << 20;
  const RunPlan p = plan("field: {generator: beta_cascade, points: 64}", m);
  REQUIRE(p.stages.size() > 4);
  for (const app::PlanStage& stage : p.stages) {
    CAPTURE(stage.name);
    REQUIRE_FALSE(stage.memory.empty());
    CHECK(stage.memory.front().name == "program and libraries");
    CHECK(stage.bytes_per_rank == static_cast<std::int64_t>(core::total_bytes(stage.memory)));
    CHECK(stage.bytes_per_rank <= p.peak_bytes_per_rank);
    for (const core::MemoryPart& part : stage.memory) {
      CHECK_FALSE(part.name.empty());
      CHECK(part.bytes >= 0);
    }
  }
}

TEST_CASE("sizes beyond all numbers are planned as what they are", "[run_plan]") {
  const app::RunConfig huge = config("field: {generator: beta_cascade, embedding_dimension: 10, profile: product}\n"
                                     "sampling: {lattice: 64}\n");
  const RunPlan p = app::lay_out(huge, machine(1));
  CHECK(p.peak_bytes_per_rank == std::int64_t{1} << 62);
  CHECK_FALSE(app::fits(p));
  CHECK_THROWS_WITH(app::make_plan(huge, machine(1)),
                    Catch::Contains("in.yaml:2:21: sampling.lattice: 64 needs 4.0 EiB") &&
                        Catch::Contains(" would need "));
}

TEST_CASE("a refusal gives the largest value that fits, and nothing larger does", "[run_plan]") {
  const std::string text = "field: {generator: beta_cascade, embedding_dimension: 6}\nsampling: {lattice: ";
  const Machine small = machine(1, std::int64_t{128} << 20);
  std::string said;
  try {
    plan(text + "20}\n", small);
  } catch (const app::DoesNotFit& error) {
    said = error.what();
  }
  const std::string key = "sampling.lattice: ";
  const std::size_t at = said.rfind(key);
  REQUIRE(at != std::string::npos);
  const int largest = std::stoi(said.substr(at + key.size()));
  CAPTURE(said);
  CHECK(app::fits(app::lay_out(config(text + std::to_string(largest) + "}\n"), small)));
  CHECK_FALSE(app::fits(app::lay_out(config(text + std::to_string(largest + 1) + "}\n"), small)));
}

TEST_CASE("bytes in words", "[run_plan]") {
  CHECK(app::format_bytes(512) == "512 B");
  CHECK(app::format_bytes(1536) == "1.5 KiB");
  CHECK(app::format_bytes(3 * gib) == "3.0 GiB");
}

TEST_CASE("every rank sees the same machine", "[run_plan][mpi]") {
  const core::Communicator world = core::Communicator::world();
  const Machine m = app::describe_machine(world);
  CHECK(m.ranks == world.size());
  CHECK(m.ranks_per_node == world.size()); // one node here
  std::vector<std::int64_t> largest{m.node_bytes}, smallest{-m.node_bytes};
  world.max(std::span<std::int64_t>(largest));
  world.max(std::span<std::int64_t>(smallest));
  CHECK(largest[0] == -smallest[0]);
  CHECK(m.node_bytes > 0);
}
