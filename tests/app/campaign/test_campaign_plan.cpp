#include "app/campaign/plan.hpp"
#include "app/plan/fit.hpp"
#include "core/talk/errors.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace cascade;
using namespace cascade::app;

namespace {

Campaign campaign_of(const std::string& more) {
  const std::string text = "field: {generator: gaussian, embedding_dimension: 3, points: 64}\n" + more +
                           "sweep: {over: {field.hurst: [0.2, 0.3]}}\n";
  return load_campaign(parse_input({"c.yaml", text, {}, false}));
}

Machine machine_of(int ranks, std::int64_t bytes_a_rank) {
  return {ranks, 1, bytes_a_rank, "a test"};
}

std::string refusal(const Campaign& campaign, const Machine& machine) {
  try {
    plan_campaign(campaign, {}, machine);
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    return error.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("a case gets as many ranks as hold it", "[campaign]") {
  const Campaign campaign = campaign_of("");
  const std::int64_t need =
      make_plan(campaign.cases[0].config, machine_of(1, std::int64_t{1} << 40)).peak_bytes_per_rank;
  CHECK(plan_campaign(campaign, {}, machine_of(2, need)).phases.at(0).group_size == 1);
  CHECK(plan_campaign(campaign, {}, machine_of(2, need * 3 / 4)).phases.at(0).group_size == 2);
}

TEST_CASE("what does not fit says so by its type, and names the case", "[campaign][bad]") {
  const Campaign campaign = campaign_of("");
  CHECK_THROWS_AS(make_plan(campaign.cases[0].config, machine_of(1, 1000)), DoesNotFit);
  const std::string said = refusal(campaign, machine_of(8, 1000));
  CHECK(said.find("field.points: 64 needs") != std::string::npos);
  CHECK(said.find("no key alone makes it fit") != std::string::npos);
  CHECK(said.find("(case hurst0.2)") != std::string::npos);
}

TEST_CASE("a mistake that more memory does not mend is no lack of memory", "[campaign][bad]") {
  const auto read = [](const std::string& text) { return load_campaign(parse_input({"c.yaml", text, {}, false})); };
  const Campaign campaign = read("run: {realisations: 8, group_size: 1}\n"
                                 "field: {generator: gaussian, embedding_dimension: 2, points: 64}\n"
                                 "sweep: {over: {field.hurst: [0.2, 0.3]}}\n");
  const Machine machine = machine_of(8, 1000);
  bool lack_of_memory = false;
  try {
    make_plan(campaign.cases[0].config, machine);
    FAIL("planned");
  } catch (const DoesNotFit&) {
    lack_of_memory = true;
  } catch (const core::Error&) {
  }
  CHECK_FALSE(lack_of_memory);
  const std::string said = refusal(campaign, machine);
  CHECK(said.find("run.group_size") != std::string::npos);
  CHECK(said.find("(case hurst0.2)") != std::string::npos);
  // What has nothing to do with the machine is refused where it is read, with its place.
  CHECK_THROWS_WITH(read("field: {generator: beta_cascade, points: 0}\napproximation: {degrees: [2]}\n"
                         "sampling: {lattice: 2}\nsweep: {over: {field.hurst: [0.2, 0.3]}}\n"),
                    Catch::Contains("c.yaml:3:21: sampling.lattice: 2 points a side cannot carry"));
}
