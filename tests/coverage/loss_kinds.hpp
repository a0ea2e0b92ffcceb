#pragma once
// Loss tables of known law, in the designs that people train.

#include "tests/coverage/kind.hpp"

namespace cascade::coverage {

/// Kinds "losses grid, 1%" to "losses one resource, 10%": designs of test::KnownTables with log losses off by 1, 3 and
/// 10%, fitted by squares of log L. Quantities: alpha, log A and E, with two resources also beta and log B; the quoted
/// interval of each, open ones too (their error is infinite): to leave them out would choose the tables whose noise
/// closes them. Not answered: the law is said not to describe the table.
std::vector<Kind> loss_kinds();

} // namespace cascade::coverage
