#include "analysis/all_lags/lag_map.hpp"

#include <cmath>

namespace cascade::analysis {

LagMap::LagMap(const LagShells& shells, int dimensions, std::size_t quantities) : means_(quantities) {
  for (int a = 0; a < 3; ++a) {
    const bool first = a == (dimensions == 3 ? 0 : 1);
    shape_[static_cast<std::size_t>(a)] = first ? shells.axis(a).lags() / 2 + 1 : shells.axis(a).lags();
    least_[static_cast<std::size_t>(a)] = first ? 0 : -shells.largest(a);
  }
}

void LagMap::add(const std::vector<std::vector<double>>& sums, std::span<const double> pairs) {
  for (std::size_t q = 0; q < means_.size(); ++q)
    for (std::size_t i = 0; i < pairs.size(); ++i)
      means_[q].push_back(pairs[i] > 0 ? sums[q][i] / pairs[i] : std::nan(""));
}

void LagMap::add_unknown(std::size_t lags) {
  for (auto& means : means_)
    means.insert(means.end(), lags, std::nan(""));
}

void LagMap::correct(const Lag& lag, const std::vector<double>& sums, double pairs) {
  std::vector<double> means;
  for (const double sum : sums)
    means.push_back(sum / pairs);
  corrections_.emplace_back(lag, std::move(means));
}

std::vector<double> LagMap::whole(std::size_t quantity, const core::Communicator& communicator) {
  std::vector<double> map = communicator.gather_all(std::span<const double>(means_[quantity]));
  means_[quantity] = {};
  for (const auto& [lag, means] : corrections_) {
    std::int64_t at = 0;
    for (std::size_t a = 0; a < 3; ++a)
      at = at * shape_[a] + lag[a] - least_[a];
    map[static_cast<std::size_t>(at)] = means[quantity];
  }
  return map;
}

} // namespace cascade::analysis
