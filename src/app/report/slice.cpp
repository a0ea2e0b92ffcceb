#include "app/report/slice.hpp"

#include <algorithm>

namespace cascade::app {

namespace {

using core::Index;

/// This rank's share of the slice: calls visit(local index) for each of its points in row-major order.
template <class Visit>
void for_each_point(const core::RealField& field, Index plane, Index stride, Visit&& visit) {
  const core::Box& box = field.box();
  if (box.empty() || plane < box.begin[0] || plane >= box.end[0])
    return;
  const Index first = (box.begin[1] + stride - 1) / stride * stride; // first multiple of the stride in the box
  for (Index j = first; j < box.end[1]; j += stride)
    for (Index k = 0; k < box.extent(2); k += stride)
      visit(((plane - box.begin[0]) * box.extent(1) + (j - box.begin[1])) * box.extent(2) + k);
}

} // namespace

Slice field_slice(const core::GridSample& sample, const core::Communicator& communicator) {
  const core::RealField& field = sample.field;
  const core::Domain& domain = field.domain();
  const core::Index3 shape = domain.shape();
  const Index plane = shape[0] / 3;
  const Index largest = domain.dimensions() == 1 ? Slice::longest_line : Slice::largest_side;

  Slice slice;
  slice.stride = (std::max(shape[1], shape[2]) + largest - 1) / largest;
  slice.rows = (shape[1] + slice.stride - 1) / slice.stride;
  slice.columns = (shape[2] + slice.stride - 1) / slice.stride;
  slice.spacing = domain.spacing(2) * static_cast<double>(slice.stride);
  slice.row_spacing = domain.spacing(1) * static_cast<double>(slice.stride);
  slice.position = domain.dimensions() == 3 ? (static_cast<double>(plane) + 0.5) * domain.spacing(0) : 0;

  // Ranks come in the order of their rows, so the gathered parts are the slice in order.
  std::vector<double> part;
  for_each_point(field, plane, slice.stride,
                 [&](Index i) { part.push_back(field.component(0)[static_cast<std::size_t>(i)]); });
  slice.values = communicator.gather_all(std::span<const double>(part));
  if (sample.active) {
    part.clear();
    for_each_point(field, plane, slice.stride,
                   [&](Index i) { part.push_back((*sample.active)[static_cast<std::size_t>(i)]); });
    slice.active_depth = communicator.gather_all(std::span<const double>(part));
  }
  return slice;
}

} // namespace cascade::app
