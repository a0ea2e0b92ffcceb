#pragma once
// A sum of plane waves evaluated at scattered points: a matrix product and a cosine.

#include "core/points/point_field.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace cascade::solvers {

/// One wave: a cos(2 pi (k.x + phase)); k has one component a dimension, in waves a box side, phase in turns.
struct FourierMode {
  std::vector<double> wavevector;
  double phase = 0, amplitude = 0;
};

/// f(x) = sum_m a_m cos(2 pi (k_m.x + phase_m)), in the order of the modes. Not periodic, since the k are no integers:
/// an estimator must keep its points inside [0, 1)^D. k.x is summed over the axes in their order, in double precision,
/// so that a phase is good to |k| sqrt(D) 2^-53 turns (1e-8 at |k| = 2^24, D = 100); each wave errs by that part of its
/// own amplitude only. The value at a point does not depend on its neighbours in the batch, to the bit. Immutable.
class FourierField final : public core::PointField {
public:
  FourierField(int dimensions, const std::vector<FourierMode>& modes);
  int dimensions() const override { return dimensions_; }
  void evaluate(std::span<const core::Coordinate> points, std::span<double> values) const override;
  /// Exact mean over all positions of (f(x + r) - f(x))^2 for these very waves: sum_m a_m^2 (1 - cos 2 pi k_m.r).
  double increment(std::span<const double> separation) const;
  /// Mean over all positions of f^2: sum_m a_m^2 / 2.
  double variance() const;
  std::size_t modes() const { return count_; }
  FourierMode mode(std::size_t m) const;

  static constexpr int group = 4;  ///< modes taken together by the kernel
  static constexpr int block = 16; ///< points taken together

private:
  int dimensions_;
  std::size_t count_;              ///< modes, without the zeros that fill the last group
  std::vector<double> wavevector_; ///< [group][axis][mode of the group]
  std::vector<double> phase_, amplitude_;
};

} // namespace cascade::solvers
