#include "app/reference/reference.hpp"
#include "core/talk/errors.hpp"
#include "solvers/catalogue.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace cascade;

TEST_CASE("describe explains keys, sections and generators", "[reference]") {
  const std::string all = app::describe("");
  for (const char* key : {"run.seed", "field.generator", "field.dimension", "approximation.loss_powers", "check.set"}) {
    INFO(key);
    CHECK(all.find(key) != std::string::npos);
    const std::string one = app::describe(key);
    CHECK(one.find(key) != std::string::npos);
    CHECK(one.size() < all.size());
  }
  CHECK(app::describe("analysis").find("analysis.structure_function.orders") != std::string::npos);
  CHECK(app::describe("beta_cascade").find("field.virtual_levels") != std::string::npos);
}

TEST_CASE("list and version", "[reference]") {
  const std::string list = app::list_names();
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    CHECK(list.find(entry.name) != std::string::npos);
  for (const char* name : {"scaling_law", "campaign", "loss_table", "noisy_samples"})
    CHECK(list.find(name) != std::string::npos);
  const std::string version = app::version_text();
  for (const char* part : {"cascade ", "MPI: ", "HDF5: ", "FFTW: fftw-", "yaml-cpp: ", "compiler: "}) {
    INFO(part);
    CHECK(version.find(part) != std::string::npos);
  }
}

TEST_CASE("docs/input-reference.md is current", "[reference]") {
  std::ifstream file(cascade::test::source_dir() / "docs" / "input-reference.md");
  std::stringstream text;
  text << file.rdbuf();
  INFO("make it anew: cascade --describe --markdown > docs/input-reference.md");
  CHECK(text.str() == app::input_reference());
}

TEST_CASE("a key nobody knows is refused with the nearest one", "[reference]") {
  try {
    app::describe("field.pionts");
    FAIL("described");
  } catch (const core::Error& error) {
    CHECK(error.code() == core::ExitCode::bad_input);
    CHECK(std::string(error.what()).find("did you mean 'field.points'?") != std::string::npos);
  }
}

TEST_CASE("the last word of a key is enough to have it described, wherever it is", "[reference]") {
  const std::string text = app::describe("hurst");
  CHECK(text.find("field.hurst") != std::string::npos);
  CHECK(text.find("theory.hurst") != std::string::npos);
  CHECK(text.find("field.hurst") < text.find("theory.hurst"));
  CHECK(app::describe("loss_powers") == app::describe("approximation.loss_powers"));
}

TEST_CASE("every task's keys can be asked for", "[reference]") {
  for (const char* key : {"study", "pedestal.fractions", "sweep.over", "task"}) {
    INFO(key);
    CHECK(app::describe(key).find(key) != std::string::npos);
    CHECK(app::describe("").find(key) != std::string::npos);
  }
}
