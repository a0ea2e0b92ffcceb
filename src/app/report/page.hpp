#pragma once
// What a report shows beside its results: answers, tables and figures as plain values, for report.json, report.md and
// the page.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cascade::app {

struct Series {
  std::string label;
  std::string style; ///< "line" | "points" | "dashed"
  std::vector<double> x, y, error;
};

struct Figure {
  std::string name; ///< unique, for --figure
  std::string title, caption, x_label, y_label;
  bool y_log = true;
  std::vector<Series> series;
  std::vector<double> band = {}; ///< {low, high} in y, shaded
  std::string band_label = {};
  bool x_log = true;
  std::vector<std::string> results = {}; ///< ids of the results whose curves it shows: they get no figure of their own
};

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::string note = {};
};

struct Page {
  std::vector<std::string> answers; ///< sentences, most important first
  std::vector<Table> tables;
  std::vector<Figure> figures;

  bool empty() const { return answers.empty() && tables.empty() && figures.empty(); }
};

/// The object `page` of report.json (`scaling` of a scaling law): {answers, tables: [{title, columns, rows, note}],
/// figures: [...]}; NaN and infinity become null.
nlohmann::ordered_json to_json(const Page& page);
/// The way back; throws nlohmann::json::exception where something is missing or of another kind.
Page page_from_json(const nlohmann::ordered_json& json);
/// Answers and tables as markdown.
std::string to_markdown(const Page& page);

/// A number in a table (core/talk/numbers.hpp).
std::string cell_text(double value, int digits = 5);
/// 10^exponent, also beyond the range of doubles: "3.2698e451".
std::string power_text(double exponent, int digits = 5);

} // namespace cascade::app
