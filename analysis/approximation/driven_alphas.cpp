#include "analysis/approximation/driven_alphas.hpp"

#include "analysis/approximation/alphas.hpp"
#include "analysis/approximation/driven_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/sums/sample_sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

constexpr DrawPurpose driven_draws{6};
constexpr int most_dimensions = 3;     // 2^D children of m^D points each
constexpr int kept_cells = 16;         // of a bin: 4 or 64 take 1.5 to 5 times the work for the same error
constexpr int usual_thresholds = 320;  // about as many, for estimates of memory
constexpr double usual_cells = 8000;   // looked at in a run
constexpr std::size_t driven_sums = 4; // pieces, loss, forced leaves, runs
constexpr std::uint64_t pilot_draw = (std::uint64_t{1} << 39) - 1;

std::string driven_table(const DrivenSetting& s, const char* what) {
  return table_name("driven", std::to_string(s.degree), order_text(s.loss_power),
                    std::string(s.active ? "active_" : "volume_") + what);
}

struct DrivenRun {
  const DrivenSetting& setting;
  const DrivenCounts& counts;
  std::uint64_t seed;
  bool random_origin;

  void operator()(const core::PointSource& source, int tree, std::int64_t draw, int realisation,
                  const DrivenThresholds& thresholds, DrivenSums& sums,
                  double most_pieces = std::numeric_limits<double>::infinity()) const {
    DrawStream stream(seed, static_cast<std::uint64_t>(tree), static_cast<std::uint64_t>(draw), driven_draws);
    const core::Block hash{stream.bits(), stream.bits(), stream.bits(), stream.bits()};
    std::array<core::Coordinate, 3> shift{};
    for (core::Coordinate& s : shift)
      s = random_origin ? stream.wide() : 0;
    DrivenCells cells(source(realisation), setting, counts, hash, shift);
    driven_run(cells, thresholds, kept_cells, stream, sums, most_pieces);
  }
};

/// From far above the error of the whole box down to where a run has so many leaves, or the field no more levels: by
/// the first realisation that gets there (a tree may die out).
DrivenThresholds driven_thresholds(const DrivenRun& run, const core::PointSource& source, double log2_pieces) {
  constexpr int above = 3, most_octaves = 512, octaves = 32, pilots = 32;
  DrivenThresholds thresholds;
  thresholds.count = usual_thresholds;
  for (int pilot = 0; pilot < pilots; ++pilot) {
    DrivenCells cells(source(pilot), run.setting, run.counts, core::Block{}, {});
    const double error = cells.root().least;
    if (!(error > 0))
      continue;
    thresholds.top = static_cast<int>(std::ceil(std::log2(error))) + above;
    const DrivenThresholds wide{thresholds.top, most_octaves * DrivenThresholds::per_octave};
    DrivenSums sums(wide.count);
    const double most = std::exp2(log2_pieces);
    run(source, pilot, static_cast<std::int64_t>(pilot_draw), pilot, wide, sums, most);
    const auto pieces = sums.pieces();
    const auto enough = std::find_if(pieces.begin(), pieces.end(), [&](double n) { return n > most; });
    if (enough != pieces.end()) {
      thresholds.count = static_cast<int>(enough - pieces.begin()) + 1;
      return thresholds;
    }
    // whole blocks of octaves, as long as the number of pieces grows
    const auto last = std::find(pieces.begin(), pieces.end(), pieces.back()) - pieces.begin();
    constexpr int block = octaves * DrivenThresholds::per_octave;
    thresholds.count = std::min(wide.count, (static_cast<int>(last) / block + 1) * block);
    if (sums.unsplit().back() > 0) // no more levels: another realisation would get no further
      return thresholds;
  }
  return thresholds;
}

/// log2 of the children of a cell that hold data: of the counted cells, or D.
double counted_generation(const BlockTable* cells, int dimensions) {
  double generation = dimensions;
  if (cells != nullptr && cells->points() > 0) {
    const auto finest = static_cast<std::size_t>(std::min_element(cells->x.begin(), cells->x.end()) - cells->x.begin());
    const double number = cells->mean()[finest];
    if (number > 1)
      generation = std::min(generation, std::log2(number) / -std::log2(cells->x[finest]));
  }
  return generation;
}

} // namespace

std::vector<DrivenSetting> driven_settings(const ApproximationSettings& settings, const Subject& subject) {
  std::vector<DrivenSetting> list;
  if (!settings.partition("adaptive") || subject.dimensions > most_dimensions || subject.scattered ||
      !subject.sampled())
    return list;
  auto degrees = settings.degrees;
  std::sort(degrees.begin(), degrees.end());
  for (const std::int64_t degree : degrees)
    for (const double q : settings.loss_powers)
      for (const std::string& average : settings.averages) {
        DrivenSetting s;
        s.dimensions = subject.dimensions;
        s.degree = static_cast<int>(degree);
        s.loss_power = q;
        s.active = average == "active";
        s.levels = subject.levels;
        choose_lattice(s);
        if (!s.active || subject.activity)
          list.push_back(s);
      }
  return list;
}

void measure_driven(const ApproximationSettings& settings, const core::PointSource& source, const Subject& subject,
                    const Batch& batch, Tables& tables) {
  const auto list = driven_settings(settings, subject);
  DrivenCounts shared, none;
  for (const DrivenSetting& s : list)
    if (s.active && shared.cells.empty())
      shared = count_for_data(source, s, subject.seed);
  for (const DrivenSetting& s : list) {
    const DrivenRun run{s, s.active ? shared : none, subject.seed, settings.random_origin()};
    const DrivenThresholds thresholds = driven_thresholds(run, source, static_cast<double>(settings.pieces));
    const SamplingPlan plan{subject.seed, static_cast<int>(batch.count), settings.runs, thresholds.count,
                            static_cast<int>(batch.first)};
    const auto kernel = [&](int tree, std::int64_t first, std::int64_t last, ChunkSums& sums) {
      for (std::int64_t draw = first; draw < last; ++draw) {
        DrivenSums one(thresholds.count);
        // A tree of its own for every run: the luck of the first branchings is what scatters most.
        run(source, tree, draw, tree + static_cast<int>(draw) * (1 << 16), thresholds, one);
        const auto pieces = one.pieces(), forced = one.unsplit();
        for (int i = 0; i < thresholds.count; ++i) {
          const auto at = static_cast<std::size_t>(i);
          sums.at(0, i + 1) += pieces[at];
          sums.at(1, i + 1) += one.loss[at];
          sums.at(2, i + 1) += forced[at];
          sums.at(3, i + 1) += 1;
        }
      }
    };
    const auto part = [&](double done) {
      if (batch.advance)
        batch.advance(done / static_cast<double>(list.size()));
    };
    const TreeSums sums = sum_over_draws(plan, driven_sums, 1, batch.ranks, kernel, part);
    const char* const names[] = {"pieces", "loss", "forced"};
    for (std::size_t i = 0; i < 3; ++i) {
      BlockTable table = sums.table_per_draw(i, static_cast<double>(settings.runs), 3);
      for (int t = 0; t < thresholds.count; ++t)
        table.x[static_cast<std::size_t>(t)] = thresholds.at(t);
      tables[driven_table(s, names[i])] = std::move(table);
    }
  }
}

void fit_driven_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                       const Findings& findings, Fits& fits) {
  if (settings.partition("adaptive") && subject.dimensions > most_dimensions && !subject.scattered &&
      subject.sampled()) // asked for, and not to be had
    for (const std::int64_t degree : settings.degrees)
      for (const double q : settings.loss_powers)
        for (const std::string& average : settings.averages)
          if (average == "volume" || subject.activity)
            fits.give(
                alpha_id("adaptive", average, static_cast<int>(degree), q),
                [D = subject.dimensions]() -> ExponentFit {
                  throw NoFit(fmt::format("cells are split by their error in one to three dimensions, and D = {}", D));
                },
                [](const ExponentFit&) { return Result{}; });
  const double generation = counted_generation(findings.cells, subject.dimensions);
  for (const DrivenSetting& s : driven_settings(settings, subject)) {
    const std::string name = driven_table(s, "loss");
    const BlockTable &pieces = table_of(tables, driven_table(s, "pieces")), &loss = table_of(tables, name),
                     &forced = table_of(tables, driven_table(s, "forced"));
    DrivenFitSetting fit;
    fit.dimensions = s.dimensions;
    fit.dead_regions = !s.active && generation < s.dimensions - 0.005;
    fit.generation = generation;
    fit.loss_power = s.loss_power;
    fit.approach = s.active;
    fit.smooth_order = s.loss_power * (s.degree + 1);
    constexpr double lowest[] = {10, 12, 12}, of_constants_3d = 18; // the ripple of the first generations
    fit.lowest = s.dimensions == 3 && s.degree == 0 && !s.active ? of_constants_3d : lowest[s.dimensions - 1];
    const LossSet set{"adaptive", s.active ? "active" : "volume", s.degree, s.loss_power};
    fits.give(
        alpha_id(set.partition, set.average, set.degree, set.power),
        [=, &pieces, &loss, &forced] { return fit_driven(pieces, loss, forced, fit); },
        [=, &pieces, &loss, &forced](const ExponentFit& found) {
          Result r = labelled_alpha(set);
          set_fit(r, found);
          r.fit.note = fmt::format("N: leaves of cells split while their error is above a threshold, by values of the "
                                   "field alone; clean up to 2^{:.0f}",
                                   std::floor(clean_limit(pieces, forced)));
          r.evidence = Evidence::counted;
          const Curve by_threshold = make_curve(name, loss, {"theta", "field^q"}, {"loss", "field^q"});
          std::vector<double> n;
          const auto mean = pieces.mean();
          for (const std::size_t i : by_threshold.origin.points)
            n.push_back(mean[i]);
          r.curve = turned(against(by_threshold, {"N", "pieces"}, std::move(n)));
          return r;
        });
  }
}

double driven_work(const ApproximationSettings& settings, const Subject& subject) {
  double work = 0;
  for (const DrivenSetting& s : driven_settings(settings, subject))
    work += usual_cells * (std::pow(s.lattice, s.dimensions) + s.test_points);
  return work * static_cast<double>(settings.runs) * subject.sampling.trees;
}

core::MemoryParts driven_memory(const ApproximationSettings& settings, const Subject& subject) {
  if (driven_settings(settings, subject).empty())
    return {};
  core::MemoryParts parts = draw_memory(subject.sampling.trees_at_a_time(), usual_thresholds, driven_sums);
  parts.push_back({"cells of a population", usual_cells * sizeof(DrivenCell)});
  return parts;
}

double driven_table_bytes(const ApproximationSettings& settings, const Subject& subject) {
  return bytes_of_tables(3.0 * static_cast<double>(driven_settings(settings, subject).size()), usual_thresholds,
                         subject.sampling.trees);
}

} // namespace cascade::analysis
