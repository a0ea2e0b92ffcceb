#include "analysis/all_lags/directions.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/structure_function/lag_tables.hpp"
#include "analysis/sums/grid_blocks.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>

namespace cascade::analysis {
namespace {

std::string direction_table(const std::string& kind, double order) {
  return table_name("directions", kind, order_text(order));
}

} // namespace

Cost directions_cost(const Subject& subject, const core::Decomposition& grid, const std::vector<double>& orders,
                     bool many) {
  const GridExtent e = extent_of(subject, grid);
  const double separations = static_cast<double>(directional_separations(grid.domain(), many).size());
  const double lags = static_cast<double>(lag_directions(subject.dimensions, many).size()) * e.log_side;
  return {directional_memory(grid, subject.components, orders.size(), many),
          e.points * lags * static_cast<double>(orders.size()),
          "pairs x orders",
          rates::pairs * 2,
          "structure functions, directions",
          bytes_of_grid_tables(subject, pair_kinds(subject.components) * static_cast<double>(orders.size()),
                               separations, GridBlocks(grid.domain()).count())};
}

void measure_directions(const core::RealField& field, const core::Communicator& communicator,
                        const std::vector<double>& orders, bool many, bool holes, Tables& tables) {
  PairTables sums = directional_structure_functions(field, communicator, orders, many, holes);
  for (std::size_t kind = 0; kind < sums.kinds.size(); ++kind)
    for (std::size_t p = 0; p < orders.size(); ++p)
      tables[direction_table(sums.kinds[kind], orders[p])] = std::move(sums.tables[kind][p]);
}

void curve_datasets(const Tables& tables, const std::string& name, const std::string& root,
                    const std::vector<double>& orders, Datasets& all) {
  for (const char* kind : {"", "longitudinal", "transverse"}) {
    bool begun = false;
    for (const double p : orders) {
      const std::string order = order_text(p);
      const BlockTable* table = find_table(tables, table_name(name, kind, order));
      if (table == nullptr || table->points() == 0)
        continue;
      const auto points = static_cast<std::int64_t>(table->points());
      const std::string group = *kind == '\0' ? fmt::format("{}/", root) : fmt::format("{}/{}/", root, kind),
                        words = "mean of abs(increment)^" + order, unit = "field^" + order;
      if (!begun) {
        all.push_back({group + "r", {points}, table->x, "separation", "box side"});
        all.push_back({group + "count", {points}, table->count, "pairs", "1"});
      }
      begun = true;
      all.push_back({fmt::format("{}S_{}", group, order), {points}, table->mean(), words, unit});
      if (table->blocks() > 1)
        all.push_back({fmt::format("{}error_{}", group, order),
                       {points},
                       table->standard_error(),
                       "standard error of " + words,
                       unit});
    }
  }
}

void fit_directions(const Subject& subject, const std::vector<double>& orders, const Tables& tables,
                    const Findings& findings, Fits& fits) {
  const auto means = std::make_shared<GridMeans>(subject, findings);
  for (const char* kind : {"", "longitudinal", "transverse"})
    for (const double p : orders) {
      const std::string name = direction_table(kind, p), component = kind;
      const BlockTable* table = find_table(tables, name);
      if (table == nullptr)
        continue;
      fits.give(fmt::format("zeta/directions/{}p{}", component.empty() ? "" : component + "/", order_text(p)),
                means->plain({*table, p, -1, false, component}), [=](const ExponentFit& zeta) {
                  Result r;
                  r.quantity = "zeta";
                  r.title = "zeta_" + order_text(p);
                  r.order = p;
                  r.labels = component_labels(component);
                  r.labels.set("lags", std::string("directions"));
                  set_fit(r, zeta);
                  r.curve = make_curve(name, *table, {"r", "box side"}, {"S_" + order_text(p), "field^p"});
                  return r;
                });
    }
}

} // namespace cascade::analysis
