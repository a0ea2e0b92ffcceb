#pragma once
// Numbers of a measurement that are neither a result nor a curve: arrays for results.h5.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cascade::analysis {

/// One array of results.h5, row-major, last axis fastest. Plain value.
struct Dataset {
  std::string path; ///< absolute, "/all_lags/S_2"
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  std::string name, unit;                                   ///< what it is, for a reader of the file
  std::vector<std::pair<std::string, std::string>> words{}; ///< further attributes
};
using Datasets = std::vector<Dataset>;

} // namespace cascade::analysis
