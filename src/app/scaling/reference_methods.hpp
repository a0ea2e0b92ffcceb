#pragma once
// Study reference_methods: the exponents of a grid method and of Monte Carlo, measured by running them.

#include "app/scaling/study.hpp"

namespace cascade::app {

struct ReferenceMethodsStudy final : Study {
  std::vector<std::int64_t> dimensions{1, 2, 3};
  std::int64_t coarsest = 8;
  std::int64_t most_points = 2000000;
  std::int64_t fewest_samples = 64;
  std::int64_t doublings = 10;
  std::int64_t repeats = 400;

  void declare(core::ParameterVisitor& v) override;
  core::MemoryParts memory() const override;
  std::string plan() const override;
  void run(const StudyRun& run, Report& report) const override;
};

} // namespace cascade::app
