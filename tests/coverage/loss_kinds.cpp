#include "tests/coverage/loss_kinds.hpp"

#include "analysis/losses/loss_answer.hpp"
#include "tests/support/loss_designs.hpp"

#include <cmath>
#include <limits>

namespace cascade::coverage {
namespace {

using test::Design;

std::vector<Interval> measure(const test::KnownTable& known, analysis::LossModel model) {
  const analysis::LossAnswer answer =
      analysis::answer_losses(known.table, model, {analysis::Objective::least_squares_log});
  const analysis::LossProblem problem(known.table, model);
  const analysis::SmallVector truth = problem.variables_of(known.law);
  const auto quantities = problem.quantities();
  std::vector<Interval> out;
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    const analysis::LossEstimate& e = answer.estimates[i];
    const bool answered = answer.status <= analysis::LossStatus::not_identified;
    const double error = std::isfinite(e.error) ? e.error : std::numeric_limits<double>::infinity();
    out.push_back(
        {e.interval.name, quantities[i].at(truth), answered, e.interval.value, error, e.quoted[0], e.quoted[1]});
  }
  return out;
}

template <Design design, int percent>
std::vector<Interval> two_resources(std::uint64_t seed) {
  return measure(test::KnownTables(design, true, percent / 100.0)(seed), analysis::LossModel::two_variables);
}

/// 24 sizes evenly spaced, 9, 45 anywhere, 12, in turn.
template <int percent>
std::vector<Interval> one_resource(std::uint64_t seed) {
  const test::KnownTables tables(static_cast<Design>(seed % 4), false, percent / 100.0);
  return measure(tables(seed), analysis::LossModel::pedestal);
}

template <Design design>
void add(std::vector<Kind>& kinds, const std::string& name, const std::string& summary) {
  kinds.push_back({"losses " + name + ", 1%", summary, 120, 20, true, two_resources<design, 1>});
  kinds.push_back({"losses " + name + ", 3%", summary, 120, 20, true, two_resources<design, 3>});
  kinds.push_back({"losses " + name + ", 10%", summary, 120, 20, true, two_resources<design, 10>});
}

} // namespace

std::vector<Kind> loss_kinds() {
  std::vector<Kind> kinds;
  add<Design::grid>(kinds, "grid", "7 sizes with 7 numbers of tokens each");
  add<Design::isoflop>(kinds, "isoFLOP", "7 budgets, 7 sizes each");
  add<Design::twenty_tokens>(kinds, "20 tokens", "45 sizes, 20 tokens a parameter up to 3%");
  add<Design::over_trained>(kinds, "over-trained", "5 sizes, 5 to 640 tokens a parameter");
  const std::string summary = "one resource: 24, 9, 45 or 12 sizes";
  kinds.push_back({"losses one resource, 1%", summary, 240, 60, true, one_resource<1>});
  kinds.push_back({"losses one resource, 3%", summary, 240, 60, true, one_resource<3>});
  kinds.push_back({"losses one resource, 10%", summary, 240, 60, true, one_resource<10>});
  return kinds;
}

} // namespace cascade::coverage
