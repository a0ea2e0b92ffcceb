#include "analysis/approximation/measurement.hpp"

#include "analysis/approximation/alphas.hpp"
#include "analysis/approximation/driven_alphas.hpp"
#include "analysis/approximation/grid_alphas.hpp"
#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/approximation/level_alphas.hpp"
#include "analysis/approximation/point_alphas.hpp"
#include "analysis/approximation/sampled_cells.hpp"
#include "analysis/approximation/scattered_cells.hpp"
#include "analysis/approximation/scattered_fit.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/measurement/point_means.hpp"
#include "core/grid/redistribute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr core::Stream partition_origin{5};

/// Points per cell and side: enough for the highest degree, and for a mean over the cell where that is cheap.
int default_lattice(int dimensions, int highest_degree) {
  constexpr int by_dimension[] = {8, 4, 3, 3};
  const int wanted = dimensions <= 4 ? by_dimension[dimensions - 1] : 2;
  return std::max(wanted, highest_degree + 1);
}

/// The field and its activity moved by a random vector, one a realisation: its cells then lie anywhere.
core::GridSample shifted(const core::GridSample& sample, const Subject& subject, const Batch& batch) {
  const auto bits = core::CounterRng(subject.seed, partition_origin).block(static_cast<std::uint64_t>(batch.first));
  const core::Domain& domain = sample.field.domain();
  core::Index3 shift{};
  for (int a = domain.first_axis(); a < 3; ++a)
    shift[static_cast<std::size_t>(a)] =
        core::uniform_below(bits[static_cast<std::size_t>(a)], static_cast<std::uint32_t>(domain.points(a)));
  core::GridSample moved{core::cyclic_shift(sample.field, batch.ranks, shift), std::nullopt};
  if (sample.active)
    moved.active = core::cyclic_shift(*sample.active, sample.field.decomposition(), batch.ranks, shift);
  return moved;
}

/// Half the exponent of the mean-square loss, at most degree + 1, where it saturates.
double roughness_shown(const BlockTable& squares, int degree, const FitOptions& options) {
  const double smooth = 2.0 * (degree + 1);
  const PowerLawModel plain{"A s^a", {}}, bent{"A s^a + B s^2k", {{Correction::Kind::fixed_power, smooth, {}}}};
  const double slope = fit_exponent(squares, {plain}, options).exponent;
  if (slope > smooth - 0.1)
    return degree + 1;
  return std::clamp(0.5 * fit_exponent(squares, {bent}, options).exponent, 0.01, degree + 0.97);
}

} // namespace

void ApproximationMeasurement::declare(core::ParameterVisitor& v) {
  v.integers("degrees", settings_.degrees, {0, 2}, {"1", "polynomial degrees"});
  v.reals("loss_powers", settings_.loss_powers, {0.1, 12},
          {"1", "powers q of the loss <|f - f_N|^q>; the polynomial is the least-squares one"});
  v.choices("partitions", settings_.partitions, {"uniform", "adaptive", "oracle"},
            {"1",
             "uniform: N = s^-D cells; adaptive: refined where the error is, leaves counted; oracle: told where the "
             "field is active, N its alive cells"});
  v.integer(
      "runs", settings_.runs, {1, 4096},
      {"1", "adaptive partitions of the point view: runs a tree (sampling.trees), each on a realisation of its own"});
  v.integer("pieces", settings_.pieces, {16, 60}, {"1", "log2 of the pieces to which they are followed"});
  v.choices("averages", settings_.averages, {"volume", "active"},
            {"1", "loss averaged over the box or over the active set"});
  v.choice("origin", settings_.origin, {"aligned", "random"},
           {"1", "origin of the partition: aligned with the cascade's cells, or shifted at random"});
}

/// Four points a coefficient.
std::int64_t ApproximationMeasurement::least_cell_points(const Subject& subject) const {
  return static_cast<std::int64_t>(4 * ScatteredFit::terms(subject.dimensions, highest_degree()));
}

void ApproximationMeasurement::choose(const SamplingWish& wish, const Subject& subject, Sampling& choice) const {
  if (subject.scattered) { // few cells where each is a large fit
    choice.points = static_cast<int>(wish.cell_points.value_or(std::max<std::int64_t>(least_cell_points(subject), 32)));
    choice.cells = wish.cells.value_or(std::clamp(1024 / choice.points, 4, 32));
    return;
  }
  choice.cells = wish.cells.value_or(subject.dimensions <= 2 ? 1024 : 256); // cells of few dimensions are cheap
  choice.lattice =
      static_cast<int>(wish.lattice.value_or(default_lattice(subject.dimensions, settings_.highest_degree())));
}

void ApproximationMeasurement::validate(const Subject& subject, core::Problems& problems) const {
  require_names(settings_.loss_powers, "approximation.loss_powers", problems);
  if (!subject.sampled())
    return;
  const int highest = highest_degree(), D = subject.dimensions;
  if (!subject.scattered && asked && subject.sampling.lattice <= highest)
    problems.add("sampling.lattice",
                 fmt::format("{} points a side cannot carry a polynomial of degree {}; allowed: at least {}",
                             subject.sampling.lattice, highest, highest + 1));
  if (subject.scattered && highest > 1 && D > 20)
    problems.add("approximation.degrees",
                 fmt::format("a polynomial of degree {} in D = {} has {} coefficients; allowed above D = 20: 0 and 1",
                             highest, D, ScatteredFit::terms(D, highest)));
  else if (subject.scattered && subject.sampling.points < least_cell_points(subject))
    problems.add("sampling.cell_points",
                 fmt::format("{} points for a polynomial of degree {} in D = {}; allowed: at least {}, four a "
                             "coefficient",
                             subject.sampling.points, highest, D, least_cell_points(subject)));
}

std::vector<Cost> ApproximationMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid != nullptr) {
    const GridExtent e = extent_of(subject, *grid);
    const auto fits = static_cast<double>(settings_.degrees.size() * settings_.loss_powers.size());
    const GridApproximationOptions options = grid_options();
    core::MemoryParts memory = grid_approximation_memory(*grid, subject.components, subject.activity, options);
    if (settings_.random_origin())
      memory.push_back(
          {"field and activity with another origin", static_cast<double>(e.field_bytes) + e.activity_bytes});
    const double blocks = static_cast<double>(DyadicGrid::block_layout(grid->domain()).blocks()),
                 thresholds = 2.0 * options.thresholds.wanted; // at most, of about as many as wanted
    std::vector<Cost> steps{{std::move(memory),
                             e.points * e.log_side * fits,
                             "points x scales x fits",
                             rates::scan,
                             {},
                             bytes_of_grid_tables(subject, fits * (subject.activity ? 2 : 1), e.log_side, blocks) +
                                 (options.adaptive ? bytes_of_grid_tables(subject, 2 * fits, thresholds, blocks) : 0)}};
    const bool by_position =
        std::any_of(settings_.loss_powers.begin(), settings_.loss_powers.end(), [](double q) { return q != 2; });
    constexpr double transforms = 24; // of the field's size: polynomials of the few largest cells
    if (by_position && subject.levels == 0 && subject.components == 1)
      steps.push_back({{}, // the generator's
                       transforms * e.points / static_cast<double>(subject.realisations) * e.log_side * e.axes,
                       "points x log2 n",
                       rates::transform,
                       "exact expectations"});
    return steps;
  }
  const Sampling& s = subject.sampling;
  const double cells = static_cast<double>(s.trees) * static_cast<double>(s.cells) * s.scales;
  if (subject.scattered) {
    const ScatteredCellSettings of_cells = scattered_settings(s);
    const auto tables = static_cast<double>(of_cells.degrees.size() * of_cells.loss_powers.size());
    return {{scattered_cells_memory(subject.dimensions, of_cells, s.trees_at_a_time(), s.scales),
             cells * s.points,
             "evaluations",
             rates::scattered / subject.dimensions,
             {},
             bytes_of_tables(tables, s.scales, s.trees)}};
  }
  const SampledCellSettings of_cells = lattice_settings(s);
  const bool drawn = cells_drawn_by_volume(settings_, subject);
  const double fits = drawn ? static_cast<double>(of_cells.degrees.size() * of_cells.loss_powers.size()) : 0;
  core::MemoryParts memory;
  if (drawn)
    memory = sampled_cells_memory(subject.dimensions, of_cells, s.trees_at_a_time(), s.scales);
  for (auto& part : driven_memory(settings_, subject))
    memory.push_back(std::move(part));
  return {{std::move(memory),
           (drawn ? cells * std::pow(s.lattice, std::min(subject.dimensions, 3)) : 0) +
               driven_work(settings_, subject) + level_work(settings_, subject),
           "evaluations",
           rates::sample,
           {},
           bytes_of_tables(2 * fits + 1, s.scales, s.trees) + driven_table_bytes(settings_, subject) +
               level_table_bytes(settings_, subject)}};
}

/// Of the exponents that are zeta_q/D.
std::vector<double> ApproximationMeasurement::moments() const {
  return settings_.partition("uniform") && settings_.average("volume") ? settings_.loss_powers : std::vector<double>{};
}

theory::ExpectedLosses ApproximationMeasurement::losses() const {
  if (!asked || settings_.degrees.empty())
    return {};
  return {settings_.highest_degree(), settings_.loss_powers};
}

GridApproximationOptions ApproximationMeasurement::grid_options() const {
  GridApproximationOptions options;
  options.degrees.assign(settings_.degrees.begin(), settings_.degrees.end());
  options.loss_powers = settings_.loss_powers;
  options.uniform = true; // the fits of adaptive partitions need it too
  options.adaptive = wants_pilot();
  return options;
}

SampledCellSettings ApproximationMeasurement::lattice_settings(const Sampling& s) const {
  SampledCellSettings cells;
  cells.degrees.assign(settings_.degrees.begin(), settings_.degrees.end());
  std::sort(cells.degrees.begin(), cells.degrees.end()); // the residual of one degree is the start of the next
  cells.loss_powers = settings_.loss_powers;
  cells.lattice = s.lattice;
  cells.random_origin = settings_.random_origin();
  return cells;
}

ScatteredCellSettings ApproximationMeasurement::scattered_settings(const Sampling& s) const {
  ScatteredCellSettings cells;
  cells.degrees = {0};
  cells.loss_powers = {2};
  if (asked) {
    for (const std::int64_t degree : settings_.degrees)
      if (degree > 0)
        cells.degrees.push_back(static_cast<int>(degree));
    cells.loss_powers = settings_.loss_powers;
    if (std::find(cells.loss_powers.begin(), cells.loss_powers.end(), 2) == cells.loss_powers.end())
      cells.loss_powers.push_back(2);
  }
  std::sort(cells.degrees.begin(), cells.degrees.end());
  cells.points = s.points;
  return cells;
}

void ApproximationMeasurement::measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                                            Tables& tables) const {
  std::optional<core::GridSample> moved;
  if (settings_.random_origin())
    moved = shifted(sample, subject, batch);
  const core::GridSample& measured = moved ? *moved : sample;
  GridApproximationOptions options = grid_options();
  options.adaptive = options.adaptive && sample.missing == 0; // the error of a cell with a hole is not known
  for (const std::int64_t k : settings_.degrees)
    for (const double q : settings_.loss_powers)
      if (options.adaptive && batch.pilot != nullptr)
        options.thresholds.given[{static_cast<int>(k), q}] = table_of(*batch.pilot, adaptive_table(k, q, "pieces")).x;
  GridApproximation result =
      approximate_on_grid(measured.field, measured.active ? &*measured.active : nullptr, batch.ranks, options);
  for (auto& u : result.uniform) {
    tables[uniform_table(u.degree, u.loss_power, "volume", settings_.random_origin())] = std::move(u.volume);
    if (u.active)
      tables[uniform_table(u.degree, u.loss_power, "active", settings_.random_origin())] = std::move(*u.active);
  }
  for (auto& a : result.adaptive) {
    tables[adaptive_table(a.degree, a.loss_power, "pieces")] = std::move(a.pieces);
    tables[adaptive_table(a.degree, a.loss_power, "loss")] = std::move(a.loss);
  }
}

void ApproximationMeasurement::measure_points(const core::PointSource& source, const Subject& subject,
                                              const Batch& batch, Tables& tables) const {
  if (subject.scattered)
    measure_scattered(source, subject, batch, tables);
  else
    measure_lattices(source, subject, batch, tables);
}

void ApproximationMeasurement::measure_lattices(const core::PointSource& source, const Subject& subject,
                                                const Batch& batch, Tables& tables) const {
  const Sampling& s = subject.sampling;
  const SampledCellSettings cells = lattice_settings(s);
  const SamplingPlan draws{subject.seed, static_cast<int>(batch.count), s.cells, s.scales,
                           static_cast<int>(batch.first)};
  const bool drawn = cells_drawn_by_volume(settings_, subject);
  const auto levels = static_cast<double>(level_settings(settings_, subject).size()),
             driven = static_cast<double>(driven_settings(settings_, subject).size());
  const double all = std::max((drawn ? 1 : 0) + levels + driven, 1.0);
  const auto part = [&](double parts) { // of the progress
    return [&batch, share = parts / all](double done) {
      if (batch.advance)
        batch.advance(share * done);
    };
  };
  if (drawn) {
    auto result = sampled_losses(source, subject.dimensions, cells, draws, batch.ranks, part(1));
    for (std::size_t k = 0; k < cells.degrees.size(); ++k)
      for (std::size_t q = 0; q < cells.loss_powers.size(); ++q) {
        const auto name = [&](const char* average) {
          return cell_loss_table(cells.degrees[k], cells.loss_powers[q], average, cells.random_origin);
        };
        tables[name("volume")] = std::move(result.volume[k][q]);
        tables[name("active")] = std::move(result.active[k][q]);
      }
    tables["pieces"] = std::move(result.cells);
  }
  Batch by_levels = batch, by_errors = batch;
  by_levels.advance = part(levels);
  by_errors.advance = part(driven);
  measure_levels(settings_, source, subject, by_levels, tables);
  measure_driven(settings_, source, subject, by_errors, tables);
}

void ApproximationMeasurement::measure_scattered(const core::PointSource& source, const Subject& subject,
                                                 const Batch& batch, Tables& tables) const {
  const Sampling& s = subject.sampling;
  const ScatteredCellSettings cells = scattered_settings(s);
  const SamplingPlan draws{subject.seed, static_cast<int>(batch.count), s.cells, s.scales,
                           static_cast<int>(batch.first)};
  auto losses = scattered_losses(source, subject.dimensions, cells, draws, batch.ranks, batch.advance);
  for (std::size_t k = 0; k < cells.degrees.size(); ++k)
    for (std::size_t q = 0; q < cells.loss_powers.size(); ++q)
      tables[cell_loss_table(cells.degrees[k], cells.loss_powers[q])] = std::move(losses[k][q]);
}

/// On scattered points: how rough the field is, and therefore which scales miss less than 1% of the variance.
void ApproximationMeasurement::find(const Subject& subject, View view, const Tables& tables, Findings& findings,
                                    Fits& fits) const {
  if (view != View::points || !subject.scattered)
    return;
  fits.possible("alpha", [&] {
    std::vector<double> hurst;
    const bool few = choose_scales(
        subject, 0.5, 0.5,
        [&](const FitOptions& options) {
          hurst.clear();
          for (int k = 0; k <= highest_degree(); ++k) {
            const BlockTable* squares = find_table(tables, cell_loss_table(k, 2));
            hurst.push_back(squares == nullptr ? hurst.back() : roughness_shown(*squares, k, options));
          }
          return 2 * hurst.back();
        },
        findings);
    findings.hurst = hurst;
    if (few)
      fits.warn(fmt::format("the field ends at 2^-{}, which is little for this roughness: scales near 2^-{} miss more "
                            "than 1% of the variance. The systematic error allows for it; more octaves (or levels) "
                            "would lower it.",
                            subject.sampling.levels, static_cast<int>(-std::log2(findings.options.lowest_x))));
  });
}

void ApproximationMeasurement::fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
                                   Fits& fits) const {
  if (view == View::grid)
    fit_grid_alphas(settings_, subject, tables, findings, fits);
  else if (subject.scattered)
    fit_scattered_alphas(settings_, subject, tables, findings, fits);
  else
    fit_lattice_alphas(settings_, subject, tables, findings, fits);
  if (view == View::points && !subject.scattered)
    fit_driven_alphas(settings_, subject, tables, findings, fits);
}

Expected expected_losses(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                         const theory::Activity* counts) {
  Expected expected;
  const bool active = result.labels.text("average") == "active";
  const auto degree = result.labels.number("degree"), power = result.labels.number("loss_power");
  if (result.labels.text("partition") == "adaptive")
    expected.missing = "no exact expectation: the partition follows the field";
  else if (of_levels(result.curve.origin.table))
    expected.missing = "no exact expectation: cells are fitted on few points, and see four levels of eddies below them";
  else if (of_shifted_cells(result.curve.origin.table) && !expectation.stationary())
    expected.missing = "no exact expectation: the partition has a random origin, the sums are of aligned cells";
  else if (degree && power)
    expected.values = expectation.loss(*power, static_cast<int>(*degree), active, table.x, counts);
  return expected;
}

} // namespace cascade::analysis
