#pragma once
// The exponent of an error-driven partition from its curves of pieces and loss against the threshold.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/sums/block_table.hpp"

namespace cascade::analysis {

/// What the fit must know of the cells, none of it about the field's law.
struct DrivenFitSetting {
  double generation = 1;     ///< log2 of the children a cell has that hold data: D, or the counted dimension
  bool dead_regions = false; ///< the volume has cells in which nothing happens, smooth ones
  double smooth_order = 2;   ///< q k: the loss of a cell where the field is smooth is s^(q k)
  double loss_power = 2;     ///< q
  bool approach = false;     ///< the curve's approach to its power law is fitted too: cells of one kind
  int dimensions = 1;        ///< D
  double lowest = 10;        ///< log2 N from which on the curve is fitted
};

/// alpha of loss ~ N^-alpha. Both are taken where fewer than one leaf in a thousand is one that the end of the field
/// forbade to split (`forced`), and from 2^lowest pieces on. One generation of cells is a factor 2^(generation (1 +
/// alpha)) of the threshold, with which the curves ripple: log N and log loss are replaced by their means over a
/// sliding box of that width, and alpha is minus the slope of one against the other. With dead regions the means follow
/// N = a x^-t + b x^-u and loss = c x^(1-t) + d x^(1-u) in x = theta, u = D/(D + q k) that of smooth cells: t is
/// searched, alpha = 1/t
/// - 1. `approach`: eddies larger than a cell are smooth in it, which takes a part (s^(2k - 2h)) from the mean square
/// of large cells: log2 loss = c - alpha n - B 2^(-g n), n = log2 N, g = (2/q) (q k/generation - alpha), where that
/// term is not negligible; without it constants read alpha 2% low at h = .8. Errors: jackknife over the blocks, which
/// hold runs on trees of their own; systematic: half the change when the window starts two octaves later. Throws NoFit
/// where fewer than six octaves of N are left. docs/theory.md, "Error-driven partitions".
ExponentFit fit_driven(const BlockTable& pieces, const BlockTable& loss, const BlockTable& forced,
                       const DrivenFitSetting& setting);

/// log2 of the largest N that is clean: of the last threshold with fewer than a thousandth of forced leaves.
double clean_limit(const BlockTable& pieces, const BlockTable& forced);

} // namespace cascade::analysis
