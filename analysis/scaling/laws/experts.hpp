#pragma once
// Mixtures of experts: bilinear in the logarithms of size and number of experts.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// log10 L = a log10 N + b log10 E' + c log10 N log10 E' + d, N the dense parameters, E' the number of experts between
/// its floor and its ceiling, 1/E' = 1/(E - 1 + 1/(1/Es - 1/Em)) + 1/Em; Clark et al. (2022), eqs. 1 and 2.
/// `saturating` false: E' = E. Variables: a, b, c, d, and two that make
/// 1/Es = e^-s + 1/32, Em/Es = 4 + e^m: outside of that E' hardly differs between rows.
class ExpertsLaw final : public ScalingLaw {
public:
  explicit ExpertsLaw(bool saturating) : saturating_(saturating) {}
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;

private:
  bool saturating_;
};

} // namespace cascade::analysis
