#pragma once
// What a measurement takes, known before anything is allocated.

#include "analysis/measurement/subject.hpp"
#include "core/grid/domain.hpp"

#include <cstdint>
#include <string>

namespace cascade::analysis {

/// One step of a run. Work of all realisations and ranks together; the runner divides it among them.
struct Cost {
  std::int64_t bytes_per_rank = 0; ///< peak while it runs, the field included, on the largest rank
  double work = 0;                 ///< in units
  std::string unit;                ///< of work: "points x log2 n"
  double rate = 1;                 ///< units a second and core, rough
  std::string step = {};           ///< name in plan, progress and timing; empty: the measurement's own on this view
};

/// Units of work per second and core, for estimates of time only: within a factor of a few on any machine of today.
namespace rates {
constexpr double fill = 2e7;      ///< cascade points filled
constexpr double transform = 1e8; ///< points times log2(points a side) of a transform
constexpr double pairs = 2e8;     ///< increments raised to one power
constexpr double scan = 1e8;      ///< points visited once
constexpr double walk = 5e7;      ///< children of a tree's cells looked at
constexpr double sample = 2e6;    ///< point evaluations
constexpr double scattered = 5e6; ///< point evaluations times dimensions
} // namespace rates

/// What sampling holds beside the field: buffers and sums, small whatever it measures.
constexpr std::int64_t sampling_bytes = 64 << 20;

/// Everything the cost of a grid measurement depends on.
struct GridExtent {
  double points = 0;   ///< of all realisations, all components
  double log_side = 0; ///< log2 of the points a side
  double axes = 1;
  std::int64_t component_bytes = 0, field_bytes = 0; ///< of one realisation on the largest rank
};
GridExtent extent_of(const Subject& subject, const core::Decomposition& grid);

} // namespace cascade::analysis
