#pragma once
// Structure functions of high order, annealed: means over realisations that are drawn towards what carries them.

#include "analysis/sums/sample_sums.hpp"
#include "analysis/sums/tree_descent.hpp"
#include "core/points/point_sample.hpp"

#include <functional>
#include <vector>

namespace cascade::analysis {

/// The pairs of tilted descents.
inline constexpr DrawPurpose tilted_draws{8};

/// 0 and a third, two thirds and the whole of the highest order.
std::vector<double> tilts_for(const std::vector<double>& orders);

/// S_p(r) = < |f(x + r e_a) - f(x)|^p > as in tree.hpp, but every draw is a realisation of its own: the mean over the
/// ensemble, which for p > q_* no ordinary realisation shows. The pair is uniform in the volume; one of its ends, the
/// guide, has the factors on its path tilted to M^q / E M^q down to level j + i, j that of the cell of side r and i =
/// 0, 1
/// .. with probability 1/2, 1/4 .., since spikes below the pair's level carry a part of its increment that falls as
/// 2^(-zeta_p i). Draws are dealt to tilts q (tilts_for), levels and both ends, and weigh
///     1 / mean over tilts, levels and ends of prod M^q / E M^q
/// (balance heuristic, Veach and Guibas, SIGGRAPH 1995): unbiased for every order, no weight above the number of
/// tilts. Blocks: the plan's trees, which are groups of draws here. Every source of a plan has `tilted`. Collective;
/// the same bits on any ranks. docs/theory.md, "High orders by tilted descents".
std::vector<BlockTable> tilted_structure_functions(const core::PointSource& source, int dimensions,
                                                   const std::vector<double>& orders, const SamplingPlan& plan,
                                                   const core::Communicator& communicator,
                                                   const std::function<void(double)>& advance = {});

} // namespace cascade::analysis
