#pragma once
// Figures of study loss_table.

#include "app/report/page.hpp"
#include "app/scaling/loss_row.hpp"

#include <vector>

namespace cascade::app {

Figure loss_figure(const analysis::LossTable& table, const LossRow& row);
Figure running_figure(const std::vector<double>& band, const analysis::LossTable& table, const LossRow& row);
/// Loss over law less one against x: what the law misses.
Figure residual_figure(const analysis::LossTable& table, const LossRow& row);

} // namespace cascade::app
