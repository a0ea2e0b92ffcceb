#include "app/report/result_json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cascade::app {

using Value = nlohmann::ordered_json;

Value json_number(double x) {
  return std::isfinite(x) ? Value(x) : Value(nullptr);
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

Value numbers(const std::vector<double>& values) {
  Value list = Value::array();
  for (const double value : values)
    list.push_back(json_number(value));
  return list;
}

/// {low, high}, or null when the interval is not known.
Value interval(const std::vector<double>& values) {
  return values.size() == 2 ? numbers(values) : Value(nullptr);
}

Value text_or_null(const std::string& text) {
  return text.empty() ? Value(nullptr) : Value(text);
}

Value fit(const analysis::FitSummary& f) {
  return {{"model", f.model},
          {"window", numbers(f.window)},
          {"points", f.points},
          {"chi2_per_dof", json_number(f.chi2_per_dof)},
          {"loglog_slope", json_number(f.loglog_slope)},
          {"statistical_error", json_number(f.statistical_error)},
          {"systematic_error", json_number(f.systematic_error)},
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
  const std::vector<std::size_t> shown = shown_points(c.x);
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
            {"count", numbers_at(c.count, shown)},
            {"expected", numbers_at(expected.y, shown)},
            {"expected_unconditional", numbers_at(expected.unconditional, shown)},
            {"expected_slope", numbers_at(expected.slope, shown)},
            {"expected_z", numbers_at(expected.z, shown)}};
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
          {"at", numbers(t.at)},
          {"z", numbers(t.z)},
          {"note", t.note}};
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
          {"order", optional_number(r.order)},
          {"method", r.method},
          {"settings", to_json(r.labels)},
          {"predicted", predicted},
          {"measured",
           {{"value", json_number(r.measured.value)},
            {"standard_error", json_number(r.measured.standard_error)},
            {"interval95", interval(r.measured.interval95)}}},
          {"fit", fit(r.fit)},
          {"z", optional_number(j.z)},
          {"verdict", to_text(j.verdict)},
          {"curve", curve(r.curve, j.expected)},
          {"curve_test", j.test ? curve_test(*j.test) : Value(nullptr)}};
}

} // namespace cascade::app
