#include "app/input/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

namespace cascade::app {

namespace {

/// A mapping under a key of the same visitor; returns whether the input has it.
template <class Declare>
bool section(core::ParameterVisitor& v, const char* key, const std::string& help, const Declare& declare) {
  bool present = true; // writers leave it alone
  v.begin(key, present, help);
  declare();
  v.end();
  return present;
}

} // namespace

void RunSection::declare(core::ParameterVisitor& v) {
  section(v, "run", "The run as a whole.", [&] {
    v.text("name", name,
           {"1", "name of the run and of its folder under output.directory; default: the input file's stem"});
    v.integer("seed", seed, {0, 0x1p63},
              {"1", "seed of all random numbers; the same seed gives the same field and report"});
    v.integer("realisations", realisations, {1, 100000},
              {"1", "independent fields to average over; default 1, 16 for gaussian in D = 1"});
    v.integer("group_size", group_size, {1, 1 << 20},
              {"1", "ranks that make a realisation together (at least; all if there are fewer); groups work side by "
                    "side, results do not depend on it; default: as few as have the memory"});
  });
}

void RunSection::validate(core::Problems& problems) const {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  };
  if (name.empty() || name.size() > 128 || name[0] == '.' || name[0] == '-' ||
      !std::all_of(name.begin(), name.end(), allowed))
    problems.add("run.name",
                 fmt::format("'{}' cannot be a folder's name; allowed: 1 to 128 letters, digits, '.', '_', '-', "
                             "the first a letter, digit or '_'",
                             name));
}

void SamplingSection::declare(core::ParameterVisitor& v) {
  section(v, "sampling", "The point-sampled method on virtual grids (generators with a point view).", [&] {
    v.boolean("enabled", enabled, {"1", "measure on the point view; false: on the grid alone"});
    v.integer("trees", wish.trees, {16, 65536},
              {"1", "independent trees; samples are split among them, errors come from them"});
    v.integer("pairs", wish.pairs, {16, 1e9}, {"1", "pairs drawn per tree and separation"});
    v.integer("cells", wish.cells, {4, 1e9}, {"1", "cells drawn per tree and scale"});
    v.integer("scales", wish.scales, {4, 48}, {"1", "finest separation and cell side: 2^-scales"});
    v.integer("lattice", wish.lattice, {2, 64}, {"1", "points per cell and side for the piecewise fits"});
    v.integer("cell_points", wish.cell_points, {8, 1 << 20},
              {"1",
               "random points per cell instead of a lattice (fourier_modes, oriented cascades); default: 32, or four "
               "a coefficient of the polynomial"});
  });
}

void FitSection::declare(core::ParameterVisitor& v) {
  section(v, "fit", "Fits of exponents.", [&] {
    v.reals("window", window, {1e-15, 1},
            {"box side",
             "[lowest, highest] separation or cell side used by the fits over these; default: automatic, reported"});
    v.choice("judge", judge, {"blind", "curve", "plain"},
             {"1", "which answer laws are judged by where an exponent has several: blind, from the field alone; curve, "
                   "with the generator's finite-size curve; plain, power laws with corrections"});
  });
}

void FitSection::validate(core::Problems& problems) const {
  if (!window.empty() && window.size() != 2)
    problems.add("fit.window", fmt::format("{} values; allowed: two, [lowest, highest]", window.size()));
  else if (!window.empty() && window[0] >= window[1])
    problems.add("fit.window", fmt::format("{} is not below {}; allowed: [lowest, highest]", window[0], window[1]));
  else if (!window.empty() && window[1] < 4 * window[0])
    problems.add("fit.window", "shorter than two octaves; allowed: highest at least 4 times lowest");
}

void TheorySection::declare(core::ParameterVisitor& v) {
  section(
      v, "theory",
      "A theory of your own to judge the measurement by, in place of the generator's. The measurement does not change.",
      [&] {
        v.real("dimension", dimension, {0.01, 1024}, {"1", "d to predict with; default: the generator's"});
        v.real("hurst", hurst, {-1, 3}, {"1", "h to predict with; default: the generator's"});
      });
}

void CheckLine::declare(core::ParameterVisitor& v) {
  v.text("id", id, {"1", "id of a result in report.json, such as sampled/zeta/p2"});
  v.real("value", value, {}, {"1", "what it should measure; default: its own prediction"});
  v.real("tolerance", tolerance, {0, std::numeric_limits<double>::infinity()},
         {"1", "largest allowed distance from the value (required)"});
}

void CheckSection::declare(core::ParameterVisitor& v) {
  section(v, "check",
          "Makes the input a test: `--check` applies `set`, runs, and judges `expect` (exit code 6 if one fails).",
          [&] {
            v.settings("set", set, {"1", "keys to change for the test, e.g. {field.points: 32, sampling.trees: 16}"});
            v.sections("expect", expect, "What must come out.");
          });
}

void CheckSection::validate(core::Problems& problems) const {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < expect.size(); ++i) {
    const std::string path = fmt::format("check.expect[{}]", i);
    if (expect[i].id.empty())
      problems.add(path + ".id", "missing; the id of a result, such as sampled/zeta/p2");
    else if (!seen.insert(expect[i].id).second)
      problems.add(path + ".id", fmt::format("'{}' is expected twice", expect[i].id));
    if (!expect[i].tolerance)
      problems.add(path + ".tolerance", "missing; allowed: at least 0");
  }
  for (const core::Setting& setting : set)
    if (setting.key == "check" || setting.key.starts_with("check."))
      problems.add("check.set", fmt::format("'{}' would change the check itself", setting.key));
    else if (setting.key == "task")
      problems.add("check.set", "'task' would make another input of it; leave it out");
}

void OutputSection::declare(core::ParameterVisitor& v) {
  section(v, "output", "What is written beside the report.", [&] {
    v.boolean("field", field,
              {"1", "write the last realisation's field as field.h5 with an XDMF sidecar for ParaView"});
    v.text("directory", directory,
           {"1", "folder of the runs; this run's is directory/name (--output names it outright)"});
  });
}

void OutputSection::validate(core::Problems& problems) const {
  if (directory.empty())
    problems.add("output.directory", "empty; allowed: a folder, '.' for the current one");
}

} // namespace cascade::app
