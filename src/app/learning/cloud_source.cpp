#include "app/learning/cloud_source.hpp"

#include "core/random/random.hpp"
#include "core/talk/errors.hpp"
#include "solvers/manifold/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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

} // namespace

CloudSource::CloudSource(const LearningConfig& config, const LearningCase& which, const core::Communicator& ranks)
    : config_(config), case_(which), ranks_(ranks) {
  const solvers::ManifoldParameters& p = case_.data.made;
  description_ = fmt::format("{} points on {} (d = {}) in R^{}", p.points, p.manifold, p.resolved_dimension(),
                             p.resolved_embedding());
}

core::PointCloud CloudSource::whole() const {
  if (!case_.data.from_file())
    return solvers::make_cloud(case_.data.made, config_.seed(), {case_.data.made.points, 0, 0, false}, ranks_);
  return rows_.subset(shuffled(rows_.size(), config_.seed(), 0xffffffffu));
}

CloudSource::Split CloudSource::split(std::uint64_t repeat) const {
  if (!case_.data.from_file()) {
    const std::uint64_t target = config_.curves.fresh_targets ? repeat : 0;
    return {solvers::make_cloud(case_.data.made, config_.seed(), {train_points(), repeat, target, false}, ranks_),
            solvers::make_cloud(case_.data.made, config_.seed(),
                                {config_.curves.test_points, repeat, target, true}, ranks_)};
  }
  const std::vector<std::int64_t> order = shuffled(rows_.size(), config_.seed(), static_cast<std::uint32_t>(repeat));
  const auto held = static_cast<std::size_t>(rows_.size() - train_points());
  const std::span<const std::int64_t> all(order);
  return {rows_.subset(all.subspan(held)), rows_.subset(all.first(held))};
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
  return {p.resolved_dimension(), p.mean_square_hurst(), p.target.kind == "band" || p.target.kind == "teacher"};
}

} // namespace cascade::app
