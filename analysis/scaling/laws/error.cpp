#include "analysis/scaling/laws/error.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

int ErrorLaw::groups(const LawData& data) const {
  return per_group_ ? static_cast<int>(data.group_names.size()) : 1;
}

std::string ErrorLaw::unsuited(const LawData& data) const {
  if (data.x.empty())
    return "needs errors beside losses";
  return per_group_ && data.group_names.size() < 2 ? "needs groups" : "";
}

int ErrorLaw::variables(const LawData& data) const {
  return sigmoid_ ? 4 : 2 + groups(data);
}

Jet ErrorLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  if (sigmoid_)
    return log(at[3] + (at[2] - at[3]) / (1.0 + exp(-exp(at[0]) * (data.x[row] - at[1]))));
  const Jet& top = at[2 + (per_group_ ? static_cast<std::size_t>(data.group[row]) : 0)];
  return log(top - exp(at[1] - exp(at[0]) * data.x[row]));
}

std::vector<std::vector<double>> ErrorLaw::starts(const LawData& data) const {
  double most = 0, least = data.response.front(), loss = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    most = std::fmax(most, data.response[i]);
    least = std::fmin(least, data.response[i]);
    loss += data.x[i] / static_cast<double>(data.size());
  }
  const double lowest_loss = *std::min_element(data.x.begin(), data.x.end());
  std::vector<std::vector<double>> out;
  for (const double gamma : {0.3, 0.8, 2.0})
    if (sigmoid_) {
      out.push_back({std::log(gamma), loss, most, most / 3});
    } else {
      // through the least error at the lowest loss: inside the law's domain at every row
      std::vector<double> at{std::log(gamma), std::log(1.05 * most - least) + gamma * lowest_loss};
      for (int g = 0; g < groups(data); ++g)
        at.push_back(1.05 * most);
      out.push_back(at);
    }
  return out;
}

std::vector<LawNumber> ErrorLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  if (sigmoid_)
    return {{"k", exp(at[0]), true, 0, true},
            {"L0", at[1], true, 1, false},
            {"eps", at[2], true, 2, false},
            {"low", at[3], true, 3, false}};
  std::vector<LawNumber> out{{"gamma", exp(at[0]), true, 0, true}, {"log k", at[1], true, 1, false}};
  for (int g = 0; g < groups(data); ++g)
    out.push_back({per_group_ ? "eps " + data.group_names[static_cast<std::size_t>(g)] : "eps",
                   at[2 + static_cast<std::size_t>(g)], true, 2 + g, false});
  return out;
}

} // namespace cascade::analysis
