#pragma once
// One alive cell of a cascade in hundreds of dimensions, with the eddies above, on and below it.

#include "solvers/cascade/tree.hpp"

namespace cascade::solvers {

inline constexpr core::Stream spine_roots{9}; ///< root keys of cascades of which one cell is looked at

/// The alive children of a cell are 2^d of 2^D: beyond D = 10 nobody lists them. But life is decided by words of a key
/// that nothing else uses, so the cascade *given that a cell is alive* is the cascade with that cell and its ancestors
/// declared alive, all else unchanged (a "spine"; Kahane, Peyriere, Adv. Math. 22 (1976) 131). Sample number i has a
/// root key of its own. Below the cell children live and die by the rules. Oriented profile only.
class CascadeSpine final : public core::SpineField {
public:
  CascadeSpine(CascadeRules rules, std::uint64_t seed);
  int dimensions() const override { return rules_.dimensions; }
  int depth() const override { return rules_.levels; }
  void evaluate_in_cell(std::uint64_t sample, std::span<const core::Coordinate> corner, int level,
                        std::span<const core::Coordinate> points, std::span<double> values) const override;

private:
  double below(core::Block key, const core::Coordinate* point, int level) const;

  CascadeRules rules_;
  core::CounterRng roots_;
};

} // namespace cascade::solvers
