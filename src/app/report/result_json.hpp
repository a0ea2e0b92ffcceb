#pragma once
// A judged result as an object of report.json, and back.

#include "app/report/judged.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace cascade::app {

/// null for NaN and infinity, which JSON does not have; NaN for null.
nlohmann::ordered_json json_number(double x);
nlohmann::ordered_json json_numbers(const std::vector<double>& values);

double json_to_number(const nlohmann::ordered_json& value);
std::vector<double> json_to_numbers(const nlohmann::ordered_json& list); ///< none in null

/// The object `settings`: null where a label does not apply.
nlohmann::ordered_json to_json(const analysis::Labels& labels);

/// One of `results` in report.json (docs/report.md). A curve of more than 1000 points is thinned.
nlohmann::ordered_json to_json(const Judged& judged);

/// The way back. What JSON does not hold is lost: points left out of a long curve, its origin, the replicates of the
/// fit and the words for people; a label that does not apply comes back as NaN. Throws nlohmann::json::exception or
/// std::invalid_argument for anything else.
analysis::Labels labels_from_json(const nlohmann::ordered_json& settings);
Verdict verdict_from_json(const nlohmann::ordered_json& text);
Judged judged_from_json(const nlohmann::ordered_json& result);

} // namespace cascade::app
