#pragma once
// The field of a run as measurements may know it.

#include "analysis/measurement/subject.hpp"
#include "app/input/field_config.hpp"

namespace cascade::app {

/// From the input alone, every sample size decided. Local.
analysis::Subject subject_of(const RunConfig& config);

/// The same with what the generator shows of its alive cells. Makes a realisation of the point view. Local.
analysis::Subject subject_of(const RunConfig& config, const solvers::Generator& generator);

} // namespace cascade::app
