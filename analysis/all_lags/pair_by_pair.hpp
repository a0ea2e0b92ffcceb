#pragma once
// Moments at chosen lags by summing over all pairs.

#include "analysis/all_lags/lag_moments.hpp"
#include "analysis/all_lags/lag_shells.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

#include <functional>
#include <vector>

namespace cascade::analysis {

/// found(lag, sums): sum over all pairs of the lag of each quantity, equal on all ranks, in the order of (first,
/// second, last) component. Lines of a lag's first two components are brought once. A pair counts where both its values
/// are there (a missing one is NaN in all components). Collective.
void sum_pair_by_pair(const core::RealField& field, const core::Communicator& communicator, const LagShells& shells,
                      const std::vector<LagQuantity>& quantities, std::vector<Lag> lags,
                      const std::function<void(const Lag&, const std::vector<double>&)>& found);

} // namespace cascade::analysis
