#pragma once
// Moments of increments of whole-number orders at every lag of a grid, by transforms.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cascade::analysis {

struct AllLagsRequest {
  std::vector<int> orders{1, 2, 3, 4}; ///< of the signed increments, 1 to 12
  bool map = false;                    ///< every lag of its own, too
  bool take_over = true;               ///< false: what the transforms give, however inexact (for tests)
  bool holes = false;                  ///< values that are missing are NaN, in all components; false: all are there
};

/// One moment against the length of the lag.
struct LagCurve {
  std::string kind; ///< "" of a scalar; "longitudinal", "transverse", "mixed" of a vector (lag_moments.hpp)
  int order = 0;
  std::vector<double> sum;    ///< by shell: over its pairs, of the increment to the power `order`
  std::vector<double> square; ///< by shell: sum over lags of (sum of the lag)^2 / (its pairs): for the spread
  std::vector<double> map;    ///< mean by lag, shape AllLags::map_shape; NaN at lag zero; empty unless asked for
};

/// Where roundoff of the transforms would have shown, and who took over.
struct Takeover {
  double lags = 0, longest = 0; ///< lags summed pair by pair, and the length of the longest of them
  double left = 0;              ///< lags whose error is above the tolerance and whose pairs were too many
  double worst = 0;             ///< largest estimated relative error among the sums that stand
  std::vector<double> error{};  ///< [order] estimated error of a lag's sum over its pairs by transforms
};

/// S_p(l) = < (u(x + l) - u(x))^p >, signed, over all x with x and x + l in the box, for every lag vector l in both
/// signs: along a periodic axis -n/2 ... n/2 (the two ends, the same pairs, with half the weight each), along another
/// one
/// -(n - 1) ... n - 1 with the interior pairs alone. S_p(-l) = (-1)^p S_p(l) for a scalar: its odd orders are those of
/// the lags whose first component that is not zero (axes in order) is positive. Kinds of a vector: lag_moments.hpp; its
/// moments are the same for l and -l.
/// Shells: all lags with |l| nearest to s, s the smallest spacing times a whole number; beyond 512 of them 32 an
/// octave. A mean over a shell is one over its pairs.
struct AllLags {
  std::vector<double> r;     ///< mean |l| of the pairs in the box, known or not: the same for all snapshots of a box
  std::vector<double> count; ///< pairs of which both values are known, both signs of a lag counted once; may be none
  std::vector<double> lags;  ///< lag vectors that have such pairs, the same
  std::vector<LagCurve> curves;
  std::array<std::int64_t, 3>
      map_shape{}; ///< lags along each axis: first axis 0 ... largest, others -largest ... largest
  Takeover takeover;
  /// NaN where no pair is known.
  double mean(const LagCurve& curve, std::size_t shell) const { return curve.sum[shell] / count[shell]; }
  /// Standard deviation of S_p(l) among the shell's lags, weighted by their pairs.
  double spread(const LagCurve& curve, std::size_t shell) const;
};

/// By the binomial theorem from correlations of powers of the field (core::LagTransform); its mean is taken out first
/// and it is scaled, so that an order costs no more digits than it must. Roundoff is estimated lag by lag from the
/// correlations that cancel; where it would be more than 1e-6 of the moment (of an odd one of <d^(p-1)>^(p/(p-1)),
/// which is no larger than <|d|^p>), the lag is summed pair by pair, and so are others, the least exact first, as long
/// as that is cheap. With holes the sums are over the pairs of which both values are known: a power more, m, one where
/// a value is known and zero elsewhere, whose correlation is the number of pairs of each lag. Cost: (number of powers +
/// of moments) transforms of the padded box. Any box of 1 to 3 axes; scalars, and vectors with a component an axis.
/// Equal on all ranks, the same bits at any number. Collective.
AllLags all_lags(const core::RealField& field, const core::Communicator& communicator, const AllLagsRequest& request);

/// What it takes beside the field on the rank that needs most. Local.
core::MemoryParts all_lags_memory(const core::Decomposition& decomposition, int components,
                                  const AllLagsRequest& request);

} // namespace cascade::analysis
