#pragma once
// Every measured curve beside its exact expectation.

#include "app/field/table_set.hpp"
#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"
#include "app/report/report.hpp"

namespace cascade::app {

/// Fills curve.expected, expected_unconditional and expected_slope of every result whose curve the generator can
/// predict exactly, and its curve_test: Hotelling's T^2 over the realisations (grid) or trees (samples), chi^2 of the
/// levels for counted activity; where there is none, curve_test.note says why. The generator's own parameters enter,
/// also when the input declares another theory. Never changes a measured number. Collective; the same on every rank.
void attach_expectations(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                         const core::Communicator& communicator, const TableSet& tables, Report& report);

} // namespace cascade::app
