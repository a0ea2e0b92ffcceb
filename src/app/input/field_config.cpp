#include "app/input/field_config.hpp"

#include "app/input/aliases.hpp"
#include "app/input/subject.hpp"
#include "core/input/json_writer.hpp"
#include "core/input/reference_writer.hpp"
#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace cascade::app {

namespace {

std::vector<std::string> generator_names() {
  std::vector<std::string> names;
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    names.push_back(entry.name);
  return names;
}

/// Tells a key of another generator from a mistyped one.
void explain_foreign_keys(core::YamlReader& reader, const std::string& chosen) {
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    core::ReferenceWriter keys;
    entry.defaults()->declare(keys);
    for (const core::KeyDescription& key : keys.keys())
      if (entry.name != chosen)
        reader.explain("field." + key.path, fmt::format("it belongs to generator {}, not {}", entry.name, chosen));
  }
}

/// Bytes of three copies of the field must be countable: everything downstream then is.
void check_grid_size(const solvers::Shape& field, core::Problems& problems) {
  std::int64_t bytes = 3 * static_cast<std::int64_t>(sizeof(double));
  bool overflow = __builtin_mul_overflow(bytes, static_cast<std::int64_t>(field.components), &bytes);
  for (int axis = 0; axis < field.dimensions; ++axis)
    overflow = overflow || __builtin_mul_overflow(bytes, field.points, &bytes);
  if (overflow && field.points > 0 && !field.box)
    problems.add(
        "points",
        fmt::format("{}^{} points do not fit into 64-bit counts; use fewer, or points: 0 and the sampled method",
                    field.points, field.dimensions));
}

void check_sections(const RunConfig& config, core::Problems& problems) {
  config.run.validate(problems);
  config.fit.validate(problems);
  config.check.validate(problems);
  config.output.validate(problems);
  if (config.field == nullptr)
    return;
  const solvers::Shape shape = config.field->shape();
  core::Problems field;
  config.field->validate(field);
  if (field.empty())
    check_grid_size(shape, field);
  if (field.empty() && shape.points == 0 && shape.levels == 0)
    field.add("points", fmt::format("0, but generator {} has a grid view only; allowed: at least 8", config.generator));
  problems.add_section("field", field);
  const int levels = shape.levels;
  if (levels > 0 && config.sampling.wish.scales && *config.sampling.wish.scales > levels)
    problems.add("sampling.scales", fmt::format("2^-{} is finer than the field's {} levels; allowed: 4 to {}",
                                                *config.sampling.wish.scales, levels, levels));
  if (shape.given && field.empty() && config.run.realisations.value_or(1) > shape.realisations)
    problems.add("run.realisations", fmt::format("{}, but there are {} in the files; leave it out",
                                                 *config.run.realisations, shape.realisations));
  if (config.run.group_size && *config.run.group_size > 1 && shape.dimensions == 1)
    problems.add("run.group_size", fmt::format("{}, but a field in one dimension is made by one rank; allowed: 1",
                                               *config.run.group_size));
  if (config.theory.dimension && *config.theory.dimension > shape.dimensions)
    problems.add("theory.dimension",
                 fmt::format("{} is above the embedding dimension {}", *config.theory.dimension, shape.dimensions));
  if (field.empty())
    config.analysis.validate(subject_of(config), problems);
}

} // namespace

RunConfig read_config(const core::ConfigNode& root, const std::string& file, core::Diagnostics& diagnostics) {
  core::ConfigNode tree = root;
  adopt_aliases(tree, diagnostics);
  RunConfig config;
  config.run.name = default_name(file);
  core::YamlReader reader(tree, diagnostics);
  config.declare(reader);
  if (config.field != nullptr) {
    auto placed = config.field->clone();
    placed->look_from(std::filesystem::path(file).parent_path().string());
    config.field = std::move(placed);
  }
  if (config.field == nullptr) // which keys it may have, nobody knows
    reader.forgive_unknown("field");
  else
    explain_foreign_keys(reader, config.generator);
  reader.finish();
  core::Problems problems;
  check_sections(config, problems);
  for (const char* section : {"field"}) // cross-key complaints are only worth hearing about values that were read
    if (diagnostics.mentions(section))
      problems = problems.without(section);
  reader.report(problems);
  if (config.field != nullptr && !config.run.realisations)
    config.run.realisations = config.field->shape().realisations;
  return config;
}

void RunConfig::declare(core::ParameterVisitor& v) {
  run.declare(v);
  bool present = true;
  v.begin("field", present, "The field and the generator that makes it.");
  v.choice("generator", generator, generator_names(), {"1", "which generator (`cascade --list`)"});
  std::unique_ptr<solvers::GeneratorParameters> parameters;
  if (field != nullptr)
    parameters = field->clone();
  else
    for (const solvers::GeneratorEntry& entry : solvers::catalogue())
      if (entry.name == generator)
        parameters = entry.defaults();
  if (parameters != nullptr)
    parameters->declare(v);
  field = std::move(parameters);
  v.end();
  analysis.declare(v);
  sampling.declare(v);
  fit.declare(v);
  theory.declare(v);
  check.declare(v);
  output.declare(v);
}

std::string RunConfig::json() const {
  RunConfig copy = *this;
  core::JsonWriter writer;
  std::string task = "field";
  writer.text("task", task, {});
  copy.declare(writer);
  nlohmann::ordered_json out = writer.json();
  // What the generator works out from other keys, under the names those keys have.
  const theory::LawPtr promise = make_generator()->law();
  const auto fill = [&](const char* key, const nlohmann::ordered_json& value) {
    if (out["field"].contains(key) && out["field"][key].is_null())
      out["field"][key] = value;
  };
  if (promise && promise->dimension())
    fill("dimension", *promise->dimension());
  if (promise && promise->hurst())
    fill("hurst", *promise->hurst());
  const solvers::Shape shape = field->shape();
  fill("points", shape.points);
  if (shape.levels > 0)
    fill("virtual_levels", shape.levels);
  for (const std::string& path : analysis.silent()) {
    const nlohmann::ordered_json::json_pointer place(path);
    out["analysis"][place.parent_pointer()].erase(place.back());
  }
  return out.dump(2);
}

RunConfig load_config(const Input& input) {
  return read_checked(input, [&](core::ConfigNode tree, core::Diagnostics& diagnostics) {
    apply_settings(tree, input.settings, true, diagnostics);
    remove_key(tree, "task"); // decided already
    return read_config(tree, input.input_file, diagnostics);
  });
}

} // namespace cascade::app
