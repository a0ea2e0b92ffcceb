// Runs on scattered points: where N comes from, what is said of it, and what is refused.

#include "core/talk/errors.hpp"
#include "tests/app/tiny_runs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace cascade;
using app::Report;

namespace {

Report run_alone(const std::string& text) {
  return test::run(test::config_of(text), core::Communicator::self());
}

std::string waves(int D, const std::string& more) {
  return fmt::format("field: {{generator: fourier_modes, embedding_dimension: {}, hurst: 0.5, octaves: 16}}\n{}", D,
                     more);
}

std::string oriented(int D, double d, const std::string& more) {
  return fmt::format("field: {{generator: beta_cascade, embedding_dimension: {}, dimension: {}, hurst: 0.4, points: 0, "
                     "profile: oriented}}\n{}",
                     D, d, more);
}

const std::string small = "sampling: {trees: 16, pairs: 16, cells: 8, scales: 8}\n";

const app::Hypothesis& hypothesis(const Report& report, const std::string& id, const std::string& result) {
  for (const auto& h : report.hypotheses)
    if (h.id == id && h.result == result)
      return h;
  throw std::invalid_argument(id);
}

} // namespace

TEST_CASE("A field that fills its space: N is geometry, held as a logarithm, and coinciding formulas are one group",
          "[scattered_runs][slow]") {
  const Report report =
      run_alone(waves(400, "sampling: {trees: 16, pairs: 64, cells: 8, scales: 8}\napproximation: {degrees: [0]}\n"
                           "analysis: {structure_function: {orders: [2]}}"));
  CHECK(report.warnings.empty());
  const auto& uniform = test::result(report, "sampled/alpha/uniform/volume/k0/q2");
  const auto& adaptive = test::result(report, "sampled/alpha/oracle/active/k0/q2");
  CHECK(uniform.measured.value == adaptive.measured.value);
  for (const auto* r : {&uniform, &adaptive}) {
    CHECK(r->fit.note.find("geometry, not counted") != std::string::npos);
    CHECK(r->curve.x_axis.scale == analysis::Scale::log2);
    for (std::size_t i = 0; i < r->curve.x.size(); ++i) // 2^3200 pieces at the finest scale
      CHECK(r->curve.x[i] == 400.0 * static_cast<double>(i + 1));
    CHECK(r->fit.window[1] <= 3200);
    CHECK(std::abs(r->measured.value * 400 - 1) < 4 * 400 * r->measured.standard_error);
    CHECK(std::abs(r->measured.value * 400 - 2) > 4 * 400 * r->measured.standard_error); // twice the exponent is not
  }
  const auto& group = hypothesis(report, "2h/d", adaptive.id).group;
  for (const char* same : {"q*h/d", "q*h/D", "zeta_q/D", "zeta_q/d"})
    CHECK(std::find(group.begin(), group.end(), same) != group.end());
  // Pairs lie across cells: r = s sqrt(D).
  CHECK(test::result(report, "sampled/zeta/p2").curve.x.back() == Approx(10));
}

TEST_CASE("A tree is walked and N counted; a spine has the N of theory, and both say so", "[scattered_runs]") {
  const std::string more = small + "approximation: {degrees: [0, 1], averages: [active]}\nanalysis: {box_counting: {}}";
  const Report counted = run_alone(oriented(6, 5.5, more)), theory = run_alone(oriented(40, 39.5, more));
  const std::string id = "sampled/alpha/oracle/active/k0/q2";
  CHECK(test::result(counted, id).fit.note.find("counted by tree descent") != std::string::npos);
  CHECK(test::result(counted, "sampled/dimension_box/active").measured.value == Approx(5.5).margin(0.1));
  CHECK(test::result(theory, id).fit.note.find("no evidence about d") != std::string::npos);
  CHECK_THROWS(test::result(theory, "sampled/dimension_box/active"));
  CHECK(test::result(theory, id).curve.x.front() == 39.5);
  CHECK(test::result(counted, id).curve.x.front() != 5.5);
  for (const auto& [report, d] : {std::pair{&counted, 5.5}, std::pair{&theory, 39.5}}) {
    const auto& r = test::result(*report, id);
    CHECK(std::abs(r.measured.value - 0.8 / d) < 4 * r.measured.standard_error);
    CHECK(test::result(*report, "sampled/alpha/uniform/active/k1/q2").fit.note.find("geometry") != std::string::npos);
  }
}

TEST_CASE("A declared theory moves predictions, not the N that was theory already", "[scattered_runs]") {
  const std::string text =
      oriented(40, 30, small + "approximation: {degrees: [0], averages: [active]}\nanalysis: {box_counting: {}}\n");
  const Report honest = run_alone(text), lied = run_alone(text + "theory: {dimension: 20}\n");
  CHECK(test::same_bits(test::measured_numbers(honest), test::measured_numbers(lied)));
  CHECK(test::judged(lied, "sampled/alpha/oracle/active/k0/q2").predicted->value == Approx(0.8 / 20));
}

TEST_CASE("What cannot be measured is said, what cannot be fitted refused", "[scattered_runs]") {
  const Report report = run_alone(oriented(20, 18, small));
  std::string warnings;
  for (const auto& w : report.warnings)
    warnings += w + "\n";
  CHECK(warnings.find("structure functions are not measured") != std::string::npos);
  CHECK(warnings.find("losses over the volume are not measured") != std::string::npos);
  const auto refusal = [](const std::string& text) {
    try {
      run_alone(text);
    } catch (const core::Error& e) {
      CHECK(e.code() == core::ExitCode::bad_input);
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(refusal(waves(21, "approximation: {degrees: [2]}")).find("allowed above D = 20: 0 and 1") != std::string::npos);
  CHECK(refusal(waves(10, "sampling: {cell_points: 40}")).find("allowed: at least 44") != std::string::npos);
  CHECK(refusal(waves(10, "sampling: {cell_points: 44, trees: 16, cells: 4, pairs: 16}")).empty());
}

TEST_CASE("Scattered runs: the same bits at any rank count", "[scattered_runs][mpi]") {
  for (const std::string& text : {waves(7, small), oriented(5, 4.5, small), oriented(70, 60, small)}) {
    const auto config = test::config_of(text);
    const bool same = test::same_bits(test::all_numbers(test::run(config, core::Communicator::world())),
                                      test::all_numbers(test::run(config, core::Communicator::self())));
    CHECK(same);
  }
}
