#pragma once
// Which loss a result is of, by its labels.

#include "analysis/measurement/labels.hpp"
#include "theory/loss_setting.hpp"

namespace cascade::analysis {

/// The mean-square loss of a uniform partition by constants over the volume, where the labels say nothing else.
inline theory::LossSetting loss_setting(const Labels& labels) {
  const std::string partition = labels.text("partition");
  return {partition == "adaptive" || partition == "oracle", labels.text("average") == "active",
          static_cast<int>(labels.number("degree").value_or(0)), labels.number("loss_power").value_or(2),
          partition == "oracle"};
}

} // namespace cascade::analysis
