#include "app/field/unit_meter.hpp"

#include "core/sums/exact_sum.hpp"
#include "core/talk/errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {
namespace {

using analysis::TableSet;
using analysis::View;
using core::Communicator;
using core::GridSample;

void refuse_not_finite(const GridSample& sample, const Communicator& ranks) {
  double sum = 0;
  for (int c = 0; c < sample.field.components(); ++c)
    for (const double v : sample.field.component(c))
      sum += v - v; // NaN as soon as one value is not finite
  double bad[] = {std::isnan(sum) ? 1.0 : 0.0};
  ranks.max(bad);
  if (bad[0] > 0)
    throw core::Error(core::ExitCode::numerical_failure, "the generated field holds values that are not finite");
}

/// Neighbours along the last axis: how many are equal, the smallest difference of others, their squares. Collective.
analysis::BlockTable look_at_rounding(const core::RealField& field, const Communicator& ranks) {
  const core::Box& box = field.box();
  core::ExactSum sums[3]; // pairs, equal ones, squares
  double smallest = std::numeric_limits<double>::infinity();
  for (int c = 0; c < field.components(); ++c)
    for (core::Index i = 0; i < box.extent(0); ++i)
      for (core::Index j = 0; j < box.extent(1); ++j) {
        const auto line = field.line(c, i, j);
        double pairs = 0, equal = 0, squares = 0;
        for (std::size_t k = 1; k < line.size(); ++k) {
          const double step = std::fabs(line[k] - line[k - 1]);
          if (!std::isfinite(step))
            continue;
          pairs += 1;
          equal += step > 0 ? 0 : 1;
          squares += step * step;
          if (step > 0)
            smallest = std::min(smallest, step);
        }
        if (!(squares > 0))
          continue; // constant along this axis: that is no rounding
        sums[0].add(pairs);
        sums[1].add(equal);
        sums[2].add(squares);
      }
  ranks.sum(std::span<core::ExactSum>(sums));
  double least[] = {smallest};
  ranks.min(least);
  const double pairs = sums[0].value();
  const std::vector<double> weights(3, pairs);
  return {{0, 1, 2}, {{sums[1].value(), std::isfinite(least[0]) ? least[0] : 0, sums[2].value()}}, {weights}, weights};
}

} // namespace

UnitMeter::UnitMeter(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                     core::Progress& progress)
    : plan_(plan), generator_(generator), progress_(progress) {
  if (plan.decomposition)
    on_grid_ = config.analysis.measured_on(plan.subject, plan.grid());
  on_points_ = config.analysis.measured_on(plan.subject, nullptr);
}

GridSample UnitMeter::make_field(std::int64_t realisation, const Communicator& ranks) const {
  auto stage = progress_.begin(field_step, 0);
  GridSample sample = generator_.grid()->sample(core::Decomposition(plan_.decomposition->domain(), ranks.size()), ranks,
                                                static_cast<std::uint64_t>(realisation));
  if (sample.missing == 0)
    refuse_not_finite(sample, ranks);
  return sample;
}

TableSet UnitMeter::measure_grid(const GridSample& sample, std::int64_t realisation, const TableSet* pilot,
                                 const Communicator& ranks) const {
  TableSet all;
  for (const ChosenMeasurement& one : on_grid_) {
    auto stage = progress_.begin(one.entry->step(plan_.subject, View::grid), 0);
    analysis::Batch batch{realisation, 1, ranks};
    if (pilot != nullptr)
      batch.pilot = &analysis::tables_of(*pilot, View::grid, one.entry->name);
    one->measure_grid(sample, plan_.subject, batch, all[analysis::tables_key(View::grid, one.entry->name)]);
  }
  if (plan_.subject.realisations_are_blocks())
    for (const ChosenMeasurement& one : on_grid_)
      if (!one->keeps_blocks())
        for (auto& [name, table] : all[analysis::tables_key(View::grid, one.entry->name)])
          table = table.collapsed();
  if (sample.missing > 0) {
    const auto points = static_cast<double>(sample.field.domain().total_points());
    all[analysis::tables_key(View::grid, missing_values)]["points"] = {
        {1}, {{static_cast<double>(sample.missing)}}, {{points}}, {points}};
  }
  if (plan_.subject.given)
    all[analysis::tables_key(View::grid, rounded_values)]["neighbours"] = look_at_rounding(sample.field, ranks);
  return all;
}

TableSet UnitMeter::measure_points(const WorkUnit& unit, const Communicator& ranks) const {
  const core::PointSource source = generator_.points()->source();
  TableSet all;
  for (const ChosenMeasurement& one : on_points_) {
    auto stage = progress_.begin(one.entry->step(plan_.subject, View::points), 1);
    const analysis::Batch batch{unit.first, unit.count, ranks, [&](double part) { stage.advance(part); }};
    one->measure_points(source, plan_.subject, batch, all[analysis::tables_key(View::points, one.entry->name)]);
  }
  return all;
}

bool UnitMeter::wants_pilot() const {
  return std::any_of(on_grid_.begin(), on_grid_.end(), [](const ChosenMeasurement& one) { return one->wants_pilot(); });
}

} // namespace cascade::app
