#pragma once
// What a field that was given says of itself: no law promises anything of it, its own h and d do.

#include "analysis/sums/block_table.hpp"
#include "app/report/report.hpp"

namespace cascade::app {

/// Judges every alpha by the formulas of the h and d measured in the same field, and makes the answer of that: h from
/// zeta_2 (blind, from the spectrum) and the codimension of the set of large gradients, h = (zeta_2 - D + d)/2, d = D
/// where the set fills the box; predictions carry the errors of zeta_2 and d, to first order, and sigmas those of both
/// sides. alpha, zeta_2 and d come from the same values: distances are no larger than independent ones, their errors
/// not smaller. Without a range the local slopes of S_2 are said, and nothing is judged. `second`: the table of S_2,
/// null where it was not measured. After compare(). Local.
void answer_given(const analysis::BlockTable* second, Report& report);

} // namespace cascade::app
