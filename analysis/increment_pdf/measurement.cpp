#include "analysis/increment_pdf/measurement.hpp"

#include "analysis/measurement/all_values.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/pair_sums.hpp"
#include "analysis/turbulence/quantities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace cascade::analysis {
namespace {

using core::Index;

constexpr int lowest_moment = 2, highest_moment = 6;

/// Sums of d^2 ... d^6 in eight lanes, whatever the machine's.
void add_powers(std::span<const double> left, std::span<const double> right, std::span<double> sums) {
  constexpr std::size_t lanes = 8, moments = highest_moment - lowest_moment + 1;
  double total[moments][lanes] = {};
  for (std::size_t first = 0; first < left.size(); first += lanes)
    for (std::size_t l = 0; l < std::min(lanes, left.size() - first); ++l) {
      const double d = right[first + l] - left[first + l];
      double power = d;
      for (auto& of_power : total) {
        power *= d;
        of_power[l] += power;
      }
    }
  for (std::size_t m = 0; m < moments; ++m)
    for (const double lane : total[m])
      sums[m] += lane;
}

std::vector<Index> separations_of(const core::Domain& domain, std::int64_t per_octave) {
  Index least = domain.points(2);
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    least = std::min(least, domain.points(axis));
  return log_separations(least, static_cast<int>(per_octave));
}

std::string moment_table(const std::string& kind, int power) {
  return table_name("moment", kind, std::to_string(power));
}
std::string pdf_table(const std::string& kind, std::size_t place) {
  return table_name("pdf", kind, std::to_string(place));
}

std::vector<std::string> kinds_in(const Tables& tables) {
  std::vector<std::string> kinds;
  for (const char* kind : {"", "longitudinal", "transverse"})
    if (find_table(tables, table_name("deviation", kind)) != nullptr)
      kinds.emplace_back(kind);
  return kinds;
}

} // namespace

void IncrementPdfMeasurement::declare(core::ParameterVisitor& v) {
  v.integer("bins", bins_, {11, 2001}, {"1", "bins of a density"});
  v.real("reach", reach_, {2, 100}, {"standard deviations", "half the width of all bins together"});
  v.integer("separations_per_octave", separations_per_octave_, {1, 8}, {"1", "separations r per factor of two"});
}

std::vector<Cost> IncrementPdfMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr)
    return {};
  const GridExtent e = extent_of(subject, *grid);
  const std::size_t chosen = separations_of(grid->domain(), separations_per_octave_).size();
  const auto bins = static_cast<double>(bins_), separations = static_cast<double>(chosen);
  return {{core::in_turn(pair_memory(*grid, subject.components, static_cast<std::size_t>(bins_), 1),
                         pair_memory(*grid, subject.components, highest_moment - 1, chosen)),
           2 * e.points * e.axes * separations,
           "pairs",
           rates::scan,
           {},
           bytes_of_grid_tables(subject, pair_kinds(subject.components) * (separations * bins / separations + 6),
                                separations, GridBlocks(grid->domain()).count())}};
}

void IncrementPdfMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                           Tables& tables) const {
  require_all_values(sample, "analysis.increment_pdf");
  const std::vector<Index> separations = separations_of(sample.field.domain(), separations_per_octave_);
  PairTables moments =
      sum_over_pairs(sample.field, batch.ranks, highest_moment - lowest_moment + 1, add_powers, separations);
  const Tables& first = batch.pilot != nullptr ? *batch.pilot : tables; // all realisations have the bins of the first
  for (std::size_t kind = 0; kind < moments.kinds.size(); ++kind) {
    std::vector<double> deviation = moments.tables[kind][0].mean();
    for (double& s : deviation)
      s = std::sqrt(s);
    BlockTable table{moments.tables[kind][0].x, {std::move(deviation)}, {}, {}};
    table.weight.assign(1, std::vector<double>(table.points(), 1.0));
    table.count.assign(table.points(), 1.0);
    tables[table_name("deviation", moments.kinds[kind])] = std::move(table);
    for (int power = lowest_moment; power <= highest_moment; ++power)
      tables[moment_table(moments.kinds[kind], power)] =
          std::move(moments.tables[kind][static_cast<std::size_t>(power - lowest_moment)]);
  }
  const auto bins = static_cast<std::size_t>(bins_);
  const double width = 2 * reach_ / static_cast<double>(bins);
  std::vector<double> centres(bins);
  for (std::size_t b = 0; b < bins; ++b)
    centres[b] = (static_cast<double>(b) + 0.5) * width - reach_;
  for (std::size_t s = 0; s < separations.size(); ++s)
    for (std::size_t kind = 0; kind < moments.kinds.size(); ++kind) {
      // Both kinds are counted in the units of this one; only this one is kept.
      const double deviation = table_of(first, table_name("deviation", moments.kinds[kind])).sum[0][s];
      const double scale = deviation > 0 ? 1 / (deviation * width) : 0;
      const double offset = reach_ / width, last = static_cast<double>(bins) - 1;
      const PairKernel count = [&](std::span<const double> left, std::span<const double> right,
                                   std::span<double> sums) {
        for (std::size_t i = 0; i < left.size(); ++i)
          sums[static_cast<std::size_t>(std::clamp((right[i] - left[i]) * scale + offset, 0.0, last))] += 1;
      };
      const PairTables counted = sum_over_pairs(sample.field, batch.ranks, bins, count, {separations[s]});
      const std::vector<BlockTable>& own = counted.tables[kind];
      BlockTable density{centres, {}, {}, std::vector<double>(bins, 0.0)};
      for (std::size_t block = 0; block < own[0].blocks(); ++block) {
        std::vector<double> sum(bins), weight(bins);
        for (std::size_t b = 0; b < bins; ++b) {
          sum[b] = own[b].sum[block][0];
          weight[b] = own[b].weight[block][0] * width;
          density.count[b] += sum[b];
        }
        density.sum.push_back(std::move(sum));
        density.weight.push_back(std::move(weight));
      }
      tables[pdf_table(moments.kinds[kind], s)] = std::move(density);
    }
}

void IncrementPdfMeasurement::datasets(const Subject&, View view, const Tables& tables, Datasets& all) const {
  for (const std::string& kind : view == View::grid ? kinds_in(tables) : std::vector<std::string>{}) {
    const std::string group = "/increment_pdf" + (kind.empty() ? "" : "/" + kind);
    std::map<int, const BlockTable*> moment;
    for (int power = lowest_moment; power <= highest_moment; ++power)
      moment[power] = &table_of(tables, moment_table(kind, power));
    const auto separations = static_cast<std::int64_t>(moment[2]->points());
    const auto add = [&](const char* name, const std::vector<std::int64_t>& shape, std::vector<double> values,
                         const std::string& words, const std::string& unit) {
      all.push_back({fmt::format("{}/{}", group, name), shape, std::move(values), words, unit});
    };
    add("r", {separations}, moment[2]->x, "separation", "box side");
    add("variance", {separations}, moment[2]->mean(), "<d^2>", "field^2");
    const auto standardised = [&](const char* name, int power, const std::string& words) {
      const BlockTable table = derived_table({moment[2], moment[power]}, [power](const std::vector<double>& m) {
        return m[0] > 0 ? m[1] / std::pow(m[0], 0.5 * power) : 0.0;
      });
      add(name, {separations}, table.mean(), words, "1");
      if (table.blocks() > 1)
        add((std::string(name) + "_error").c_str(), {separations}, table.standard_error(), "standard error of " + words,
            "1");
    };
    standardised("skewness", 3, "<d^3>/<d^2>^1.5");
    standardised("flatness", 4, "<d^4>/<d^2>^2");
    standardised("hyperskewness", 5, "<d^5>/<d^2>^2.5");
    standardised("hyperflatness", 6, "<d^6>/<d^2>^3");
    std::vector<double> densities, errors;
    const BlockTable* last = nullptr;
    for (std::size_t s = 0; s < moment[2]->points(); ++s) {
      last = &table_of(tables, pdf_table(kind, s));
      const auto mean = last->mean(), error = last->standard_error();
      densities.insert(densities.end(), mean.begin(), mean.end());
      errors.insert(errors.end(), error.begin(), error.end());
    }
    if (last == nullptr)
      continue;
    const auto bins = static_cast<std::int64_t>(last->points());
    add("x", {bins}, last->x, "d/s, s^2 = <d^2> of the first realisation", "1");
    add("pdf", {separations, bins}, std::move(densities), "density of d/s; the first and the last bin hold all beyond",
        "1");
    add("pdf_error", {separations, bins}, std::move(errors), "standard error of the density", "1");
  }
}

namespace {

/// The bins that hold increments: others have no place on a logarithmic axis.
BlockTable filled_bins(const BlockTable& density) {
  BlockTable filled;
  filled.sum.resize(density.blocks());
  filled.weight.resize(density.blocks());
  for (std::size_t i = 0; i < density.points(); ++i) {
    if (!(density.count[i] > 0))
      continue;
    filled.x.push_back(density.x[i]);
    filled.count.push_back(density.count[i]);
    for (std::size_t b = 0; b < density.blocks(); ++b) {
      filled.sum[b].push_back(density.sum[b][i]);
      filled.weight[b].push_back(density.weight[b][i]);
    }
  }
  return filled;
}

} // namespace

void IncrementPdfMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings&,
                                  Fits& fits) const {
  for (const std::string& kind : kinds_in(tables)) {
    const BlockTable &second = table_of(tables, moment_table(kind, 2)),
                     &fourth = table_of(tables, moment_table(kind, 4));
    const std::size_t last = second.points() - 1;
    for (const std::size_t s : std::set<std::size_t>{0, last / 2, last}) {
      const auto points = static_cast<std::int64_t>(std::llround(second.x[s] / subject.smallest(1)));
      const std::string name = pdf_table(kind, s);
      const BlockTable& density = fits.keep(name, filled_bins(table_of(tables, name)));
      fits.give(
          fmt::format("increment_flatness/{}{}", kind.empty() ? "" : kind + "/", points),
          [&second, &fourth, s] {
            return number_fit(
                [&](std::size_t without) {
                  const auto mean = [&](const BlockTable& t) {
                    return without < t.blocks() ? t.mean_without(without)[s] : t.mean()[s];
                  };
                  const double square = mean(second);
                  return square > 0 ? mean(fourth) / (square * square) : std::nan("");
                },
                second.blocks(), "<d^4>/<d^2>^2", "there are no increments at this separation");
          },
          [=, &second, &density](const ExponentFit& fit) {
            Result r;
            r.quantity = "increment_flatness";
            r.title = fmt::format("flatness of increments, r = {:.3g}", second.x[s]);
            r.labels = component_labels(kind);
            set_fit(r, fit);
            r.curve = make_curve(name, density, {"d/s", "1", Scale::linear}, {"density of d/s", "1"});
            return r;
          });
    }
  }
}

} // namespace cascade::analysis
