#pragma once
// Fractional integration of a periodic field.

#include "core/grid/distributed_fft.hpp"

namespace cascade::solvers {

/// f_k becomes f_k |k|^-order, k in waves a box, and the mean zero: a flux whose moments over cells of side l go as
/// l^-K(q) becomes a field with zeta_q = q order - K(q), 0 < order < 1 (fractionally integrated flux: Schertzer,
/// Lovejoy, J. Geophys. Res. 92 (1987) 9693). Collective; the same bits at any number of ranks.
void integrate_fractionally(core::RealField& field, const core::Communicator& communicator, double order);

} // namespace cascade::solvers
