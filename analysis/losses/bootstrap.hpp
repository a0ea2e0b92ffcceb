#pragma once
// How sure a fit is: refits of resampled tables.

#include "analysis/losses/loss_fit.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace cascade::analysis {

/// Pairs bootstrap. The interval lies between the shares Phi(-t sqrt(n/(n - p))) and its complement of the replicates,
/// t the 97.5% point of Student's t with n - p degrees of freedom (Hesterberg's expanded percentiles, 2015): least
/// squares of few points is too sure of itself otherwise. Huber's function and absolute deviations get 2.5% and 97.5%:
/// the points that a resample repeats pull their optimum about more than new points would. Replicate r draws n points
/// with replacement, the i-th from block (r, i/2) of stream `resample`: a pure function of (seed, r), whatever rank
/// makes it. Refits start from the fit to the whole table. Above `most_refitted` points the optimum of a resample is
/// taken to first order from the influence of each point: the rest is below 1/sqrt(points), 1.4%, of a standard error.
constexpr std::size_t most_refitted = 5000;
/// Of the resampled tables, so many must have a fit: the rest are those that would have moved it most.
constexpr double least_surviving = 0.9;
struct Bootstrap {
  std::vector<LossParameters> replicates; ///< in order; all of them on every rank
  int failed = 0;                         ///< replicates without an answer: too few different points, no convergence
  LossParameters standard_error;          ///< standard deviation over the replicates that have one
  LossParameters log_error;               ///< the same of log A and log B; zero for the others
  LossParameters low, high;               ///< 95% interval of each parameter alone, see above
  bool first_order = false;               ///< more than most_refitted points
  /// Errors and intervals can be taken from it; they are NaN otherwise.
  bool usable() const {
    return static_cast<double>(failed) <= (1 - least_surviving) * static_cast<double>(replicates.size());
  }
};

/// Multiplicity of each point in replicate `replicate`.
std::vector<double> resample_weights(std::size_t points, std::uint64_t seed, std::uint64_t replicate);

/// Replicates are split among the ranks in runs of consecutive numbers; the same result, bit for bit, at any rank
/// count. `advance` is called after each refit of this rank. Collective.
Bootstrap bootstrap(const LossTable& table, const LossFit& fit, std::int64_t count, std::uint64_t seed,
                    const core::Communicator& communicator, const std::function<void()>& advance = {});

} // namespace cascade::analysis
