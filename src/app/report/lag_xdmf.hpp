#pragma once
// A header by which ParaView and VisIt read the map of all lags.

#include "analysis/measurement/dataset.hpp"

#include <string>

namespace cascade::app {

inline constexpr const char* lag_header_name = "all_lags.xmf";

/// XDMF for the arrays /all_lags/.../map_S_<order> of results.h5: a uniform mesh with lag vectors at the
/// centres of its cells (one cell thick where the field has fewer axes, as field.xmf), an attribute for each kind and
/// order ("S_2", "longitudinal/S_3"). Empty where there is no map. Local.
std::string lag_xdmf(const analysis::Datasets& datasets);

} // namespace cascade::app
