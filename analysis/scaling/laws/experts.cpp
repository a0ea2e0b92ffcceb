#include "analysis/scaling/laws/experts.hpp"

#include <cmath>

namespace cascade::analysis {

namespace {

// Where E_start is far above the numbers of experts, or E_max close to it, E' is the same in all rows but for a small
// part, and a, b, c and d grow without end to make a law of that: another family. It is kept out.
constexpr double largest_start = 32, least_range = 4;

Jet start_of_experts(const std::vector<Jet>& at) {
  return 1.0 / (exp(-at[4]) + 1 / largest_start);
}

} // namespace

std::string ExpertsLaw::unsuited(const LawData& data) const {
  return data.log_n.empty() || data.log_experts.empty() ? "needs parameters and a number of experts" : "";
}

int ExpertsLaw::variables(const LawData&) const {
  return saturating_ ? 6 : 4;
}

Jet ExpertsLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  const double ten = std::log(10.0), size = (data.log_n[row] + data.mean_n) / ten;
  Jet experts = data.log_experts[row] / ten;
  if (saturating_) {
    const Jet least = start_of_experts(at), most = least * (least_range + exp(at[5]));
    const Jet shifted = std::exp(data.log_experts[row]) - 1 + 1.0 / (1.0 / least - 1.0 / most);
    experts = -log(1.0 / shifted + 1.0 / most) / ten;
  }
  return ten * (at[0] * size + at[1] * experts + at[2] * (size * experts) + at[3]);
}

std::vector<std::vector<double>> ExpertsLaw::starts(const LawData& data) const {
  const double level = typical_log(data) / std::log(10.0);
  if (!saturating_)
    return {{-0.08, -0.1, 0.01, level + 0.7}};
  std::vector<std::vector<double>> out;
  for (const double least : {1.2, 3.0})
    for (const double most : {20.0, 100.0, 400.0})
      out.push_back({-0.08, -0.1, 0.01, level + 0.7, -std::log(1 / least - 1 / largest_start),
                     std::log(most / least - least_range)});
  return out;
}

std::vector<LawNumber> ExpertsLaw::numbers(const std::vector<Jet>& at, const LawData&) const {
  std::vector<LawNumber> out{{"a", at[0], true, 0, false},
                             {"b", at[1], true, 1, false},
                             {"c", at[2], true, 2, false},
                             {"d", at[3], true, 3, false}};
  if (saturating_) {
    out.push_back({"E_start", start_of_experts(at), false, -1, false});
    out.push_back({"E_max", start_of_experts(at) * (least_range + exp(at[5])), false, -1, false});
  }
  return out;
}

} // namespace cascade::analysis
