#include "analysis/all_lags/doubtful_lags.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

constexpr double tolerance = 1e-6;     ///< of a moment, beyond which its lag is summed pair by pair
constexpr double exact_enough = 1e-11; ///< below, it is not even where that is cheap, and of lags with pairs enough
constexpr double cheap = 32, cheap_anyway = 2e7; ///< pairs that cost little beside the transforms: of so many lags, or
                                                 ///< so many
constexpr double most_pairs = 5e10;              ///< summed one by one in all, however inexact the rest
constexpr double few_pairs = 1.0 / 64;           ///< of the points: such lags hardly matter to the mean over a shell

/// Errors by the power of two below them, from that of `exact_enough` upwards; the last is beyond all bounds.
constexpr int grades = 48;
int grade_of(double error) {
  const double octaves = std::log2(error / exact_enough);
  return octaves < grades - 1 ? static_cast<int>(octaves) : grades - 1;
}

} // namespace

DoubtfulLags::DoubtfulLags(std::size_t shells, double points)
    : shells_(shells), points_(points), pairs_(static_cast<std::size_t>(grades) * shells, 0), how_many_(pairs_) {}

bool DoubtfulLags::doubts(double error, double pairs) const {
  return error > (pairs > few_pairs * points_ ? exact_enough : tolerance);
}

bool DoubtfulLags::too_inexact(double error) {
  return error > tolerance;
}

void DoubtfulLags::add(const Lag& lag, std::size_t shell, double error, double pairs, std::span<const double> sums) {
  const std::size_t place = static_cast<std::size_t>(grade_of(error)) * shells_ + shell;
  pairs_[place] += static_cast<std::int64_t>(pairs);
  how_many_[place] += 1;
  lags_.push_back({lag, shell, error});
  sums_.insert(sums_.end(), sums.begin(), sums.end());
  quantities_ = sums.size();
}

DoubtfulLags::Limit DoubtfulLags::limit(const core::Communicator& communicator) {
  communicator.sum(std::span<std::int64_t>(pairs_));
  communicator.sum(std::span<std::int64_t>(how_many_));
  Limit limit{grades};
  double total = 0;
  for (int g = grades - 1; g >= 0; --g)
    for (std::size_t s = 0; s < shells_; ++s) {
      const std::size_t place = static_cast<std::size_t>(g) * shells_ + s;
      const double more = static_cast<double>(pairs_[place]) +
                          points_ * static_cast<double>(how_many_[place]); // its field is shifted, too
      const bool must = exact_enough * std::exp2(g + 1) > tolerance;
      if (total + more > (must ? most_pairs : std::max(cheap * points_, cheap_anyway)))
        return limit;
      total += more;
      limit = {g, s + 1};
    }
  return limit;
}

std::vector<Lag> DoubtfulLags::to_sum(const core::Communicator& communicator,
                                      const std::function<void(const Lag&, double, std::span<const double>)>& keep) {
  const Limit taken = limit(communicator);
  std::vector<std::int64_t> mine;
  for (std::size_t i = 0; i < lags_.size(); ++i)
    if (taken.takes(grade_of(lags_[i].error), lags_[i].shell))
      mine.insert(mine.end(), lags_[i].lag.begin(), lags_[i].lag.end());
    else
      keep(lags_[i].lag, lags_[i].error, {sums_.data() + i * quantities_, quantities_});
  std::vector<Lag> lags;
  const std::vector<std::int64_t> all = communicator.gather_all(std::span<const std::int64_t>(mine));
  for (std::size_t i = 0; i < all.size(); i += 3)
    lags.push_back({all[i], all[i + 1], all[i + 2]});
  return lags;
}

} // namespace cascade::analysis
