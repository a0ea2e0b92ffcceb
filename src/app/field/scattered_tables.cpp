#include "app/field/scattered_tables.hpp"

#include "analysis/approximation/scattered_cells.hpp"
#include "analysis/structure_function/scattered.hpp"
#include "app/field/measured.hpp"

#include <algorithm>

namespace cascade::app {
namespace {

std::vector<double> with(std::vector<double> list, double value) {
  if (std::find(list.begin(), list.end(), value) == list.end())
    list.push_back(value);
  return list;
}

} // namespace

std::string scattered_loss_name(std::int64_t degree, double power) {
  return table_name("scattered/loss", std::to_string(degree), order_text(power));
}

TableSet measure_scattered_pairs(const RunConfig& config, const SamplingChoice& choice,
                                 const solvers::Generator& generator, TreeRange realisations,
                                 const core::Communicator& communicator, const Advance& advance) {
  TableSet tables;
  const auto& orders = config.analysis.structure_function.orders;
  const analysis::SamplingPlan pairs{config.seed(), realisations.count, choice.pairs, choice.scales,
                                     realisations.first};
  auto moments = analysis::scattered_structure_functions(generator.points()->source(), config.field->dimensions(),
                                                         orders, pairs, communicator, advance);
  for (std::size_t p = 0; p < orders.size(); ++p)
    tables[table_name("scattered/zeta", order_text(orders[p]))] = std::move(moments[p]);
  return tables;
}

TableSet measure_scattered_cells(const RunConfig& config, const SamplingChoice& choice,
                                 const solvers::Generator& generator, TreeRange realisations,
                                 const core::Communicator& communicator, const Advance& advance) {
  TableSet tables;
  analysis::ScatteredCellSettings cells;
  const bool fits = config.approximation.enabled;
  cells.degrees = {0};
  if (fits)
    for (const std::int64_t degree : config.approximation.degrees)
      if (degree > 0)
        cells.degrees.push_back(static_cast<int>(degree));
  std::sort(cells.degrees.begin(), cells.degrees.end());
  cells.loss_powers = fits ? with(config.approximation.loss_powers, 2) : std::vector<double>{2};
  cells.points = choice.points;
  const analysis::SamplingPlan draws{config.seed(), realisations.count, choice.cells, choice.scales,
                                     realisations.first};
  auto losses = analysis::scattered_losses(generator.points()->source(), config.field->dimensions(), cells, draws,
                                           communicator, advance);
  for (std::size_t k = 0; k < cells.degrees.size(); ++k)
    for (std::size_t q = 0; q < cells.loss_powers.size(); ++q)
      tables[scattered_loss_name(cells.degrees[k], cells.loss_powers[q])] = std::move(losses.loss[k][q]);
  if (losses.cells.points() > 0)
    tables["scattered/cells"] = std::move(losses.cells);
  return tables;
}

} // namespace cascade::app
