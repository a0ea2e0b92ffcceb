#pragma once
// Alphas from losses on cells of the point view.

#include "analysis/approximation/settings.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"

namespace cascade::analysis {

/// Cells with lattices, drawn by descent: exponents in s (point_means.hpp) over D, on the active set also over the
/// exponent of the counted pieces. Everything handed over must outlive the fits.
void fit_lattice_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                        const Findings& findings, Fits& fits);

/// Cells of scattered points: N is geometry on fields that fill their space, counted where there is a tree, and the
/// generator's own 2^(d j) where neither is possible: the result says which.
void fit_scattered_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                          const Findings& findings, Fits& fits);

} // namespace cascade::analysis
