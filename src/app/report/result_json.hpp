#pragma once
// A judged result as an object of report.json.

#include "app/report/judged.hpp"

#include <nlohmann/json.hpp>

namespace cascade::app {

/// null for NaN and infinity, which JSON does not have.
nlohmann::ordered_json json_number(double x);

/// The object `settings`: null where a label does not apply.
nlohmann::ordered_json to_json(const analysis::Labels& labels);

/// One of `results` in report.json (docs/report.md). A curve of more than 1000 points is thinned.
nlohmann::ordered_json to_json(const Judged& judged);

} // namespace cascade::app
