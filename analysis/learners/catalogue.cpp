#include "analysis/learners/kernel.hpp"
#include "analysis/learners/learner.hpp"
#include "analysis/learners/nearest_neighbours.hpp"
#include "analysis/learners/network.hpp"
#include "analysis/learners/random_features.hpp"
#include "analysis/learners/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace cascade::analysis {
namespace {

template <class Made>
std::unique_ptr<Learner> make_one(const LearnerOptions& options) {
  return std::make_unique<Made>(options);
}

} // namespace

const std::vector<LearnerEntry>& learners() {
  static const std::vector<LearnerEntry> table{
      {"nearest_neighbours", "mean of the k nearest examples", make_one<NearestNeighbours>},
      {"tree", "constants or lines on the leaves of a tree", make_one<TreeLearner>},
      {"kernel", "kernel ridge regression", make_one<KernelRidge>},
      {"random_features", "random ReLU units, output solved exactly", make_one<RandomFeatures>},
      {"network", "ReLU network, trained", make_one<NetworkLearner>},
  };
  return table;
}

std::vector<std::string> learner_names() {
  std::vector<std::string> names;
  for (const LearnerEntry& entry : learners())
    names.push_back(entry.name);
  return names;
}

std::unique_ptr<Learner> make_learner(const LearnerOptions& options) {
  for (const LearnerEntry& entry : learners())
    if (entry.name == options.kind)
      return entry.make(options);
  throw std::out_of_range(options.kind);
}

std::vector<std::int64_t> doubled_sizes(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> out;
  for (std::int64_t n = last; n >= first && n > 0; n /= 2)
    out.push_back(n);
  std::reverse(out.begin(), out.end());
  return out;
}

double mean_square_error(const std::vector<double>& predicted, const std::vector<double>& truth,
                         const std::vector<double>& weights) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    sum += weight * ((predicted[i] - truth[i]) * (predicted[i] - truth[i]));
    total += weight;
  }
  return sum / total;
}

double mean_square_error(const std::vector<double>& predicted, const core::PointCloud& test) {
  return mean_square_error(predicted, test.target, test.weights);
}

} // namespace cascade::analysis
