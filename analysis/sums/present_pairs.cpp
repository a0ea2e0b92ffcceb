#include "analysis/sums/present_pairs.hpp"

#include <cmath>

namespace cascade::analysis {

PairTables sum_over_present_pairs(const core::RealField& field, const core::Communicator& communicator,
                                  std::size_t observables, const PairKernel& kernel,
                                  const std::vector<core::Index>& separations, const std::vector<int>& axes) {
  // One observable more, the number of pairs; the others are summed over runs of pairs that are there.
  const PairKernel present = [&](std::span<const double> left, std::span<const double> right, std::span<double> sums) {
    const std::span<double> own = sums.first(observables);
    for (std::size_t i = 0; i < left.size();) {
      const auto there = [&](std::size_t k) { return std::isfinite(left[k]) && std::isfinite(right[k]); };
      if (!there(i)) {
        ++i;
        continue;
      }
      std::size_t end = i + 1;
      while (end < left.size() && there(end))
        ++end;
      kernel(left.subspan(i, end - i), right.subspan(i, end - i), own);
      sums[observables] += static_cast<double>(end - i);
      i = end;
    }
  };
  PairTables all = sum_over_pairs(field, communicator, observables + 1, present, separations, axes);
  for (std::vector<BlockTable>& tables : all.tables) {
    const BlockTable counted = std::move(tables.back());
    tables.pop_back();
    for (BlockTable& table : tables) {
      table.weight = counted.sum;
      std::fill(table.count.begin(), table.count.end(), 0.0);
      for (const std::vector<double>& block : counted.sum)
        for (std::size_t s = 0; s < block.size(); ++s)
          table.count[s] += block[s];
    }
  }
  return all;
}

} // namespace cascade::analysis
