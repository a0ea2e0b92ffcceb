#include "analysis/structure_function/grid.hpp"

#include "analysis/sums/power_sums.hpp"
#include "analysis/sums/present_pairs.hpp"

namespace cascade::analysis {

PairTables grid_structure_functions(const core::RealField& field, const core::Communicator& communicator,
                                    const std::vector<double>& orders, const std::vector<core::Index>& separations,
                                    const std::vector<int>& axes, bool holes) {
  const PowerSums powers(orders);
  return (holes ? sum_over_present_pairs : sum_over_pairs)(
      field, communicator, powers.size(),
      [&](std::span<const double> left, std::span<const double> right, std::span<double> sums) {
        powers.add_differences(left, right, sums);
      },
      separations, axes);
}

} // namespace cascade::analysis
