#include "app/learning/config.hpp"

#include "core/input/json_writer.hpp"
#include "core/input/yaml_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace cascade::app {
namespace {

template <class Declare>
void learning_section(core::ParameterVisitor& v, const char* key, const std::string& help, const Declare& declare) {
  bool present = true;
  v.begin(key, present, help);
  declare();
  v.end();
}

} // namespace

void CloudFileSection::declare(core::ParameterVisitor& v) {
  v.text(
      "path", path,
      {"1",
       "file of the points: .npy, .npz, .h5, a table (.csv, .tsv, .dat, .txt), or word vectors as text (.vec, .txt: a "
       "word and its D numbers a line); relative to the input file's folder (required)"});
  v.text("array", array, {"1", ".npz and .h5: array or dataset of the points; default: the only one with two axes"});
  v.text("columns", columns,
         {"1", "tables: columns of the coordinates, separated by commas; default: all but the target and the weights"});
  v.text("target", target,
         {"1", "what is learned: another file of one column, or a column, an array or a dataset of the same file; "
               "`log_row`: the logarithm of the row's number, which is the rank of a word; empty: nothing"});
  v.text("weights", weights,
         {"1",
          "how many points each one stands for: another file of one column, or a column, an array or a dataset of "
          "the same file; losses, S_p and what learners fit are weighted, estimates of d are not; empty: all alike"});
  v.choice("invalid", invalid, {"refuse", "drop"},
           {"1", "rows with NaN or infinity: refused, or left out and counted"});
  v.integer("points", points, {100, 1e9}, {"1", "how many of the rows, drawn at random; default: all"});
}

void DataSection::declare(core::ParameterVisitor& v, bool all) {
  v.choice("generator", generator, {"manifold", "file"}, {"1", "points on a set of known d, or those of a file"});
  if (all || !from_file())
    made.declare(v);
  if (all || from_file())
    file.declare(v);
}

void DataSection::validate(core::Problems& problems) const {
  if (!from_file())
    made.validate(problems);
  else if (file.path.empty())
    problems.add("path", "missing; the file of the points");
}

void DimensionSection::declare(core::ParameterVisitor& v) {
  learning_section(v, "dimension", "Intrinsic dimension of the cloud.", [&] {
    v.boolean("enabled", enabled, {"1", "estimate d"});
    v.choices(
        "estimators", estimators, {"two_nn", "two_nn_ml", "mle", "correlation", "gride"},
        {"1", "TwoNN by its fit and by maximum likelihood, Levina-Bickel, correlation integral, d against scale"});
    v.integers("neighbours", neighbours, {3, 1000}, {"1", "mle: neighbours k, one result each"});
    v.integer("gride_neighbours", gride_neighbours, {2, 1024}, {"1", "gride: farthest neighbour; from 2, doubled"});
    v.integer("calibration_points", calibration_points, {0, 100000},
              {"1", "points of the spheres S^1 to S^48 on which the bias of each estimator is shown; 0: none"});
    v.boolean("bias", bias,
              {"1", "quote in the errors what the estimators miss on a sphere and on a cube of the same d and n"});
    v.choice("judge", judge, {"two_nn", "two_nn_ml", "mle", "correlation"},
             {"1", "the estimate that laws are judged with"});
  });
}

void DimensionSection::validate(core::Problems& problems) const {
  if (estimators.empty())
    problems.add("dimension.estimators", "empty; at least one, or dimension.enabled: false");
  if (calibration_points > 0 && calibration_points < 100)
    problems.add("dimension.calibration_points", "allowed: 0, or at least 100");
  if (enabled && !wants(judge))
    problems.add("dimension.judge", fmt::format("{} is not among dimension.estimators", judge));
}

bool DimensionSection::wants(const std::string& estimator) const {
  return std::find(estimators.begin(), estimators.end(), estimator) != estimators.end();
}

std::int64_t DimensionSection::most_neighbours() const {
  std::int64_t most = 2;
  if (wants("mle"))
    most = std::max(most, *std::max_element(neighbours.begin(), neighbours.end()));
  if (wants("correlation"))
    most = std::max<std::int64_t>(most, 20);
  if (wants("gride"))
    most = std::max(most, gride_neighbours);
  return most;
}

void RoughnessSection::declare(core::ParameterVisitor& v) {
  learning_section(v, "roughness", "Roughness h of the target on the data.", [&] {
    v.boolean("enabled", enabled, {"1", "measure S_p of neighbours against their distance, where there is a target"});
    v.reals("orders", orders, {0.1, 10}, {"1", "orders p of S_p = <|f(x) - f(y)|^p>"});
  });
}

void CurvesSection::declare(core::ParameterVisitor& v) {
  learning_section(v, "curves", "Learning curves.", [&] {
    v.integer("repeats", repeats, {1, 1000}, {"1", "independent training and test points, from which errors come"});
    v.integer("test_points", test_points, {16, 1 << 22}, {"1", "test points; of a file at most a fifth of its rows"});
    v.boolean("fresh_targets", fresh_targets, {"1", "generated data: a target of its own for each repeat"});
    v.boolean("decompose", decompose,
              {"1",
               "generated data: every repeat has the same target and test points, and the loss is taken apart into "
               "bias, variance and the floor of data.target.noise"});
    v.boolean("joint", joint,
              {"1",
               "learners over parameters: also with a quarter, a sixteenth, ... of the examples, and E + A/N^alpha "
               "+ B/n^beta fitted to all of it"});
    v.real("doublings", doublings, {3, 40}, {"1", "doublings of n or N that are fitted, the largest ones"});
    v.real("joules_per_flop", joules_per_flop, {1e-15, 1}, {"J", "for the cost of the next halving"});
  });
}

void CasesSection::declare(core::ParameterVisitor& v) {
  learning_section(v, "sweep", "Cases beside one another: every combination of what is named replaces that of `data`.",
                   [&] {
                     v.choices("manifolds", manifolds, solvers::manifold_names(), {"1", "sets"});
                     v.integers("dimensions", dimensions, {1, 512}, {"1", "d of cube, torus, sphere, sheet or normal"});
                     v.reals("hursts", hursts, {0.05, 1}, {"1", "h of data.target"});
                     v.reals("noises", noises, {0, 1e3}, {"1", "data.target.noise"});
                     v.boolean("smooth", smooth, {"1", "beside them the smooth target (band)"});
                   });
}

void CasesSection::validate(const DataSection& data, core::Problems& problems) const {
  if (!empty() && data.from_file())
    problems.add("sweep", "cases are made of generated data; leave it out, or use data.generator: manifold");
}

void LearningConfig::declare_own(core::ParameterVisitor& v, bool all) {
  learning_section(v, "data", "Points, and what is to be learned on them.", [&] { data.declare(v, all); });
  dimension.declare(v);
  roughness.declare(v);
  v.sections("learners", learners, "What learns the target; none by default.");
  curves.declare(v);
  sweep.declare(v);
}

void LearningConfig::declare(core::ParameterVisitor& v) {
  run.declare(v);
  declare_own(v, false);
  check.declare(v);
  output.declare(v);
}

std::vector<LearningCase> LearningConfig::cases() const {
  std::vector<LearningCase> out{{"", data}};
  const auto multiply = [&](const auto& values, const auto& apply) {
    if (values.empty())
      return;
    std::vector<LearningCase> more;
    for (const LearningCase& c : out)
      for (const auto& value : values) {
        LearningCase next = c;
        const std::string word = apply(next.data.made, value);
        next.name += (next.name.empty() ? "" : "_") + word;
        more.push_back(next);
      }
    out = more;
  };
  using solvers::ManifoldParameters;
  multiply(sweep.manifolds, [](ManifoldParameters& p, const std::string& name) {
    p.manifold = name;
    return name;
  });
  multiply(sweep.dimensions, [](ManifoldParameters& p, std::int64_t d) {
    p.dimension = d;
    return fmt::format("d{}", d);
  });
  std::vector<double> targets(sweep.hursts);
  if (sweep.smooth)
    targets.insert(targets.begin(), 0.0); // smooth
  multiply(targets, [](ManifoldParameters& p, double h) {
    p.target.kind = h > 0 ? (p.target.rough() ? p.target.kind : "modes") : "band";
    if (h > 0)
      p.target.hurst = h;
    return h > 0 ? fmt::format("h{:g}", h) : std::string("smooth");
  });
  multiply(sweep.noises, [](ManifoldParameters& p, double sigma) {
    p.target.noise = sigma;
    return fmt::format("noise{:g}", sigma);
  });
  return out;
}

void LearningConfig::validate(core::Problems& problems) const {
  run.validate(problems);
  core::Problems inner;
  if (sweep.empty())
    data.validate(inner);
  problems.add_section("data", inner);
  sweep.validate(data, problems);
  if (!sweep.empty() && !data.from_file())
    for (const LearningCase& c : cases()) {
      core::Problems one;
      c.data.validate(one);
      for (const core::Problems::Problem& p : one.all())
        problems.add("data." + p.key, fmt::format("case {}: {}", c.name, p.message));
    }
  dimension.validate(problems);
  std::set<std::string> names;
  for (std::size_t i = 0; i < learners.size(); ++i) {
    const std::string place = fmt::format("learners[{}]", i);
    learners[i].validate(place, problems);
    const auto known = analysis::learner_names();
    if (std::find(known.begin(), known.end(), learners[i].kind) == known.end())
      continue;
    if (learners[i].kind == "nearest_neighbours" && !data.from_file() && learners[i].k >= data.made.points)
      problems.add(place + ".k", fmt::format("{} is not below data.points, {}", learners[i].k, data.made.points));
    const auto made = analysis::make_learner(learners[i]);
    if (!names.insert(made->name() + made->resource()).second)
      problems.add(place, fmt::format("{} is there twice", made->title()));
  }
  if (!learners.empty() && !data.from_file() && data.made.target.kind == "none" && sweep.hursts.empty() &&
      !sweep.smooth)
    problems.add("learners", "there is nothing to learn; give data.target.kind");
  if (!learners.empty() && curves.repeats < 3)
    problems.add("curves.repeats", "allowed: at least 3, from which the errors of exponents come");
  if (curves.decompose && data.from_file())
    problems.add("curves.decompose", "of data in a file nobody knows the target without its noise; leave it out");
  if (curves.decompose && learners.empty())
    problems.add("curves.decompose", "there are no learners");
  if (output.field)
    problems.add("output.field", "a cloud is no field; leave it out");
  if (run.realisations)
    problems.add("run.realisations", "a learning task has no realisations; see curves.repeats");
  check.validate(problems);
  output.validate(problems);
}

std::string LearningConfig::json() const {
  core::JsonWriter writer;
  std::string task = "learning";
  writer.text("task", task, {});
  LearningConfig copy = *this;
  copy.declare(writer);
  return writer.json().dump(2);
}

LearningConfig load_learning_config(const Input& input) {
  return read_checked(input, [&](core::ConfigNode tree, core::Diagnostics& diagnostics) {
    apply_settings(tree, input.settings, true, diagnostics);
    remove_key(tree, "task"); // decided already
    LearningConfig config;
    config.run.name = default_name(input.input_file);
    core::YamlReader reader(tree, diagnostics);
    config.declare(reader);
    reader.finish();
    core::Problems problems;
    config.validate(problems);
    reader.report(problems);
    return config;
  });
}

} // namespace cascade::app
