#pragma once
// Laws of resampled tables, whole runs at a time, and intervals of anything made of them.

#include "analysis/losses/bootstrap.hpp"

#include <functional>
#include <vector>

namespace cascade::analysis {

/// Laws fitted to tables in which whole runs are drawn with replacement (docs/scaling.md): points of one run are not
/// independent. Without runs every point is one.
struct ResampledLaws {
  std::vector<LossParameters> laws; ///< those that have a fit, in order
  int asked = 0, failed = 0;
  std::size_t units = 0; ///< runs drawn
  double tail = 0.025;   ///< share below an interval: 2.5%, or Hesterberg's (2015) expanded share for least squares
  bool usable() const;

  /// 95% interval of a number that follows from the law; both ends NaN where less than 90% of the tables have a fit or
  /// a number. An infinite number counts as one.
  Interval interval(const std::function<double(const LossParameters&)>& number) const;
};

/// Replicate r draws units by resample_weights(units, seed, r); refits start from `fit`; above `most_refitted`
/// rows the optimum of each is taken to first order from the influence of its units. `run`: of each point, or
/// empty. The same bits at any number of ranks. Collective.
ResampledLaws resample_runs(const LossTable& table, const LossFit& fit, const std::vector<int>& run, std::int64_t count,
                            std::uint64_t seed, const core::Communicator& ranks,
                            const std::function<void()>& advance = {});

/// The values between which all but `tail` at either end lie; sorts. NaN when empty. Pure.
Interval middle_of(std::vector<double> values, double tail);

} // namespace cascade::analysis
