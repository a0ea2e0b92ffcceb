#pragma once
// Error-driven partitions of the point view: their tables and exponents.

#include "analysis/approximation/driven_descent.hpp"
#include "analysis/approximation/settings.hpp"
#include "analysis/measurement/cost.hpp"
#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/measurement.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"

#include <vector>

namespace cascade::analysis {

/// The settings that are refined by their error: those asked for, in at most three dimensions. Empty: none.
std::vector<DrivenSetting> driven_settings(const ApproximationSettings& settings, const Subject& subject);

/// Tables "driven/DEGREE/POWER/AVERAGE_pieces" (and _loss, _forced): x = threshold, falling; blocks are trees, each the
/// sum over settings.runs runs on realisations of their own. Thresholds end where one run on realisation 0 has
/// 2^settings.pieces leaves. Collective; the same bits at any number of ranks.
void measure_driven(const ApproximationSettings& settings, const core::PointSource& source, const Subject& subject,
                    const Batch& batch, Tables& tables);

/// alpha/adaptive/... (driven_fit.hpp). Everything handed over must outlive the fits.
void fit_driven_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                       const Findings& findings, Fits& fits);

/// Cells looked at, all trees and settings together, times the points of one; roughly.
double driven_work(const ApproximationSettings& settings, const Subject& subject);
core::MemoryParts driven_memory(const ApproximationSettings& settings, const Subject& subject);
double driven_table_bytes(const ApproximationSettings& settings, const Subject& subject);

} // namespace cascade::analysis
