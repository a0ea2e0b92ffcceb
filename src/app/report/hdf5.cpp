#include "app/report/hdf5.hpp"

#include "core/files/hdf5_file.hpp"
#include "core/talk/build_info.hpp"

#include <cmath>
#include <tuple>

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

/// The rest of a curve has its x for coordinate: a dimension scale, as xarray and netCDF know them.
void write_ordinate(Hdf5File& file, const std::string& group, const std::string& column,
                    const std::vector<double>& values, const std::string& name, const std::string& unit) {
  write_axis(file, group + "/" + column, values, name, unit);
  if (!values.empty())
    file.attach_scale(group + "/" + column, 0, group + "/x");
}

void write_curve(Hdf5File& file, const std::string& group, const analysis::Curve& c, const ExpectedCurve& expected) {
  const std::string &x = c.x_axis.name, &y = c.y_axis.name, &unit = c.y_axis.unit;
  if (c.x.empty())
    return;
  write_axis(file, group + "/x", c.x, x, c.x_axis.unit);
  file.attribute(group + "/x", "scale", std::string(c.x_axis.scale == analysis::Scale::log2 ? "log2" : "linear"));
  file.make_scale(group + "/x", x);
  const auto write = [&](const char* column, const std::vector<double>& values, const std::string& name,
                         const std::string& of) { write_ordinate(file, group, column, values, name, of); };
  write("y", c.y, y, unit);
  for (const auto& [axis, scale, values] :
       {std::tuple{"/x", c.x_axis.scale, c.x.size()}, std::tuple{"/y", c.y_axis.scale, c.y.size()}})
    if (scale == analysis::Scale::linear && values > 0) // drawn on logarithmic axes unless it says otherwise
      file.attribute(group + axis, "drawn", std::string("linear"));
  write("standard_error", c.standard_error, "standard error of " + y, unit);
  write("local_slope", c.local_slope, "d log " + y + " / d log " + x, "1");
  write("local_slope_error", c.local_slope_error, "standard error of the local slope", "1");
  write("expected", expected.y, "exact expectation of " + y, unit);
  write("expected_unconditional", expected.unconditional, "exact expectation of " + y + " over all realisations", unit);
  write("expected_slope", expected.slope, "local slope of the expectation", "1");
  write("expected_z", expected.z, "distance from the expectation in its standard errors", "1");
  write("fitted", c.fitted, "fitted " + y, unit);
  write("residual", c.residual, "distance from the fit in standard errors", "1");
  write("count", c.count, "samples behind each point", "1");
}

void write_settings(Hdf5File& file, const std::string& group, const analysis::Result& r) {
  file.attribute(group, "stage", r.stage);
  file.attribute(group, "quantity", r.quantity);
  file.attribute(group, "order", r.order.value_or(std::nan("")));
  file.attribute(group, "method", r.method);
  for (const analysis::Label& label : r.labels) {
    if (const auto* text = std::get_if<std::string>(&label.value))
      file.attribute(group, label.name, *text);
    else
      file.attribute(group, label.name, r.labels.number(label.name).value_or(std::nan("")));
  }
}

void write_result(Hdf5File& file, const Judged& j) {
  const analysis::Result& r = j.result;
  const std::string group = "/results/" + r.id;
  file.group(group);
  write_settings(file, group, r);
  file.attribute(group, "predicted", j.predicted ? j.predicted->value : std::nan(""));
  file.attribute(group, "formula", j.predicted ? j.predicted->formula : std::string());
  file.attribute(group, "measured", r.measured.value);
  file.attribute(group, "standard_error", r.measured.standard_error);
  file.attribute(group, "interval95", std::span<const double>(r.measured.interval95));
  file.attribute(group, "fit_model", r.fit.model);
  file.attribute(group, "fit_window", std::span<const double>(r.fit.window));
  file.attribute(group, "evidence", std::string(to_text(r.evidence)));
  file.attribute(group, "status", std::string(to_text(r.status)));
  for (const auto& [way, answer] : r.answers)
    file.attribute(group, std::string("answer_") + to_text(way),
                   std::vector<double>{answer.decisive() ? answer.measured.value : std::nan(""),
                                       answer.decisive() ? answer.measured.standard_error : std::nan("")});
  file.attribute(group, "fit_status", r.fit.status ? to_text(*r.fit.status) : std::string());
  file.attribute(group, "fit_octaves", r.fit.octaves);
  file.attribute(group, "fit_p_value", r.fit.p_value);
  file.attribute(group, "verdict", to_text(j.verdict));
  file.attribute(group, "curve_p_value", j.test && j.test->p_value ? *j.test->p_value : std::nan(""));
  write_curve(file, group, r.curve, j.expected);
}

/// Where the rows or columns of the slice are: centres of the cells that were taken, every `stride`-th.
void write_coordinate(Hdf5File& file, const std::string& place, core::Index count, double spacing, core::Index stride) {
  std::vector<double> at(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < at.size(); ++i)
    at[i] = (static_cast<double>(i) + 0.5 / static_cast<double>(stride)) * spacing;
  write_axis(file, place, at, place.substr(place.rfind('/') + 1), "box side");
  file.make_scale(place, place.substr(place.rfind('/') + 1));
}

void write_slice(Hdf5File& file, const Slice& slice) {
  if (slice.values.empty())
    return;
  write_coordinate(file, "/field/y", slice.rows, slice.row_spacing, slice.stride);
  write_coordinate(file, "/field/x", slice.columns, slice.spacing, slice.stride);
  const auto write = [&](const std::string& place, const std::vector<double>& values, const std::string& what) {
    if (values.empty())
      return;
    file.dataset(place, values, {slice.rows, slice.columns});
    file.attach_scale(place, 0, "/field/y");
    file.attach_scale(place, 1, "/field/x");
    file.attribute(place, "name", what);
    file.attribute(place, "axes", std::vector<std::string>{"y", "x"});
    file.attribute(place, "axis_unit", std::string("box side"));
    file.attribute(place, "spacing", slice.spacing);
    file.attribute(place, "row_spacing", slice.row_spacing);
    file.attribute(place, "stride", static_cast<std::int64_t>(slice.stride));
    file.attribute(place, "position", slice.position);
  };
  write("/field/slice", slice.values, "field");
  write("/field/active_depth", slice.active_depth, "alive levels");
}

void write_dataset(Hdf5File& file, const analysis::Dataset& d) {
  file.dataset(d.path, d.values, d.shape);
  file.attribute(d.path, "name", d.name);
  file.attribute(d.path, "unit", d.unit);
  for (const auto& [key, text] : d.words)
    file.attribute(d.path, key, text);
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
  for (const Judged& j : report.results)
    write_result(file, j);
  for (const analysis::Dataset& d : report.datasets)
    write_dataset(file, d);
  if (slice)
    write_slice(file, *slice);
  std::vector<char> bytes = file.image();
  file.close();
  return bytes;
}

} // namespace cascade::app
