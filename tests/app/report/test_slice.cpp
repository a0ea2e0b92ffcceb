// The slice is a plane of the serial field, whoever owns it.
#include "app/report/slice.hpp"

#include <catch2/catch.hpp>

using namespace cascade;
using core::Index;

namespace {

double value_at(Index i, Index j, Index k) {
  return static_cast<double>(i * 1'000'000 + j * 1000 + k);
}

core::GridSample sample(const core::Decomposition& decomposition, int rank) {
  core::GridSample s{core::RealField(decomposition, rank), core::ActiveDepth()};
  const core::Box& box = s.field.box();
  for (Index i = 0; i < box.extent(0); ++i)
    for (Index j = 0; j < box.extent(1); ++j)
      for (Index k = 0; k < box.extent(2); ++k) {
        s.field.line(0, i, j)[static_cast<std::size_t>(k)] =
            value_at(box.begin[0] + i, box.begin[1] + j, box.begin[2] + k);
        s.active->push_back(static_cast<std::uint8_t>((box.begin[1] + j + k) % 7));
      }
  return s;
}

} // namespace

TEST_CASE("The slice is the serial field's at any rank count and process grid", "[mpi]") {
  const auto world = core::Communicator::world();
  const auto [dimensions, n] = GENERATE(table<int, Index>({{3, 6}, {3, 12}, {2, 9}, {2, 1030}, {1, 20000}}));
  const bool one_row = GENERATE(false, true);
  const core::Domain domain(dimensions, n);
  const core::Decomposition decomposition =
      one_row ? core::Decomposition(domain, 1, world.size()) : core::Decomposition(domain, world.size());
  const app::Slice slice = app::field_slice(sample(decomposition, world.rank()), world);

  const Index stride = dimensions == 1 ? (n + 16383) / 16384 : (n + 511) / 512;
  const core::Index3 shape = domain.shape();
  std::vector<double> expected, depth;
  for (Index j = 0; j < shape[1]; j += stride)
    for (Index k = 0; k < shape[2]; k += stride) {
      expected.push_back(value_at(shape[0] / 3, j, k));
      depth.push_back(static_cast<double>((j + k) % 7));
    }
  CHECK(slice.stride == stride);
  CHECK(slice.rows * slice.columns == static_cast<Index>(slice.values.size()));
  CHECK(slice.columns <= (dimensions == 1 ? app::Slice::longest_line : app::Slice::largest_side));
  CHECK((slice.values == expected));
  CHECK((slice.active_depth == depth));
}
