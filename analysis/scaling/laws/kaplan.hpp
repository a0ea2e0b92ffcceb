#pragma once
// Kaplan's joint law of size and tokens.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// L = ((Nc/N)^(aN/aD) + Dc/D)^aD, without a pedestal; Kaplan et al. (2020), eq. 1.5. Variables: aN, aD, log of both
/// terms at the middle of the data.
class KaplanLaw final : public ScalingLaw {
public:
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;
};

} // namespace cascade::analysis
