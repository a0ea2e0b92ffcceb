#include "app/campaign/store.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace cascade;
using namespace cascade::app;

namespace {

Campaign two_cases() {
  return load_campaign(parse_input({"c.yaml",
                                    "field: {generator: beta_cascade, points: 0}\n"
                                    "sweep: {over: {field.hurst: [0.2, 0.3]}}\n",
                                    {{"sampling.trees", "32", ""}},
                                    false}));
}

} // namespace

TEST_CASE("the campaign's input is kept, and reads back to the same campaign", "[campaign]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const CampaignStore store{scratch.path()};
  CHECK_FALSE(store.begun());
  const Campaign campaign = two_cases();
  store.begin(campaign);
  CHECK(store.begun());
  const InputSource kept = store.kept_input();
  CHECK(kept.input_file == "c.yaml");
  CHECK(kept.settings.at(0).key == "sampling.trees");
  const Campaign again = load_campaign(parse_input(kept));
  REQUIRE(again.cases.size() == campaign.cases.size());
  for (std::size_t i = 0; i < again.cases.size(); ++i)
    CHECK(again.cases[i].json == campaign.cases[i].json);
  CHECK_NOTHROW(store.require_same(again));
}

TEST_CASE("a damaged campaign.json is said to be, whatever is wrong with it", "[campaign][bad]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const CampaignStore store{scratch.path()};
  for (const char* text :
       {"", "{}", "{\"schema\": \"cascade-campaign-plan/1\"}",
        "{\"schema\": \"cascade-campaign-plan/1\", \"input\": 3, \"input_text\": \"\", \"checking\": "
        "false, \"settings\": []}"}) {
    INFO(text);
    std::ofstream(scratch.path() / "campaign.json") << text;
    try {
      store.kept_input();
      FAIL("read");
    } catch (const core::Error& error) {
      CHECK(error.code() == core::ExitCode::io_failure);
      CHECK(std::string(error.what()).find("campaign.json: damaged") != std::string::npos);
    }
  }
}

TEST_CASE("asking which cases are sealed never throws: one rank asks while the others wait", "[campaign]") {
  const CampaignStore store{std::string(5000, 'x')};
  CHECK_FALSE(store.begun());
  CHECK_FALSE(store.sealed("hurst0.2"));
  CHECK(store.count_sealed(two_cases()) == 0);
}
