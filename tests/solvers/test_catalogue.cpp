// The table of generators: what it names exists, is documented, and does what its parameters say.

#include "solvers/catalogue.hpp"
#include "support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace cascade;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

} // namespace

TEST_CASE("Every generator of the folder is in the table, and nothing else", "[catalogue]") {
  std::set<std::string> named, found;
  for (const auto& entry : solvers::catalogue())
    CHECK(named.insert(entry.name).second);
  // A generator is a parameter struct that knows its shape, in NAME.hpp somewhere below solvers.
  for (const auto& file : std::filesystem::recursive_directory_iterator(cascade::test::source_dir() / "solvers"))
    if (file.path().extension() == ".hpp" && read(file.path()).find("\n  Shape shape() const;") != std::string::npos)
      found.insert(file.path().stem().string());
  CHECK(found == named);
}

TEST_CASE("Every generator is in the input reference and has an input that uses it", "[catalogue]") {
  const std::filesystem::path root = cascade::test::source_dir();
  const std::string reference = read(root / "docs" / "input-reference.md");
  std::string inputs;
  for (const auto& file : std::filesystem::directory_iterator(root / "inputs"))
    if (file.path().extension() == ".yaml")
      inputs += read(file.path());
  for (const auto& entry : solvers::catalogue()) {
    CAPTURE(entry.name);
    CHECK(reference.find("(" + entry.name + ")") != std::string::npos);
    CHECK(inputs.find("generator: " + entry.name) != std::string::npos);
    CHECK_FALSE(entry.summary.empty());
  }
}

TEST_CASE("Defaults are sound, and the generator made is the one described", "[catalogue]") {
  for (const auto& entry : solvers::catalogue()) {
    CAPTURE(entry.name);
    const auto parameters = entry.defaults();
    core::Problems problems;
    parameters->validate(problems);
    if (parameters->shape().given) { // nothing is known of a field of others before it is named
      CHECK(problems.all().front().key == "path");
      continue;
    }
    CHECK(problems.empty());
    const auto generator = parameters->make(3);
    const solvers::Shape shape = parameters->shape();
    if (generator->law())
      CHECK(generator->law()->embedding_dimension() == shape.dimensions);
    CHECK((generator->grid() != nullptr) == (shape.points > 0));
    CHECK((generator->points() != nullptr) == (shape.levels > 0));
    CHECK((generator->grid() != nullptr || generator->points() != nullptr));
    CHECK(shape.realisations >= 1);
    const auto copy = parameters->clone();
    CHECK(copy->shape().points == shape.points);
    CHECK(copy.get() != parameters.get());
  }
}
