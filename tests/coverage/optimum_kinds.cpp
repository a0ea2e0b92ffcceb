#include "tests/coverage/optimum_kinds.hpp"

#include "app/scaling/optimum/findings.hpp"
#include "core/talk/errors.hpp"
#include "tests/support/loss_designs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace cascade::coverage {
namespace {

using analysis::LossParameters;
using test::Design;

/// Draws of their own, beside those of the designs.
class MoreDraws {
public:
  explicit MoreDraws(std::uint64_t seed) : normals_(1024), rng_(seed, core::Stream{61}) {
    core::normal_pairs(rng_, 1 << 20, 0, normals_);
  }
  double normal() { return normals_[next_normal_++]; }
  double uniform(double low, double high) {
    const core::Block block = rng_.block(next_uniform_++);
    return low + (high - low) * core::uniform(block[0], block[1]);
  }

private:
  std::vector<double> normals_;
  core::CounterRng rng_;
  std::size_t next_normal_ = 0;
  std::uint64_t next_uniform_ = 0;
};

Interval banded_interval(const std::string& name, double truth, const app::Banded& b, bool answered) {
  const bool known = answered && !std::isnan(b.quoted[0]) && !std::isnan(b.quoted[1]);
  const double error = known ? (b.quoted[1] - b.quoted[0]) / 4 : std::numeric_limits<double>::infinity();
  return {
      name,        truth,      known, b.value, std::isfinite(error) ? error : std::numeric_limits<double>::infinity(),
      b.quoted[0], b.quoted[1]};
}

/// Student's t with four degrees of freedom.
double student(MoreDraws& draws) {
  const double above = draws.normal();
  double squares = 0;
  for (int i = 0; i < 4; ++i)
    squares += std::pow(draws.normal(), 2) / 4;
  return above / std::sqrt(squares);
}

/// The main law: exponents of the best use, and predictions at ten times the largest compute, of the mean and of one
/// run. Errors of log L are normal and the objective is their squares or Huber's function (what a table without an
/// input gets), or errors and objective are Student's t.
template <Design design, int percent, analysis::Objective objective = analysis::Objective::least_squares_log>
std::vector<Interval> predictions(std::uint64_t seed) {
  constexpr bool heavy = objective == analysis::Objective::student_t_log;
  const double noise = percent / 100.0;
  test::KnownTable known = test::KnownTables(design, true, heavy ? 0 : noise)(seed);
  MoreDraws draws(seed);
  if (heavy)
    for (double& loss : known.table.loss)
      loss *= std::exp(noise * student(draws));
  app::Findings f;
  f.points = known.table;
  f.answer = analysis::answer_losses(known.table, analysis::LossModel::two_variables, {objective});
  f.intervals.emplace(known.table, f.answer.fit, std::vector<int>{}, f.answer.description.inflation);
  double largest = 0;
  for (std::size_t i = 0; i < known.table.size(); ++i) {
    largest = std::max(largest, 6 * known.table.x[i] * known.table.z[i]);
    f.residuals.push_back(std::log(known.table.loss[i] / f.law().loss(known.table.x[i], known.table.z[i])));
  }
  const double compute = 10 * largest;
  const bool answered =
      f.answer.status != analysis::LossStatus::failed && f.answer.status != analysis::LossStatus::not_described;
  std::vector<Interval> out;
  const auto add = [&](const char* name, const analysis::LossNumber& number, double highest) {
    out.push_back(banded_interval(name, number(known.law), f.banded(number(f.law()), number, highest), answered));
  };
  constexpr double any = std::numeric_limits<double>::infinity();
  add("a", analysis::size_exponent, 1);
  add("g", analysis::frontier_exponent, any);
  const analysis::LossNumber size = [=](const LossParameters& p) { return analysis::best_use(p, compute).params; };
  const auto logarithm = [](app::Banded b) {
    b.value = std::log(b.value);
    for (double& end : b.quoted)
      end = std::isnan(end) ? end : end > 0 ? std::log(end) : -any;
    return b;
  };
  out.push_back(
      banded_interval("log N*", std::log(size(known.law)), logarithm(f.banded(size(f.law()), size)), answered));
  // at the ratio of the table's last row, which every design has
  const double ratio = known.table.z.back() / known.table.x.back(), n = std::sqrt(compute / 6 / ratio);
  const analysis::LossNumber loss = [=](const LossParameters& p) { return p.loss(n, ratio * n); };
  app::Banded mean = f.banded(loss(f.law()), loss);
  out.push_back(banded_interval("loss, mean", loss(known.law), mean, answered));
  const analysis::LossNumber best = [=](const LossParameters& p) { return analysis::best_use(p, compute).loss; };
  out.push_back(banded_interval("loss, best", best(known.law), f.banded(best(f.law()), best), answered));
  mean.quoted = f.new_run(mean);
  out.push_back(banded_interval(
      "loss, new run", loss(known.law) * std::exp(noise * (heavy ? student(draws) : draws.normal())), mean, answered));
  return out;
}

/// Rows of a design as a law sees them; two groups in turn, half of the data repeated, experts.
analysis::LawData rows_for(const std::string& law, Design design, std::uint64_t seed, MoreDraws& draws) {
  analysis::RunTable t;
  t.name = "synthetic";
  const test::KnownTable known = test::KnownTables(design, true, 0)(seed);
  t.params = known.table.x;
  t.tokens = known.table.z;
  t.loss = known.table.loss;
  for (std::size_t i = 0; i < t.size(); ++i) {
    t.compute.push_back(6 * t.params[i] * t.tokens[i]);
    t.unique.push_back(i % 2 == 0 ? t.tokens[i] : t.tokens[i] / draws.uniform(2, 60));
    t.experts.push_back(std::exp2(static_cast<double>(i % 9)));
    t.group.push_back(static_cast<int>(i % 2));
    t.error.push_back(0.5);
  }
  t.group_names = {"one", "two"};
  if (law == "error")
    return analysis::error_data(t);
  if (law == "broken" || law == "power" || law == "pedestal") // one resource: sizes over four decades
    t.tokens.clear();
  return analysis::law_data(t);
}

/// True variables: the law's own start, moved.
std::vector<double> truth_of(const std::string& law, const analysis::LawData& data, MoreDraws& draws) {
  const auto u = [&](double low, double high) { return draws.uniform(low, high); };
  const double level = std::log(u(0.3, 0.5)), e = std::log(u(1.5, 2));
  if (law == "power")
    return {std::log(2.5), u(0.05, 0.3)};
  if (law == "pedestal" || law == "compute")
    return {std::log(u(0.4, 0.8)), u(0.2, 0.4), e};
  if (law == "tied")
    return {u(0.28, 0.43), level, level, e};
  if (law == "kaplan") {
    const double d = u(0.08, 0.2);
    return {u(0.06, 0.15), d, std::log(2.5) / d - 0.7, std::log(2.5) / d - 0.7};
  }
  if (law == "repeated")
    return {std::log(u(5, 30)), std::log(u(3, 10)), u(0.28, 0.43), level, level, e};
  if (law == "groups_e")
    return {u(0.28, 0.43), u(0.28, 0.43), level, level, e, e + 0.1};
  if (law == "groups_eab")
    return {u(0.28, 0.43), u(0.28, 0.43), level, level, e, level + 0.1, level - 0.1, e + 0.1};
  if (law == "broken")
    return {u(0.1, 0.2), u(0.3, 0.5), 0.3, u(-0.5, 0.5), std::log(0.3), std::log(0.3)};
  if (law == "experts")
    return {-u(0.06, 0.1), -u(0.1, 0.15), u(0.008, 0.014), 1.1, std::log(u(1.5, 4)), std::log(100)};
  // error: above zero at the lowest loss
  const double gamma = u(0.5, 1), top = u(0.8, 0.9), lowest = *std::min_element(data.x.begin(), data.x.end());
  return {std::log(gamma), std::log(top - u(0.2, 0.5)) + gamma * lowest, top};
}

/// Exponents, and what a repeated token or parameter is worth.
bool quoted(const analysis::LawNumber& number) {
  return number.exponent || number.name == "R_D" || number.name == "R_N";
}

template <int percent>
std::vector<Interval> exponents_of(const std::string& law, std::uint64_t seed) {
  MoreDraws draws(seed);
  const auto design = static_cast<Design>(seed % 4);
  analysis::LawData data = rows_for(law, design, seed, draws);
  const std::vector<double> truth = truth_of(law, data, draws);
  const std::vector<double> exact = analysis::law_values(law, data, truth);
  for (std::size_t i = 0; i < data.size(); ++i)
    data.response[i] = exact[i] * std::exp(percent / 100.0 * draws.normal());
  const analysis::LawFitOptions options{{analysis::Objective::least_squares_log, 1e-3, 10, false}, {}, {}, true};
  const std::vector<analysis::Jet> at(truth.begin(), truth.end());
  const auto entry = analysis::scaling_law_of(law).make();
  const std::vector<analysis::LawNumber> numbers = entry->numbers(at, data);
  std::vector<Interval> out;
  try {
    analysis::LawFit fit = analysis::fit_law(law, data, options);
    const std::vector<analysis::LawEstimate> found = analysis::law_estimates(data, fit, options);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (quoted(numbers[i])) {
        const auto& [low, high] = found[i].interval;
        const double error = std::isfinite(high - low) ? (high - low) / 4 : std::numeric_limits<double>::infinity();
        out.push_back({numbers[i].name, numbers[i].value.v, fit.converged, found[i].value, error, low, high});
      }
  } catch (const core::Error&) { // the program says that it cannot tell
    for (const analysis::LawNumber& number : numbers)
      if (quoted(number))
        out.push_back({number.name, number.value.v, false, 0, 0, 0, 0});
  }
  return out;
}

constexpr std::array law_kinds{"power",    "pedestal",   "compute", "tied",    "kaplan", "repeated",
                               "groups_e", "groups_eab", "broken",  "experts", "error"};

/// A kind's function has no state: one for each law.
template <std::size_t law, int percent>
std::vector<Interval> exponents(std::uint64_t seed) {
  return exponents_of<percent>(law_kinds[law], seed);
}

template <Design design>
void add_design(std::vector<Kind>& kinds, const std::string& name) {
  const std::string summary = "what to train next: " + name + ", at ten times the compute";
  kinds.push_back({"optimum " + name + ", 1%", summary, 60, 6, true, predictions<design, 1>});
  kinds.push_back({"optimum " + name + ", 5%", summary, 60, 6, true, predictions<design, 5>});
  kinds.push_back({"optimum " + name + ", 15%", summary, 60, 6, true, predictions<design, 15>});
  constexpr auto huber = analysis::Objective::huber_log;
  kinds.push_back({"optimum " + name + ", Huber, 1%", summary, 60, 0, true, predictions<design, 1, huber>});
  kinds.push_back({"optimum " + name + ", Huber, 5%", summary, 60, 0, true, predictions<design, 5, huber>});
}

template <std::size_t... laws>
void add_laws(std::vector<Kind>& kinds, std::index_sequence<laws...>) {
  const auto add = [&](std::size_t law, const char* noise, int quick, auto measure) {
    const std::string name = law_kinds[law];
    kinds.push_back({"law " + name + ", " + noise, "exponents of the law " + name + " on four designs in turn", 60,
                     quick, true, measure});
  };
  (add(laws, "1%", 0, exponents<laws, 1>), ...);
  (add(laws, "5%", 4, exponents<laws, 5>), ...);
  (add(laws, "15%", 0, exponents<laws, 15>), ...);
}

} // namespace

std::vector<Kind> optimum_kinds() {
  std::vector<Kind> kinds;
  add_design<Design::grid>(kinds, "grid");
  add_design<Design::isoflop>(kinds, "isoFLOP");
  add_design<Design::twenty_tokens>(kinds, "20 tokens");
  add_design<Design::over_trained>(kinds, "over-trained");
  kinds.push_back({"optimum grid, t, 5%", "what to train next: grid, errors and objective Student's t", 60, 6, true,
                   predictions<Design::grid, 5, analysis::Objective::student_t_log>});
  kinds.push_back({"optimum over-trained, t, 5%", "what to train next: over-trained, errors and objective Student's t",
                   60, 0, true, predictions<Design::over_trained, 5, analysis::Objective::student_t_log>});
  add_laws(kinds, std::make_index_sequence<law_kinds.size()>());
  return kinds;
}

} // namespace cascade::coverage
