#pragma once
// Realisations drawn so that the few places which carry high moments are met.

#include "core/points/point_field.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace cascade::core {

/// Fresh realisations of a cascade in which the random factors M on the way to one point, the guide, follow the tilted
/// law of density M^q / E M^q instead of their own, q one of a list of tilts (Kahane, Peyriere, Adv. Math. 22 (1976)
/// 131: the measure seen from a point of its own). What is seen is a change of measure: a mean over ordinary
/// realisations is the mean over these, divided by the likelihood ratio. Immutable, thread-safe, local.
class TiltedPaths {
public:
  virtual ~TiltedPaths() = default;
  virtual int dimensions() const = 0;
  virtual int depth() const = 0; ///< number of levels
  /// Values at `points` (D coordinates each) in realisation number `sample`, whose factors on the way to `guide` are
  /// tilted by tilts[tilt] down to the cell of level `levels`. ratios[(i * tilts + k) * (deepest + 1) + m] = product of
  /// M^q / E M^q, q = tilts[k], on the way to point i down to level m = 0 .. deepest, where E is that of what is drawn:
  /// its mean over ordinary realisations is 1. levels <= deepest < depth().
  virtual void evaluate(std::uint64_t sample, std::size_t tilt, std::span<const Coordinate> guide, int levels,
                        int deepest, std::span<const Coordinate> points, std::span<double> values,
                        std::span<double> ratios) const = 0;
};

/// With these orders q as tilts; q = 0 is the field's own law.
using TiltedSource = std::function<std::shared_ptr<const TiltedPaths>(const std::vector<double>& tilts)>;

} // namespace cascade::core
