#pragma once
// Means at every single lag, as ranks find them.

#include "analysis/all_lags/lag_shells.hpp"
#include "core/ranks/communicator.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace cascade::analysis {

/// Lines of lags in the order in which they come on this rank, means by quantity; ranks follow one another. Lags along
/// the first axis of the field are 0 ... largest, along the others -largest ... largest.
class LagMap {
public:
  LagMap() = default;
  LagMap(const LagShells& shells, int dimensions, std::size_t quantities);

  /// Of a line; NaN where there are no pairs.
  void add(const std::vector<std::vector<double>>& sums, std::span<const double> pairs);
  void add_unknown(std::size_t lags); ///< a line of the other half of all lags
  void correct(const Lag& lag, const std::vector<double>& sums, double pairs);
  std::array<std::int64_t, 3> shape() const { return shape_; }
  /// All of one quantity, on every rank; this rank's part of it is given up. Collective.
  std::vector<double> whole(std::size_t quantity, const core::Communicator& communicator);

private:
  std::array<std::int64_t, 3> shape_{};
  std::array<core::Index, 3> least_{}; ///< first lag along each axis
  std::vector<std::vector<double>> means_;
  std::vector<std::pair<Lag, std::vector<double>>> corrections_;
};

} // namespace cascade::analysis
