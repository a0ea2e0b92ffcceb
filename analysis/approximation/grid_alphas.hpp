#pragma once
// Alphas from losses on a grid.

#include "analysis/approximation/settings.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"

namespace cascade::analysis {

/// Uniform partitions: exponent in s (grid_means.hpp) over D, on the active set over the counted dimension too, where
/// the oracle's partition is that of the alive cells. Adaptive partitions of the volume: refined trees, L against their
/// counted leaves (grid_fits.hpp). Everything handed over must outlive the fits.
void fit_grid_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                     const Findings& findings, Fits& fits);

} // namespace cascade::analysis
