#include "app/scaling/optimum/findings.hpp"

#include "analysis/losses/loss_search.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

namespace cascade::app {
namespace {

using analysis::Interval;
using analysis::LossFit;
using analysis::LossModel;
using analysis::LossParameters;
using analysis::LossTable;
using analysis::RunTable;

/// Standard deviation of log D/N below which the table has one ratio: its law cannot have two terms.
constexpr double one_ratio = 0.01;

std::vector<std::size_t> rows_that(const RunTable& t, const std::function<bool(std::size_t)>& kept) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (kept(i))
      out.push_back(i);
  return out;
}

/// "a, b": a and b.
std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> out;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) {
    const auto first = name.find_first_not_of(' '), last = name.find_last_not_of(' ');
    if (first != std::string::npos)
      out.push_back(name.substr(first, last - first + 1));
  }
  return out;
}

} // namespace

std::vector<double> row_weights(const RunTable& t, analysis::Objective objective) {
  if (t.sd.empty())
    return {};
  const bool of_log = t.columns[analysis::RunRole::sd].find("log") != std::string::npos;
  std::vector<double> known;
  std::vector<double> w(t.size(), std::nan(""));
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double to_log = of_log ? 1 : 1 / t.loss[i];
    const double sd = t.sd[i] * (objective == analysis::Objective::least_squares ? to_log * t.loss[i] : to_log);
    if (std::isgreater(sd, 0.0)) {
      w[i] = 1 / (sd * sd);
      known.push_back(w[i]);
    }
  }
  if (known.empty())
    return {};
  std::nth_element(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2), known.end());
  const double typical = known[known.size() / 2];
  for (double& v : w)
    v = std::isfinite(v) ? v / typical : 1;
  return w;
}

double ratio_spread(const RunTable& t) {
  double mean = 0, square = 0;
  const auto n = static_cast<double>(t.size());
  for (std::size_t i = 0; i < t.size(); ++i)
    mean += std::log(t.tokens[i] / t.params[i]) / n;
  for (std::size_t i = 0; i < t.size(); ++i)
    square += std::pow(std::log(t.tokens[i] / t.params[i]) - mean, 2) / n;
  return std::sqrt(square);
}

ChosenRows choose_rows(const ComputeOptimalStudy& s) {
  ChosenRows out;
  out.rows = out.kept = s.table;
  const auto refuse = [&](const std::string& why) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", s.table.name, why));
  };
  if (!s.keep.empty() && s.table.group_names.empty())
    refuse(
        fmt::format("compute_optimal.keep: '{}', but the table has no groups; say their column with --group", s.keep));
  if (s.table.group_names.size() > 1) {
    std::vector<std::size_t> count(s.table.group_names.size(), 0);
    for (const int g : s.table.group)
      ++count[static_cast<std::size_t>(g)];
    std::vector<bool> chosen(count.size(), false);
    if (s.keep.empty())
      chosen[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) - count.begin())] = true;
    std::string kept_names;
    for (const std::string& name : names_in(s.keep)) {
      const auto& names = s.table.group_names;
      const auto at = std::find(names.begin(), names.end(), name);
      if (at == names.end())
        refuse(fmt::format("compute_optimal.keep: no group '{}'; there are: {}", name, fmt::join(names, ", ")));
      chosen[static_cast<std::size_t>(at - names.begin())] = true;
    }
    for (std::size_t g = 0; g < chosen.size(); ++g)
      if (chosen[g])
        kept_names += (kept_names.empty() ? "" : ", ") + s.table.group_names[g];
    out.rows = out.rows.subset(
        rows_that(s.table, [&](std::size_t i) { return chosen[static_cast<std::size_t>(s.table.group[i])]; }));
    if (out.rows.size() < s.table.size())
      out.left_out.push_back(fmt::format("{} rows of other groups: the answer is for {} = {}{} (--set "
                                         "compute_optimal.keep=...; --group none for all in one)",
                                         s.table.size() - out.rows.size(), s.columns[analysis::RunRole::group],
                                         kept_names, s.keep.empty() ? ", which has most rows" : ""));
  }
  out.kept = out.rows;
  if (!out.rows.unique.empty() && out.rows.has_tokens()) {
    const RunTable before = out.rows;
    const auto fresh = rows_that(before, [&](std::size_t i) { return before.tokens[i] <= 1.01 * before.unique[i]; });
    const std::size_t repeated = before.size() - fresh.size();
    if (repeated > 0 && fresh.size() >= 7) {
      out.rows = before.subset(fresh);
      out.left_out.push_back(
          fmt::format("{} rows that repeat their data: they are fitted by the law of repeated data", repeated));
    } else if (repeated > 0) {
      out.left_out.push_back(
          fmt::format("only {} rows do not repeat their data: all are fitted as if they did not", fresh.size()));
    }
  }
  out.two = out.rows.has_params() && out.rows.has_tokens();
  if (out.two && s.model != "two_variables" && ratio_spread(out.rows) < one_ratio) {
    // A/N^alpha + B/(rN)^alpha: the terms cannot be told apart, their sum is a power of C
    const auto n = static_cast<double>(out.rows.size());
    double log_ratio = 0, log_flop = 0;
    for (std::size_t i = 0; i < out.rows.size(); ++i) {
      log_ratio += std::log(out.rows.tokens[i] / out.rows.params[i]) / n;
      log_flop += std::log(out.rows.compute[i] /
                           (analysis::flop_per_parameter_token * out.rows.tokens[i] * out.rows.params[i])) /
                  n;
    }
    out.one_ratio = std::exp(log_ratio);
    out.flop_ratio = std::exp(log_flop);
    out.two = false;
    out.rows.params.clear();
    out.rows.tokens.clear();
  }
  if (out.two)
    out.model = s.model == "tied" ? LossModel::tied : LossModel::two_variables;
  const std::set<double> sizes(out.rows.params.begin(), out.rows.params.end()),
      tokens(out.rows.tokens.begin(), out.rows.tokens.end());
  const std::string of_rows = out.left_out.empty() ? "" : fmt::format(" ({})", fmt::join(out.left_out, "; "));
  const bool enough = out.rows.size() >= 7;
  constexpr std::size_t fewest = 3; // of each: a power and a constant
  if (out.two && enough && (sizes.size() < fewest || tokens.size() < fewest)) {
    const bool few_sizes = sizes.size() < fewest;
    const std::set<double>& few = few_sizes ? sizes : tokens;
    refuse(fmt::format("all {} rows have {} = {}{}: a law of sizes and tokens needs several of both, at least three; "
                       "{} fits the loss against {} alone",
                       out.rows.size(), few_sizes ? "N" : "D",
                       few.size() == 1 ? fmt::format("{:g}", *few.begin())
                                       : fmt::format("{:g} or {:g}", *few.begin(), *few.rbegin()),
                       of_rows, few_sizes ? "--params none --compute none" : "--tokens none --compute none",
                       few_sizes ? "tokens" : "sizes"));
  }
  try {
    analysis::require_enough(out.rows.points(), out.model);
  } catch (const core::Error& error) { // which rows are left is half of what is wrong
    if (of_rows.empty())
      throw;
    throw core::Error(error.code(), error.what() + of_rows);
  }
  return out;
}

namespace {

/// Of a decreasing function of a number: its ends change places.
Banded turned(const Banded& b, const std::function<double(double)>& of) {
  const auto both = [&](const Interval& i) { return Interval{of(i[1]), of(i[0])}; };
  return {of(b.value), both(b.resampled), both(b.quoted), b.region};
}

TargetAnswer answer_target(const ComputeOptimalStudy& s, const Findings& f, const Target& target) {
  TargetAnswer a;
  a.target = target;
  const LossParameters& law = f.law();
  std::function<double(const LossParameters&)> loss;
  if (target.params) {
    const double n = *target.params, d = *target.tokens;
    a.compute = analysis::flop_per_parameter_token * n * d;
    const double none = std::nan("");
    a.params = {n, {none, none}, {none, none}, {}};
    a.tokens = {d, {none, none}, {none, none}, {}};
    a.ratio = {d / n, {none, none}, {none, none}, {}};
    loss = [=](const LossParameters& p) { return p.loss(n, d); };
  } else {
    a.compute = target.compute ? *target.compute : analysis::compute_for_loss(law, *target.loss);
    const double c = a.compute;
    const auto use_of = [c, target](const LossParameters& p) {
      return analysis::best_use(p, target.loss ? analysis::compute_for_loss(p, *target.loss) : c);
    };
    a.params = f.banded(use_of(law).params, [=](const LossParameters& p) { return use_of(p).params; });
    if (target.loss) {
      a.tokens = f.banded(use_of(law).tokens, [=](const LossParameters& p) { return use_of(p).tokens; });
      a.ratio = f.banded(use_of(law).ratio(), [=](const LossParameters& p) { return use_of(p).ratio(); });
    } else { // both follow from N at a compute
      const double product = c / analysis::flop_per_parameter_token;
      a.tokens = turned(a.params, [=](double n) { return product / n; });
      a.ratio = turned(a.params, [=](double n) { return product / n / n; });
    }
    loss = [=](const LossParameters& p) { return analysis::best_use(p, c).loss; };
  }
  a.loss = f.banded(loss(law), loss);
  a.one_run = f.new_run(a.loss);
  a.beyond = a.compute / f.largest_compute;
  a.exists = a.beyond <= 1;
  a.cost = cost_of(a.compute, gpu_of(s.gpu), s.utilisation, s.facility, s.price);
  return a;
}

void roll_out(const ComputeOptimalStudy& s, Findings& f) {
  const RunTable& rows = f.chosen.rows;
  std::vector<double> sorted = rows.compute;
  std::sort(sorted.begin(), sorted.end());
  for (const double share : {0.5, 0.6, 0.7, 0.8, 0.9}) {
    RollOutCut cut;
    cut.compute = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    const auto inside = rows_that(rows, [&](std::size_t i) { return rows.compute[i] <= cut.compute; });
    const auto beyond = rows_that(rows, [&](std::size_t i) { return rows.compute[i] > cut.compute; });
    if (inside.size() < 3 * f.answer.estimates.size() || beyond.empty() ||
        (!f.roll_out.empty() && f.roll_out.back().compute >= cut.compute))
      continue;
    const LossTable fitted = f.points.subset(inside), held = f.points.subset(beyond);
    try {
      analysis::require_enough(fitted, f.chosen.model);
    } catch (const core::Error&) {
      continue; // too few different sizes below that cut
    }
    cut.fit = analysis::fit_near(fitted, f.answer.fit, s.options());
    cut.fitted = fitted.size();
    cut.held = held.size();
    if (!cut.fit.converged)
      continue;
    for (std::size_t i = 0; i < held.size(); ++i) {
      const double r =
          std::log(held.loss[i] / cut.fit.parameters.loss(held.x[i], held.two_variables() ? held.z[i] : 1));
      cut.mean += r / static_cast<double>(held.size());
      cut.rms += r * r / static_cast<double>(held.size());
      cut.largest = std::max(cut.largest, std::abs(r));
    }
    cut.rms = std::sqrt(cut.rms);
    f.roll_out.push_back(cut);
  }
}

/// A table of losses against compute alone: the loss at each compute that is asked for, or the compute of a loss; where
/// all rows have one D/N, the N and D of that ratio.
void answer_losses_of_compute(const ComputeOptimalStudy& s, Findings& f) {
  const RunTable& rows = f.chosen.rows;
  if (rows.has_params() || rows.has_tokens())
    return;
  f.largest_compute = *std::max_element(rows.compute.begin(), rows.compute.end());
  const double ratio = f.chosen.one_ratio, flop = analysis::flop_per_parameter_token * f.chosen.flop_ratio;
  std::string ignored;
  std::vector<Target> asked = targets_of(s.target, ignored);
  if (asked.empty())
    asked.push_back({10 * f.largest_compute, {}, {}, {}, "ten times the largest compute of the table"});
  for (const Target& target : asked) {
    const bool sizes = target.params.has_value();
    if (sizes && !(ratio > 0 && std::abs(std::log(*target.tokens / *target.params / ratio)) < 3 * one_ratio))
      continue;
    const LossParameters& law = f.law();
    TargetAnswer a;
    a.target = target;
    a.compute = sizes            ? flop * *target.params * *target.tokens
                : target.compute ? *target.compute
                                 : std::pow(law.amplitude / (*target.loss - law.pedestal), 1 / law.alpha);
    const double c = a.compute;
    const analysis::LossNumber loss = [c](const LossParameters& p) { return p.loss(c); };
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const auto known = [](double value) { return Banded{value, {none, none}, {none, none}, {}}; };
    const bool sized = ratio > 0 && std::isfinite(c);
    a.params = known(sized ? std::sqrt(c / (flop * ratio)) : none);
    a.tokens = known(sized ? ratio * a.params.value : none);
    a.ratio = known(sized ? ratio : none);
    if (std::isfinite(c))
      a.loss = f.banded(loss(law), loss);
    a.one_run = f.new_run(a.loss);
    a.beyond = c / f.largest_compute;
    a.exists = a.beyond <= 1;
    a.cost = cost_of(c, gpu_of(s.gpu), s.utilisation, s.facility, s.price);
    f.targets.push_back(a);
  }
}

} // namespace

Banded Findings::banded(double value, const analysis::LossNumber& number, double highest) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Banded out{value, resampled.interval(number), {none, none}, {}};
  if (intervals) {
    const analysis::NumberInterval found = (*intervals)(number, highest);
    out.quoted = found.interval;
    out.region = {found.at_low, found.at_high};
  }
  return out;
}

Interval Findings::new_run(const Banded& mean) const {
  return analysis::new_run_interval(mean.value, mean.quoted, residuals, static_cast<int>(answer.estimates.size()),
                                    analysis::penalty_of(answer.fit.options).squares());
}

Findings find_optimum(const ComputeOptimalStudy& s, const StudyRun& run) {
  Findings f;
  f.chosen = choose_rows(s);
  const RunTable& rows = f.chosen.rows;
  f.points = rows.points();
  f.points.weight = row_weights(rows, s.options().objective);
  {
    auto stage = run.progress.begin("law: fit", 0);
    f.answer = analysis::answer_losses(f.points, f.chosen.model, s.options());
    f.outlook = analysis::outlook(f.points, f.answer.fit);
    if (f.chosen.model == LossModel::two_variables)
      f.tied = analysis::test_tied(f.points, f.answer.fit);
    f.widening = std::sqrt(f.answer.description.inflation);
    f.intervals.emplace(f.points, f.answer.fit, rows.run, f.answer.description.inflation);
  }
  for (std::size_t i = 0; i < f.points.size(); ++i)
    f.residuals.push_back(
        std::log(f.points.loss[i] / f.law().loss(f.points.x[i], f.points.two_variables() ? f.points.z[i] : 1)));
  {
    auto stage = run.progress.begin("law: resampled tables", static_cast<double>(s.bootstrap) / run.ranks.size());
    f.resampled = analysis::resample_runs(f.points, f.answer.fit, rows.run, s.bootstrap, run.seed, run.ranks,
                                          [&] { stage.advance(); });
  }
  f.seeds = analysis::repeated_runs(rows);
  if (!f.chosen.two) {
    answer_losses_of_compute(s, f);
    f.laws = find_laws(s, f);
    return f;
  }
  auto stage = run.progress.begin("other approaches, roll-out, sensitivity", 0);
  f.largest_compute = *std::max_element(rows.compute.begin(), rows.compute.end());
  f.a = f.banded(analysis::size_exponent(f.law()), analysis::size_exponent, 1);
  f.g = f.banded(analysis::frontier_exponent(f.law()), analysis::frontier_exponent);
  f.iso = analysis::isoflop(rows, s.iso_options());
  f.iso_design = !s.budgets.empty() || analysis::is_isoflop(f.iso, rows);
  f.envelope = analysis::envelope(rows, 300, run.seed);
  std::string ignored;
  std::vector<Target> asked = targets_of(s.target, ignored);
  if (asked.empty())
    asked.push_back({10 * f.largest_compute, {}, {}, {}, "ten times the largest compute of the table"});
  for (const Target& target : asked)
    f.targets.push_back(answer_target(s, f, target));
  const double compute = std::isfinite(f.targets.front().compute) ? f.targets.front().compute : 10 * f.largest_compute;
  if (f.iso_design)
    f.bias = analysis::parabola_bias(rows, s.iso_options(), f.law(), compute);
  roll_out(s, f);
  find_choices(s, compute, f);
  f.starts = analysis::start_ends(f.points, f.answer.fit);
  f.laws = find_laws(s, f);
  return f;
}

} // namespace cascade::app
