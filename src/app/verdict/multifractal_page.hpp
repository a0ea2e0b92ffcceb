#pragma once
// What a report shows of many orders at once: models of intermittency against zeta_p, and alpha against q.

#include "app/report/report.hpp"

namespace cascade::app {

/// A table of the six models of theory/intermittency.hpp, each with its parameter, chi^2, AIC and BIC, where at least
/// three longitudinal (or scalar) zeta_p, p <= 8, may decide: of the method with more of them, whatever the field. A
/// figure of alpha against q, uniform and adaptive, measured and predicted, with the best law linear in q through the
/// adaptive ones (which one h on one set would follow), where a law without one roughness (`multifractal`) has them at
/// two loss powers. Replaces nothing: both are added to `page`.
void add_many_orders(const Report& report, bool multifractal, Page& page);

} // namespace cascade::app
