#pragma once
// What study compute_optimal says: results, sentences, tables and figures.

#include "app/scaling/optimum/findings.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// "74.0B", "1.32T", "350M".
std::string human(double number);
/// "74.0B (95% 41.6B to 131B)"; without an interval where there is none.
std::string human_with(const Banded& b);

/// How far an end of a search is above the optimum: a share of the objective, or a difference of log likelihoods.
std::string rise_text(const Findings& f, double other, double best);

/// The sentences of the answer, most important first.
std::vector<std::string> optimum_answers(const ComputeOptimalStudy& s, const std::vector<double>& band,
                                         const Findings& f);
std::vector<std::string> optimum_warnings(const ComputeOptimalStudy& s, const Findings& f);
std::vector<Table> optimum_tables(const ComputeOptimalStudy& s, const Findings& f);
std::vector<Figure> optimum_figures(const ComputeOptimalStudy& s, const Findings& f);

void write_page(const ComputeOptimalStudy& s, const StudyRun& run, const Findings& f, Report& report);

} // namespace cascade::app
