#include "app/grid_tables.hpp"

#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/box_counting.hpp"
#include "analysis/grid_structure_function.hpp"
#include "analysis/spectrum.hpp"
#include "app/measured.hpp"
#include "core/distributed_fft.hpp"
#include "core/errors.hpp"
#include "core/redistribute.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using core::Communicator;
using core::GridSample;

constexpr std::int64_t realisations_as_blocks = 8;

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

/// Refinement thresholds by degree and loss power: those of the first realisation serve all.
using Thresholds = std::map<std::pair<int, double>, std::vector<double>>;

/// Measures one field.
class FieldMeter {
public:
  FieldMeter(const RunConfig& config, const Communicator& communicator, core::Progress& progress)
      : config_(config), communicator_(communicator), progress_(progress) {}

  TableSet measure(const GridSample& sample, std::uint64_t realisation, Thresholds& thresholds) {
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
    const auto bins = spectrum_bins(s.k.size());
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

  /// First shell of each bin, and the end: single shells up to 512, beyond that 32 bins an octave (each the mean over
  /// its shells), so that a line of a million points gives a curve one can draw.
  static std::vector<std::size_t> spectrum_bins(std::size_t shells) {
    std::vector<std::size_t> bins;
    for (std::size_t k = 0; k < shells; k = k < 512 ? k + 1 : std::max(k + 1, k + k / 46))
      bins.push_back(k);
    bins.push_back(shells);
    return bins;
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

  void losses(const GridSample& sample, std::uint64_t realisation, Thresholds& thresholds, TableSet& tables) {
    if (config_.approximation.origin != "random")
      return losses_of(sample.field, sample.active ? &*sample.active : nullptr, thresholds, tables);
    const auto bits = core::CounterRng(config_.seed(), core::Stream::shift).block(realisation);
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

  void losses_of(const core::RealField& field, const core::ActiveDepth* active, Thresholds& thresholds,
                 TableSet& tables) {
    const auto& wanted = config_.approximation;
    const auto asked = [](const std::vector<std::string>& list, const char* name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    auto stage = progress_.begin("grid approximation", 0);
    analysis::GridApproximationOptions options;
    options.degrees.assign(wanted.degrees.begin(), wanted.degrees.end());
    options.loss_powers = wanted.loss_powers;
    options.uniform = true; // the fits of adaptive partitions need it too
    options.adaptive = asked(wanted.partitions, "adaptive") && asked(wanted.averages, "volume");
    options.thresholds.given = thresholds;
    store(analysis::approximate_on_grid(field, active, communicator_, options), thresholds, tables);
  }

  static void store(analysis::GridApproximation result, Thresholds& thresholds, TableSet& tables) {
    for (auto& u : result.uniform) {
      const std::string degree = std::to_string(u.degree), q = order_text(u.loss_power);
      tables[table_name("uniform", degree, q, "volume")] = std::move(u.volume);
      if (u.active)
        tables[table_name("uniform", degree, q, "active")] = std::move(*u.active);
    }
    for (auto& a : result.adaptive) {
      const std::string degree = std::to_string(a.degree), q = order_text(a.loss_power);
      thresholds[{a.degree, a.loss_power}] = a.pieces.x;
      tables[table_name("adaptive", degree, q, "pieces")] = std::move(a.pieces);
      tables[table_name("adaptive", degree, q, "loss")] = std::move(a.loss);
    }
  }

  const RunConfig& config_;
  const Communicator& communicator_;
  core::Progress& progress_;
};

/// Adds a realisation's tables in their fixed order.
void merge(TableSet& total, const TableSet& part, bool one_block_each) {
  for (const auto& [name, table] : part)
    total[name].append(one_block_each ? table.collapsed() : table);
}

/// Tables as numbers: for each table x, count, then every block's sums and weights. The shape comes from `like`.
std::vector<double> flatten(const TableSet& tables) {
  std::vector<double> flat;
  const auto put = [&](const std::vector<double>& v) { flat.insert(flat.end(), v.begin(), v.end()); };
  for (const auto& [name, t] : tables) {
    put(t.x);
    put(t.count);
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      put(t.sum[b]);
      put(t.weight[b]);
    }
  }
  return flat;
}

TableSet unflatten(const TableSet& like, const double* flat) {
  TableSet tables = like;
  const auto take = [&](std::vector<double>& v) {
    std::copy_n(flat, v.size(), v.begin());
    flat += v.size();
  };
  for (auto& [name, t] : tables) {
    take(t.x);
    take(t.count);
    for (std::size_t b = 0; b < t.blocks(); ++b) {
      take(t.sum[b]);
      take(t.weight[b]);
    }
  }
  return tables;
}

/// D = 1: each rank makes and measures whole fields of its own.
GridMeasurement measure_whole_fields(const RunConfig& config, const core::Domain& domain,
                                     const solvers::Generator& generator, const Communicator& communicator,
                                     core::Progress& progress) {
  const Communicator self = Communicator::self();
  const core::Decomposition alone(domain, 1);
  const std::int64_t count = config.realisations();
  const bool one_block_each = count >= realisations_as_blocks;
  FieldMeter meter(config, self, progress);
  Thresholds thresholds;
  GridMeasurement result;
  std::vector<double> mine;
  TableSet first;
  communicator.agree([&] {
    // Every rank measures the first field: it fixes the refinement thresholds and the shape of the tables.
    const GridSample sample = generator.grid(alone, self, 0);
    refuse_not_finite(sample, self);
    first = meter.measure(sample, 0, thresholds);
    const auto range = core::split_range(count - 1, communicator.size(), communicator.rank());
    for (std::int64_t r = range.begin + 1; r < range.end + 1; ++r) {
      const GridSample next = generator.grid(alone, self, static_cast<std::uint64_t>(r));
      refuse_not_finite(next, self);
      const auto flat = flatten(meter.measure(next, static_cast<std::uint64_t>(r), thresholds));
      mine.insert(mine.end(), flat.begin(), flat.end());
    }
  });
  merge(result.tables, first, one_block_each);
  const auto all = communicator.gather_all(std::span<const double>(mine));
  const std::size_t size = flatten(first).size();
  for (std::int64_t r = 0; r + 1 < count; ++r)
    merge(result.tables, unflatten(first, all.data() + static_cast<std::size_t>(r) * size), one_block_each);
  return result;
}

} // namespace

GridMeasurement measure_grid(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                             const Communicator& communicator, core::Progress& progress) {
  if (plan.realisations_over_ranks)
    return measure_whole_fields(config, plan.decomposition->domain(), generator, communicator, progress);
  GridMeasurement result;
  FieldMeter meter(config, communicator, progress);
  Thresholds thresholds;
  for (std::int64_t r = 0; r < config.realisations(); ++r) {
    result.last.reset();
    auto stage = progress.begin("grid field", 0);
    result.last = generator.grid(*plan.decomposition, communicator, static_cast<std::uint64_t>(r));
    refuse_not_finite(*result.last, communicator);
    stage.finish();
    merge(result.tables, meter.measure(*result.last, static_cast<std::uint64_t>(r), thresholds),
          config.realisations() >= realisations_as_blocks);
  }
  return result;
}

} // namespace cascade::app
