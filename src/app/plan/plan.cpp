#include "app/plan/plan.hpp"

#include "analysis/approximation/scattered_fit.hpp"
#include "app/plan/work_unit.hpp"
#include "core/ranks/machine.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace cascade::app {

namespace {

// Units of work per second and core, for the time estimate only: within a factor of a few on any machine of today.
constexpr double fill_rate = 2e7;      // cascade points filled
constexpr double transform_rate = 1e8; // points times log2(points a side) of a transform
constexpr double pair_rate = 2e8;      // increments raised to one power
constexpr double scan_rate = 1e8;      // points visited once
constexpr double sample_rate = 2e6;    // point evaluations
constexpr double scattered_rate = 5e6; // point evaluations times dimensions

/// Everything a stage's cost depends on.
struct Sizes {
  double points = 0;       ///< of one realisation, all components
  double log_side = 0;     ///< log2 of the points a side
  double realisations = 1; ///< of the grid view
  double axes = 1;
  double workers = 1; ///< ranks that have something to do
  std::int64_t field_bytes = 0, component_bytes = 0, scratch_bytes = 0;
};

PlanStage stage(std::string name, std::int64_t bytes, double work, std::string unit, double rate, double workers) {
  return {std::move(name), bytes, work, std::move(unit), work / rate / workers};
}

/// Points per cell and side: enough for the highest degree, and for a mean over the cell where that is cheap.
int default_lattice(const RunConfig& config) {
  constexpr int by_dimension[] = {8, 4, 3, 3};
  const int dimensions = config.field->dimensions();
  const int wanted = dimensions <= 4 ? by_dimension[dimensions - 1] : 2;
  const auto& degrees = config.approximation.degrees;
  const std::int64_t highest = degrees.empty() ? 0 : *std::max_element(degrees.begin(), degrees.end());
  return std::max(wanted, static_cast<int>(highest) + 1);
}

/// Scattered points: four a coefficient, and few cells where each is a large fit.
SamplingChoice choose_scattered(const RunConfig& config) {
  const SamplingSection& wish = config.sampling;
  const int dimensions = config.field->dimensions();
  const auto& degrees = config.approximation.degrees;
  const int highest = config.approximation.enabled && !degrees.empty()
                          ? static_cast<int>(*std::max_element(degrees.begin(), degrees.end()))
                          : 0;
  const auto refuse = [&](const std::string& what) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", config.input_file, what));
  };
  if (highest > 1 && dimensions > 20)
    refuse(fmt::format("approximation.degrees: a polynomial of degree {} in D = {} has {} coefficients; allowed above "
                       "D = 20: 0 and 1",
                       highest, dimensions, analysis::ScatteredFit::terms(dimensions, highest)));
  const auto least = static_cast<std::int64_t>(4 * analysis::ScatteredFit::terms(dimensions, highest));
  if (wish.cell_points && *wish.cell_points < least)
    refuse(fmt::format(
        "sampling.cell_points: {} points for a polynomial of degree {} in D = {}; allowed: at least {}, four "
        "a coefficient",
        *wish.cell_points, highest, dimensions, least));
  SamplingChoice choice;
  choice.levels = config.field->virtual_levels();
  choice.trees = static_cast<int>(wish.trees);
  choice.points = static_cast<int>(wish.cell_points.value_or(std::max<std::int64_t>(least, 32)));
  choice.pairs =
      config.analysis.structure_function.enabled && config.field->has_increments() ? wish.pairs.value_or(256) : 0;
  choice.cells = wish.cells.value_or(std::clamp(1024 / choice.points, 4, 32));
  choice.scales = static_cast<int>(wish.scales.value_or(std::clamp(choice.levels - 10, 6, 14)));
  return choice;
}

SamplingChoice choose_sampling(const RunConfig& config) {
  SamplingChoice choice;
  choice.levels = config.field->virtual_levels();
  if (choice.levels == 0 || !config.sampling.enabled)
    return {};
  if (config.field->scattered())
    return choose_scattered(config);
  const SamplingSection& wish = config.sampling;
  const int dimensions = config.field->dimensions();
  // The same scales whatever the field's d and h: the fits find out which of them the levels resolve.
  const int finest = std::clamp(choice.levels - 3, 1, 22);
  choice.trees = static_cast<int>(wish.trees);
  const std::int64_t more = dimensions <= 2 ? 4 : 1; // cells and pairs of few dimensions are cheap
  choice.pairs = wish.pairs.value_or(2048 * more);
  choice.cells = wish.cells.value_or(256 * more);
  choice.scales = static_cast<int>(wish.scales.value_or(std::min(finest, choice.levels)));
  choice.lattice = static_cast<int>(wish.lattice.value_or(default_lattice(config)));
  const auto& degrees = config.approximation.degrees;
  if (config.approximation.enabled && !degrees.empty() &&
      choice.lattice <= *std::max_element(degrees.begin(), degrees.end()))
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("{}: sampling.lattice: {} points a side cannot carry a polynomial of degree {}; "
                                  "allowed: at least {}",
                                  config.input_file, choice.lattice, *std::max_element(degrees.begin(), degrees.end()),
                                  *std::max_element(degrees.begin(), degrees.end()) + 1));
  return choice;
}

void add_grid_stages(const RunConfig& config, const Sizes& s, std::vector<PlanStage>& stages) {
  const double all = s.points * s.realisations, w = s.workers;
  stages.push_back(stage("field", s.field_bytes + s.scratch_bytes, all, "points", fill_rate, w));
  if (config.analysis.structure_function.enabled) {
    const double separations =
        s.log_side * static_cast<double>(config.analysis.structure_function.separations_per_octave);
    const double pairs = all * s.axes * separations;
    stages.push_back(stage("structure functions, grid", s.field_bytes + s.component_bytes / 2,
                           pairs * static_cast<double>(config.analysis.structure_function.orders.size()),
                           "pairs x orders", pair_rate * 6, w));
  }
  if (config.analysis.spectrum.enabled)
    stages.push_back(stage("spectrum", s.field_bytes + 2 * s.component_bytes, all * s.log_side * s.axes,
                           "points x log2 n", transform_rate, w));
  if (config.analysis.box_counting.enabled)
    stages.push_back(stage("box counting, grid", s.field_bytes + s.component_bytes / 4,
                           all * static_cast<double>(1 + config.analysis.box_counting.thresholds.size()), "points",
                           scan_rate, w));
  const ApproximationSection& fits = config.approximation;
  if (fits.enabled)
    stages.push_back(stage("piecewise fits, grid", s.field_bytes + s.component_bytes,
                           all * s.log_side * static_cast<double>(fits.degrees.size() * fits.loss_powers.size()),
                           "points x scales x fits", scan_rate, w));
  const bool by_position =
      std::any_of(fits.loss_powers.begin(), fits.loss_powers.end(), [](double q) { return q != 2; });
  if (fits.enabled && by_position && config.field->virtual_levels() == 0 && config.field->components() == 1) {
    constexpr double transforms = 24; // of the field's size: polynomials of the few largest cells
    stages.push_back(stage("exact expectations", s.field_bytes + 4 * s.component_bytes,
                           transforms * s.points * s.log_side * s.axes, "points x log2 n", transform_rate, w));
  }
}

void add_sampled_stages(const RunConfig& config, const SamplingChoice& c, double workers,
                        std::vector<PlanStage>& stages) {
  constexpr std::int64_t sample_bytes = 64 << 20; // buffers and sums: small whatever the field
  const double trees = c.trees;
  if (c.points > 0) {
    const double each = trees * c.scales;
    if (c.pairs > 0)
      stages.push_back(stage("structure functions, scattered", sample_bytes, 2 * each * static_cast<double>(c.pairs),
                             "evaluations", scattered_rate / config.field->dimensions(), workers));
    stages.push_back(stage("piecewise fits, scattered", sample_bytes, each * static_cast<double>(c.cells) * c.points,
                           "evaluations", scattered_rate / config.field->dimensions(), workers));
    return;
  }
  if (config.analysis.structure_function.enabled)
    stages.push_back(stage("structure functions, sampled", sample_bytes,
                           2 * trees * static_cast<double>(c.pairs) * c.scales, "evaluations", sample_rate, workers));
  if (config.approximation.enabled) {
    const double lattice = std::pow(c.lattice, std::min(config.field->dimensions(), 3));
    stages.push_back(stage("piecewise fits, sampled", sample_bytes,
                           trees * static_cast<double>(c.cells) * c.scales * lattice, "evaluations", sample_rate,
                           workers));
  }
}

/// The largest power of two below `points` whose peak fits, or 0.
std::int64_t largest_fitting(std::int64_t points, int dimensions, double peak_bytes, double available) {
  for (std::int64_t n = std::int64_t{1} << static_cast<int>(std::log2(static_cast<double>(points))); n >= 8; n /= 2)
    if (peak_bytes * std::pow(static_cast<double>(n) / static_cast<double>(points), dimensions) <= available)
      return n;
  return 0;
}

std::int64_t bytes_available(const Machine& machine) {
  return machine.node_bytes / std::max(machine.ranks_per_node, 1);
}

void check_memory(const RunConfig& config, const RunPlan& plan) {
  const std::int64_t available = bytes_available(plan.machine);
  if (plan.peak_bytes_per_rank <= available)
    return;
  if (plan.groups > 1 && config.run.group_size)
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("{}: run.group_size: a realisation on {} ranks needs {} a rank, {} are available "
                                  "({}); use larger groups, or leave run.group_size unset",
                                  config.input_file, plan.group_size, format_bytes(plan.peak_bytes_per_rank),
                                  format_bytes(available), plan.machine.memory_source));
  const std::int64_t points = config.field->points();
  const std::int64_t fits =
      largest_fitting(points, config.field->dimensions(), static_cast<double>(plan.peak_bytes_per_rank),
                      static_cast<double>(available));
  throw DoesNotFit(
      fmt::format("{}: field.points: {} points a side need {} a rank, {} are available ({}, {} ranks on this "
                  "node); allowed here: at most {}, or use more nodes",
                  config.points_position, points, format_bytes(plan.peak_bytes_per_rank), format_bytes(available),
                  plan.machine.memory_source, plan.machine.ranks_per_node, fits));
}

/// Work of all ranks, bytes of one field on `grid`.
Sizes measure(const RunConfig& config, const RunPlan& plan, const core::Decomposition& grid) {
  Sizes s;
  const int components = config.field->components();
  s.points = std::pow(static_cast<double>(config.field->points()), config.field->dimensions()) * components;
  s.log_side = std::log2(static_cast<double>(config.field->points()));
  s.realisations = static_cast<double>(plan.realisations);
  s.axes = config.field->dimensions();
  s.workers = config.field->dimensions() == 1 ? plan.groups : plan.machine.ranks;
  for (int rank = 0; rank < grid.ranks(); ++rank)
    s.component_bytes =
        std::max(s.component_bytes, grid.real_box(rank).size() * static_cast<std::int64_t>(sizeof(double)));
  s.field_bytes = components * s.component_bytes;
  s.scratch_bytes = config.make_generator()->grid()->scratch_bytes(grid);
  return s;
}

std::string grid_text(const RunPlan& plan, const RunConfig& config) {
  if (!plan.decomposition)
    return "none (field.points: 0)";
  const std::string size =
      fmt::format("{}^{} points, {} component{}: {} a realisation, {} on the largest rank", config.field->points(),
                  config.field->dimensions(), config.field->components(), config.field->components() == 1 ? "" : "s",
                  format_bytes(plan.decomposition->domain().total_points() * 8 * config.field->components()),
                  format_bytes(plan.field_bytes_per_rank));
  return size;
}

std::string process_grid_text(const RunPlan& plan) {
  if (!plan.decomposition)
    return "not needed";
  const core::Decomposition grid(plan.decomposition->domain(), plan.group_size);
  return fmt::format("{} x {} ({})", grid.rows(), grid.columns(), grid.columns() == 1 ? "slabs" : "pencils");
}

std::string units_text(const std::vector<WorkUnit>& units) {
  const auto of = [&](WorkUnit::Kind kind) {
    return std::count_if(units.begin(), units.end(), [&](const WorkUnit& u) { return u.kind == kind; });
  };
  return fmt::format("{}: {} of the grid, {} of structure functions, {} of cells by sampling; kept as they finish "
                     "(--resume, --part)",
                     units.size(), of(WorkUnit::Kind::field), of(WorkUnit::Kind::pairs), of(WorkUnit::Kind::cells));
}

std::string groups_text(const RunPlan& plan) {
  if (!plan.decomposition || plan.groups == 1)
    return "all ranks work on one thing at a time";
  const bool single = plan.decomposition->domain().dimensions() == 1;
  const int largest = single ? 1 : (plan.machine.ranks + plan.groups - 1) / plan.groups;
  const std::string size =
      largest == plan.group_size ? std::to_string(largest) : fmt::format("{} to {}", plan.group_size, largest);
  return fmt::format("{} groups of {} rank{}, each with realisations of its own; all together for the samples",
                     plan.groups, size, largest == 1 ? "" : "s");
}

/// Stages of the grid for groups of `size` ranks, and what a field takes there.
std::int64_t plan_grid(const RunConfig& config, const RunPlan& plan, int size, std::vector<PlanStage>& stages) {
  const Sizes sizes = measure(config, plan, core::Decomposition(plan.decomposition->domain(), size));
  stages.clear();
  add_grid_stages(config, sizes, stages);
  return sizes.field_bytes;
}

std::int64_t peak_bytes(const std::vector<PlanStage>& stages) {
  std::int64_t peak = 0;
  for (const PlanStage& s : stages)
    peak = std::max(peak, s.bytes_per_rank);
  return peak;
}

/// As many groups as there are realisations for, of as few ranks as wished, or as hold a field.
void choose_groups(const RunConfig& config, RunPlan& plan) {
  const int ranks = plan.machine.ranks;
  int size = 1;
  if (plan.decomposition->domain().dimensions() > 1) {
    std::vector<PlanStage> stages;
    const auto fits = [&] {
      plan_grid(config, plan, size, stages);
      return peak_bytes(stages) <= bytes_available(plan.machine);
    };
    if (config.run.group_size)
      size = static_cast<int>(std::min<std::int64_t>(*config.run.group_size, ranks));
    else if (plan.realisations == 1)
      size = ranks;
    else
      while (size < ranks && !fits())
        size = std::min(2 * size, ranks);
  }
  plan.groups = static_cast<int>(std::min<std::int64_t>(ranks / size, plan.realisations));
  plan.group_size = plan.decomposition->domain().dimensions() == 1 ? 1 : ranks / plan.groups;
}

} // namespace

Machine describe_machine(const core::Communicator& communicator) {
  const core::AvailableMemory memory = core::available_memory();
  const int here = core::ranks_on_node(communicator);
  // The tightest node decides: least memory a rank.
  std::array<double, 1> least{static_cast<double>(memory.bytes) / here};
  communicator.min(least);
  std::array<std::int64_t, 1> crowd{here};
  communicator.max(std::span<std::int64_t>(crowd));
  return {communicator.size(), static_cast<int>(crowd[0]),
          static_cast<std::int64_t>(least[0] * static_cast<double>(crowd[0])),
          communicator.broadcast(memory.source, 0)};
}

RunPlan make_plan(const RunConfig& config, const Machine& machine) {
  RunPlan plan;
  plan.machine = machine;
  plan.realisations = config.realisations();
  plan.sampling = choose_sampling(config);
  const int dimensions = config.field->dimensions();
  if (config.field->points() > 0) {
    plan.decomposition.emplace(core::Domain(dimensions, config.field->points()), dimensions == 1 ? 1 : machine.ranks);
    choose_groups(config, plan);
    plan.field_bytes_per_rank = plan_grid(config, plan, plan.group_size, plan.stages);
  }
  if (plan.sampling.levels > 0)
    add_sampled_stages(config, plan.sampling, std::min(machine.ranks, plan.sampling.trees), plan.stages);
  for (const PlanStage& s : plan.stages) {
    plan.peak_bytes_per_rank = std::max(plan.peak_bytes_per_rank, s.bytes_per_rank);
    plan.seconds += s.seconds;
  }
  check_memory(config, plan);
  return plan;
}

RunConfig resolved(RunConfig config, const RunPlan& plan) {
  const SamplingChoice& c = plan.sampling;
  if (c.levels == 0)
    return config;
  if (c.pairs > 0)
    config.sampling.pairs = c.pairs;
  config.sampling.cells = c.cells;
  config.sampling.scales = c.scales;
  if (c.points > 0)
    config.sampling.cell_points = c.points;
  else
    config.sampling.lattice = c.lattice;
  return config;
}

std::string to_text(const RunPlan& plan, const RunConfig& config, const std::string& directory) {
  const SamplingChoice& c = plan.sampling;
  std::string out = fmt::format("plan of run '{}': generator {}, D = {}, seed {}\n", config.run.name, config.generator,
                                config.field->dimensions(), config.run.seed);
  out += fmt::format("  ranks          {}, {} a node\n", plan.machine.ranks, plan.machine.ranks_per_node);
  out += fmt::format("  process grid   {}\n", process_grid_text(plan));
  out += fmt::format("  grid           {}\n", grid_text(plan, config));
  out += fmt::format("  realisations   {}\n", plan.realisations);
  out += fmt::format("  groups         {}\n", groups_text(plan));
  out += fmt::format("  work units     {}\n", units_text(work_units(config, plan)));
  if (c.points > 0)
    out +=
        fmt::format("  point view     {} levels; {} realisations x {} pairs, {} cells; scales 2^-1 to 2^-{}, {} random "
                    "points a cell\n",
                    c.levels, c.trees, c.pairs, c.cells, c.scales, c.points);
  else if (c.levels > 0)
    out += fmt::format(
        "  point view     {} levels (2^{} points a side); {} trees x {} pairs, {} cells; scales 2^-1 to 2^-{}, {} "
        "lattice points a side\n",
        c.levels, c.levels, c.trees, c.pairs, c.cells, c.scales, c.lattice);
  else
    out += "  point view     none (this generator has a grid view only)\n";
  out += fmt::format("  memory         peak {} a rank{}; {} free on the tightest node ({})\n",
                     format_bytes(plan.peak_bytes_per_rank),
                     plan.field_bytes_per_rank > 0
                         ? fmt::format(" ({:.2f} times its field)", static_cast<double>(plan.peak_bytes_per_rank) /
                                                                        static_cast<double>(plan.field_bytes_per_rank))
                         : "",
                     format_bytes(plan.machine.node_bytes), plan.machine.memory_source);
  out += fmt::format("  {:<30} {:>12} {:>10} {:<24} {:>12}\n", "stage", "bytes a rank", "work", "", "rough time");
  for (const PlanStage& s : plan.stages)
    out += fmt::format("  {:<30} {:>12} {:>10.2e} {:<24} {:>12}\n", s.name, format_bytes(s.bytes_per_rank), s.work,
                       s.work_unit, core::format_duration(s.seconds));
  out += fmt::format("  {:<30} {:>12} {:>10} {:<24} {:>12}\n", "all", format_bytes(plan.peak_bytes_per_rank), "", "",
                     core::format_duration(plan.seconds));
  const bool taken = std::filesystem::exists(std::filesystem::path(directory) / "report.json");
  return out + fmt::format("  results        {}{} (nothing was written)\n", directory,
                           taken ? ", which has results already: --force would overwrite them" : "");
}

std::string format_bytes(std::int64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit)
    value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

} // namespace cascade::app
