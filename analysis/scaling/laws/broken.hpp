#pragma once
// A power law with one break.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// L = E + B x^-c0 (1 + (x/d1)^(1/f1))^(-c1 f1), x the only resource; Caballero et al. (2022), eq. 1, one break.
/// Variables: c0, c1, log B at the middle, log d1 about the middle, log f1, log E.
class BrokenLaw final : public ScalingLaw {
public:
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;
};

} // namespace cascade::analysis
