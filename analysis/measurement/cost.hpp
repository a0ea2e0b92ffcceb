#pragma once
// What a measurement takes, known before anything is allocated.

#include "analysis/measurement/subject.hpp"
#include "core/grid/domain.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <string>

namespace cascade::analysis {

/// One step of a run. Work of all realisations and ranks together; the runner divides it among them, and adds to the
/// memory what is there whoever measures: the program, the field and its activity, the tables.
struct Cost {
  core::MemoryParts memory; ///< what is there at its peak on the rank that needs most
  double work = 0;          ///< in units
  std::string unit;         ///< of work: "points x log2 n"
  double rate = 1;          ///< units a second and core, rough
  std::string step = {};    ///< name in plan, progress and timing; empty: the measurement's own on this view
  double table_bytes = 0;   ///< of its tables in the end, of all realisations
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

/// Everything the cost of a grid measurement depends on.
struct GridExtent {
  double points = 0;   ///< of all realisations, all components
  double log_side = 0; ///< log2 of the points a side
  double axes = 1;
  /// Of one realisation on the largest rank.
  std::int64_t component_bytes = 0, field_bytes = 0;
  double activity_bytes = 0; ///< 0: it has none
};
GridExtent extent_of(const Subject& subject, const core::Decomposition& grid);

/// Of so many tables of these points and blocks each. Local.
double bytes_of_tables(double tables, double points, double blocks);
/// The same of a grid's, `blocks` a realisation, one where the realisations are the blocks
/// (Subject::realisations_are_blocks()).
double bytes_of_grid_tables(const Subject& subject, double tables, double points, double blocks);

} // namespace cascade::analysis
