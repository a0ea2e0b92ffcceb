#include "analysis/scaling/laws/one_resource.hpp"

#include <cmath>

namespace cascade::analysis {

const std::vector<double>& OneResourceLaw::axis(const LawData& data) const {
  return of_compute_ ? data.log_c : !data.log_n.empty() ? data.log_n : !data.log_d.empty() ? data.log_d : data.log_c;
}

double OneResourceLaw::mean(const LawData& data) const {
  return of_compute_           ? data.mean_c
         : !data.log_n.empty() ? data.mean_n
         : !data.log_d.empty() ? data.mean_d
                               : data.mean_c;
}

std::string OneResourceLaw::unsuited(const LawData& data) const {
  if (axis(data).empty())
    return "no such resource in the table";
  return !of_compute_ && !data.log_n.empty() && !data.log_d.empty() ? "the table has two resources" : "";
}

int OneResourceLaw::variables(const LawData&) const {
  return pedestal_ ? 3 : 2;
}

Jet OneResourceLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  if (!exponent_in_range(at[1]))
    return Jet(std::nan(""));
  const Jet term = at[0] - at[1] * axis(data)[row];
  return pedestal_ ? log_sum(at[2], term) : term;
}

std::vector<std::vector<double>> OneResourceLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  for (const double alpha : {0.05, 0.15, 0.3, 0.6, 1.2}) {
    const double level = typical_log(data);
    out.push_back(pedestal_ ? std::vector<double>{level - 1, alpha, lowest_log(data) - 0.2}
                            : std::vector<double>{level, alpha});
  }
  return out;
}

std::vector<LawNumber> OneResourceLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  std::vector<LawNumber> out{{"alpha", at[1], true, 1, false}, {"log A", at[0] + at[1] * mean(data), false, -1, false}};
  if (pedestal_)
    out.push_back({"E", exp(at[2]), false, 2, true});
  return out;
}

} // namespace cascade::analysis
