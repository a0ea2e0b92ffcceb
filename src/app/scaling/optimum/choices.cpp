#include "analysis/losses/loss_search.hpp"
#include "analysis/scaling/size_counts.hpp"
#include "app/scaling/optimum/findings.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace cascade::app {
namespace {

using analysis::LossFit;
using analysis::LossModel;
using analysis::LossParameters;
using analysis::LossTable;
using analysis::RunTable;

/// The same law and objective with N counted otherwise.
void other_counts(const ComputeOptimalStudy& s, double compute, Findings& f) {
  const auto add = [&](const std::string& name, const std::function<double(std::size_t)>& size) {
    LossTable table = f.points;
    for (std::size_t i = 0; i < table.size(); ++i)
      table.x[i] = size(i);
    const LossFit fit = analysis::fit_near(table, f.answer.fit, s.options());
    f.sensitivity.push_back({name, static_cast<int>(s.drop_highest), fit.converged, fit.parameters,
                             analysis::best_use(fit.parameters, compute)});
  };
  const RunTable& rows = f.chosen.rows;
  if (rows.compute_given && std::isgreater(rows.flop_high, 1.01 * rows.flop_low))
    add("N = C/(6 D), as the compute column counts",
        [&](std::size_t i) { return rows.compute[i] / (analysis::flop_per_parameter_token * rows.tokens[i]); });
  const double least = *std::min_element(rows.params.begin(), rows.params.end());
  if (least < 1e3 || analysis::with_embedding(least) < 1.05 * least)
    return; // no count of parameters, or all so large that embeddings do not matter
  const std::string name = analysis::plain_name(s.columns[analysis::RunRole::params]);
  if (name.find("noembed") != std::string::npos || name.find("nonembed") != std::string::npos)
    add("N with embeddings, N + 47491 N^(1/3)",
        [&](std::size_t i) { return analysis::with_embedding(rows.params[i]); });
  else
    add("N without embeddings, by N + 47491 N^(1/3)",
        [&](std::size_t i) { return analysis::without_embedding(rows.params[i]); });
}

} // namespace

void find_choices(const ComputeOptimalStudy& s, double compute, Findings& f) {
  const auto n = f.points.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return f.points.loss[i] < f.points.loss[j]; });
  struct Choice {
    const char* name;
    analysis::LossFitOptions options;
  };
  using analysis::Objective;
  const std::vector<Choice> choices{{"Huber, delta 1e-3", {Objective::huber_log, 1e-3, true, 10}},
                                    {"Huber, delta 1e-4", {Objective::huber_log, 1e-4, true, 10}},
                                    {"Huber, delta 1e-2", {Objective::huber_log, 1e-2, true, 10}},
                                    {"squares of log L", {Objective::least_squares_log, 1e-3, true, 10}},
                                    {"squares of L", {Objective::least_squares, 1e-3, true, 10}},
                                    {"absolute deviations of log L", {Objective::absolute_log, 1e-3, true, 10}},
                                    {"Huber, 10 times below", {Objective::asymmetric_huber_log, 1e-3, true, 10}},
                                    {"Student's t, 4 degrees", {Objective::student_t_log, 1e-3, true, 10}}};
  std::set<std::size_t> drops;
  for (std::size_t count : {std::size_t{0}, std::min<std::size_t>(5, n / 20), n / 20}) {
    while (count > 0 && f.points.loss[order[n - count - 1]] == f.points.loss[order[n - count]])
      --count; // rows of one loss stay or go together: which of them would be the order of the file
    drops.insert(count);
  }
  for (const std::size_t dropped : drops) {
    std::vector<std::size_t> kept(order.begin(), order.end() - static_cast<std::ptrdiff_t>(dropped));
    std::sort(kept.begin(), kept.end());
    const LossTable table = f.points.subset(kept);
    for (const Choice& choice : choices) {
      const LossFit fit = analysis::fit_near(table, f.answer.fit, choice.options);
      f.sensitivity.push_back({choice.name, static_cast<int>(dropped) + static_cast<int>(s.drop_highest), fit.converged,
                               fit.parameters, analysis::best_use(fit.parameters, compute)});
    }
  }
  other_counts(s, compute, f);
}

} // namespace cascade::app
