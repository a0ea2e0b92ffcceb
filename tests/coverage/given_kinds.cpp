#include "tests/coverage/given_kinds.hpp"

#include "app/field/pipeline.hpp"
#include "app/plan/plan.hpp"
#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "tests/coverage/chooser.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cascade::coverage {
namespace {

using core::Index;
using core::Index3;

/// Removed at the end of the scope.
class OwnFile {
public:
  explicit OwnFile(std::uint64_t seed)
      : path_(std::filesystem::temp_directory_path() / fmt::format("cascade-coverage-{}-{}.npy", ::getpid(), seed)) {}
  OwnFile(const OwnFile&) = delete;
  OwnFile& operator=(const OwnFile&) = delete;
  ~OwnFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

  /// The first `part` points along each axis of the field.
  void write(const core::RealField& field, const Index3& part) const {
    const int first = field.domain().first_axis();
    std::string shape;
    for (int axis = first; axis < 3; ++axis)
      shape += fmt::format("{},", part[static_cast<std::size_t>(axis)]);
    std::string header = fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}", shape);
    header += std::string(127 - (10 + header.size()) % 128, ' ') + "\n";
    std::ofstream out(path_, std::ios::binary);
    out << "\x93NUMPY" << '\x01' << '\0' << static_cast<char>(header.size() & 255U)
        << static_cast<char>(header.size() >> 8U) << header;
    for (Index i = 0; i < part[0]; ++i)
      for (Index j = 0; j < part[1]; ++j)
        out.write(reinterpret_cast<const char*>(field.line(0, i, j).data()),
                  static_cast<std::streamsize>(part[2] * static_cast<Index>(sizeof(double))));
  }

private:
  std::filesystem::path path_;
};

struct Given {
  int dimensions;
  Index points; ///< of the field that is made
  Index3 part;  ///< that is written
  bool periodic;
  Index oversampling;
};

app::Report report_of(const OwnFile& file, bool periodic) {
  const std::string text =
      fmt::format("field: {{generator: file, path: \"{}\", periodic: {}}}\n"
                  "analysis: {{structure_function: {{orders: [1, 2]}}, spectrum: {{}}, "
                  "box_counting: {{gradients: [1]}}}}\n"
                  "approximation: {{degrees: [0, 1], loss_powers: [1, 2, 4], partitions: [uniform, "
                  "adaptive], "
                  "averages: [volume]}}\n",
                  file.path().string(), periodic);
  const app::RunConfig config = app::load_config(app::parse_input({"coverage.yaml", text, {}, false}));
  const app::Machine machine{1, 1, std::int64_t{8} << 30, "coverage"};
  core::Progress progress(core::Progress::Style::silent);
  return app::run_pipeline(config, app::make_plan(config, machine), core::Communicator::self(), progress).report;
}

/// The answer under this id, or none.
void add_answer(const app::Report& report, const std::string& id, double truth, std::vector<Interval>& list) {
  Interval interval{id, truth, false, 0, 0, 0, 0};
  for (const app::Judged& j : report.results)
    if (j.result.id == id) {
      const analysis::Measured& m = j.result.measured;
      interval.answered = decides(j.result.status) && m.interval95.size() == 2;
      interval.value = m.value;
      interval.error = m.standard_error;
      if (interval.answered) {
        interval.low = m.interval95[0];
        interval.high = m.interval95[1];
      }
    }
  list.push_back(interval);
}

std::vector<Interval> measured(std::uint64_t seed, Chooser& choose, const Given& given) {
  const double h = choose.between(0.1, 0.8);
  solvers::GaussianParameters parameters;
  parameters.embedding_dimension = given.dimensions;
  parameters.points = given.points;
  parameters.hurst = h;
  parameters.oversampling = given.oversampling;
  const auto self = core::Communicator::self();
  const OwnFile file(seed);
  file.write(solvers::Gaussian(parameters, seed)
                 .grid()
                 ->sample(core::Decomposition(core::Domain(given.dimensions, given.points), 1), self, 0)
                 .field,
             given.part);
  const app::Report report = report_of(file, given.periodic);
  std::vector<Interval> list;
  add_answer(report, "grid/hurst", h, list);
  add_answer(report, "grid/zeta/p1", h, list);
  add_answer(report, "grid/zeta/p2", 2 * h, list);
  add_answer(report, "grid/spectrum_slope", -1 - 2 * h, list);
  for (const std::string partition : {"uniform", "adaptive"})
    for (const int degree : {0, 1})
      for (const int power : {1, 2, 4})
        add_answer(report, fmt::format("grid/alpha/{}/volume/k{}/q{}", partition, degree, power),
                   power * h / given.dimensions, list);
  add_answer(report, "grid/dimension_box/gradient1", given.dimensions, list);
  return list;
}

} // namespace

std::vector<Interval> given_series(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({1000, 99999, 100000});
  return measured(seed, choose, {1, n, {1, 1, n}, true, 1});
}

std::vector<Interval> given_cut(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({1000, 99999});
  return measured(seed, choose, {1, 4 * n, {1, 1, n}, false, 1});
}

std::vector<Interval> given_aliased(std::uint64_t seed) {
  Chooser choose(seed);
  const Index n = choose.one_of<Index>({1000, 99999});
  return measured(seed, choose, {1, n, {1, 1, n}, true, 4});
}

std::vector<Interval> given_plane(std::uint64_t seed) {
  Chooser choose(seed);
  if (choose.between(0, 1) < 0.5)
    return measured(seed, choose, {2, 512, {1, 512, 512}, true, 1});
  const Index a = choose.whole(200, 500), b = choose.whole(200, 500);
  return measured(seed, choose, {2, 1000, {1, a, b}, false, 1});
}

std::vector<Interval> given_box(std::uint64_t seed) {
  Chooser choose(seed);
  if (choose.between(0, 1) < 0.5)
    return measured(seed, choose, {3, 128, {128, 128, 128}, true, 1});
  return measured(seed, choose,
                  {3, 180, {choose.whole(64, 120), choose.whole(64, 120), choose.whole(64, 120)}, false, 1});
}

std::vector<Interval> given_set(std::uint64_t seed) {
  Chooser choose(seed);
  const double d = choose.between(1.5, 1.9), h = choose.between(0.1, 0.5);
  solvers::BetaCascadeParameters parameters;
  parameters.embedding_dimension = 2;
  parameters.points = 512;
  parameters.dimension = d;
  parameters.hurst = h;
  const auto self = core::Communicator::self();
  const core::GridSample sample =
      solvers::BetaCascade(parameters, seed).grid()->sample(core::Decomposition(core::Domain(2, 512), 1), self, 0);
  const OwnFile file(seed);
  file.write(sample.field, {1, 512, 512});
  const app::Report report = report_of(file, true);
  std::vector<Interval> list;
  add_answer(report, "grid/zeta/p1", h + 2 - d, list);
  add_answer(report, "grid/zeta/p2", 2 * h + 2 - d, list);
  add_answer(report, "grid/dimension_box/gradient1", d, list);
  return list;
}

} // namespace cascade::coverage
