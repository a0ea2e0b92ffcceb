#pragma once
// Repeated data, and more parameters than they fill.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// L = E + A/N'^alpha + B/D'^beta with D' = U + U R_D (1 - exp(-(D/U - 1)/R_D)), U the unique tokens, and N' likewise
/// from U_N = min(N, N*(U)), N*(U) = (alpha A/(beta B))^(1/alpha) U^(beta/alpha) the size that U is best for;
/// Muennighoff et al. (2023), eqs. 5 to 7. Variables: log R_D, log R_N, alpha, log A, log B, log E; beta = alpha.
class RepeatedLaw final : public ScalingLaw {
public:
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;
};

} // namespace cascade::analysis
