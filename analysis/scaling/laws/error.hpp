#pragma once
// Downstream error as a function of loss.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// error = eps_g - k exp(-gamma L), eps of each group or of all (Gadre et al. (2024), eq. 5), or `sigmoid`: error = low
/// + (eps - low)/(1 + exp(-k (L - L0))). Variables: log gamma, log k, eps; or log k, L0, eps, low.
class ErrorLaw final : public ScalingLaw {
public:
  explicit ErrorLaw(bool sigmoid, bool per_group = false) : sigmoid_(sigmoid), per_group_(per_group) {}
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;

private:
  int groups(const LawData& data) const;
  bool sigmoid_, per_group_;
};

} // namespace cascade::analysis
