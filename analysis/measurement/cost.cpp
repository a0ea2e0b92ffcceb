#include "analysis/measurement/cost.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

GridExtent extent_of(const Subject& subject, const core::Decomposition& grid) {
  GridExtent e;
  const auto side = static_cast<double>(subject.points);
  const double points =
      subject.box ? static_cast<double>(subject.box->total_points()) : std::pow(side, subject.dimensions);
  e.points = points * subject.components * static_cast<double>(subject.realisations);
  e.log_side = std::log2(side);
  e.axes = subject.dimensions;
  for (int rank = 0; rank < grid.ranks(); ++rank)
    e.component_bytes =
        std::max(e.component_bytes, grid.real_box(rank).size() * static_cast<std::int64_t>(sizeof(double)));
  e.field_bytes = subject.components * e.component_bytes;
  e.activity_bytes = subject.activity ? static_cast<double>(e.component_bytes) / sizeof(double) : 0;
  return e;
}

double bytes_of_tables(double tables, double points, double blocks) {
  constexpr double vector_of_a_block = 2 * (24 + 16), x_and_count = 2 * sizeof(double), sum_and_weight = x_and_count;
  return tables * (points * x_and_count + blocks * (points * sum_and_weight + vector_of_a_block));
}

double bytes_of_grid_tables(const Subject& subject, double tables, double points, double blocks) {
  const auto realisations = static_cast<double>(subject.realisations);
  return bytes_of_tables(tables, points, realisations * (subject.realisations_are_blocks() ? 1 : blocks));
}

} // namespace cascade::analysis
