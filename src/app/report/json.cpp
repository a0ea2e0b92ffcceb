// report.json: the interface other programs read. Names may be added, never changed (docs/report.md).
#include "app/report/report.hpp"
#include "core/talk/build_info.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cascade::app {

namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN or infinity.
Json number(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}

Json number(const std::optional<double>& x) {
  return x ? number(*x) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values)
    list.push_back(number(value));
  return list;
}

/// {low, high}, or null when the interval is not known.
Json interval(const std::vector<double>& values) {
  return values.size() == 2 ? numbers(values) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json settings(const Settings& s) {
  return {{"partition", text_or_null(s.partition)},
          {"average", text_or_null(s.average)},
          {"degree", s.degree ? Json(*s.degree) : Json(nullptr)},
          {"loss_power", number(s.loss_power)},
          {"component", text_or_null(s.component)},
          {"set", text_or_null(s.set)}};
}

Json fit(const FitSummary& f) {
  return {{"model", f.model},
          {"window", numbers(f.window)},
          {"points", f.points},
          {"chi2_per_dof", number(f.chi2_per_dof)},
          {"loglog_slope", number(f.loglog_slope)},
          {"statistical_error", number(f.statistical_error)},
          {"systematic_error", number(f.systematic_error)},
          {"profile95", interval(f.profile95)},
          {"note", f.note}};
}

/// Indices of the points that go into the JSON: all of a curve of at most 1000. A longer one (a spectrum may have a
/// million shells) is thinned to steps of at least 1/500 of its logarithmic range; results.h5 has every point.
std::vector<std::size_t> shown_points(const std::vector<double>& x) {
  std::vector<std::size_t> shown(x.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  if (x.size() <= 1000)
    return shown;
  std::erase_if(shown, [&](std::size_t i) { return !(x[i] > 0); });
  const auto [low, high] =
      std::minmax_element(shown.begin(), shown.end(), [&](std::size_t i, std::size_t j) { return x[i] < x[j]; });
  const double step = shown.empty() ? 0 : std::log(x[*high] / x[*low]) / 500;
  double previous = std::numeric_limits<double>::infinity();
  std::erase_if(shown, [&](std::size_t i) {
    const double position = std::log(x[i]);
    const bool near = std::abs(position - previous) < step;
    previous = near ? previous : position;
    return near;
  });
  return shown;
}

Json numbers_at(const std::vector<double>& values, const std::vector<std::size_t>& where) {
  Json list = Json::array();
  for (const std::size_t i : where)
    if (i < values.size())
      list.push_back(number(values[i]));
  return list;
}

Json curve(const Curve& c) {
  const std::vector<std::size_t> shown = shown_points(c.x);
  return {{"x_name", c.x_name},
          {"x_unit", c.x_unit},
          {"x_scale", c.x_is_log2 ? "log2" : "linear"},
          {"y_name", c.y_name},
          {"y_unit", c.y_unit},
          {"points", c.x.size()},
          {"x", numbers_at(c.x, shown)},
          {"y", numbers_at(c.y, shown)},
          {"standard_error", numbers_at(c.standard_error, shown)},
          {"local_slope", numbers_at(c.local_slope, shown)},
          {"count", numbers_at(c.count, shown)},
          {"expected", numbers_at(c.expected, shown)},
          {"expected_unconditional", numbers_at(c.expected_unconditional, shown)},
          {"expected_slope", numbers_at(c.expected_slope, shown)},
          {"expected_z", numbers_at(c.expected_z, shown)}};
}

Json curve_test(const CurveTest& t) {
  return {{"p_value", number(t.p_value)},
          {"statistic", text_or_null(t.statistic)},
          {"scales", t.scales},
          {"realisations", t.realisations},
          {"conditional", t.conditional},
          {"at", numbers(t.at)},
          {"z", numbers(t.z)},
          {"note", t.note}};
}

Json result(const Result& r) {
  const Json predicted =
      r.predicted ? Json{{"value", number(r.predicted->value)}, {"formula", r.predicted->formula}} : Json(nullptr);
  return {{"id", r.id},
          {"stage", r.stage},
          {"quantity", r.quantity},
          {"order", number(r.order)},
          {"method", r.method},
          {"settings", settings(r.settings)},
          {"predicted", predicted},
          {"measured",
           {{"value", number(r.measured.value)},
            {"standard_error", number(r.measured.standard_error)},
            {"interval95", interval(r.measured.interval95)}}},
          {"fit", fit(r.fit)},
          {"z", number(r.z)},
          {"verdict", r.verdict},
          {"curve", curve(r.curve)},
          {"curve_test", r.curve_test ? curve_test(*r.curve_test) : Json(nullptr)}};
}

Json hypothesis(const Hypothesis& h) {
  return {{"id", h.id},
          {"settings", settings(h.settings)},
          {"predicted", number(h.predicted)},
          {"measured", number(h.measured)},
          {"standard_error", number(h.standard_error)},
          {"z", number(h.z)},
          {"verdict", h.verdict},
          {"sentence", h.sentence},
          {"group", h.group},
          {"group_verdict", h.group_verdict},
          {"method", h.method},
          {"result", h.result}};
}

Json check(const Check& c) {
  return {{"id", c.id},
          {"measured", number(c.measured)},
          {"expected", number(c.expected)},
          {"tolerance", number(c.tolerance)},
          {"passed", c.passed}};
}

Json run(const RunSummary& r) {
  const core::BuildInfo build = core::build_info();
  Json libraries = Json::object();
  for (const auto& [name, version] : build.libraries)
    libraries[name] = version;
  Json config = Json::parse(r.config_json, nullptr, /*allow_exceptions=*/false);
  if (config.is_discarded())
    config = r.config_json;
  return {{"name", r.name},
          {"input", r.input_file},
          {"config", config},
          {"seed", r.seed},
          {"ranks", r.ranks},
          {"version", build.version},
          {"git", build.git()},
          {"compiler", build.compiler},
          {"libraries", libraries},
          {"host", r.host},
          {"started", r.started},
          {"wall_seconds", number(r.wall_seconds)},
          {"peak_bytes_per_rank", r.peak_bytes_per_rank},
          {"field_bytes_per_rank", r.field_bytes_per_rank},
          {"input_text", r.input_text}};
}

Json theory(const TheorySummary& t) {
  Json zeta = Json::array();
  for (std::size_t i = 0; i < t.orders.size() && i < t.zeta.size(); ++i)
    zeta.push_back({{"order", number(t.orders[i])}, {"value", number(t.zeta[i])}});
  return {{"embedding_dimension", t.embedding_dimension},
          {"dimension", number(t.dimension)},
          {"hurst", number(t.hurst)},
          {"source", t.source},
          {"reference", t.reference},
          {"zeta", zeta}};
}

template <class T, class Convert>
Json list(const std::vector<T>& items, Convert convert) {
  Json array = Json::array();
  for (const T& item : items)
    array.push_back(convert(item));
  return array;
}

bool flat(const Json& value) {
  for (const Json& item : value)
    if (item.is_structured())
      return false;
  return true;
}

/// Like dump(2), but arrays without structure inside stay on one line: a curve is 9 lines, not 900.
void print(const Json& value, const std::string& indent, std::string& out) {
  if (!value.is_structured() || value.empty() || (value.is_array() && flat(value))) {
    out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const std::string deeper = indent + "  ";
  const char* separator = "\n";
  out += value.is_object() ? "{" : "[";
  for (const auto& [key, item] : value.items()) {
    out += separator + deeper;
    separator = ",\n";
    if (value.is_object())
      out += Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": ";
    print(item, deeper, out);
  }
  out += "\n" + indent + (value.is_object() ? "}" : "]");
}

} // namespace

nlohmann::ordered_json to_json(const Report& report) {
  Json timing = Json::object();
  for (const auto& [stage, seconds] : report.timing)
    timing[stage] = number(seconds);
  Json out{{"schema", "cascade-report/1"},
           {"verdict", report.verdict},
           {"exit_code", report.exit_code},
           {"hypotheses", list(report.hypotheses, hypothesis)},
           {"checks", list(report.checks, check)},
           {"warnings", report.warnings},
           {"theory", theory(report.theory)},
           {"results", list(report.results, result)},
           {"timing", timing},
           {"run", run(report.run)}};
  if (report.task != "field") {
    out["task"] = report.task;
    out.erase("theory");
  }
  if (!report.extra_json.empty())
    out["scaling"] = Json::parse(report.extra_json);
  return out;
}

std::string json_text(const nlohmann::ordered_json& object) {
  std::string text;
  print(object, "", text);
  return text + "\n";
}

std::string to_json_text(const Report& report) {
  return json_text(to_json(report));
}

} // namespace cascade::app
