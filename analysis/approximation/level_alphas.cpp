#include "analysis/approximation/level_alphas.hpp"

#include "analysis/approximation/driven_descent.hpp"
#include "analysis/fit/log_slope.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/sums/sample_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr DrawPurpose level_draws{7};
constexpr int population = 32, first_level = 5;
constexpr std::array<int, 3> last_level{36, 30, 24}; // of lines, planes, boxes: more take time and add little

int last_of(const Subject& subject) {
  return std::min(last_level[static_cast<std::size_t>(subject.dimensions - 1)], subject.levels - 1);
}

} // namespace

std::vector<DrivenSetting> level_settings(const ApproximationSettings& settings, const Subject& subject) {
  std::vector<DrivenSetting> list;
  if (!subject.tilted || !subject.sampled() || subject.scattered ||
      subject.dimensions > static_cast<int>(last_level.size()) || !settings.partition("uniform") ||
      !settings.average("volume"))
    return list;
  for (const std::int64_t degree : settings.degrees)
    for (const double q : settings.loss_powers) {
      DrivenSetting s;
      s.dimensions = subject.dimensions;
      s.degree = static_cast<int>(degree);
      s.loss_power = q;
      s.levels = subject.levels;
      choose_lattice(s);
      list.push_back(s);
    }
  return list;
}

bool cells_drawn_by_volume(const ApproximationSettings& settings, const Subject& subject) {
  return level_settings(settings, subject).empty() || settings.average("active");
}

std::string level_table(int degree, double loss_power) {
  return table_name("levels", std::to_string(degree), order_text(loss_power), "volume");
}

bool of_levels(const std::string& table) {
  return table.starts_with("levels");
}

void measure_levels(const ApproximationSettings& settings, const core::PointSource& source, const Subject& subject,
                    const Batch& batch, Tables& tables) {
  for (const DrivenSetting& s : level_settings(settings, subject)) {
    const SamplingPlan plan{subject.seed, static_cast<int>(batch.count), settings.runs, last_of(subject),
                            static_cast<int>(batch.first)};
    const auto kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
      for (std::int64_t draw = first; draw < last; ++draw) {
        DrawStream stream(subject.seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw),
                          level_draws);
        const core::Block hash{stream.bits(), stream.bits(), stream.bits(), stream.bits()};
        std::array<core::Coordinate, 3> shift{};
        for (core::Coordinate& c : shift)
          c = settings.random_origin() ? stream.wide() : 0;
        const DrivenCounts none;
        DrivenCells cells(source(tree + static_cast<int>(draw) * (1 << 16)), s, none, hash, shift);
        const std::vector<double> loss = driven_levels(cells, plan.scales, population, stream);
        for (std::size_t j = 1; j < loss.size(); ++j) {
          sums.at(0, static_cast<int>(j)) += loss[j];
          sums.at(1, static_cast<int>(j)) += 1;
        }
      }
    };
    const TreeSums sums = sum_over_draws(plan, 2, 1, batch.ranks, kernel, {});
    tables[level_table(s.degree, s.loss_power)] = sums.table_per_draw(0, static_cast<double>(settings.runs), 1);
  }
}

ExponentFit fit_levels(const BlockTable& table, const Subject& subject) {
  const auto [low, high] = subject.window_or(std::exp2(-last_of(subject)), std::exp2(-first_level));
  return log_slope(table.x, table.blocks(), log_rows(table), low, high);
}

double level_work(const ApproximationSettings& settings, const Subject& subject) {
  double work = 0;
  for (const DrivenSetting& s : level_settings(settings, subject))
    work +=
        std::exp2(s.dimensions) * population * last_of(subject) * (std::pow(s.lattice, s.dimensions) + s.test_points);
  return work * static_cast<double>(settings.runs) * subject.sampling.trees;
}

double level_table_bytes(const ApproximationSettings& settings, const Subject& subject) {
  const auto list = level_settings(settings, subject);
  return list.empty() ? 0 : bytes_of_tables(static_cast<double>(list.size()), last_of(subject), subject.sampling.trees);
}

} // namespace cascade::analysis
