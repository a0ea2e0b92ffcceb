#pragma once
// results.h5: every curve with axes, counts, errors and units.

#include "app/report/report.hpp"
#include "app/report/slice.hpp"

#include <optional>
#include <vector>

namespace cascade::app {

/// The bytes of results.h5 (format "cascade-results/1", docs/report.md). Local: one rank asks for it.
///   /                     attributes: provenance and the resolved config
///   /results/ID           group of Result ID; attributes: settings, prediction, measurement, fit
///   /results/ID/x, y, standard_error, local_slope, count      float64, one axis; attributes: name, unit; x is the
///                         dimension scale of the others
///   /all_lags/...         arrays of measurements that are no curve (analysis/measurement/dataset.hpp); attributes:
///   name, unit /field/y, /field/x    float64, coordinates of rows and columns: dimension scales of the two that follow
///   /field/slice          float64, shape (rows, columns); attributes: axes, position, stride
///   /field/active_depth   the same for the number of alive levels, where the field has such a thing
std::vector<char> results_image(const Report& report, const std::optional<Slice>& slice);

} // namespace cascade::app
