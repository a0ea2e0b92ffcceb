#pragma once
// A field beside itself, any lag apart.

#include "analysis/all_lags/lag_shells.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace cascade::analysis {

/// Lines of axis 2 of a field with those of the same field at (x + l), for one lag after another; lines come to their
/// ranks once for all lags with the same first two components in a row. Interior pairs alone along axes that are not
/// periodic. The field must outlive it.
class ShiftedBox {
public:
  ShiftedBox(const core::RealField& field, const core::Communicator& communicator);
  /// visit(i, j, begin, end, shift): global indices of the line; pairs are (here[c][k], there[c][k + shift]) of each
  /// component c for begin <= k < end. A line comes up to three times, round the end of a periodic axis. Collective.
  using Visitor =
      std::function<void(core::Index i, core::Index j, core::Index begin, core::Index end, core::Index shift)>;
  void for_each_line(const Lag& lag, std::vector<const double*>& here, std::vector<const double*>& there,
                     const Visitor& visit);
  /// The field twice and messages, on the rank that needs most. Local.
  static core::MemoryParts memory(const core::Decomposition& decomposition, int components);

private:
  const core::RealField& field_;
  const core::Communicator& communicator_;
  core::RealField round_; ///< the same in a periodic box; the ends are not looked at where it is not
  std::optional<core::RealField> shifted_;
  core::Index shift_[2] = {0, 0};
};

} // namespace cascade::analysis
