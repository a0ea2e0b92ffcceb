#pragma once
// Figures of study loss_table.

#include "app/report/page.hpp"
#include "app/scaling/loss_row.hpp"

#include <vector>

namespace cascade::app {

Figure loss_figure(const LossTableStudy& s, const LossRow& row);
Figure running_figure(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row);
/// Loss over law less one against x: what the law misses.
Figure residual_figure(const LossTableStudy& s, const LossRow& row);

} // namespace cascade::app
