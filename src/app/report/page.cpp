#include "app/report/page.hpp"

#include "app/report/result_json.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

Json figure_json(const Figure& f) {
  Json series = Json::array();
  for (const Series& s : f.series)
    series.push_back({{"label", s.label},
                      {"style", s.style},
                      {"x", json_numbers(s.x)},
                      {"y", json_numbers(s.y)},
                      {"error", json_numbers(s.error)}});
  Json out{{"name", f.name},
           {"title", f.title},
           {"caption", f.caption},
           {"x_label", f.x_label},
           {"y_label", f.y_label},
           {"y_log", f.y_log},
           {"series", series},
           {"band", json_numbers(f.band)},
           {"band_label", f.band_label}};
  if (!f.x_log)
    out["x_log"] = false;
  if (!f.results.empty())
    out["results"] = f.results;
  return out;
}

Figure read_figure(const Json& json) {
  Figure f{json.at("name").get<std::string>(),
           json.at("title").get<std::string>(),
           json.at("caption").get<std::string>(),
           json.at("x_label").get<std::string>(),
           json.at("y_label").get<std::string>(),
           json.at("y_log").get<bool>(),
           {},
           json_to_numbers(json.at("band")),
           json.at("band_label").get<std::string>(),
           json.value("x_log", true),
           json.value("results", std::vector<std::string>{})};
  for (const Json& s : json.at("series"))
    f.series.push_back({s.at("label").get<std::string>(), s.at("style").get<std::string>(), json_to_numbers(s.at("x")),
                        json_to_numbers(s.at("y")), json_to_numbers(s.at("error"))});
  return f;
}

std::string row_text(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells)
    text += " " + cell + " |";
  return text + "\n";
}

} // namespace

Json to_json(const Page& page) {
  Json tables = Json::array(), figures = Json::array();
  for (const Table& t : page.tables)
    tables.push_back({{"title", t.title}, {"columns", t.columns}, {"rows", t.rows}, {"note", t.note}});
  for (const Figure& f : page.figures)
    figures.push_back(figure_json(f));
  return {{"answers", page.answers}, {"tables", tables}, {"figures", figures}};
}

Page page_from_json(const Json& json) {
  Page page;
  page.answers = json.at("answers").get<std::vector<std::string>>();
  for (const Json& t : json.at("tables"))
    page.tables.push_back({t.at("title").get<std::string>(), t.at("columns").get<std::vector<std::string>>(),
                           t.at("rows").get<std::vector<std::vector<std::string>>>(), t.at("note").get<std::string>()});
  for (const Json& f : json.at("figures"))
    page.figures.push_back(read_figure(f));
  return page;
}

std::string to_markdown(const Page& page) {
  std::string text;
  for (const std::string& answer : page.answers)
    text += "- " + answer + "\n";
  for (const Table& t : page.tables) {
    text +=
        "\n## " + t.title + "\n\n" + row_text(t.columns) + row_text(std::vector<std::string>(t.columns.size(), "---"));
    for (const auto& row : t.rows)
      text += row_text(row);
    if (!t.note.empty())
      text += "\n" + t.note + "\n";
  }
  return text + "\n";
}

std::string cell_text(double value, int digits) {
  return core::number_text(value, digits);
}

std::string power_text(double exponent, int digits) {
  if (!std::isfinite(exponent) || std::abs(exponent) < 300)
    return cell_text(std::pow(10.0, exponent), digits);
  const double whole = std::floor(exponent);
  return fmt::format("{:.{}f}e{:.0f}", std::pow(10.0, exponent - whole), digits - 1, whole);
}

} // namespace cascade::app
