#include "analysis/scaling/laws/two_resources.hpp"

#include <cmath>

namespace cascade::analysis {

int TwoResourcesLaw::groups(const LawData& data) const {
  return share_ == Share::all ? 1 : static_cast<int>(data.group_names.size());
}

std::string TwoResourcesLaw::unsuited(const LawData& data) const {
  if (data.log_n.empty() || data.log_d.empty())
    return "needs parameters and tokens";
  if (share_ != Share::all && data.group_names.size() < 2)
    return "needs groups";
  return variables(data) > most_law_variables ? "too many groups" : "";
}

int TwoResourcesLaw::variables(const LawData& data) const {
  const int g = groups(data);
  return (tied_ ? 1 : 2) + (share_ == Share::all_but_exponents ? 3 * g : 2 + g);
}

Jet TwoResourcesLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  if (!exponent_in_range(at[0]) || !exponent_in_range(at[tied_ ? 0 : 1]))
    return Jet(std::nan(""));
  const std::size_t first = tied_ ? 1 : 2;
  const auto g = share_ == Share::all ? std::size_t{0} : static_cast<std::size_t>(data.group[row]);
  const bool own = share_ == Share::all_but_exponents;
  const std::size_t a = own ? first + 3 * g : first, e = own ? a + 2 : first + 2 + g;
  const Jet size = at[a] - at[0] * data.log_n[row], tokens = at[a + 1] - at[tied_ ? 0 : 1] * data.log_d[row];
  return log_sum(at[e], log_sum(size, tokens));
}

std::vector<std::vector<double>> TwoResourcesLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  const double level = typical_log(data), floor = lowest_log(data);
  for (const double alpha : {0.1, 0.3, 0.6})
    for (const double beta : {0.1, 0.3, 0.6}) {
      if (tied_ && alpha != beta)
        continue;
      for (const double e : {floor - 0.2, floor - 1.5}) {
        std::vector<double> at{alpha};
        if (!tied_)
          at.push_back(beta);
        for (int g = 0; g < groups(data); ++g)
          if (g == 0 || share_ == Share::all_but_exponents)
            at.insert(at.end(), {level - 1.6, level - 1.6, e});
          else
            at.push_back(e);
        out.push_back(at);
      }
    }
  return out;
}

std::vector<LawNumber> TwoResourcesLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  const std::size_t first = tied_ ? 1 : 2, b = tied_ ? 0 : 1;
  std::vector<LawNumber> out{{"alpha", at[0], true, 0, false}};
  if (!tied_)
    out.push_back({"beta", at[1], true, 1, false});
  const auto name = [&](const char* what, int g) {
    return groups(data) > 1 ? std::string(what) + " " + data.group_names[static_cast<std::size_t>(g)]
                            : std::string(what);
  };
  for (int g = 0; g < groups(data); ++g) {
    const bool own = share_ == Share::all_but_exponents || g == 0;
    const std::size_t a = share_ == Share::all_but_exponents ? first + 3 * static_cast<std::size_t>(g) : first;
    const std::size_t e = share_ == Share::all_but_exponents ? a + 2 : first + 2 + static_cast<std::size_t>(g);
    if (own) {
      out.push_back({share_ == Share::all_but_exponents ? name("log A", g) : "log A", at[a] + at[0] * data.mean_n,
                     false, -1, false});
      out.push_back({share_ == Share::all_but_exponents ? name("log B", g) : "log B", at[a + 1] + at[b] * data.mean_d,
                     false, -1, false});
    }
    out.push_back({name("E", g), exp(at[e]), false, static_cast<int>(e), true});
  }
  return out;
}

} // namespace cascade::analysis
