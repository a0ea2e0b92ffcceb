#pragma once
// Lags whose moments have lost digits in the transforms, and which of them are summed pair by pair.

#include "analysis/all_lags/lag_shells.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace cascade::analysis {

/// Keeps the doubtful lags of this rank with their sums. All with an estimated relative error above 1e-6 are to be
/// summed (unless their pairs are too many, 5e10), and of the others the least exact first, as long as that is cheap
/// beside the transforms.
class DoubtfulLags {
public:
  DoubtfulLags(std::size_t shells, double points);

  /// Whether a lag with so large an error is one of them; lags of few pairs matter little to the mean over a shell, and
  /// are so where they are too inexact alone.
  bool doubts(double error, double pairs) const;
  static bool too_inexact(double error);
  void add(const Lag& lag, std::size_t shell, double error, double pairs, std::span<const double> sums);

  /// The lags of all ranks to be summed pair by pair; keep(lag, error, sums) is called for those of this rank that
  /// stay as they are. Collective.
  std::vector<Lag> to_sum(const core::Communicator& communicator,
                          const std::function<void(const Lag&, double, std::span<const double>)>& keep);

private:
  /// Of all lags those in the worst grades, in each the shorter ones first, as long as it pays.
  struct Limit {
    int grade;
    std::size_t shells = 0; ///< of that grade, from the first on; all of higher ones
    bool takes(int g, std::size_t shell) const { return g > grade || (g == grade && shell < shells); }
  };
  Limit limit(const core::Communicator& communicator);

  struct Doubtful {
    Lag lag;
    std::size_t shell;
    double error;
  };
  std::size_t shells_, quantities_ = 0;
  double points_;
  std::vector<Doubtful> lags_;
  std::vector<double> sums_;                   ///< of each lag, one a quantity
  std::vector<std::int64_t> pairs_, how_many_; ///< [grade][shell]
};

} // namespace cascade::analysis
