#pragma once
// What estimators with scattered points look at: cells and pairs of a field in any number of dimensions.

#include "analysis/sums/sample_sums.hpp"
#include "core/points/point_field.hpp"

#include <functional>
#include <memory>

namespace cascade::analysis {

/// Realisation of a field, in one of three forms: a field that fills space (`field` alone: all cells are alike), one
/// with a tree of alive cells that can be walked (`field` and `tree`), or one that shows alive cells on demand
/// (`spine`). Never d or h.
struct ScatteredField {
  std::shared_ptr<const core::PointField> field;
  std::shared_ptr<const core::ActiveTree> tree;
  std::shared_ptr<const core::SpineField> spine;
};
using ScatteredSource = std::function<ScatteredField(int realisation)>;

} // namespace cascade::analysis
