#include "app/campaign/plan.hpp"
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
  CHECK(plan_campaign(campaign, {}, machine_of(2, need / 2 + need / 8)).phases.at(0).group_size == 2);
}

TEST_CASE("what does not fit says so by its type, and names the case", "[campaign][bad]") {
  const Campaign campaign = campaign_of("");
  CHECK_THROWS_AS(make_plan(campaign.cases[0].config, machine_of(1, 1000)), DoesNotFit);
  const std::string said = refusal(campaign, machine_of(8, 1000));
  CHECK(said.find("field.points: 64 points a side need") != std::string::npos);
  CHECK(said.find("(case hurst0.2)") != std::string::npos);
}

TEST_CASE("a mistake that more memory does not mend is no lack of memory: it is refused when the input is read",
          "[campaign][bad]") {
  bool lack_of_memory = false;
  std::string said;
  try {
    load_campaign(parse_input({"c.yaml",
                               "field: {generator: beta_cascade, points: 0}\napproximation: {degrees: [2]}\n"
                               "sampling: {lattice: 2}\nsweep: {over: {field.hurst: [0.2, 0.3]}}\n",
                               {},
                               false}));
    FAIL("read");
  } catch (const DoesNotFit&) {
    lack_of_memory = true;
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    said = error.what();
  }
  CHECK_FALSE(lack_of_memory);
  CHECK(said.find("c.yaml:3:") != std::string::npos);
  CHECK(said.find("sampling.lattice") != std::string::npos);
}
