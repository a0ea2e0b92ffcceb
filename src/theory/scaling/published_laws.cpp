#include "theory/scaling/published_laws.hpp"

#include "theory/scaling/scaling_cost.hpp"

namespace cascade::theory {

const std::vector<PublishedLaw>& published_laws() {
  static const std::vector<PublishedLaw> table{
      {"Kaplan et al. 2020, L(C)", 0.050, 0, "arXiv 2001.08361"},
      {"Hoffmann et al. 2022, L - E", compute_optimal_exponent(0.34, 0.28), 1.69, "arXiv 2203.15556"},
      {"Besiroglu et al. 2024, L - E", compute_optimal_exponent(0.3478, 0.3658), 1.8172, "arXiv 2404.10102"},
  };
  return table;
}

} // namespace cascade::theory
