#include "app/scaling/config.hpp"

#include "core/input/json_writer.hpp"
#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cascade::app {
namespace {

void declare_section(core::ParameterVisitor& v, const StudyEntry& entry, Study& study) {
  bool present = true;
  v.begin(entry.name.c_str(), present, fmt::format("Study {}: {}", entry.name, entry.summary));
  study.declare(v);
  v.end();
}

void declare_choice(core::ParameterVisitor& v, std::string& name, std::vector<double>& band) {
  std::vector<std::string> names;
  for (const StudyEntry& entry : studies())
    names.push_back(entry.name);
  v.choice("study", name, names, {"1", "what to do; the section of that name has its keys"});
  v.reals("band", band, {0, 10}, {"1", "[lowest, highest] exponent of the band that is drawn and judged"});
}

ScalingConfig read_scaling(const core::ConfigNode& root, const std::string& file, core::Diagnostics& diagnostics) {
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

} // namespace

void ScalingConfig::declare_studies(core::ParameterVisitor& v) {
  declare_choice(v, study_name, band);
  for (const StudyEntry& entry : studies()) { // the sections of other studies may be there, and must be sound
    std::unique_ptr<Study> made = entry.make();
    declare_section(v, entry, *made);
    if (entry.name == study_name)
      study = std::move(made);
  }
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
  if (study != nullptr)
    study->validate(inner);
  problems.add_section(study_name, inner);
  if (output.field)
    problems.add("output.field", "a scaling law has no field to write");
  if (run.realisations)
    problems.add("run.realisations", "a scaling law has no realisations; see the keys of its study");
  check.validate(problems);
  output.validate(problems);
}

std::string ScalingConfig::json() const {
  core::JsonWriter writer;
  std::string task = "scaling_law", name = study_name;
  std::vector<double> limits = band;
  writer.text("task", task, {});
  RunSection(run).declare(writer);
  declare_choice(writer, name, limits);
  for (const StudyEntry& entry : studies())
    if (entry.name == study_name)
      declare_section(writer, entry, *study);
  CheckSection(check).declare(writer);
  OutputSection(output).declare(writer);
  return writer.json().dump(2);
}

ScalingConfig load_scaling_config(const Input& input) {
  return read_checked(input, [&](core::ConfigNode tree, core::Diagnostics& diagnostics) {
    apply_settings(tree, input.settings, true, diagnostics);
    remove_key(tree, "task"); // decided already
    return read_scaling(tree, input.input_file, diagnostics);
  });
}

} // namespace cascade::app
