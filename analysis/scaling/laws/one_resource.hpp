#pragma once
// Power laws in one resource, with a pedestal or without.

#include "analysis/scaling/laws/law.hpp"

namespace cascade::analysis {

/// L = A/x^alpha or E + A/x^alpha; x is N, D or C: the only one there is, or C where `of_compute`. Variables: log A at
/// the middle of the data, alpha, log E.
class OneResourceLaw final : public ScalingLaw {
public:
  explicit OneResourceLaw(bool pedestal, bool of_compute) : pedestal_(pedestal), of_compute_(of_compute) {}
  std::string unsuited(const LawData& data) const override;
  int variables(const LawData& data) const override;
  Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const override;
  std::vector<std::vector<double>> starts(const LawData& data) const override;
  std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const override;

private:
  const std::vector<double>& axis(const LawData& data) const;
  double mean(const LawData& data) const;
  bool pedestal_, of_compute_;
};

} // namespace cascade::analysis
