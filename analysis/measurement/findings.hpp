#pragma once
// What measurements find out about a field for the fits of all others.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/gaps.hpp"
#include "analysis/measurement/answers.hpp"
#include "analysis/sums/block_table.hpp"
#include "theory/finite_size.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Of one view. Filled by Measurement::find() in the order of the table of measurements, read by their fits. Everything
/// here was counted or measured in this very field.
struct Findings {
  const BlockTable* cells = nullptr;      ///< N(s) of the active set; null where it cannot be counted
  std::optional<ExponentFit> dimension;   ///< minus the exponent of N(s)
  std::vector<theory::Activity> activity; ///< of the grid: all blocks, then without each; empty: it fills the box
  std::map<double, Answer> blind;         ///< of the grid: zeta_q by order q; empty: not measured
  std::string extinct;                    ///< why nothing measured here can speak for the law; empty: it can

  // Of the point view: which scales its fits may trust, and what its missing levels would have added.
  double codimension = 0;    ///< D minus the dimension above
  std::vector<double> hurst; ///< h as polynomials of degree 0, 1, ... show it, the last for all higher; empty: unknown
  Gap gap;
  FitOptions options;
};

} // namespace cascade::analysis
