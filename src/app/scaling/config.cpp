#include "app/scaling/config.hpp"

#include "analysis/losses/loss_model.hpp"
#include "core/input/json_writer.hpp"
#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <filesystem>

namespace cascade::app {
namespace {

template <class Section>
void declare_section(core::ParameterVisitor& v, const char* key, Section& section, const char* help) {
  bool present = true;
  v.begin(key, present, help);
  section.declare(v);
  v.end();
}

ScalingConfig read(const core::ConfigNode& root, const std::string& file, core::Diagnostics& diagnostics) {
  ScalingConfig config;
  config.run.name = default_name(file);
  core::YamlReader reader(root, diagnostics);
  config.declare(reader);
  reader.finish();
  core::Problems problems;
  config.validate(problems);
  reader.report(problems);
  return config;
}

bool power_of_two(std::int64_t n) {
  return n > 0 && std::has_single_bit(static_cast<std::uint64_t>(n));
}

} // namespace

void PedestalSection::declare(core::ParameterVisitor& v) {
  v.real("exponent", exponent, {0.001, 10}, {"1", "a of L(x) = p + (1-p) x^a, x = 1/N"});
  v.reals("fractions", fractions, {1e-12, 1 - 1e-12}, {"1", "pedestals p, each a curve"});
  v.real("largest", largest, {10, 1e300}, {"1", "largest N of the curves"});
  v.integer("points_per_decade", points_per_decade, {1, 1000}, {"1", "points of the curves"});
  v.reals("exponents", exponents, {0.002, 100}, {"1", "alphas of the table of resource factors 2^(1/alpha)"});
  v.reals("amplitudes", amplitudes, {1e-300, 1e300}, {"1", "A of the table of critical sizes A^(1/a)"});
  v.reals("dimensions", dimensions, {0.1, 1e9}, {"1", "d of the table 4/d, 4h/d, 2h/d"});
  v.real("hurst", hurst, {0.001, 1}, {"1", "h of that table"});
}

void FilterSection::declare(core::ParameterVisitor& v) {
  v.text("column", column, {"1", "column of the table (required)"});
  v.text("equals", equals, {"1", "keep rows with this text, or this number, in quotes: '1'"});
  v.real("at_least", at_least, {}, {"1", "keep rows with at least this number"});
  v.real("at_most", at_most, {}, {"1", "keep rows with at most this number"});
}

void LossTableSection::declare(core::ParameterVisitor& v) {
  v.text("file", file,
         {"1", "table with a header line, cells separated by commas, semicolons or tabs; relative to the input file's "
               "folder (required)"});
  v.text("loss", loss, {"1", "column of the losses"});
  v.text("x", x, {"1", "column of the first resource, e.g. parameters (required)"});
  v.text("z", z, {"1", "column of the second resource, e.g. training tokens (model two_variables)"});
  v.boolean("z_is_compute", z_is_compute, {"1", "column z holds the training compute C, and z = C/(6 x)"});
  v.sections("filters", filters, "Rows to keep: all filters must hold.");
  v.integer("drop_highest", drop_highest, {0, 1e9}, {"1", "leave out so many of the highest losses (outliers)"});
  v.choice("model", model, {"power", "pedestal", "two_variables"},
           {"1", "A/x^alpha, E + A/x^alpha, or E + A/x^alpha + B/z^beta"});
  v.choices("objectives", objectives, analysis::objective_names(),
            {"1",
             "what is minimised, one row of results each: sum of squares of L or of log L, Huber's function of log "
             "L, absolute deviations of log L"});
  v.real("delta", delta, {1e-8, 100}, {"1", "where Huber's function turns from quadratic to linear"});
  v.choice("method", method, {"variable_projection", "all_variables"},
           {"1", "search in the exponents alone, or in all parameters; each is checked against the other"});
  v.integer("bootstrap", bootstrap, {0, 1e7}, {"1", "resampled tables; 0: none, errors from the curvature"});
  v.real("held_out", held_out, {0, 0.5}, {"1", "share of the points, those of largest x, that a second fit predicts"});
}

void LossTableSection::validate(core::Problems& problems) const {
  if (file.empty())
    problems.add("file", "missing; the table of losses");
  if (x.empty())
    problems.add("x", "missing; the column of the first resource");
  if (loss.empty())
    problems.add("loss", "empty; the column of the losses");
  if (model == "two_variables" && z.empty())
    problems.add("z", "missing; model two_variables needs the column of the second resource");
  if (model != "two_variables" && !z.empty())
    problems.add("z", fmt::format("model {} has one variable only; leave it out, or use model: two_variables", model));
  if (objectives.empty())
    problems.add("objectives", "empty; at least one");
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const FilterSection& f = filters[i];
    const std::string path = fmt::format("filters[{}]", i);
    if (f.column.empty())
      problems.add(path + ".column", "missing; a column of the table");
    if (f.equals.empty() && !f.at_least && !f.at_most)
      problems.add(path, "keeps everything; give equals, at_least or at_most");
  }
}

void ReferenceMethodsSection::declare(core::ParameterVisitor& v) {
  v.integers("dimensions", dimensions, {1, 3}, {"1", "dimensions of the Poisson problem"});
  v.integer("coarsest", coarsest, {4, 1024}, {"1", "cells a side of the coarsest grid"});
  v.integer("most_points", most_points, {64, 1e8}, {"1", "grids are doubled up to so many points"});
  v.integer("fewest_samples", fewest_samples, {4, 1 << 20}, {"1", "smallest sample of the Monte Carlo quadrature"});
  v.integer("doublings", doublings, {3, 20}, {"1", "how often the sample is doubled"});
  v.integer("repeats", repeats, {20, 1000000}, {"1", "independent samples of each size"});
}

void NoisySamplesSection::declare(core::ParameterVisitor& v) {
  v.real("hurst", hurst, {0.05, 0.95}, {"1", "h of the field on the unit interval"});
  v.real("noise", noise, {1e-6, 1e3}, {"field", "sigma of the noise of a sample; the field has variance 1"});
  v.integer("samples", samples, {64, 1 << 22}, {"1", "samples n, a power of two"});
  v.integer("fields", fields, {8, 100000}, {"1", "independent fields"});
  v.integer("repeats", repeats, {4, 100000}, {"1", "independent samples of each field"});
  v.integer("fewest_pieces", fewest_pieces, {1, 1 << 20}, {"1", "smallest number of pieces N, a power of two"});
  v.integer("most_pieces", most_pieces, {8, 1 << 20}, {"1", "largest number of pieces N, a power of two"});
  v.reals("signal_to_noise", signal_to_noise, {1e-12, 1e12}, {"1", "var f/sigma^2 at which the best N is sought"});
}

void NoisySamplesSection::validate(core::Problems& problems) const {
  for (const auto& [key, value] :
       {std::pair{"samples", samples}, {"fewest_pieces", fewest_pieces}, {"most_pieces", most_pieces}})
    if (!power_of_two(value))
      problems.add(key, fmt::format("{} is no power of two", value));
  if (most_pieces < 8 * fewest_pieces)
    problems.add("most_pieces", fmt::format("{} is below 8 times fewest_pieces, {}", most_pieces, 8 * fewest_pieces));
  if (samples < 4 * most_pieces)
    problems.add("samples", fmt::format("{} is below 4 times most_pieces, {}", samples, 4 * most_pieces));
}

void ScalingConfig::declare_studies(core::ParameterVisitor& v) {
  v.choice("study", study, {"pedestal", "loss_table", "reference_methods", "noisy_samples"},
           {"1", "what to do; the section of that name has its keys"});
  v.reals("band", band, {0, 10}, {"1", "[lowest, highest] exponent of the band that is drawn and judged"});
  declare_section(v, "pedestal", pedestal,
                  "Study pedestal: running exponents over a pedestal and what exponents cost.");
  declare_section(v, "loss_table", loss_table, "Study loss_table: scaling laws fitted to a table of losses.");
  declare_section(v, "reference_methods", reference_methods,
                  "Study reference_methods: numerical methods whose exponents are known.");
  declare_section(v, "noisy_samples", noisy_samples,
                  "Study noisy_samples: piecewise constant fits to noisy samples of a field of known h.");
}

void ScalingConfig::declare(core::ParameterVisitor& v) {
  run.declare(v);
  declare_studies(v);
  check.declare(v);
  output.declare(v);
}

void ScalingConfig::validate(core::Problems& problems) const {
  run.validate(problems);
  if (band.size() != 2 || band[0] >= band[1])
    problems.add("band", "allowed: [lowest, highest]");
  core::Problems inner;
  if (study == "loss_table")
    loss_table.validate(inner);
  if (study == "noisy_samples")
    noisy_samples.validate(inner);
  problems.add_section(study, inner);
  if (output.field)
    problems.add("output.field", "a scaling law has no field to write");
  if (run.realisations)
    problems.add("run.realisations", "a scaling law has no realisations; see the keys of its study");
  check.validate(problems);
  output.validate(problems);
}

std::string ScalingConfig::json() const {
  ScalingConfig copy = *this;
  core::JsonWriter writer;
  std::string task = "scaling_law";
  writer.text("task", task, {});
  copy.declare(writer);
  nlohmann::ordered_json out = writer.json();
  for (const char* section : {"pedestal", "loss_table", "reference_methods", "noisy_samples"})
    if (study != section)
      out.erase(section);
  return out.dump(2);
}

std::string ScalingConfig::table_file() const {
  const std::filesystem::path named(loss_table.file);
  return named.is_absolute() ? named.string() : (std::filesystem::path(input_file).parent_path() / named).string();
}

ScalingConfig load_scaling_config(const Input& input) {
  return read_checked(input, [&](core::ConfigNode tree, core::Diagnostics& diagnostics) {
    apply_settings(tree, input.settings, true, diagnostics);
    remove_key(tree, "task"); // decided already
    return read(tree, input.input_file, diagnostics);
  });
}

} // namespace cascade::app
