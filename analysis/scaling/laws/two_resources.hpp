#pragma once
// The law of size and tokens, for one group or several.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// L = E_g + A_g/N^alpha + B_g/D^beta: exponents shared by all groups; of the groups E alone, or E, A and B. `tied`:
/// beta = alpha; with D = M N that is the over-training law E + (a M^eta + b M^-eta) C^-eta, alpha = 2 eta, a = A
/// 6^eta. Hoffmann et al. (2022), eq. 2; Gadre et al. (2024), eq. 4. Laws of groups take tables of one resource too, x
/// = N, D or C: L = E_g + A_g/x^alpha. Variables: alpha, (beta), then log A, (log B), log E of each group.
class TwoResourcesLaw final : public ScalingLaw {
public:
  enum class Share { all, all_but_e, all_but_exponents }; ///< what the groups share
  explicit TwoResourcesLaw(bool tied, Share share = Share::all) : tied_(tied), share_(share) {}
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;

private:
  int groups(const LawData& data) const;
  std::size_t exponents(const LawData& data) const; ///< variables that are one
  bool tied_;
  Share share_;
};

} // namespace cascade::analysis
