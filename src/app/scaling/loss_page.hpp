#pragma once
// Tables of study loss_table.

#include "app/report/page.hpp"
#include "app/scaling/loss_row.hpp"

#include <vector>

namespace cascade::app {

Table parameter_table(const LossTableStudy& s, const std::vector<LossRow>& rows);
Table hypothesis_table(const std::vector<double>& band, const std::vector<LossRow>& rows);
Table outlook_table(const LossTableStudy& s, const std::vector<LossRow>& rows);

} // namespace cascade::app
