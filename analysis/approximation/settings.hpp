#pragma once
// What an input asks of piecewise fits.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace cascade::analysis {

struct ApproximationSettings {
  std::vector<std::int64_t> degrees{0, 1};
  std::vector<double> loss_powers{2};
  std::vector<std::string> partitions{"uniform", "adaptive", "oracle"}, averages{"volume", "active"};
  std::int64_t runs = 1;          ///< of an error-driven partition on the point view, a tree
  std::int64_t pieces = 34;       ///< log2 of the pieces they go to
  std::string origin = "aligned"; ///< or "random": cells that do not lie as the field's own

  bool partition(const std::string& name) const {
    return std::find(partitions.begin(), partitions.end(), name) != partitions.end();
  }
  bool average(const std::string& name) const {
    return std::find(averages.begin(), averages.end(), name) != averages.end();
  }
  bool random_origin() const { return origin == "random"; }
  int highest_degree() const {
    return degrees.empty() ? 0 : static_cast<int>(*std::max_element(degrees.begin(), degrees.end()));
  }
};

} // namespace cascade::analysis
