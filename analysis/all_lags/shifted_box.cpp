#include "analysis/all_lags/shifted_box.hpp"

#include "core/grid/redistribute.hpp"

#include <algorithm>

namespace cascade::analysis {
namespace {

using core::Index;

core::RealField in_periodic_box(const core::RealField& field) {
  const core::Domain& domain = field.domain();
  core::Axes axes;
  for (int a = domain.first_axis(); a < 3; ++a)
    axes.push_back({domain.points(a), domain.length(a), true});
  const core::Decomposition& grid = field.decomposition();
  core::RealField round(core::Decomposition(core::Domain(axes), grid.rows(), grid.columns()), field.rank(),
                        field.components());
  for (int c = 0; c < field.components(); ++c)
    std::copy_n(field.component(c).data(), field.box().size(), round.component(c).data());
  return round;
}

} // namespace

ShiftedBox::ShiftedBox(const core::RealField& field, const core::Communicator& communicator)
    : field_(field), communicator_(communicator), round_(in_periodic_box(field)) {}

void ShiftedBox::for_each_line(const Lag& lag, std::vector<const double*>& here, std::vector<const double*>& there,
                               const Visitor& visit) {
  if (!shifted_ || shift_[0] != lag[0] || shift_[1] != lag[1]) {
    shifted_.reset();
    shifted_ = core::cyclic_shift(round_, communicator_, {lag[0], lag[1], 0});
    shift_[0] = lag[0];
    shift_[1] = lag[1];
  }
  const core::Domain& domain = field_.domain();
  const core::Box& box = field_.box();
  const auto inside = [&](int axis, Index i) {
    const Index to = i + lag[static_cast<std::size_t>(axis)];
    return domain.periodic(axis) || (to >= 0 && to < domain.points(axis));
  };
  const Index n = domain.points(2), begin = std::max<Index>(0, -lag[2]), end = std::min(n, n - lag[2]);
  for (Index i = 0; !box.empty() && i < box.extent(0); ++i)
    for (Index j = 0; j < box.extent(1); ++j) {
      const Index at0 = box.begin[0] + i, at1 = box.begin[1] + j;
      if (!inside(0, at0) || !inside(1, at1))
        continue;
      for (int c = 0; c < field_.components(); ++c) {
        here[static_cast<std::size_t>(c)] = field_.line(c, i, j).data();
        there[static_cast<std::size_t>(c)] = shifted_->line(c, i, j).data();
      }
      if (begin < end)
        visit(at0, at1, begin, end, lag[2]);
      if (domain.periodic(2) && begin > 0)
        visit(at0, at1, 0, begin, lag[2] + n);
      if (domain.periodic(2) && end < n)
        visit(at0, at1, end, n, lag[2] - n);
    }
}

core::MemoryParts ShiftedBox::memory(const core::Decomposition& decomposition, int components) {
  double most = 0;
  for (int rank = 0; rank < decomposition.ranks(); ++rank)
    most = std::max(most, static_cast<double>(decomposition.real_box(rank).size()));
  return {{"the field and its shifted copy", 2 * most * components * sizeof(double)},
          {"lines of other ranks", core::message_bytes(decomposition, sizeof(double))}};
}

} // namespace cascade::analysis
