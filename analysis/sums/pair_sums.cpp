#include "analysis/sums/pair_sums.hpp"

#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/lines_ahead.hpp"
#include "analysis/sums/shifted_lines.hpp"
#include "core/sums/exact_sum.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

using core::ExactSum;
using core::Index;

/// Exact sums of all observables by kind and block, for one separation.
class PairSums {
public:
  PairSums(const core::RealField& field, const PairKernel& kernel, std::size_t observables, std::size_t kinds)
      : field_(field), blocks_(field.domain()), kernel_(kernel),
        sums_(kinds * static_cast<std::size_t>(blocks_.count()) * observables), partial_(observables) {
    for (int c = 0; c < blocks_.per_side(2); ++c)
      along_.push_back(blocks_.along(2, c));
  }

  ExactSum& at(std::size_t kind, std::size_t block, std::size_t observable) {
    return sums_[(kind * static_cast<std::size_t>(blocks_.count()) + block) * partial_.size() + observable];
  }
  std::vector<ExactSum>& all() { return sums_; }

  /// Pairs (here[k], there[k + shift]) of the line at local indices (i, j), round its end if it is periodic.
  void add_line(std::size_t kind, Index i, Index j, std::span<const double> here, std::span<const double> there,
                Index shift) {
    const core::Box& box = field_.box();
    const int a = blocks_.containing(0, box.begin[0] + i), b = blocks_.containing(1, box.begin[1] + j);
    const Index n = field_.domain().points(2);
    for (std::size_t c = 0; c < along_.size(); ++c) {
      std::fill(partial_.begin(), partial_.end(), 0.0);
      const core::Range range = along_[c];
      const Index turn = std::clamp(n - shift, range.begin, range.end); // from here on the partner lies beyond the end
      add_part(here, there, range.begin, turn, shift);
      if (field_.domain().periodic(2))
        add_part(here, there, turn, range.end, shift - n);
      const auto block = static_cast<std::size_t>(blocks_.number(a, b, static_cast<int>(c)));
      ExactSum* out = &at(kind, block, 0);
      for (std::size_t p = 0; p < partial_.size(); ++p)
        if (partial_[p] != 0) // most bins of a histogram
          out[p].add(partial_[p]);
    }
  }

private:
  void add_part(std::span<const double> here, std::span<const double> there, Index begin, Index end, Index shift) {
    if (begin < end)
      kernel_({here.data() + begin, here.data() + end}, {there.data() + begin + shift, there.data() + end + shift},
              partial_);
  }

  const core::RealField& field_;
  GridBlocks blocks_;
  const PairKernel& kernel_;
  std::vector<ExactSum> sums_;
  std::vector<double> partial_;
  std::vector<core::Range> along_; // of the blocks on axis 2
};

/// All pairs of one component along one axis at all separations, a plane at a time, all separations while it is in the
/// cache: a field is read once for all of them, not twice for each, and ranks do not wait for one another's memory.
/// Of an axis that is split among ranks the planes' other lines are fetched once for all separations; in two
/// dimensions, where there is one plane, they are fetched by separation. What is added may come in any order, the sums
/// are exact.
class AxisOfPairs {
public:
  AxisOfPairs(std::vector<PairSums>& sums, const core::RealField& field, const std::vector<Index>& separations,
              int component, int axis, std::size_t kind)
      : sums_(sums), field_(field), separations_(separations), component_(component), axis_(axis), kind_(kind) {}

  void add(const core::Communicator& communicator) {
    const core::Box& box = field_.box();
    const bool split = ShiftedLines::is_split(field_.decomposition(), axis_);
    if (split && field_.domain().dimensions() == 3)
      return add_with_others(communicator);
    const Index planes = box.empty() ? 0 : box.extent(axis_ == 0 ? 1 : 0);
    for (Index plane = 0; plane < planes; ++plane)
      for (std::size_t s = 0; s < separations_.size(); ++s)
        add_plane(plane, s);
    ShiftedLines::Buffers buffers;
    for (std::size_t s = 0; s < separations_.size() && split; ++s)
      ShiftedLines(field_, communicator, axis_, separations_[s])
          .for_each_elsewhere(component_, buffers, [&](Index i, Index j, auto here, auto there) {
            sums_[s].add_line(kind_, i, j, here, there, 0);
          });
  }

private:
  void add_with_others(const core::Communicator& communicator) {
    const Index reach = *std::max_element(separations_.begin(), separations_.end());
    const Index lines = field_.box().empty() ? 0 : field_.box().extent(axis_);
    const auto points = static_cast<std::size_t>(field_.domain().points(2));
    LinesAhead all(field_, communicator, axis_, reach);
    for (int group = 0; group < all.groups(); ++group) {
      const core::Range planes = all.fetch(component_, group);
      for (Index plane = planes.begin; plane < planes.end; ++plane)
        for (std::size_t s = 0; s < separations_.size(); ++s)
          for (Index along = 0; along < lines; ++along) {
            const double* there = all.line(along + separations_[s], plane);
            if (there == nullptr)
              break;
            sums_[s].add_line(kind_, axis_ == 0 ? along : plane, axis_ == 0 ? plane : along,
                              {all.line(along, plane), points}, {there, points}, 0);
          }
    }
  }
  void add_plane(Index plane, std::size_t s) {
    const core::Box& box = field_.box();
    const Index shift = separations_[s], lines = box.extent(axis_ == 0 ? 0 : 1);
    const auto line = [&](Index along) {
      return axis_ == 0 ? field_.line(component_, along, plane) : field_.line(component_, plane, along);
    };
    const bool round =
        axis_ < 2 && !ShiftedLines::is_split(field_.decomposition(), axis_) && field_.domain().periodic(axis_);
    for (Index along = 0; along < lines; ++along) {
      const Index i = axis_ == 0 ? along : plane, j = axis_ == 0 ? plane : along;
      if (axis_ == 2)
        sums_[s].add_line(kind_, i, j, line(along), line(along), shift);
      else if (along + shift < lines)
        sums_[s].add_line(kind_, i, j, line(along), line(along + shift), 0);
      else if (round)
        sums_[s].add_line(kind_, i, j, line(along), line(along + shift - lines), 0);
    }
  }

  std::vector<PairSums>& sums_;
  const core::RealField& field_;
  const std::vector<Index>& separations_;
  int component_, axis_;
  std::size_t kind_;
};

void check_separations(const core::Domain& domain, const std::vector<int>& axes,
                       const std::vector<Index>& separations) {
  for (const int axis : axes) {
    for (const Index r : separations)
      if (r < 1 || r >= domain.points(axis))
        throw core::Error(core::ExitCode::bad_input,
                          fmt::format("a separation of {} points does not fit axis {} of {} points; allowed: 1 to {}",
                                      r, core::Domain::axis_name(axis), domain.points(axis), domain.points(axis) - 1));
    constexpr double same = 1e-9; // lengths may have been computed
    const double first = domain.spacing(axes.front()), other = domain.spacing(axis);
    if (std::fabs(other - first) > same * first)
      throw core::Error(
          core::ExitCode::bad_input,
          fmt::format("structure functions average over axes of equal spacing, and axis {} has {}, axis {} "
                      "{}; take one axis at a time",
                      core::Domain::axis_name(axes.front()), first, core::Domain::axis_name(axis), other));
  }
}

std::vector<int> all_axes(const core::Domain& domain) {
  std::vector<int> axes;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    axes.push_back(axis);
  return axes;
}

} // namespace

std::vector<Index> log_separations(Index points, int per_octave) {
  std::vector<Index> result;
  for (int k = 0;; ++k) {
    const auto r = static_cast<Index>(std::llround(std::exp2(static_cast<double>(k) / per_octave)));
    if (2 * r > points)
      return result;
    if (result.empty() || r > result.back())
      result.push_back(r);
  }
}

PairTables sum_over_pairs(const core::RealField& field, const core::Communicator& communicator, std::size_t observables,
                          const PairKernel& kernel, const std::vector<Index>& separations,
                          const std::vector<int>& wanted) {
  const core::Domain& domain = field.domain();
  const std::vector<int> axes = wanted.empty() ? all_axes(domain) : wanted;
  check_separations(domain, axes, separations);
  const bool vector = field.components() > 1;
  if (vector && field.components() != domain.dimensions())
    throw core::Error(core::ExitCode::internal_failure,
                      "increments are defined for scalars and for vectors with one component an axis");
  PairTables result{vector ? std::vector<std::string>{"longitudinal", "transverse"} : std::vector<std::string>{""}, {}};
  const GridBlocks blocks(domain);
  const std::size_t kinds = result.kinds.size();
  const auto block_count = static_cast<std::size_t>(blocks.count());
  const std::vector<std::vector<double>> zeros(block_count, std::vector<double>(separations.size(), 0.0));
  const std::vector<double> zero(separations.size(), 0.0);
  std::vector<double> x(separations.size());
  std::transform(separations.begin(), separations.end(), x.begin(),
                 [&](Index r) { return static_cast<double>(r) * domain.spacing(axes.front()); });
  result.tables.assign(kinds, std::vector<BlockTable>(observables, BlockTable{x, zeros, zeros, zero}));

  const auto kind_of = [&](int component, int axis) {
    return static_cast<std::size_t>(vector && component != axis - domain.first_axis() ? 1 : 0);
  };
  std::vector<PairSums> all;
  for (std::size_t s = 0; s < separations.size(); ++s)
    all.emplace_back(field, kernel, observables, kinds);
  for (int component = 0; component < field.components(); ++component)
    for (const int axis : axes)
      AxisOfPairs(all, field, separations, component, axis, kind_of(component, axis)).add(communicator);
  for (std::size_t s = 0; s < separations.size(); ++s) {
    PairSums& sums = all[s];
    std::vector<std::vector<Index>> pairs(kinds, std::vector<Index>(block_count, 0));
    for (int component = 0; component < field.components(); ++component)
      for (const int axis : axes) {
        const std::size_t kind = kind_of(component, axis);
        for (std::size_t b = 0; b < block_count; ++b)
          pairs[kind][b] += blocks.pairs_in(static_cast<int>(b), axis, separations[s]);
      }
    communicator.sum(std::span<ExactSum>(sums.all()));
    for (std::size_t kind = 0; kind < kinds; ++kind)
      for (std::size_t p = 0; p < observables; ++p)
        for (std::size_t b = 0; b < block_count; ++b) {
          BlockTable& table = result.tables[kind][p];
          table.sum[b][s] = sums.at(kind, b, p).value();
          table.weight[b][s] = static_cast<double>(pairs[kind][b]);
          table.count[s] += table.weight[b][s];
        }
  }
  return result;
}

namespace {

double lines_of_others(const core::Decomposition& decomposition) {
  const core::Domain& domain = decomposition.domain();
  if (domain.dimensions() != 3)
    return ShiftedLines::message_bytes(decomposition);
  return LinesAhead::message_bytes(decomposition, std::max(domain.points(0), domain.points(1)) / 2);
}

} // namespace

core::MemoryParts pair_memory(const core::Decomposition& decomposition, int components, std::size_t observables,
                              std::size_t separations) {
  const double blocks = GridBlocks(decomposition.domain()).count(),
               sums = pair_kinds(components) * static_cast<double>(observables) * blocks;
  return {{"exact sums of pairs", sums * static_cast<double>(separations) * sizeof(ExactSum)},
          {"tables of pairs", sums * static_cast<double>(separations) * 2 * sizeof(double)},
          {"lines of other ranks", lines_of_others(decomposition)}};
}

} // namespace cascade::analysis
