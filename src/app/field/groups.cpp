#include "app/field/groups.hpp"

namespace cascade::app {

Groups Groups::make(const RunPlan& plan, const core::Communicator& all, bool single) {
  std::vector<int> first;
  int mine = single ? all.rank() : 0;
  for (int g = 0; g < plan.groups; ++g) {
    const auto range = core::split_range(all.size(), plan.groups, g);
    first.push_back(single ? g : static_cast<int>(range.begin));
    if (!single && all.rank() >= range.begin && all.rank() < range.end)
      mine = g;
  }
  return {plan.groups, mine, first, all.split(mine, all.rank())};
}

} // namespace cascade::app
