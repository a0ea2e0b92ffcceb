#include "analysis/scaling/laws/kaplan.hpp"

#include <cmath>

namespace cascade::analysis {

std::string KaplanLaw::unsuited(const LawData& data) const {
  return data.log_n.empty() || data.log_d.empty() ? "needs parameters and tokens" : "";
}

int KaplanLaw::variables(const LawData&) const {
  return 4;
}

Jet KaplanLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  return at[1] * log_sum(at[2] - at[0] / at[1] * data.log_n[row], at[3] - data.log_d[row]);
}

std::vector<std::vector<double>> KaplanLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  for (const double n : {0.05, 0.1, 0.25})
    for (const double d : {0.05, 0.1, 0.25})
      out.push_back({n, d, typical_log(data) / d - 0.7, typical_log(data) / d - 0.7});
  return out;
}

std::vector<LawNumber> KaplanLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  return {{"aN", at[0], true, 0, false},
          {"aD", at[1], true, 1, false},
          {"log Nc", at[2] * at[1] / at[0] + data.mean_n, false, -1, false},
          {"log Dc", at[3] + data.mean_d, false, -1, false}};
}

} // namespace cascade::analysis
