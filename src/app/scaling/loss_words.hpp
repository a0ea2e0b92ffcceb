#pragma once
// What a fitted loss table says in sentences.

#include "app/scaling/loss_row.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// One or two sentences about one objective; most important first.
std::string loss_answer(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row);

/// "inside" | "above" | "below" | "undecided": where an interval lies relative to the band.
std::string band_word(const analysis::Interval& i, const std::vector<double>& band);

/// What is wrong with the table whatever is minimised: rows left out, rows that stand twice, resources that go
/// together.
std::vector<std::string> table_warnings(const analysis::LossTable& table);
/// What a reader of one objective's numbers must know.
std::vector<std::string> row_warnings(const LossRow& row);

/// Is alpha inside the band? From its quoted interval; undecided where the law does not describe the table.
PlainAnswer band_answer(const std::vector<double>& band, const LossRow& row);

} // namespace cascade::app
