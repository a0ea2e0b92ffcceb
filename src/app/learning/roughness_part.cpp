#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/neighbours/roughness.hpp"
#include "analysis/neighbours/space_blocks.hpp"
#include "app/learning/case_run.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

namespace cascade::app {

namespace {

constexpr double surely = 5; // errors of a noise floor that is told

} // namespace

void measure_roughness(const CaseRun& run, const core::PointCloud& cloud, CaseOutcome& outcome) {
  if (!run.config.roughness.enabled || cloud.target.empty())
    return;
  constexpr int pairs_depth = 4; // 16 parts, so that the smallest clouds have pairs in each
  const std::vector<int> parts = analysis::space_blocks(cloud, pairs_depth);
  auto stage = run.progress.begin(run.where() + "roughness", static_cast<double>(run.config.roughness.orders.size()));
  for (const double order : run.config.roughness.orders) {
    const analysis::PairTable table = analysis::neighbour_differences(cloud, order, parts, run.ranks);
    stage.advance();
    analysis::Result r;
    r.id = run.id(fmt::format("hurst/p{:g}", order));
    r.stage = "roughness";
    r.quantity = "hurst";
    r.title = "h";
    r.order = order;
    r.method = "neighbours";
    r.labels = {};
    try {
      const auto wider = [&] { return analysis::with_far_pairs(table, cloud, order, parts, run.config.seed()); };
      const analysis::RoughnessFit fit = analysis::fit_roughness(table, order, wider);
      analysis::set_fit(r, fit.hurst);
      r.curve = analysis::make_curve("", fit.table, {"r", "coordinate"}, {fmt::format("S_{:g}", order), "target"});
      if (fit.floor_error > 0 && fit.floor > surely * fit.floor_error) {
        r.fit.note = fmt::format("noise floor {}", core::with_error_text(fit.floor, fit.floor_error));
        outcome.warnings.push_back(
            fmt::format("{}S_{:g} does not fall to zero between neighbours: {}", run.where(), order, r.fit.note));
      }
      if (fit.narrow)
        r.fit.note = fmt::format("from {:.2f} octaves of distance: all that the cloud has", fit.hurst.octaves);
      outcome.roughness.push_back(r);
      if (order == 2) {
        outcome.hurst = r.measured;
        if (run.source.from_file() && r.measured.interval95[1] > 1) // who makes the data knows
          outcome.warnings.push_back(run.where() +
                                     "h may be 1, the most that S_2 shows, as of smooth targets: then 2h/d "
                                     "and 4h/d are 2/d and 4/d, and say nothing of roughness");
      }
    } catch (const analysis::NoFit& why) {
      outcome.warnings.push_back(fmt::format("{}no h from S_{:g}: {}", run.where(), order, why.what()));
    }
  }
}

} // namespace cascade::app
