#pragma once
// Study pedestal: the laws themselves, running exponents over a pedestal and what an exponent costs.

#include "app/scaling/study.hpp"

namespace cascade::app {

/// Figures 1 and 2 of the paper and the tables of what exponents cost, from closed forms (docs/scaling.md).
struct PedestalStudy final : Study {
  double exponent = 1.0 / 3.0;
  std::vector<double> fractions{0.01, 0.05, 0.1, 0.2};
  double largest = 1e6;
  std::int64_t points_per_decade = 16;
  std::vector<double> exponents{0.05, 0.076, 0.095, 0.1, 1.0 / 3.0, 0.5, 2};
  std::vector<double> amplitudes{10, 1000, 1e6};
  std::vector<double> dimensions{1, 2, 3, 10, 30, 100, 300, 1000};
  double hurst = 1.0 / 3.0;

  void declare(core::ParameterVisitor& v) override;
  core::MemoryParts memory() const override;
  std::string plan() const override;
  void run(const StudyRun& run, Report& report) const override;
};

} // namespace cascade::app
