#include "analysis/fit/activity_test.hpp"

#include <gsl/gsl_cdf.h>

#include <cmath>

namespace cascade::analysis {

ActivityTest test_activity(const std::vector<double>& cells, const theory::Branching& branching, double least) {
  ActivityTest test;
  const double mean = branching.children * branching.probability, variance = mean * (1 - branching.probability);
  for (std::size_t l = 0; l + 1 < cells.size(); ++l) {
    if (!(variance * cells[l] >= least))
      continue;
    const double z = (cells[l + 1] - mean * cells[l]) / std::sqrt(variance * cells[l]);
    test.level.push_back(static_cast<int>(l));
    test.z.push_back(z);
    test.chi2 += z * z;
  }
  if (!test.z.empty())
    test.p_value = gsl_cdf_chisq_Q(test.chi2, static_cast<double>(test.z.size()));
  return test;
}

} // namespace cascade::analysis
