#include "app/learning/case_run.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

std::string named(const CaseRun& run) {
  return run.which.name.empty() ? run.config.run.name : run.which.name;
}

double noise_of(const CaseRun& run) {
  return run.which.data.made.target.noise;
}

std::string value_and_error(double value, double error) {
  return fmt::format("{} +- {}", cell_text(value, 3), cell_text(error, 2));
}

/// The same data at another noise: the cases a line of the noise goes through.
std::string without_noise(const CaseRun& run) {
  const std::size_t at = run.which.name.rfind("noise");
  return at == std::string::npos ? run.which.name : run.which.name.substr(0, at);
}

Table table_of_parts(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  Table t{"Bias, variance and floor at the largest size",
          {"data", "learner", "size", "bias^2", "variance", "floor", "all", "averages of 1, 2, 4, ... learners",
           "bias^2 + variance/m"},
          {}};
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const LearnedCurve& c : outcomes[i].curves) {
      if (c.parts.empty())
        continue;
      const analysis::LossParts& p = c.parts.back();
      const double floor = noise_of(runs[i]) * noise_of(runs[i]);
      std::string averaged, expected;
      for (const analysis::AveragedLoss& a : c.averaged) {
        averaged += (averaged.empty() ? "" : ", ") + cell_text(a.loss, 3);
        expected +=
            (expected.empty() ? "" : ", ") + cell_text(p.bias + p.variance / static_cast<double>(a.learners), 3);
      }
      t.rows.push_back({named(runs[i]), c.learner->title(), cell_text(c.x.back(), 5),
                        value_and_error(p.bias, p.bias_error), value_and_error(p.variance, p.variance_error),
                        cell_text(floor, 3), value_and_error(p.excess() + floor, p.excess_error), averaged, expected});
    }
  t.note =
      "Of the mean square at test points, one target, examples and their noise new in every repeat: what the mean of "
      "all learners misses, how far each is from that mean, and sigma^2, which nothing can learn. Averages of m "
      "learners lose variance as 1/m (central limit) and keep their bias.";
  return t;
}

/// Bias and variance against size.
void figures_of_parts(const CaseRun& run, const CaseOutcome& outcome, Page& page) {
  Figure f{
      "loss_parts" + (run.which.name.empty() ? "" : "_" + run.which.name),
      "Bias and variance" + (run.which.name.empty() ? "" : ", " + run.which.name),
      "Parts of the mean-square error on test points without noise; the dashed line is the floor sigma^2 of values "
      "with noise.",
      "examples n, or parameters N",
      "part of the mean-square error",
      true,
      {}};
  double low = 1e300, high = 0;
  for (const LearnedCurve& c : outcome.curves) {
    Series bias{c.learner->title() + ": bias^2", "line", {}, {}, {}},
        variance{c.learner->title() + ": variance", "points", {}, {}, {}};
    for (std::size_t k = 0; k < c.parts.size(); ++k) {
      if (c.parts[k].bias > 0) {
        bias.x.push_back(c.x[k]);
        bias.y.push_back(c.parts[k].bias);
      }
      if (c.parts[k].variance > 0) {
        variance.x.push_back(c.x[k]);
        variance.y.push_back(c.parts[k].variance);
        variance.error.push_back(c.parts[k].variance_error);
      }
      low = std::min(low, c.x[k]);
      high = std::max(high, c.x[k]);
    }
    for (const Series& s : {bias, variance})
      if (s.x.size() > 1)
        f.series.push_back(s);
  }
  if (const double floor = noise_of(run) * noise_of(run); floor > 0 && high > low)
    f.series.push_back({"floor", "dashed", {low, high}, {floor, floor}, {}});
  if (!f.series.empty())
    page.figures.push_back(std::move(f));
}

/// Where learning starts: a line of the excess through the cases that differ in their noise alone.
Table table_of_starts(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  Table t{"The signal-to-noise ratio at which learning starts",
          {"data", "learner", "size", "excess without noise", "excess a unit of noise", "starts at"},
          {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string family = without_noise(runs[i]);
    const auto earlier = [&](std::size_t j) { return j < i && without_noise(runs[j]) == family; };
    bool first = true;
    for (std::size_t j = 0; j < runs.size(); ++j)
      first = first && !earlier(j);
    for (std::size_t c = 0; first && c < outcomes[i].curves.size(); ++c) {
      const LearnedCurve& curve = outcomes[i].curves[c];
      if (curve.parts.empty())
        continue;
      std::vector<double> square, excess, error;
      for (std::size_t j = i; j < runs.size(); ++j)
        if (without_noise(runs[j]) == family) {
          const analysis::LossParts& p = outcomes[j].curves[c].parts.back();
          square.push_back(noise_of(runs[j]) * noise_of(runs[j]));
          excess.push_back(p.excess());
          error.push_back(std::max(p.excess_error, 1e-9 + 1e-3 * p.excess()));
        }
      const auto [low, high] = std::minmax_element(square.begin(), square.end());
      if (!(*high > *low))
        continue;
      const analysis::NoiseLine line = analysis::noise_line(square, excess, error);
      const double variance = outcomes[i].target_variance, start = line.threshold(variance);
      const double square_then = start > 0 ? variance / start : 0;
      const std::string where = !std::isfinite(start) ? "never: worse than the mean without any noise"
                                : !(start > 0)        ? "any"
                                : square_then > *high ? fmt::format("{}, beyond the noise tried", cell_text(start, 3))
                                                      : cell_text(start, 3);
      t.rows.push_back({family.empty() ? runs[i].config.run.name : family.substr(0, family.size() - 1),
                        curve.learner->title(), cell_text(curve.x.back(), 5), cell_text(line.still, 3),
                        value_and_error(line.slope, line.slope_error), where});
    }
  }
  t.note =
      "Learning starts where the error on values without noise is below the target's own variance, which is what "
      "its mean alone would do. The excess is a straight line in sigma^2 for learners that are linear in what they "
      "are shown: for the mean of k neighbours its slope is 1/k, so that 1-NN starts at a ratio just above 1.";
  return t;
}

Table table_of_joint_laws(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes) {
  Table t{"E + A/N^alpha + B/n^beta",
          {"data", "learner", "rows", "alpha", "beta", "E", "floor declared", "how far to be believed"},
          {}};
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const LearnedCurve& c : outcomes[i].curves) {
      if (!c.joint)
        continue;
      std::vector<std::string> row{named(runs[i]), c.learner->title(),
                                   cell_text(static_cast<double>(c.joint->table.size()))};
      if (!c.joint->answer) {
        row.insert(row.end(), {"-", "-", "-", cell_text(noise_of(runs[i]) * noise_of(runs[i]), 3), c.joint->no_answer});
      } else {
        const analysis::LossAnswer& a = *c.joint->answer;
        const auto interval = [&](const char* quantity, double value) {
          const analysis::Interval& q = a.of(quantity).quoted;
          return fmt::format("{} [{}, {}]", cell_text(value, 3), cell_text(q[0], 3), cell_text(q[1], 3));
        };
        static const char* const words[] = {"good", "not identified", "an exponent on a wall",
                                            "the law does not describe the losses: intervals widened", "failed"};
        const analysis::LossParameters& p = a.fit.parameters;
        row.insert(row.end(), {interval("alpha", p.alpha), interval("beta", p.beta), interval("E", p.pedestal),
                               cell_text(noise_of(runs[i]) * noise_of(runs[i]), 3), words[static_cast<int>(a.status)]});
      }
      t.rows.push_back(row);
    }
  t.note =
      "Least squares of log L over sizes and numbers of examples, every repeat a row, as tables of losses are fitted "
      "(docs/scaling.md). L is the error against values with the noise of the examples, in expectation: the "
      "measured error plus sigma^2. Noise that a learner of N numbers follows is sigma^2 N/n, which no such sum holds: "
      "then the law is said not to describe the losses.";
  return t;
}

} // namespace

void fit_joint_laws(const CaseRun& run, CaseOutcome& outcome) {
  for (LearnedCurve& c : outcome.curves) {
    if (c.joint_losses.empty())
      continue;
    JointFit joint;
    joint.table.name = run.where() + c.learner->title();
    const double floor = noise_of(run) * noise_of(run);
    for (const analysis::LearnerLoss& l : c.joint_losses) {
      joint.table.x.push_back(l.parameters);
      joint.table.z.push_back(l.examples);
      joint.table.loss.push_back(l.loss + floor);
      joint.table.line.push_back(static_cast<int>(joint.table.x.size()));
    }
    std::vector<double> examples = joint.table.z;
    std::sort(examples.begin(), examples.end());
    examples.erase(std::unique(examples.begin(), examples.end()), examples.end());
    if (examples.size() < 3 || !std::all_of(joint.table.loss.begin(), joint.table.loss.end(),
                                            [](double l) { return std::isfinite(l) && l > 0; }))
      joint.no_answer = "fewer than three numbers of examples: more points";
    else
      joint.answer = analysis::answer_losses(joint.table, analysis::LossModel::two_variables,
                                             {analysis::Objective::least_squares_log});
    c.joint = std::move(joint);
  }
}

void show_parts(const std::vector<CaseRun>& runs, const std::vector<CaseOutcome>& outcomes, Page& page) {
  constexpr std::size_t most_figures = 4;
  for (Table& t : std::vector<Table>{table_of_parts(runs, outcomes), table_of_starts(runs, outcomes),
                                     table_of_joint_laws(runs, outcomes)})
    if (!t.rows.empty())
      page.tables.push_back(t);
  for (std::size_t i = 0; i < std::min(runs.size(), most_figures); ++i)
    figures_of_parts(runs[i], outcomes[i], page);
}

} // namespace cascade::app
