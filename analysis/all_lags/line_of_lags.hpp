#pragma once
// Moments at the lags of one line, out of the correlations there.

#include "analysis/all_lags/lag_moments.hpp"
#include "analysis/all_lags/lag_shells.hpp"

#include <span>
#include <vector>

namespace cascade::analysis {

/// All lags (l0, l1, -largest ... largest) of axis 2, one line after another. `shells` and `quantities` must outlive
/// it.
class LineOfLags {
public:
  LineOfLags(int components, int first_axis, const LagShells& shells, const std::vector<LagQuantity>& quantities,
             int highest_order);
  /// lines: of each moment, as core::LagTransform brings them.
  void evaluate(core::Index l0, core::Index l1, std::span<const double* const> lines);
  /// Raises the estimated relative error of each lag to that of order p, of which `absolute` is that of a sum over the
  /// pairs: of an even moment itself, of an odd one of <d^(p-1)>^(p/(p-1)). None where there are no pairs.
  void worsen(int p, double absolute, std::vector<double>& error) const;

  std::size_t size() const { return last.size(); }
  std::vector<core::Index> last;
  std::vector<std::size_t> shell;
  std::vector<double> lengths;
  std::vector<double> box_weights, weights; ///< zero where not counted; and where no pair is known
  std::vector<double> box_pairs, pairs;     ///< in the box; and of these both values are known
  std::vector<std::vector<double>> values;  ///< by quantity: sums over pairs

private:
  void take_moments(core::Index l0, core::Index l1, std::span<const double* const> lines);
  void take_sizes();

  int components_, first_axis_;
  const LagShells& shells_;
  const std::vector<LagQuantity>& quantities_;
  std::vector<std::vector<double>> size_;            ///< by even order: of the increment's absolute value
  std::vector<std::vector<double>> power_, inverse_; ///< l_2^p, |l|^-p
};

} // namespace cascade::analysis
