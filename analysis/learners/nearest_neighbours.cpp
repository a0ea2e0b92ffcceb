#include "analysis/learners/nearest_neighbours.hpp"

#include "analysis/neighbours/neighbours.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::analysis {
namespace {

constexpr std::int64_t most_chosen = 64; // largest k that leave-one-out may choose

/// Means over the first k of the neighbours.
std::vector<double> neighbour_means(const Neighbours& near, std::int64_t k, const std::vector<double>& target) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < near.queries(); ++i) {
    double sum = 0;
    for (std::int64_t j = 0; j < k; ++j)
      sum += target[static_cast<std::size_t>(near.index[static_cast<std::size_t>(i * near.k + j)])];
    out.push_back(sum / static_cast<double>(k));
  }
  return out;
}

std::int64_t best_k(const core::PointCloud& train, const NeighbourSearch& search) {
  const std::int64_t most = std::min(most_chosen, train.size() - 1);
  const Neighbours near = search.find(train, 0, train.size(), most, true);
  std::int64_t best = 1;
  double least = 0;
  for (std::int64_t k = 1; k <= most; k = k < 4 ? k + 1 : (k & (k - 1)) == 0 ? k + k / 2 : (k / 3) * 4) {
    const double error = mean_square_error(neighbour_means(near, k, train.target), train.target);
    if (k == 1 || error < least) {
      least = error;
      best = k;
    }
  }
  return best;
}

} // namespace

std::string NearestNeighbours::name() const {
  return k_ > 0 ? fmt::format("nearest_neighbours_k{}", k_) : "nearest_neighbours_loo";
}

std::string NearestNeighbours::title() const {
  return k_ > 0 ? fmt::format("{}-NN", k_) : "k-NN, k by leave-one-out";
}

std::vector<std::int64_t> NearestNeighbours::sizes(std::int64_t points, std::int64_t) const {
  return doubled_sizes(std::max<std::int64_t>(points / 64, 2 * k_ + 2), points);
}

LearnerLoss NearestNeighbours::learn(const LearnerData& data, std::int64_t size) const {
  const core::PointCloud train = data.train.first(size);
  const NeighbourSearch search(train);
  const std::int64_t k = k_ > 0 ? k_ : best_k(train, search);
  const Neighbours near = search.find(data.test, 0, data.test.size(), k, false);
  LearnerLoss out;
  out.predicted = neighbour_means(near, k, train.target);
  out.loss = out.checked = mean_square_error(out.predicted, data.test.target);
  out.examples = out.parameters = static_cast<double>(size);
  return out;
}

double NearestNeighbours::cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const {
  const double queries = k_ > 0 ? 4096.0 : static_cast<double>(size + 4096);
  (void)points;
  return queries * static_cast<double>(size) * static_cast<double>(dimension) * 2 *
         (dimension > most_tree_dimensions ? 1 : 0.02);
}

} // namespace cascade::analysis
