#pragma once
// All estimates of d that an input asks for, and how far off they are on sets whose d is known.

#include "analysis/dimension/estimators.hpp"
#include "app/learning/config.hpp"
#include "core/points/point_cloud.hpp"
#include "core/ranks/communicator.hpp"

#include <string>
#include <vector>

namespace cascade::app {

struct DimensionReading {
  std::string estimator;
  analysis::DimensionEstimate estimate;
  double rounding = 0; ///< error that rounded coordinates may have made, of d
};

/// Of one cloud, in the order of results: two_nn, two_nn_ml, mle by k, correlation, gride by scale. No number (NaN)
/// where more than half of the points have the same ratio of the distances it is made of, as on a grid. Collective.
std::vector<DimensionReading> read_dimensions(const DimensionSection& section, const core::PointCloud& cloud,
                                              const analysis::Neighbours& near, const std::vector<int>& parts,
                                              const core::Communicator& ranks);

/// Of each coordinate: the smallest difference of two values, where all are whole multiples of it (to a hundredth) and
/// there are more than two; 0: it has no step. Local.
std::vector<double> steps_of(const core::PointCloud& cloud);

/// What rounding may have done to the readings: how far each moves where coordinates with a step are rounded to twice
/// of it; points that fall together are one. An effect that grows with the step, at least in proportion, is no larger
/// than this. NaN where fewer than 100 points and less than half of them are left; empty where there are too few for
/// the farthest neighbours. Collective.
std::vector<double> moved_by_rounding(const DimensionSection& section, const core::PointCloud& cloud,
                                      const std::vector<DimensionReading>& readings, const core::Communicator& ranks);

/// What the same readings miss, as a share of d, with n points: the larger of what they miss on a sphere (curved, no
/// border) and on a cube (flat, with a border) of the nearest whole dimension. Both have at most 4096 points; the bias
/// of more of them is taken to fall as the distance of neighbours, n^(-1/d). Collective.
std::vector<double> relative_biases(const DimensionSection& section, double d, std::int64_t n, std::uint64_t seed,
                                    const core::Communicator& ranks);

} // namespace cascade::app
