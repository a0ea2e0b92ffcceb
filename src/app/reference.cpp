#include "app/reference.hpp"

#include "app/campaign/sweep.hpp"
#include "app/input/field_config.hpp"
#include "app/scaling/config.hpp"
#include "core/input/reference_writer.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/errors.hpp"
#include "solvers/catalogue.hpp"

#include <fmt/format.h>

#include <vector>

namespace cascade::app {

namespace {

using Keys = std::vector<core::KeyDescription>;

/// The keys every input has; of `field` only the generator's name.
Keys common_keys() {
  core::ReferenceWriter writer;
  RunConfig().declare(writer);
  return writer.keys();
}

/// The keys of one generator, as they stand in the section `field`.
Keys generator_keys(const solvers::GeneratorEntry& entry) {
  core::ReferenceWriter writer;
  bool present = true;
  writer.begin("field", present, fmt::format("`generator: {}`: {}.", entry.name, entry.summary));
  entry.defaults()->declare(writer);
  writer.end();
  return writer.keys();
}

/// The keys of inputs with task: scaling_law that fields do not have.
Keys scaling_keys() {
  core::ReferenceWriter writer;
  ScalingConfig().declare_studies(writer);
  return writer.keys();
}

/// The keys that make an input a campaign.
Keys campaign_keys() {
  core::ReferenceWriter writer;
  SweepSection().declare(writer);
  return writer.keys();
}

bool belongs_to(const std::string& path, const std::string& key) {
  return path == key || path == key + "[]" || path.starts_with(key + ".") || path.starts_with(key + "[].");
}

Keys select(const Keys& keys, const std::string& key) {
  Keys out;
  for (const core::KeyDescription& k : keys)
    if (belongs_to(k.path, key))
      out.push_back(k);
  return out;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const core::KeyDescription& key : common_keys())
    names.push_back(key.path);
  for (const Keys& more : {scaling_keys(), campaign_keys()})
    for (const core::KeyDescription& key : more)
      names.push_back(key.path);
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    names.push_back(entry.name);
    for (const core::KeyDescription& key : generator_keys(entry))
      names.push_back(key.path);
  }
  return names;
}

} // namespace

std::string input_reference() {
  std::string out = R"(# Input reference

Made by `cascade --describe --markdown` from the declarations the program reads its input with; do not edit.

An input file is one YAML document of sections. Only `field.generator` is required (and `study`, where `task` is `scaling_law`). Any key can also be given on the command
line, `--set key.path=value` (lists too: `--set 'approximation.loss_powers=[2, 4]'`), which wins over the file.

- **Numbers** are decimal: `2`, `0.5`, `1e-3`; reals may be fractions, `1/3`. Integers have no point and no exponent.
- **Lists** are written `[1, 2, 3]`, without repeats. **Words** need no quotes. Optional keys accept `null`: unset.
- **Refused**: unknown or repeated keys, `.nan`, `.inf`, numbers in quotes, leading zeros, `yes`/`no`, anchors, aliases, tags,
  a second document. All errors are listed at once as `file:line:column: key: what is wrong; allowed: ...`, exit code 2.
- Lengths are in units of the box side, wavenumbers in waves a box.
)";
  const Keys keys = common_keys();
  Keys part;
  for (const core::KeyDescription& key : keys) {
    part.push_back(key);
    if (key.path == "field.generator") {
      out += core::to_markdown(part);
      part.clear();
      for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
        Keys generator = generator_keys(entry);
        generator.front().path = "field (" + entry.name + ")";
        out += core::to_markdown(generator);
      }
    }
  }
  out += core::to_markdown(part);
  out += R"(
# Inputs with `task: scaling_law`

They have the sections `run`, `check` and `output` as above, and these ([scaling.md](scaling.md)).
)";
  out += core::to_markdown(scaling_keys());
  out += R"(
# Campaigns

An input with `sweep` runs many cases and ends in one report ([campaigns.md](campaigns.md)).
)";
  return out + core::to_markdown(campaign_keys());
}

std::string describe(const std::string& key) {
  const Keys common = common_keys();
  if (key.empty()) {
    std::string out = core::to_plain_text(common);
    for (const solvers::GeneratorEntry& entry : solvers::catalogue())
      out += core::to_plain_text(generator_keys(entry));
    out += "with task: scaling_law\n" + core::to_plain_text(scaling_keys());
    return out + "campaigns\n" + core::to_plain_text(campaign_keys());
  }
  std::string out;
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    if (entry.name == key)
      return core::to_plain_text(generator_keys(entry));
  out = core::to_plain_text(select(common, key));
  for (const solvers::GeneratorEntry& entry : solvers::catalogue()) {
    const Keys found = select(generator_keys(entry), key);
    if (!found.empty())
      out += fmt::format("with generator: {}\n", entry.name) + core::to_plain_text(found);
  }
  if (const Keys found = select(scaling_keys(), key); !found.empty())
    out += "with task: scaling_law\n" + core::to_plain_text(found);
  if (const Keys found = select(campaign_keys(), key); !found.empty())
    out += "campaigns\n" + core::to_plain_text(found);
  if (out.empty())
    throw core::Error(
        core::ExitCode::bad_input,
        fmt::format("--describe {}: no such key, section or generator; `cascade --describe` lists all", key) +
            core::suggestion(key, all_names()));
  return out;
}

std::string list_generators() {
  std::string out = "generators (field.generator):\n";
  for (const solvers::GeneratorEntry& entry : solvers::catalogue())
    out += fmt::format("  {:<14} {}\n", entry.name, entry.summary);
  return out + "`cascade --describe NAME` lists a generator's keys\n";
}

std::string version_text() {
  const core::BuildInfo info = core::build_info();
  std::string out = fmt::format("cascade {} ({})\ncompiler: {}\n", info.version, info.git(), info.compiler);
  for (const auto& [name, version] : info.libraries)
    out += fmt::format("{}: {}\n", name, version);
  return out;
}

} // namespace cascade::app
