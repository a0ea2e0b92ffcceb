#pragma once
// Study noisy_samples: irreducible loss, bias and variance told apart by repeated sampling, and what becomes of the
// exponent when the pedestal is ignored.

#include "app/scaling/study.hpp"

namespace cascade::app {

struct NoisySamplesStudy final : Study {
  double hurst = 1.0 / 3.0;
  double noise = 1;
  std::int64_t samples = 16384;
  std::int64_t fields = 64;
  std::int64_t repeats = 16;
  std::int64_t fewest_pieces = 4;
  std::int64_t most_pieces = 512;
  std::vector<double> signal_to_noise{1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10};

  void declare(core::ParameterVisitor& v) override;
  void validate(core::Problems& problems) const override;
  core::MemoryParts memory() const override;
  std::string plan() const override;
  void run(const StudyRun& run, Report& report) const override;
};

} // namespace cascade::app
