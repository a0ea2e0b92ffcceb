#include "analysis/learners/nearest_neighbours.hpp"

#include "analysis/neighbours/neighbours.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cascade::analysis {
namespace {

/// Largest k that leave-one-out may choose, at first and ever; as many queries at once as need little room.
constexpr std::int64_t chosen_at_first = 64, most_chosen = 1024, queries_at_once = 512;

/// Means over the first k of the neighbours, by their weights.
std::vector<double> neighbour_means(const Neighbours& near, std::int64_t k, const core::PointCloud& train) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < near.queries(); ++i) {
    double sum = 0, total = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const std::int64_t at = near.index[static_cast<std::size_t>(i * near.k + j)];
      sum += train.weight(at) * train.target[static_cast<std::size_t>(at)];
      total += train.weight(at);
    }
    out.push_back(sum / total);
  }
  return out;
}

/// 1, 2, 3, 4, 6, 8, 12, 16, ...
std::vector<std::int64_t> choices_of_k(std::int64_t most) {
  std::vector<std::int64_t> out;
  for (std::int64_t k = 1; k <= most; k = k < 4 ? k + 1 : (k & (k - 1)) == 0 ? k + k / 2 : (k / 3) * 4)
    out.push_back(k);
  return out;
}

/// Squared leave-one-out errors of every choice, summed over the examples.
std::vector<double> left_out_errors(const core::PointCloud& train, const NeighbourSearch& search,
                                    const std::vector<std::int64_t>& choices) {
  std::vector<double> error(choices.size(), 0.0);
  for (std::int64_t first = 0; first < train.size(); first += queries_at_once) {
    const std::int64_t last = std::min(first + queries_at_once, train.size());
    const Neighbours near = search.find(train, first, last, choices.back(), true);
    for (std::size_t c = 0; c < choices.size(); ++c) {
      const std::vector<double> mean = neighbour_means(near, choices[c], train);
      for (std::size_t i = 0; i < mean.size(); ++i) {
        const double off = mean[i] - train.target[static_cast<std::size_t>(first) + i];
        error[c] += train.weight(first + static_cast<std::int64_t>(i)) * (off * off);
      }
    }
  }
  return error;
}

std::int64_t best_k(const core::PointCloud& train, const NeighbourSearch& search) {
  for (std::int64_t most = chosen_at_first;; most *= 4) {
    const std::vector<std::int64_t> choices = choices_of_k(std::min(most, train.size() - 1));
    const std::vector<double> error = left_out_errors(train, search, choices);
    const std::int64_t best =
        choices[static_cast<std::size_t>(std::min_element(error.begin(), error.end()) - error.begin())];
    if (most >= most_chosen || choices.back() < most || 2 * best < choices.back())
      return best;
  }
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
  out.predicted = neighbour_means(near, k, train);
  out.loss = out.checked = mean_square_error(out.predicted, data.test);
  out.examples = out.parameters = static_cast<double>(size);
  return out;
}

core::MemoryParts NearestNeighbours::memory(std::int64_t size, std::int64_t points, std::int64_t dimension,
                                            std::int64_t tests) const {
  (void)points;
  const std::int64_t most = std::min(k_ > 0 ? k_ : most_chosen, size);
  core::MemoryParts parts{{"targets of the examples", static_cast<double>(size) * sizeof(double)}};
  return core::together(parts, search_memory(size, dimension, k_ > 0 ? tests : queries_at_once + tests, most, 2));
}

double NearestNeighbours::cost(std::int64_t size, std::int64_t points, std::int64_t dimension) const {
  const double queries = k_ > 0 ? 4096.0 : static_cast<double>(size + 4096);
  (void)points;
  return queries * static_cast<double>(size) * static_cast<double>(dimension) * 2 *
         (dimension > most_tree_dimensions ? 1 : 0.02);
}

} // namespace cascade::analysis
