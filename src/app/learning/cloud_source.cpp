#include "app/learning/cloud_source.hpp"

#include "app/learning/cloud_file.hpp"
#include "app/learning/dimension_reading.hpp"
#include "core/arrays/array_file.hpp"
#include "core/random/random.hpp"
#include "core/talk/errors.hpp"
#include "solvers/manifold/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace cascade::app {
namespace {

constexpr core::Stream row_order{64};

/// Rows of a file in an order that is random and its own for each `which`.
std::vector<std::int64_t> shuffled(std::int64_t n, std::uint64_t seed, std::uint32_t which) {
  const core::CounterRng rng(seed, row_order);
  std::vector<std::pair<std::uint64_t, std::int64_t>> keyed;
  for (std::int64_t i = 0; i < n; ++i) {
    const core::Block b = rng.block(static_cast<std::uint64_t>(i), which);
    keyed.emplace_back(static_cast<std::uint64_t>(b[0]) << 32 | b[1], i);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::int64_t> order;
  for (const auto& [key, row] : keyed)
    order.push_back(row);
  return order;
}

/// The target gets mean 0 and variance 1.
void standardise(core::PointCloud& cloud) {
  std::vector<double>& values = cloud.target;
  double n = 0, mean = 0, square = 0;
  for (std::int64_t i = 0; i < cloud.size(); ++i) {
    n += cloud.weight(i);
    mean += cloud.weight(i) * values[static_cast<std::size_t>(i)];
  }
  mean /= n;
  for (std::int64_t i = 0; i < cloud.size(); ++i) {
    double& v = values[static_cast<std::size_t>(i)];
    v -= mean;
    square += cloud.weight(i) * v * v / n;
  }
  for (double& v : values)
    v /= std::sqrt(square);
}

CloudFileContents read_and_share(const CloudFileWish& wish, const core::Communicator& ranks) {
  CloudFileContents c;
  ranks.agree([&] {
    if (ranks.rank() == 0)
      c = read_cloud_file(wish);
  });
  std::int64_t numbers[5] = {c.rows, c.invalid, c.duplicates, c.weightless, c.contradictory};
  ranks.broadcast(std::as_writable_bytes(std::span(numbers)), 0);
  c.rows = numbers[0];
  c.invalid = numbers[1];
  c.duplicates = numbers[2];
  c.weightless = numbers[3];
  c.contradictory = numbers[4];
  c.cloud = core::share(std::move(c.cloud), 0, ranks);
  return c;
}

} // namespace

CloudSource::CloudSource(const LearningConfig& config, const LearningCase& which, const core::Communicator& ranks)
    : config_(config), case_(which), ranks_(ranks) {
  if (case_.data.from_file()) {
    const CloudFileSection& f = case_.data.file;
    const auto beside = [&](const std::string& name) {
      const std::filesystem::path named(name);
      return named.is_absolute() ? named : std::filesystem::path(config_.input_file).parent_path() / named;
    };
    const std::string path = beside(f.path).string();
    const auto column = [&](const std::string& name) {
      const bool is_file =
          core::format_of(name) != nullptr && std::filesystem::path(name) != std::filesystem::path(f.path);
      return CloudColumn{name, is_file ? beside(name).string() : ""};
    };
    const CloudFileWish wish{path, f.array, f.columns, column(f.target), column(f.weights), f.invalid == "drop"};
    CloudFileContents contents = read_and_share(wish, ranks_);
    rows_ = std::move(contents.cloud);
    if (f.points) {
      std::vector<std::int64_t> kept = shuffled(rows_.size(), config_.seed(), 0xfffffffeu);
      kept.resize(std::min(kept.size(), static_cast<std::size_t>(*f.points)));
      std::sort(kept.begin(), kept.end());
      rows_ = rows_.subset(kept, ranks_);
      if (!rows_.target.empty())
        require_learnable(rows_.target, fmt::format("{}: at the {} rows drawn (data.points)", f.path, kept.size()));
    }
    if (!rows_.target.empty())
      standardise(rows_);
    if (config_.dimension.enabled) {
      const std::vector<double> steps = steps_of(rows_);
      rounded_ = std::any_of(steps.begin(), steps.end(), [](double step) { return step > 0; });
    }
    if (!contents.doubt.empty())
      warnings_.push_back(f.path + ": " + contents.doubt);
    if (contents.duplicates > 0)
      warnings_.push_back(fmt::format(
          "{} of {} rows have the coordinates of an earlier one and are left out{}{}", contents.duplicates,
          contents.rows, rows_.weights.empty() ? "" : "; it has their weight",
          contents.contradictory == 0
              ? ""
              : fmt::format("; {} of them have another target: what is learned is no function of the points there, and "
                            "their noise is not seen",
                            contents.contradictory)));
    if (contents.weightless > 0)
      warnings_.push_back(
          fmt::format("{} of {} rows have weight 0 and are left out", contents.weightless, contents.rows));
    if (contents.invalid > 0)
      warnings_.push_back(
          fmt::format("{} of {} rows hold NaN or infinity and are left out", contents.invalid, contents.rows));
    description_ = fmt::format("{} points in R^{} from {}", rows_.size(), rows_.dimension, f.path);
    for (const analysis::LearnerOptions& learner : config_.learners) {
      if (rows_.target.empty())
        throw core::Error(core::ExitCode::bad_input,
                          config_.input_file + ": learners: there is nothing to learn; give data.target");
      if (learner.kind == "nearest_neighbours" && learner.k >= train_points())
        throw core::Error(core::ExitCode::bad_input,
                          fmt::format("{}: learners: k = {} of {} training points; allowed: fewer", config_.input_file,
                                      learner.k, train_points()));
    }
    return;
  }
  const solvers::ManifoldParameters& p = case_.data.made;
  description_ = fmt::format("{} points on {} (d = {}) in R^{}", p.points, p.manifold, p.resolved_dimension(),
                             p.resolved_embedding());
  if (p.noise > 0) {
    description_ += fmt::format(", moved off it by noise of {:g} a coordinate", p.noise);
    warnings_.push_back(fmt::format(
        "noise moves points off the set by {:g} a coordinate, {:.2g} in all: nearer than that they fill R^{}, so that "
        "d, h and laws of the set need not be those of its points",
        p.noise, p.noise * std::sqrt(static_cast<double>(p.resolved_embedding())), p.resolved_embedding()));
  }
}

core::PointCloud CloudSource::whole() const {
  if (!case_.data.from_file())
    return solvers::make_cloud(case_.data.made, config_.seed(), {case_.data.made.points, 0, 0, false}, ranks_);
  return rows_.subset(shuffled(rows_.size(), config_.seed(), 0xffffffffu), ranks_);
}

CloudSource::Split CloudSource::split(std::uint64_t repeat) const {
  if (!case_.data.from_file()) {
    const std::uint64_t target = config_.curves.one_target() ? 0 : repeat, test = config_.curves.decompose ? 0 : repeat;
    return {
        solvers::make_cloud(case_.data.made, config_.seed(), {train_points(), repeat, target, false}, ranks_),
        solvers::make_cloud(case_.data.made, config_.seed(), {config_.curves.test_points, test, target, true}, ranks_)};
  }
  const std::vector<std::int64_t> order = shuffled(rows_.size(), config_.seed(), static_cast<std::uint32_t>(repeat));
  const auto held = static_cast<std::size_t>(rows_.size() - train_points());
  const std::span<const std::int64_t> all(order);
  return {rows_.subset(all.subspan(held), ranks_), rows_.subset(all.first(held), ranks_)};
}

bool CloudSource::has_target() const {
  return case_.data.from_file() ? !rows_.target.empty() : case_.data.made.target.kind != "none";
}

std::int64_t CloudSource::points() const {
  return case_.data.from_file() ? rows_.size() : case_.data.made.points;
}

std::int64_t CloudSource::train_points() const {
  return case_.data.from_file() ? rows_.size() - std::min(config_.curves.test_points, rows_.size() / 5)
                                : case_.data.made.points;
}

std::int64_t CloudSource::dimension() const {
  return case_.data.from_file() ? rows_.dimension : case_.data.made.resolved_embedding();
}

Declared CloudSource::declared() const {
  if (case_.data.from_file())
    return {};
  const solvers::ManifoldParameters& p = case_.data.made;
  return {p.resolved_dimension(), p.mean_square_hurst(), p.target.kind == "band" || p.target.kind == "teacher",
          p.target.noise > 0, p.noise > 0};
}

} // namespace cascade::app
