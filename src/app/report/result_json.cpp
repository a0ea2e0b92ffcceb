#include "app/report/result_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace cascade::app {

using Value = nlohmann::ordered_json;

Value json_number(double x) {
  return std::isfinite(x) ? Value(x) : Value(nullptr);
}

double json_to_number(const Value& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Value json_numbers(const std::vector<double>& values) {
  Value list = Value::array();
  for (const double value : values)
    list.push_back(json_number(value));
  return list;
}

std::vector<double> json_to_numbers(const Value& list) {
  std::vector<double> values;
  for (const Value& value : list)
    values.push_back(json_to_number(value));
  return values;
}

Value to_json(const analysis::Labels& labels) {
  Value out = Value::object();
  for (const analysis::Label& label : labels)
    out[label.name] =
        label.applies() ? std::visit([](const auto& value) { return Value(value); }, label.value) : Value(nullptr);
  return out;
}

namespace {

Value optional_number(const std::optional<double>& x) {
  return x ? json_number(*x) : Value(nullptr);
}

/// {low, high}, or null when the interval is not known.
Value interval(const std::vector<double>& values) {
  return values.size() == 2 ? json_numbers(values) : Value(nullptr);
}

Value text_or_null(const std::string& text) {
  return text.empty() ? Value(nullptr) : Value(text);
}

Value fit(const analysis::FitSummary& f) {
  return {{"model", f.model},
          {"window", json_numbers(f.window)},
          {"points", f.points},
          {"chi2_per_dof", json_number(f.chi2_per_dof)},
          {"loglog_slope", json_number(f.loglog_slope)},
          {"statistical_error", json_number(f.statistical_error)},
          {"systematic_error", json_number(f.systematic_error)},
          {"profile95", interval(f.profile95)},
          {"note", f.note},
          {"status", f.status ? Value(to_text(*f.status)) : Value(nullptr)},
          {"widened_by", json_number(f.widened_by)},
          {"why", text_or_null(f.why)},
          {"octaves", json_number(f.octaves)},
          {"chi_squared", json_number(f.chi_squared)},
          {"degrees_of_freedom", f.degrees_of_freedom},
          {"p_value", json_number(f.p_value)}};
}

/// Indices of the points that go into the JSON: all of a curve of at most 1000. A longer one (a spectrum may have a
/// million shells) is thinned to steps of at least 1/500 of its axis as it is drawn; results.h5 has every point.
std::vector<std::size_t> shown_points(const analysis::Curve& curve) {
  std::vector<std::size_t> shown(curve.x.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  if (shown.size() <= 1000)
    return shown;
  const bool logarithmic = curve.x_axis.scale == analysis::Scale::logarithmic;
  std::vector<double> position = curve.x;
  for (double& x : position)
    x = !logarithmic ? x : x > 0 ? std::log(x) : std::numeric_limits<double>::quiet_NaN();
  std::erase_if(shown, [&](std::size_t i) { return !std::isfinite(position[i]); });
  const auto [low, high] = std::minmax_element(shown.begin(), shown.end(),
                                               [&](std::size_t i, std::size_t j) { return position[i] < position[j]; });
  const double step = shown.empty() ? 0 : (position[*high] - position[*low]) / 500;
  double previous = std::numeric_limits<double>::infinity();
  std::erase_if(shown, [&](std::size_t i) {
    const bool near = std::abs(position[i] - previous) < step;
    previous = near ? previous : position[i];
    return near;
  });
  return shown;
}

Value numbers_at(const std::vector<double>& values, const std::vector<std::size_t>& where) {
  Value list = Value::array();
  for (const std::size_t i : where)
    if (i < values.size())
      list.push_back(json_number(values[i]));
  return list;
}

const char* drawn(analysis::Scale scale) {
  return scale == analysis::Scale::linear ? "linear" : "logarithmic";
}

Value curve(const analysis::Curve& c, const ExpectedCurve& expected) {
  const std::vector<std::size_t> shown = shown_points(c);
  Value out{{"x_name", c.x_axis.name},
            {"x_unit", c.x_axis.unit},
            {"x_scale", c.x_axis.scale == analysis::Scale::log2 ? "log2" : "linear"},
            {"y_name", c.y_axis.name},
            {"y_unit", c.y_axis.unit},
            {"points", c.x.size()},
            {"x", numbers_at(c.x, shown)},
            {"y", numbers_at(c.y, shown)},
            {"standard_error", numbers_at(c.standard_error, shown)},
            {"local_slope", numbers_at(c.local_slope, shown)},
            {"local_slope_error", numbers_at(c.local_slope_error, shown)},
            {"count", numbers_at(c.count, shown)},
            {"expected", numbers_at(expected.y, shown)},
            {"expected_unconditional", numbers_at(expected.unconditional, shown)},
            {"expected_slope", numbers_at(expected.slope, shown)},
            {"expected_z", numbers_at(expected.z, shown)}};
  if (!c.fitted.empty()) {
    out["fitted"] = numbers_at(c.fitted, shown);
    out["residual"] = numbers_at(c.residual, shown);
  }
  if (c.x_axis.scale == analysis::Scale::linear || c.y_axis.scale != analysis::Scale::logarithmic)
    out["drawn"] = {{"x", drawn(c.x_axis.scale)}, {"y", drawn(c.y_axis.scale)}};
  return out;
}

Value curve_test(const CurveTest& t) {
  return {{"p_value", optional_number(t.p_value)},
          {"statistic", text_or_null(t.statistic)},
          {"scales", t.scales},
          {"realisations", t.realisations},
          {"conditional", t.conditional},
          {"at", json_numbers(t.at)},
          {"z", json_numbers(t.z)},
          {"note", t.note}};
}

Value fitted_points(const analysis::FittedPoints& p) {
  return {{"x_name", p.x_name},
          {"x_unit", p.x_unit},
          {"y_name", p.y_name},
          {"y_unit", p.y_unit},
          {"x", json_numbers(p.x)},
          {"y", json_numbers(p.y)},
          {"standard_error", json_numbers(p.standard_error)},
          {"fitted", json_numbers(p.fitted)},
          {"residual", json_numbers(p.residual)}};
}

Value answers(const analysis::Answers& all) {
  Value out = Value::object();
  for (const auto& [way, a] : all) {
    Value& entry = out[to_text(way)];
    entry = {{"value", a.decisive() ? json_number(a.measured.value) : Value(nullptr)},
             {"standard_error", a.decisive() ? json_number(a.measured.standard_error) : Value(nullptr)},
             {"interval95", a.decisive() ? interval(a.measured.interval95) : Value(nullptr)},
             {"status", to_text(a.status)},
             {"reason", a.reason}};
    if (!a.points_of_its_own.x.empty())
      entry["curve"] = fitted_points(a.points_of_its_own);
  }
  return out;
}

// -- and back

std::optional<double> read_optional(const Value& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

std::string read_text(const Value& value) {
  return value.is_null() ? "" : value.get<std::string>();
}

std::optional<analysis::FitStatus> read_status(const Value& value) {
  if (value.is_null())
    return {};
  const auto status = analysis::status_from_text(value.get<std::string>());
  if (!status)
    throw std::invalid_argument(fmt::format("'{}' is no status of a fit", value.get<std::string>()));
  return status;
}

analysis::FittedPoints read_points(const Value& p) {
  return {
      p.at("x_name").get<std::string>(),       p.at("x_unit").get<std::string>(), p.at("y_name").get<std::string>(),
      p.at("y_unit").get<std::string>(),       json_to_numbers(p.at("x")),        json_to_numbers(p.at("y")),
      json_to_numbers(p.at("standard_error")), json_to_numbers(p.at("fitted")),   json_to_numbers(p.at("residual"))};
}

analysis::Answers read_answers(const Value& all) {
  analysis::Answers answers;
  for (const auto& [name, a] : all.items()) {
    analysis::Answer& answer = answers[analysis::way_from_text(name)];
    answer.measured = {json_to_number(a.at("value")), json_to_number(a.at("standard_error")),
                       json_to_numbers(a.at("interval95"))};
    answer.status = read_status(a.at("status")).value_or(analysis::FitStatus::good);
    answer.reason = a.at("reason").get<std::string>();
    if (const auto points = a.find("curve"); points != a.end())
      answer.points_of_its_own = read_points(*points);
  }
  return answers;
}

void read_ways(const Value& json, analysis::Result& r) {
  r.evidence = analysis::evidence_from_text(json.at("evidence").get<std::string>());
  r.answers = read_answers(json.at("answers"));
  if (const Value& way = json.at("judged_by"); !way.is_null())
    r.judged_by = analysis::way_from_text(way.get<std::string>());
  if (const auto way = json.find("fitted_by"); way != json.end() && !way->is_null())
    r.fitted_by = analysis::way_from_text(way->get<std::string>());
  r.status = read_status(json.at("status")).value_or(analysis::FitStatus::good);
  r.reason = json.at("reason").get<std::string>();
}

analysis::FitSummary read_fit(const Value& f) {
  return {f.at("model").get<std::string>(),
          json_to_numbers(f.at("window")),
          f.at("points").get<int>(),
          json_to_number(f.at("chi2_per_dof")),
          json_to_number(f.at("loglog_slope")),
          json_to_number(f.at("statistical_error")),
          json_to_number(f.at("systematic_error")),
          json_to_numbers(f.at("profile95")),
          f.at("note").get<std::string>(),
          read_status(f.at("status")),
          json_to_number(f.at("widened_by")),
          read_text(f.at("why")),
          json_to_number(f.at("octaves")),
          json_to_number(f.at("chi_squared")),
          f.at("degrees_of_freedom").get<int>(),
          json_to_number(f.at("p_value"))};
}

analysis::Curve read_curve(const Value& c) {
  using analysis::Scale;
  const auto linear = [&](const char* axis) {
    const auto says = c.find("drawn");
    return says != c.end() && says->at(axis) == "linear" ? Scale::linear : Scale::logarithmic;
  };
  analysis::Curve curve;
  curve.x_axis = {c.at("x_name").get<std::string>(), c.at("x_unit").get<std::string>(),
                  c.at("x_scale") == "log2" ? Scale::log2 : linear("x")};
  curve.y_axis = {c.at("y_name").get<std::string>(), c.at("y_unit").get<std::string>(), linear("y")};
  curve.x = json_to_numbers(c.at("x"));
  curve.y = json_to_numbers(c.at("y"));
  curve.standard_error = json_to_numbers(c.at("standard_error"));
  curve.local_slope = json_to_numbers(c.at("local_slope"));
  curve.count = json_to_numbers(c.at("count"));
  if (c.contains("local_slope_error"))
    curve.local_slope_error = json_to_numbers(c.at("local_slope_error"));
  if (c.contains("fitted")) { // reports from before it have none
    curve.fitted = json_to_numbers(c.at("fitted"));
    curve.residual = json_to_numbers(c.at("residual"));
  }
  return curve;
}

CurveTest read_curve_test(const Value& t) {
  return {read_optional(t.at("p_value")),  read_text(t.at("statistic")),    t.at("scales").get<int>(),
          t.at("realisations").get<int>(), t.at("conditional").get<bool>(), json_to_numbers(t.at("at")),
          json_to_numbers(t.at("z")),      t.at("note").get<std::string>()};
}

} // namespace

Value to_json(const Judged& j) {
  const analysis::Result& r = j.result;
  const Value predicted = j.predicted
                              ? Value{{"value", json_number(j.predicted->value)}, {"formula", j.predicted->formula}}
                              : Value(nullptr);
  return {{"id", r.id},
          {"stage", r.stage},
          {"quantity", r.quantity},
          {"title", r.title},
          {"order", optional_number(r.order)},
          {"method", r.method},
          {"settings", to_json(r.labels)},
          {"predicted", predicted},
          {"measured",
           {{"value", json_number(r.measured.value)},
            {"standard_error", json_number(r.measured.standard_error)},
            {"interval95", interval(r.measured.interval95)}}},
          {"evidence", to_text(r.evidence)},
          {"answers", answers(r.answers)},
          {"judged_by", r.judged_by ? Value(to_text(*r.judged_by)) : Value(nullptr)},
          {"fitted_by", r.fitted_by ? Value(to_text(*r.fitted_by)) : Value(nullptr)},
          {"status", to_text(r.status)},
          {"reason", r.reason},
          {"fit", fit(r.fit)},
          {"z", optional_number(j.z)},
          {"verdict", to_text(j.verdict)},
          {"curve", curve(r.curve, j.expected)},
          {"curve_test", j.test ? curve_test(*j.test) : Value(nullptr)}};
}

analysis::Labels labels_from_json(const Value& settings) {
  analysis::Labels labels;
  for (const auto& [name, value] : settings.items()) {
    if (value.is_string())
      labels.set(name, value.get<std::string>());
    else if (value.is_number_integer())
      labels.set(name, value.get<std::int64_t>());
    else
      labels.set(name, json_to_number(value));
  }
  return labels;
}

Verdict verdict_from_json(const Value& value) {
  const std::string text = value.get<std::string>();
  const auto verdict = theory::verdict_from_text(text);
  if (!verdict)
    throw std::invalid_argument(fmt::format("'{}' is no verdict", text));
  return *verdict;
}

Judged judged_from_json(const Value& json) {
  Judged j;
  analysis::Result& r = j.result;
  r.id = json.at("id").get<std::string>();
  r.stage = json.at("stage").get<std::string>();
  r.quantity = json.at("quantity").get<std::string>();
  if (const auto title = json.find("title"); title != json.end()) // reports from before it have none
    r.title = title->get<std::string>();
  r.order = read_optional(json.at("order"));
  r.method = json.at("method").get<std::string>();
  r.labels = labels_from_json(json.at("settings"));
  const Value& measured = json.at("measured");
  r.measured = {json_to_number(measured.at("value")), json_to_number(measured.at("standard_error")),
                json_to_numbers(measured.at("interval95"))};
  if (json.contains("evidence")) // reports from before it have none of these
    read_ways(json, r);
  r.fit = read_fit(json.at("fit"));
  const Value& curve = json.at("curve");
  r.curve = read_curve(curve);
  j.expected = {json_to_numbers(curve.at("expected")), json_to_numbers(curve.at("expected_unconditional")),
                json_to_numbers(curve.at("expected_slope")), json_to_numbers(curve.at("expected_z"))};
  if (const Value& p = json.at("predicted"); !p.is_null())
    j.predicted = Prediction{json_to_number(p.at("value")), p.at("formula").get<std::string>()};
  j.z = read_optional(json.at("z"));
  j.verdict = verdict_from_json(json.at("verdict"));
  if (const Value& test = json.at("curve_test"); !test.is_null())
    j.test = read_curve_test(test);
  return j;
}

} // namespace cascade::app
