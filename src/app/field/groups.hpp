#pragma once
// The groups of ranks that realisations are dealt to.

#include "app/plan/plan.hpp"
#include "core/ranks/communicator.hpp"

#include <vector>

namespace cascade::app {

struct Groups {
  int count = 1;
  int mine = 0;             ///< number of this rank's group; count or more: it has no work
  std::vector<int> first;   ///< rank of each group's first member
  core::Communicator ranks; ///< of my group

  /// D >= 2: contiguous ranges of ranks, none left over. D = 1 (`single`): single ranks, since a line is not cut.
  /// Collective.
  static Groups make(const RunPlan& plan, const core::Communicator& all, bool single);
};

} // namespace cascade::app
