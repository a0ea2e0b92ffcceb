#pragma once
// One realisation evaluated point by point, as sampling estimators see it.

#include "core/points/point_field.hpp"
#include "core/points/tilted_paths.hpp"

#include <functional>
#include <memory>

namespace cascade::core {

/// A realisation in one of three forms: a field that fills space (`field` alone: all cells are alike), one with a tree
/// of alive cells that can be walked (`field` and `tree`), or one with so many branches that it shows alive cells only
/// when asked for them (`spine`, which stands in for both). Never d or h. `tilted`: realisations in which high moments
/// are met, for fields that can be drawn so.
struct PointSample {
  std::shared_ptr<const PointField> field;
  std::shared_ptr<const ActiveTree> tree = nullptr;
  std::shared_ptr<const SpineField> spine = nullptr;
  TiltedSource tilted = nullptr;
};

/// Realisation number `realisation` of the ensemble; built on the rank that needs it. Local.
using PointSource = std::function<PointSample(int realisation)>;

} // namespace cascade::core
