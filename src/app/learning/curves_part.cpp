#include "analysis/fit/no_fit.hpp"
#include "analysis/learners/curve_fit.hpp"
#include "analysis/learners/kernel.hpp"
#include "analysis/measurement/curves.hpp"
#include "app/learning/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace cascade::app {
namespace {

using analysis::LearnerLoss;

/// A smooth part that falls more slowly than this cannot be told from the rough one over a few doublings: none is
/// fitted.
constexpr double told_apart = 0.5;

/// One size of one learner, of all examples or (for the joint fit) of the first ones.
struct LearnUnit {
  std::size_t curve, size;
  double cost;
  std::int64_t examples = 0; ///< 0: all
};

/// Who does which: the dearest first, each to the rank that has least so far.
std::vector<int> share_out(const std::vector<LearnUnit>& units, int ranks) {
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return units[a].cost > units[b].cost; });
  std::vector<double> load(static_cast<std::size_t>(ranks), 0.0);
  std::vector<int> owner(units.size());
  for (const std::size_t u : order) {
    const auto least = std::min_element(load.begin(), load.end());
    owner[u] = static_cast<int>(least - load.begin());
    *least += units[u].cost;
  }
  return owner;
}

analysis::Result alpha_result(const CaseRun& run, const LearnedCurve& c, const analysis::ExponentFit& fit) {
  const std::string resource = c.learner->resource();
  analysis::Result r;
  r.id = run.id(fmt::format("alpha/{}/{}", c.learner->name(), resource));
  r.stage = "learners";
  r.quantity = "alpha";
  r.title = "alpha";
  r.method = "learning curve";
  r.labels = {{"learner", c.learner->name()}, {"resource", resource}};
  r.labels.say(c.learner->title() + ", " + resource);
  analysis::set_fit(r, fit);
  return r;
}

/// Units of all repeats, shared over the ranks. A unit stays with its rank, which so sees all its repeats.
class Lessons {
public:
  Lessons(const CaseRun& run, std::vector<LearnedCurve>& curves, const std::vector<std::vector<std::int64_t>>& sizes,
          std::vector<LearnUnit> units)
      : run_(run), curves_(curves), sizes_(sizes), units_(std::move(units)),
        owner_(share_out(units_, run.ranks.size())), predictions_(units_.size()) {}

  void repeat(std::uint64_t number) {
    const CloudSource::Split split = run_.source.split(number);
    std::vector<double> mine;
    run_.ranks.agree([&] {
      for (std::size_t u = 0; u < units_.size(); ++u)
        if (owner_[u] == run_.ranks.rank()) {
          LearnerLoss l = learn(units_[u], split, number);
          mine.insert(mine.end(), {static_cast<double>(u), l.loss, l.checked, l.quarter, l.start, l.examples,
                                   l.parameters, l.training_flops});
          if (run_.config.curves.decompose && units_[u].examples == 0)
            predictions_[u].push_back(std::move(l.predicted));
        }
    });
    const std::vector<double> all = run_.ranks.gather_all(mine);
    for (std::size_t at = 0; at < all.size(); at += 8) {
      const LearnUnit& unit = units_[static_cast<std::size_t>(all[at])];
      LearnedCurve& curve = curves_[unit.curve];
      const LearnerLoss l{all[at + 1], all[at + 2], all[at + 3], all[at + 4],
                          all[at + 5], all[at + 6], all[at + 7], {}};
      if (unit.examples == 0)
        curve.losses[number][unit.size] = l;
      if (run_.config.curves.joint && curve.learner->resource() == "parameters")
        curve.joint_losses.push_back(l);
    }
    truth_ = split.test.target;
  }

  /// Bias and variance of every size. Collective.
  void take_apart(CaseOutcome& outcome) const {
    constexpr std::size_t numbers = 5;
    std::vector<double> mine, averaged;
    for (std::size_t u = 0; u < units_.size(); ++u)
      if (!predictions_[u].empty()) {
        const analysis::LossParts p = analysis::loss_parts(predictions_[u], truth_);
        mine.insert(mine.end(),
                    {static_cast<double>(u), p.bias, p.variance, p.bias_error, p.variance_error, p.excess_error});
        if (units_[u].size + 1 == sizes_[units_[u].curve].size())
          for (const analysis::AveragedLoss& a : analysis::averaged_losses(predictions_[u], truth_))
            averaged.insert(averaged.end(),
                            {static_cast<double>(units_[u].curve), static_cast<double>(a.learners), a.loss});
      }
    const std::vector<double> all = run_.ranks.gather_all(mine), means = run_.ranks.gather_all(averaged);
    for (LearnedCurve& c : curves_)
      c.parts.resize(c.losses.front().size());
    for (std::size_t at = 0; at < all.size(); at += numbers + 1) {
      const LearnUnit& unit = units_[static_cast<std::size_t>(all[at])];
      curves_[unit.curve].parts[unit.size] = {all[at + 1], all[at + 2], all[at + 3], all[at + 4], all[at + 5]};
    }
    for (std::size_t at = 0; at < means.size(); at += 3)
      curves_[static_cast<std::size_t>(means[at])].averaged.push_back(
          {static_cast<std::size_t>(means[at + 1]), means[at + 2]});
    double mean = 0;
    for (const double f : truth_)
      mean += f / static_cast<double>(truth_.size());
    for (const double f : truth_)
      outcome.target_variance += (f - mean) * (f - mean) / static_cast<double>(truth_.size());
  }

private:
  LearnerLoss learn(const LearnUnit& unit, const CloudSource::Split& split, std::uint64_t number) const {
    const analysis::Learner& learner = *curves_[unit.curve].learner;
    const std::int64_t size = sizes_[unit.curve][unit.size];
    if (unit.examples == 0)
      return learner.learn({split.train, split.test, run_.config.seed(), number}, size);
    const core::PointCloud fewer = split.train.first(unit.examples);
    return learner.learn({fewer, split.test, run_.config.seed(), number}, size);
  }

  const CaseRun& run_;
  std::vector<LearnedCurve>& curves_;
  const std::vector<std::vector<std::int64_t>>& sizes_;
  std::vector<LearnUnit> units_;
  std::vector<int> owner_;
  std::vector<analysis::Predictions> predictions_; ///< of own units
  std::vector<double> truth_;
};

/// Fewer examples for the joint fit, down to four a parameter or so.
void add_joint_units(const CaseRun& run, const analysis::Learner& learner, std::size_t curve,
                     const std::vector<std::int64_t>& sizes, std::vector<LearnUnit>& units) {
  constexpr int steps = 3;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    for (std::int64_t step = 1, n = run.source.train_points() / 4; step <= steps; ++step, n /= 4)
      if (n >= 4 * sizes[i] * (learner.optimises() ? run.source.dimension() + 2 : 1))
        units.push_back({curve, i, learner.cost(sizes[i], n, run.source.dimension()), n});
}

} // namespace

std::vector<std::int64_t> learner_sizes(const analysis::LearnerOptions& options, const analysis::Learner& learner,
                                        const CloudSource& source) {
  std::vector<std::int64_t> sizes = learner.sizes(source.train_points(), source.dimension());
  if (options.smallest || options.largest) {
    const std::int64_t largest = options.largest.value_or(sizes.back());
    sizes = analysis::doubled_sizes(
        options.smallest.value_or(std::max<std::int64_t>(1, std::min(sizes.front(), largest / 32))), largest);
  }
  if (options.kind == "kernel")
    std::erase_if(sizes, [](std::int64_t n) { return n > analysis::KernelRidge::most_examples; });
  if (learner.resource() == "data")
    std::erase_if(sizes, [&](std::int64_t n) { return n > source.train_points(); });
  return sizes;
}

void learn_curves(const CaseRun& run, CaseOutcome& outcome) {
  const LearningConfig& config = run.config;
  std::vector<std::vector<std::int64_t>> sizes;
  std::vector<LearnUnit> units;
  for (const analysis::LearnerOptions& options : config.learners) {
    LearnedCurve c;
    c.learner = analysis::make_learner(options);
    sizes.push_back(learner_sizes(options, *c.learner, run.source));
    for (std::size_t i = 0; i < sizes.back().size(); ++i)
      units.push_back({outcome.curves.size(), i,
                       c.learner->cost(sizes.back()[i], run.source.train_points(), run.source.dimension())});
    if (config.curves.joint && c.learner->resource() == "parameters")
      add_joint_units(run, *c.learner, outcome.curves.size(), sizes.back(), units);
    c.losses.assign(static_cast<std::size_t>(config.curves.repeats), std::vector<LearnerLoss>(sizes.back().size()));
    outcome.curves.push_back(std::move(c));
  }
  {
    Lessons lessons(run, outcome.curves, sizes, std::move(units));
    auto stage = run.progress.begin(run.where() + "learners", static_cast<double>(config.curves.repeats));
    for (std::int64_t repeat = 0; repeat < config.curves.repeats; ++repeat) {
      lessons.repeat(static_cast<std::uint64_t>(repeat));
      stage.advance();
    }
    if (config.curves.decompose)
      lessons.take_apart(outcome);
  }
  const double d = outcome.dimension ? outcome.dimension->value : 0;
  for (LearnedCurve& c : outcome.curves) {
    analysis::LearningCurve curve;
    const bool data = c.learner->resource() == "data";
    for (const LearnerLoss& l : c.losses.front())
      c.x.push_back(data ? l.examples : l.parameters);
    curve.x = c.x;
    for (const auto& losses : c.losses) {
      curve.loss.emplace_back();
      for (const LearnerLoss& l : losses)
        curve.loss.back().push_back(l.loss);
      if (!c.learner->optimises())
        continue;
      curve.checked.emplace_back();
      for (const LearnerLoss& l : losses)
        curve.checked.back().push_back(l.checked);
      if (!c.learner->trains())
        continue;
      curve.quarter.emplace_back();
      for (const LearnerLoss& l : losses)
        curve.quarter.back().push_back(l.quarter);
      if (!(losses.front().start > 0))
        continue;
      curve.start.emplace_back();
      for (const LearnerLoss& l : losses)
        curve.start.back().push_back(l.start);
    }
    try {
      const double part = d > 0 && c.learner->fits_smooth_part() ? c.learner->smooth_loss_exponent(d) / d : 0;
      const double smooth = part >= told_apart ? part : 0;
      c.alpha = alpha_result(run, c,
                             analysis::fit_learning_curve(curve, {smooth, config.curves.doublings, c.learner->check(),
                                                                  c.learner->gains_alike()}));
    } catch (const analysis::NoFit& why) {
      c.no_alpha = why.what();
      outcome.warnings.push_back(fmt::format("{}{}: no exponent: {}", run.where(), c.learner->title(), why.what()));
      continue;
    }
    analysis::Curve& drawn = c.alpha->curve;
    drawn.x_axis = {data ? "n" : "N", data ? "examples" : "parameters"};
    drawn.y_axis = {"loss", "target^2"};
    drawn.x = c.x;
    drawn.y = analysis::geometric_means(curve.loss, analysis::no_repeat);
    const auto repeats = static_cast<double>(curve.loss.size());
    for (std::size_t i = 0; i < c.x.size(); ++i) {
      double square = 0;
      for (const auto& loss : curve.loss)
        square += std::pow(std::log(loss[i] / drawn.y[i]), 2);
      drawn.standard_error.push_back(drawn.y[i] * std::sqrt(square / (repeats * (repeats - 1))));
      drawn.count.push_back(repeats);
    }
    drawn.local_slope = analysis::local_slopes(drawn.x, drawn.y);
    analysis::lay_fit(c.alpha->fitted, drawn);
  }
}

} // namespace cascade::app
