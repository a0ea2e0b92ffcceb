#include "app/report/hdf5.hpp"

#include "core/files/hdf5_file.hpp"
#include "core/talk/build_info.hpp"

#include <cmath>

namespace cascade::app {

namespace {

using core::Hdf5File;

void write_axis(Hdf5File& file, const std::string& place, const std::vector<double>& values, const std::string& name,
                const std::string& unit) {
  if (values.empty())
    return;
  file.dataset(place, values);
  file.attribute(place, "name", name);
  file.attribute(place, "unit", unit);
}

void write_curve(Hdf5File& file, const std::string& group, const Curve& c) {
  write_axis(file, group + "/x", c.x, c.x_name, c.x_unit);
  if (!c.x.empty())
    file.attribute(group + "/x", "scale", std::string(c.x_is_log2 ? "log2" : "linear"));
  write_axis(file, group + "/y", c.y, c.y_name, c.y_unit);
  write_axis(file, group + "/standard_error", c.standard_error, "standard error of " + c.y_name, c.y_unit);
  write_axis(file, group + "/local_slope", c.local_slope, "d log " + c.y_name + " / d log " + c.x_name, "1");
  write_axis(file, group + "/expected", c.expected, "exact expectation of " + c.y_name, c.y_unit);
  write_axis(file, group + "/expected_unconditional", c.expected_unconditional,
             "exact expectation of " + c.y_name + " over all realisations", c.y_unit);
  write_axis(file, group + "/expected_slope", c.expected_slope, "local slope of the expectation", "1");
  write_axis(file, group + "/expected_z", c.expected_z, "distance from the expectation in its standard errors", "1");
  write_axis(file, group + "/count", c.count, "samples behind each point", "1");
}

void write_settings(Hdf5File& file, const std::string& group, const Result& r) {
  const double none = std::nan("");
  file.attribute(group, "stage", r.stage);
  file.attribute(group, "quantity", r.quantity);
  file.attribute(group, "order", r.order.value_or(none));
  file.attribute(group, "method", r.method);
  file.attribute(group, "partition", r.settings.partition);
  file.attribute(group, "average", r.settings.average);
  file.attribute(group, "degree", r.settings.degree ? *r.settings.degree : none);
  file.attribute(group, "loss_power", r.settings.loss_power.value_or(none));
  file.attribute(group, "component", r.settings.component);
  file.attribute(group, "set", r.settings.set);
}

void write_result(Hdf5File& file, const Result& r) {
  const std::string group = "/results/" + r.id;
  file.group(group);
  write_settings(file, group, r);
  file.attribute(group, "predicted", r.predicted ? r.predicted->value : std::nan(""));
  file.attribute(group, "formula", r.predicted ? r.predicted->formula : std::string());
  file.attribute(group, "measured", r.measured.value);
  file.attribute(group, "standard_error", r.measured.standard_error);
  file.attribute(group, "interval95", std::span<const double>(r.measured.interval95));
  file.attribute(group, "fit_model", r.fit.model);
  file.attribute(group, "fit_window", std::span<const double>(r.fit.window));
  file.attribute(group, "verdict", r.verdict);
  file.attribute(group, "curve_p_value", r.curve_test && r.curve_test->p_value ? *r.curve_test->p_value : std::nan(""));
  write_curve(file, group, r.curve);
}

void write_slice(Hdf5File& file, const Slice& slice) {
  const auto write = [&](const std::string& place, const std::vector<double>& values, const std::string& what) {
    if (values.empty())
      return;
    file.dataset(place, values, {slice.rows, slice.columns});
    file.attribute(place, "name", what);
    file.attribute(place, "axes", std::vector<std::string>{"y", "x"});
    file.attribute(place, "axis_unit", std::string("box side"));
    file.attribute(place, "spacing", slice.spacing);
    file.attribute(place, "stride", static_cast<std::int64_t>(slice.stride));
    file.attribute(place, "position", slice.position);
  };
  write("/field/slice", slice.values, "field");
  write("/field/active_depth", slice.active_depth, "alive levels");
}

void write_root(Hdf5File& file, const Report& report) {
  const core::BuildInfo build = core::build_info();
  file.attribute("/", "format", std::string("cascade-results/1"));
  file.attribute("/", "name", report.run.name);
  file.attribute("/", "verdict", report.verdict);
  file.attribute("/", "version", build.version);
  file.attribute("/", "git", build.git());
  file.attribute("/", "seed", report.run.seed);
  file.attribute("/", "ranks", static_cast<std::int64_t>(report.run.ranks));
  file.attribute("/", "started", report.run.started);
  file.attribute("/", "input", report.run.input_text);
  file.attribute("/", "config", report.run.config_json);
  file.attribute("/", "embedding_dimension", static_cast<std::int64_t>(report.theory.embedding_dimension));
  file.attribute("/", "dimension", report.theory.dimension);
  file.attribute("/", "hurst", report.theory.hurst);
}

} // namespace

std::vector<char> results_image(const Report& report, const std::optional<Slice>& slice) {
  Hdf5File file = Hdf5File::in_memory();
  write_root(file, report);
  file.group("/results");
  for (const Result& r : report.results)
    write_result(file, r);
  if (slice)
    write_slice(file, *slice);
  std::vector<char> bytes = file.image();
  file.close();
  return bytes;
}

} // namespace cascade::app
