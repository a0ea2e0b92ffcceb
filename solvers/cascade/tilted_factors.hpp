#pragma once
// The random factors of a cascade with their law tilted towards the large ones.

#include "solvers/cascade/multiplier_table.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace cascade::solvers {

/// Words that decide one factor of MultiplierTable: word 3 of the parent's key, word 0 of the child's.
struct FactorWords {
  std::uint32_t parent = 0, child = 0;
};

/// Draws the words of a path's child with a density, relative to uniform words, that follows M^q; ratio() is that
/// density, exactly, for any words: its mean over uniform ones is 1. Discrete models: M^q / E M^q. Log-normal and
/// Poisson: constant on intervals of the child's word, eight an octave of either tail, so that it is M^q / E M^q to
/// within the change of M^q over an interval. q = 0 leaves the words alone. Immutable; calls are local.
class TiltedFactors {
public:
  TiltedFactors(std::shared_ptr<const MultiplierTable> table, double order);
  /// Words for child `child` from those of its keys and two uniform numbers in [0, 1).
  FactorWords draw(FactorWords own, std::uint32_t child, double choice, double within) const;
  double ratio(FactorWords words, std::uint32_t child) const;

private:
  static constexpr int fine_bits = 3;
  struct Interval {
    std::uint64_t first, words;
  };
  double power(FactorWords words, std::uint32_t child) const;
  bool shared() const; ///< brothers share a draw

  std::shared_ptr<const MultiplierTable> table_;
  double order_, mean_ = 1;         ///< E M^q of what is drawn
  std::vector<Interval> intervals_; ///< of the child's word
  std::vector<double> ratio_, sum_; ///< per interval: density, and the tilted distribution up to its end
  std::uint64_t halved_ = 0;        ///< random beta: words of the parent that halve
};

} // namespace cascade::solvers
