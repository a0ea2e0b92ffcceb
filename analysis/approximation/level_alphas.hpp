#pragma once
// Uniform partitions of multifractals on the point view, whose losses few of their cells carry.

#include "analysis/approximation/driven_cells.hpp"
#include "analysis/approximation/settings.hpp"
#include "analysis/measurement/cost.hpp"
#include "analysis/measurement/measurement.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/measurement/tables.hpp"

#include <vector>

namespace cascade::analysis {

/// The volume losses that are measured so: of fields with random factors in at most three dimensions, uniform pieces.
/// Empty: none.
///
/// Cells drawn by their volume meet what carries <|f - P|^q> in a part 2^(-c j) of the draws at level j, c the
/// codimension of that set, so that losses of deep levels hang on few of them: with 96 trees of 512 cells alpha(2) of a
/// line (log-normal, mu = .8, law .7556) came out as .741 +- .010. A population of cells (driven_levels) that goes on
/// with chances that follow weight times error meets them at every level: .7559 +- .0017. What it costs: no exact
/// expectation of these sums, since a cell is fitted on few points and sees eddies down to four levels under its own;
/// both are factors of the loss that no level changes.
std::vector<DrivenSetting> level_settings(const ApproximationSettings& settings, const Subject& subject);

/// Whether any answer needs cells drawn by their volume.
bool cells_drawn_by_volume(const ApproximationSettings& settings, const Subject& subject);

/// Name of the table of one of them: x = side of a cell, falling from 1/2; blocks are trees, each the sum over
/// settings.runs populations, every one on a realisation of its own.
std::string level_table(int degree, double loss_power);

/// Whether a table is one of those.
bool of_levels(const std::string& table);

/// Collective; the same bits at any number of ranks.
void measure_levels(const ApproximationSettings& settings, const core::PointSource& source, const Subject& subject,
                    const Batch& batch, Tables& tables);

/// Exponent of the loss in the side of a cell: a straight line through the logarithms, from 2^-5 on, where larger
/// eddies, which are smooth in a cell, take no part any more. Every cell sees eddies down to four levels under its own,
/// so that nothing is missing at the last ones. It ends where sums of trees scatter by more than their mean. Throws
/// NoFit.
ExponentFit fit_levels(const BlockTable& table, const Subject& subject);

double level_work(const ApproximationSettings& settings, const Subject& subject);
double level_table_bytes(const ApproximationSettings& settings, const Subject& subject);

} // namespace cascade::analysis
