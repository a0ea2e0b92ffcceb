#include "app/store/output_directory.hpp"
#include "app/store/unit_identity.hpp"
#include "app/store/unit_store.hpp"
#include "core/talk/errors.hpp"
#include "tests/app/tiny_runs.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace cascade;
using app::Part;
using app::UnitStore;

namespace {

std::string tiny_identity(const core::Communicator& communicator) {
  const app::RunConfig config = test::config_of(test::tiny_input);
  const app::Machine machine{communicator.size(), communicator.size(), std::int64_t{64} << 30, "a test"};
  return app::identity_text(config, app::make_plan(config, machine));
}

} // namespace

TEST_CASE("units of one run are removed with their folder, those of parts are their makers'", "[store]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const std::string identity = tiny_identity(self);
  const UnitStore whole(scratch.path() / "whole", identity, self), shared(scratch.path() / "shared", identity, self);
  shared.mark_part({2, 3});
  shared.mark_part({1, 2});
  CHECK(whole.parts().empty());
  CHECK(shared.parts().size() == 2);
  for (const UnitStore* store : {&whole, &shared}) {
    store->save("grid-0000", "tables");
    CHECK(UnitStore::count_units(store->folder()) == 1);
    store->remove_unless_parts();
  }
  CHECK_FALSE(std::filesystem::exists(whole.folder()));
  CHECK(UnitStore::count_units(shared.folder()) == 1);
}

TEST_CASE("a folder of units that is gone after the report does not end the run", "[store]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const UnitStore store(scratch.path() / "units", tiny_identity(self), self);
  std::filesystem::remove_all(store.folder());
  CHECK(store.parts().empty()); // rank 0 alone asks: an exception here would leave the others waiting
  store.remove_unless_parts();
  CHECK(UnitStore::count_units(store.folder()) == 0);
}

TEST_CASE("every unit is in one part of any division", "[store]") {
  for (const std::int64_t count : {1, 2, 3, 7})
    for (std::size_t k = 0; k < 20; ++k) {
      const Part part = Part::with(k, count);
      CHECK(part.has(k));
      for (std::int64_t i = 1; i <= count; ++i)
        CHECK(Part{i, count}.has(k) == (i == part.index));
    }
}

TEST_CASE("parts of two divisions do not work in one folder at the same time", "[store]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  using Mode = app::OutputClaim::Mode;
  const auto claim = [&](Part part) {
    return std::make_unique<app::OutputDirectory>(scratch.path(), app::OutputClaim{Mode::part, false, part}, 0, self);
  };
  const auto first = claim({1, 3});
  CHECK_NOTHROW(claim({2, 3}));
  try {
    claim({2, 2});
    FAIL("two writers of one unit");
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::refused);
    CHECK_THAT(error.what(), Catch::Contains("part 1/3 is at work here") && Catch::Contains("part 2/2"));
  }
  CHECK_THROWS_AS(claim({1, 3}), core::Error);
}
