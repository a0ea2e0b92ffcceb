#include "analysis/scaling/laws/broken.hpp"

#include <cmath>
#include <set>

namespace cascade::analysis {

namespace {

const std::vector<double>& broken_axis(const LawData& data) {
  return !data.log_n.empty() ? data.log_n : !data.log_d.empty() ? data.log_d : data.log_c;
}

} // namespace

std::string BrokenLaw::unsuited(const LawData& data) const {
  if (broken_axis(data).empty())
    return "no resource in the table";
  if (!data.log_n.empty() && !data.log_d.empty())
    return "the table has two resources";
  const std::vector<double>& x = broken_axis(data);
  // seeds at few sizes are no more of them: six numbers fit five means whatever the first slope is
  return std::set<double>(x.begin(), x.end()).size() < 8 ? "fewer than eight different x" : "";
}

int BrokenLaw::variables(const LawData&) const {
  return 6;
}

Jet BrokenLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  if (!exponent_in_range(at[0]) || !exponent_in_range(at[1]))
    return Jet(std::nan(""));
  const double x = broken_axis(data)[row];
  const Jet sharp = exp(at[4]);
  return log_sum(at[5], at[2] - at[0] * x - at[1] * sharp * log_sum(Jet(0), (x - at[3]) / sharp));
}

std::vector<std::vector<double>> BrokenLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  const double level = typical_log(data), floor = lowest_log(data);
  double low = 0, high = 0;
  for (const double x : broken_axis(data)) {
    low = std::fmin(low, x);
    high = std::fmax(high, x);
  }
  for (const double place : {0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}) {
    out.push_back({0.1, 4.0, level - 0.1, low + place * (high - low), std::log(0.1), floor - 0.1}); // a sudden drop
    for (const double sharp : {0.05, 0.3, 1.0})
      for (const double c1 : {0.4, -0.2})
        out.push_back({0.4, c1, level - 0.7, low + place * (high - low), std::log(sharp), floor - 0.3});
  }
  return out;
}

std::vector<LawNumber> BrokenLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  const double mean = !data.log_n.empty() ? data.mean_n : !data.log_d.empty() ? data.mean_d : data.mean_c;
  return {{"c0", at[0], true, 0, false},
          {"c1", at[1], true, 1, false},
          {"log B", at[2] + at[0] * mean, false, -1, false},
          {"log d1", at[3] + mean, false, -1, false},
          {"f1", exp(at[4]), false, 4, true},
          {"E", exp(at[5]), false, 5, true}};
}

} // namespace cascade::analysis
