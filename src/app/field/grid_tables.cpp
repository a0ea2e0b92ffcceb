#include "app/field/grid_tables.hpp"

#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/box_counting/boxes.hpp"
#include "analysis/spectrum/spectrum.hpp"
#include "analysis/structure_function/grid.hpp"
#include "app/field/measured.hpp"
#include "core/grid/distributed_fft.hpp"
#include "core/grid/redistribute.hpp"
#include "core/random/random.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using core::Communicator;
using core::GridSample;

constexpr std::int64_t realisations_as_blocks = 8;
constexpr core::Stream partition_origin{5};

void refuse_not_finite(const GridSample& sample, const Communicator& communicator) {
  double sum = 0;
  for (int c = 0; c < sample.field.components(); ++c)
    for (const double v : sample.field.component(c))
      sum += v - v; // NaN as soon as one value is not finite
  double bad[] = {std::isnan(sum) ? 1.0 : 0.0};
  communicator.max(bad);
  if (bad[0] > 0)
    throw core::Error(core::ExitCode::numerical_failure, "the generated field holds values that are not finite");
}

/// Measures one field.
class FieldMeter {
public:
  FieldMeter(const RunConfig& config, const Communicator& communicator, core::Progress& progress)
      : config_(config), communicator_(communicator), progress_(progress) {}

  TableSet measure(const GridSample& sample, std::uint64_t realisation, const Thresholds& thresholds) {
    TableSet tables;
    if (config_.analysis.structure_function.enabled)
      structure_functions(sample, tables);
    if (config_.analysis.spectrum.enabled)
      spectrum(sample, tables);
    boxes(sample, tables);
    if (config_.approximation.enabled)
      losses(sample, realisation, thresholds, tables);
    return tables;
  }

private:
  void structure_functions(const GridSample& sample, TableSet& tables) {
    auto stage = progress_.begin("grid structure functions", 0);
    const auto& section = config_.analysis.structure_function;
    auto sf = analysis::grid_structure_functions(
        sample.field, communicator_, section.orders,
        analysis::log_separations(sample.field.domain().points(), static_cast<int>(section.separations_per_octave)));
    for (std::size_t kind = 0; kind < sf.kinds.size(); ++kind)
      for (std::size_t p = 0; p < sf.orders.size(); ++p)
        tables[table_name("zeta", sf.kinds[kind], order_text(sf.orders[p]))] = std::move(sf.tables[kind][p]);
  }

  void spectrum(const GridSample& sample, TableSet& tables) {
    auto stage = progress_.begin("grid spectrum", 0);
    const core::DistributedFft fft(sample.field.decomposition(), communicator_);
    const auto s = analysis::spectrum(sample.field, fft, communicator_);
    const auto bins = analysis::spectrum_bins(s.k.size());
    const auto binned = [&](const std::vector<double>& values, bool quadratic) {
      std::vector<double> result;
      for (std::size_t b = 0; b + 1 < bins.size(); ++b) {
        double sum = 0;
        for (std::size_t k = bins[b]; k < bins[b + 1]; ++k)
          sum += quadratic ? values[k] * values[k] : values[k];
        result.push_back((quadratic ? std::sqrt(sum) : sum) / static_cast<double>(bins[b + 1] - bins[b]));
      }
      return result;
    };
    const auto wavenumber = binned(s.mean_wavenumber, false);
    const auto modes = binned(std::vector<double>(s.modes.begin(), s.modes.end()), false);
    const auto one_block = [&](const std::vector<double>& values) {
      return BlockTable{wavenumber, {values}, {std::vector<double>(values.size(), 1.0)}, modes};
    };
    tables["spectrum"] = one_block(binned(s.energy, false));
    tables["spectrum_error"] = one_block(binned(s.standard_error, true));
  }

  void boxes(const GridSample& sample, TableSet& tables) {
    auto stage = progress_.begin("grid box counting", 0);
    if (sample.active) // the fits need the counts also when the stage is not asked for
      tables["cells"] = analysis::count_active_boxes(*sample.active, sample.field.decomposition(), communicator_);
    if (config_.analysis.box_counting.enabled)
      for (const double threshold : config_.analysis.box_counting.thresholds)
        tables[table_name("set", order_text(threshold))] =
            analysis::count_threshold_boxes(sample.field, threshold, communicator_);
  }

  void losses(const GridSample& sample, std::uint64_t realisation, const Thresholds& thresholds, TableSet& tables) {
    if (config_.approximation.origin != "random")
      return losses_of(sample.field, sample.active ? &*sample.active : nullptr, thresholds, tables);
    const auto bits = core::CounterRng(config_.seed(), partition_origin).block(realisation);
    const auto n = static_cast<std::uint32_t>(sample.field.domain().points());
    core::Index3 shift{};
    for (int a = sample.field.domain().first_axis(); a < 3; ++a)
      shift[static_cast<std::size_t>(a)] = core::uniform_below(bits[static_cast<std::size_t>(a)], n);
    const core::RealField moved = core::cyclic_shift(sample.field, communicator_, shift);
    core::ActiveDepth depth;
    if (sample.active)
      depth = core::cyclic_shift(*sample.active, sample.field.decomposition(), communicator_, shift);
    losses_of(moved, sample.active ? &depth : nullptr, thresholds, tables);
  }

  void losses_of(const core::RealField& field, const core::ActiveDepth* active, const Thresholds& thresholds,
                 TableSet& tables) {
    const auto& wanted = config_.approximation;
    auto stage = progress_.begin("grid approximation", 0);
    analysis::GridApproximationOptions options;
    options.degrees.assign(wanted.degrees.begin(), wanted.degrees.end());
    options.loss_powers = wanted.loss_powers;
    options.uniform = true; // the fits of adaptive partitions need it too
    options.adaptive = needs_thresholds(config_);
    options.thresholds.given = thresholds;
    store(analysis::approximate_on_grid(field, active, communicator_, options), tables);
  }

  static void store(analysis::GridApproximation result, TableSet& tables) {
    for (auto& u : result.uniform) {
      const std::string degree = std::to_string(u.degree), q = order_text(u.loss_power);
      tables[table_name("uniform", degree, q, "volume")] = std::move(u.volume);
      if (u.active)
        tables[table_name("uniform", degree, q, "active")] = std::move(*u.active);
    }
    for (auto& a : result.adaptive) {
      const std::string degree = std::to_string(a.degree), q = order_text(a.loss_power);
      tables[table_name("adaptive", degree, q, "pieces")] = std::move(a.pieces);
      tables[table_name("adaptive", degree, q, "loss")] = std::move(a.loss);
    }
  }

  const RunConfig& config_;
  const Communicator& communicator_;
  core::Progress& progress_;
};

} // namespace

bool needs_thresholds(const RunConfig& config) {
  const auto asked = [](const std::vector<std::string>& list, const char* name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  const ApproximationSection& wanted = config.approximation;
  return wanted.enabled && asked(wanted.partitions, "adaptive") && asked(wanted.averages, "volume");
}

Thresholds thresholds_of(const RunConfig& config, const TableSet& tables) {
  Thresholds thresholds;
  if (needs_thresholds(config))
    for (const std::int64_t degree : config.approximation.degrees)
      for (const double q : config.approximation.loss_powers)
        thresholds[{static_cast<int>(degree), q}] =
            table_of(tables, table_name("adaptive", std::to_string(degree), order_text(q), "pieces")).x;
  return thresholds;
}

GridSample make_field(const RunConfig& config, const solvers::Generator& generator, std::int64_t realisation,
                      const Communicator& communicator, core::Progress& progress) {
  auto stage = progress.begin("grid field", 0);
  const core::Domain domain(config.field->dimensions(), config.field->points());
  GridSample sample = generator.grid()->sample(core::Decomposition(domain, communicator.size()), communicator,
                                               static_cast<std::uint64_t>(realisation));
  refuse_not_finite(sample, communicator);
  return sample;
}

TableSet measure_field(const RunConfig& config, const GridSample& sample, std::int64_t realisation,
                       const Thresholds& thresholds, const Communicator& communicator, core::Progress& progress) {
  TableSet tables =
      FieldMeter(config, communicator, progress).measure(sample, static_cast<std::uint64_t>(realisation), thresholds);
  if (config.realisations() >= realisations_as_blocks)
    for (auto& [name, table] : tables)
      table = table.collapsed();
  return tables;
}

} // namespace cascade::app
