#include "app/bare_files.hpp"
#include "app/scaling/optimum/gpu.hpp"
#include "app/scaling/optimum/page.hpp"
#include "app/scaling/optimum/target.hpp"

#include <catch2/catch.hpp>

using namespace cascade;

TEST_CASE("targets are computes, sizes or losses", "[optimum]") {
  std::string problem;
  const auto all = app::targets_of("1e24; N=7B, D = 2T; loss=2.0", problem);
  CHECK(problem.empty());
  REQUIRE(all.size() == 3);
  CHECK(*all[0].compute == 1e24);
  CHECK(*all[1].params == 7e9);
  CHECK(*all[1].tokens == 2e12);
  CHECK(*all[2].loss == 2.0);
  for (const char* bad : {"big", "N=7B", "N=7B,D=2T,loss=2", "1e24,1e25", "loss=-1", "50%", "C="}) {
    problem.clear();
    app::targets_of(bad, problem);
    CHECK_FALSE(problem.empty());
  }
}

TEST_CASE("compute costs hours, energy and money", "[optimum]") {
  const app::ComputeCost cost = app::cost_of(5.88e23, app::gpu_of("H100"), 0.4, 1.2, 2.5);
  CHECK(cost.hours == Approx(412708).epsilon(1e-5));
  CHECK(cost.megawatt_hours == Approx(346.675).epsilon(1e-5));
  CHECK(cost.money == Approx(1.03177e6).epsilon(1e-5));
}

TEST_CASE("numbers as practitioners write them", "[optimum]") {
  CHECK(app::human(7.39701e10) == "74B");
  CHECK(app::human(1.32486e12) == "1.32T");
  CHECK(app::human(3.5e8) == "350M");
  CHECK(app::human(2e30) == "2e30"); // as in every table
  CHECK(app::human(4.8e-4) == "0.00048");
  app::Findings f;
  CHECK(app::rise_text(f, 1.02, 1) == "2%");
  CHECK(app::rise_text(f, 7.8e-3, 1e-12) == "a factor of 7.8e9"); // not 7.8e11%
}

TEST_CASE("data files are known by their ending", "[optimum]") {
  CHECK(app::is_data_file("a/losses.CSV"));
  CHECK_FALSE(app::is_data_file("inputs/gadre.yaml"));
  CHECK_FALSE(app::is_data_file(""));
}
