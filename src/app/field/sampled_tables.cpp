#include "app/field/sampled_tables.hpp"

#include "analysis/approximation/sampled_cells.hpp"
#include "app/field/measured.hpp"

#include <algorithm>

namespace cascade::app {

TableSet measure_pairs(const RunConfig& config, const SamplingChoice& choice, const solvers::Generator& generator,
                       TreeRange trees, const core::Communicator& communicator, const Advance& advance) {
  TableSet tables;
  const std::vector<double> orders = sampled_orders(config);
  const analysis::SamplingPlan pairs{config.seed(), trees.count, choice.pairs, choice.scales, trees.first};
  auto sf = analysis::sampled_structure_functions(generator.points()->source(), config.field->dimensions(), orders,
                                                  pairs, communicator, advance);
  for (std::size_t p = 0; p < orders.size(); ++p)
    tables[table_name("sampled", "zeta", order_text(orders[p]))] = std::move(sf.moments[p]);
  tables["sampled/active_square"] = std::move(sf.active_square);
  tables["sampled/cells"] = std::move(sf.cells);
  return tables;
}

TableSet measure_cells(const RunConfig& config, const SamplingChoice& choice, const solvers::Generator& generator,
                       TreeRange trees, const core::Communicator& communicator, const Advance& advance) {
  TableSet tables;
  analysis::SampledCellSettings cells;
  cells.degrees.assign(config.approximation.degrees.begin(), config.approximation.degrees.end());
  std::sort(cells.degrees.begin(), cells.degrees.end()); // the residual of one degree is the start of the next
  cells.loss_powers = config.approximation.loss_powers;
  cells.lattice = choice.lattice;
  cells.random_origin = config.approximation.origin == "random";
  const analysis::SamplingPlan draws{config.seed(), trees.count, choice.cells, choice.scales, trees.first};
  auto result = analysis::sampled_losses(generator.points()->source(), config.field->dimensions(), cells, draws,
                                         communicator, advance);
  for (std::size_t k = 0; k < cells.degrees.size(); ++k)
    for (std::size_t q = 0; q < cells.loss_powers.size(); ++q) {
      const std::string degree = std::to_string(cells.degrees[k]), power = order_text(cells.loss_powers[q]);
      tables[table_name("sampled/loss", degree, power, "volume")] = std::move(result.volume[k][q]);
      tables[table_name("sampled/loss", degree, power, "active")] = std::move(result.active[k][q]);
    }
  tables["sampled/loss_cells"] = std::move(result.cells);
  return tables;
}

std::vector<double> sampled_orders(const RunConfig& config) {
  const auto& section = config.analysis.structure_function;
  return section.enabled ? section.orders : std::vector<double>{2};
}

} // namespace cascade::app
