// Fits shared among ranks: what is no fit is said once and leaves no result; anything else is a failure.

#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/fits.hpp"
#include "core/talk/errors.hpp"
#include "support/same_bits.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace cascade;
using analysis::ExponentFit;
using analysis::Fits;
using analysis::NoFit;
using analysis::Result;
using analysis::View;
using core::Communicator;

namespace {

ExponentFit value(double exponent) {
  ExponentFit fit;
  fit.exponent = exponent;
  fit.model = "model " + std::to_string(exponent);
  fit.replicates = {exponent, -0.0, 1e-320};
  return fit;
}

Result of(const ExponentFit& fit) {
  Result r;
  analysis::set_fit(r, fit);
  return r;
}

/// Ranks on which something is wrong.
std::int64_t wrong_on(const Communicator& world, bool wrong) {
  std::int64_t count[] = {wrong ? 1 : 0};
  world.sum(std::span<std::int64_t>(count));
  return count[0];
}

} // namespace

TEST_CASE("Every rank has every result, in the order given, whole", "[fits][mpi]") {
  const auto world = Communicator::world();
  Fits fits("stage", View::points, true);
  for (int i = 0; i < 7; ++i)
    fits.give(
        "zeta/" + std::to_string(i), [i] { return value(0.1 * i); }, of);
  fits.finish(world);
  const auto results = fits.take_results();
  bool wrong = results.size() != 7 || !fits.take_warnings().empty();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const ExponentFit expected = value(0.1 * static_cast<double>(i));
    const Result& r = results[i];
    wrong = wrong || r.id != "sampled/zeta/" + std::to_string(i) || r.stage != "stage" || r.method != "sampled" ||
            r.measured.value != expected.exponent || r.fit.model != expected.model || !r.exponent ||
            !test::same_bits(r.exponent->replicates, expected.replicates);
  }
  CHECK(wrong_on(world, wrong) == 0);
}

TEST_CASE("No fit: no result, and one warning under the first id that needed it", "[fits][mpi]") {
  const auto world = Communicator::world();
  Fits fits("stage", View::grid, true);
  const auto none = fits.add([]() -> ExponentFit { throw NoFit("too few scales for this fit"); });
  fits.give("first", none, of);
  fits.give("second", none, of);
  fits.give(
      "third", [] { return value(3); }, of);
  fits.give(
      "fourth", [] { return value(4); }, [](const ExponentFit&) -> Result { throw NoFit("nothing to show"); });
  fits.give(
      "fifth", [] { return value(5); }, [&](const ExponentFit&) { return of(fits.made(none)); });
  fits.finish(world);
  const auto results = fits.take_results();
  const std::vector<std::string> expected{"grid/first: too few scales for this fit; no exponent is given",
                                          "grid/fourth: nothing to show; no exponent is given",
                                          "grid/fifth: too few scales for this fit; no exponent is given"};
  const bool wrong = results.size() != 1 || results[0].id != "grid/third" || fits.take_warnings() != expected;
  CHECK(wrong_on(world, wrong) == 0);
}

TEST_CASE("A library's invalid_argument is a failure of the run on every rank, not an answer", "[fits][mpi]") {
  const auto world = Communicator::world();
  for (const int place : {0, 1, 4}) { // on whichever rank the fit is made
    Fits fits("stage", View::grid, true);
    for (int i = 0; i < 5; ++i)
      fits.give(
          std::to_string(i),
          [i, place]() -> ExponentFit {
            if (i == place)
              throw std::invalid_argument("stoi");
            return value(i);
          },
          of);
    std::string message;
    core::ExitCode code = core::ExitCode::complete;
    try {
      fits.finish(world);
    } catch (const core::Error& error) {
      message = error.what();
      code = error.code();
    }
    CHECK(wrong_on(world, code != core::ExitCode::internal_failure || !message.ends_with("stoi")) == 0);
  }
  Fits fits("stage", View::grid, true);
  CHECK_THROWS_AS(fits.now("x", []() -> ExponentFit { throw std::invalid_argument("stoi"); }), std::invalid_argument);
  CHECK_THROWS_AS(fits.possible("x", [] { throw std::logic_error("no table"); }), std::logic_error);
}

TEST_CASE("Where nobody asked, findings are had and nothing is said", "[fits]") {
  const auto self = Communicator::self();
  Fits fits("stage", View::grid, false);
  CHECK(fits.now("x", [] { return value(2); })->exponent == 2);
  CHECK_FALSE(fits.now("x", []() -> ExponentFit { throw NoFit("too few"); }));
  CHECK_FALSE(fits.possible("x", [] { throw NoFit("too few"); }));
  fits.give(
      "x", [] { return value(1); }, of);
  fits.warn("trees died out");
  fits.finish(self);
  CHECK(fits.take_results().empty());
  CHECK(fits.take_warnings() == std::vector<std::string>{"trees died out"});
}
