#include "analysis/scaling/laws/two_resources.hpp"

#include <cmath>

namespace cascade::analysis {
namespace {

bool both(const LawData& data) {
  return !data.log_n.empty() && !data.log_d.empty();
}

const std::vector<double>& first_axis(const LawData& data) {
  return !data.log_n.empty() ? data.log_n : !data.log_d.empty() ? data.log_d : data.log_c;
}

double first_mean(const LawData& data) {
  return !data.log_n.empty() ? data.mean_n : !data.log_d.empty() ? data.mean_d : data.mean_c;
}

/// Amplitudes of a group.
std::size_t terms(const LawData& data) {
  return both(data) ? 2 : 1;
}

} // namespace

int TwoResourcesLaw::groups(const LawData& data) const {
  return share_ == Share::all ? 1 : static_cast<int>(data.group_names.size());
}

std::size_t TwoResourcesLaw::exponents(const LawData& data) const {
  return tied_ || !both(data) ? 1 : 2;
}

std::string TwoResourcesLaw::unsuited(const LawData& data) const {
  if (share_ == Share::all && !both(data))
    return "needs parameters and tokens";
  if (first_axis(data).empty())
    return "needs parameters, tokens or compute";
  if (share_ != Share::all && data.group_names.size() < 2)
    return "needs groups";
  return variables(data) > most_law_variables ? "too many groups" : "";
}

int TwoResourcesLaw::variables(const LawData& data) const {
  const int g = groups(data), amplitudes = static_cast<int>(terms(data));
  return static_cast<int>(exponents(data)) +
         (share_ == Share::all_but_exponents ? (amplitudes + 1) * g : amplitudes + g);
}

Jet TwoResourcesLaw::log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const {
  const std::size_t first = exponents(data), second = first - 1, amplitudes = terms(data);
  if (!exponent_in_range(at[0]) || !exponent_in_range(at[second]))
    return Jet(std::nan(""));
  const auto g = share_ == Share::all ? std::size_t{0} : static_cast<std::size_t>(data.group[row]);
  const bool own = share_ == Share::all_but_exponents;
  const std::size_t a = own ? first + (amplitudes + 1) * g : first;
  const Jet& e = at[own ? a + amplitudes : first + amplitudes + g];
  const Jet size = at[a] - at[0] * first_axis(data)[row];
  if (amplitudes == 1)
    return log_sum(e, size);
  return log_sum(e, log_sum(size, at[a + 1] - at[second] * data.log_d[row]));
}

std::vector<std::vector<double>> TwoResourcesLaw::starts(const LawData& data) const {
  std::vector<std::vector<double>> out;
  const double level = typical_log(data), floor = lowest_log(data);
  for (const double alpha : {0.1, 0.3, 0.6})
    for (const double beta : {0.1, 0.3, 0.6}) {
      if (exponents(data) == 1 && alpha != beta)
        continue;
      for (const double e : {floor - 0.2, floor - 1.5}) {
        std::vector<double> at{alpha};
        if (exponents(data) == 2)
          at.push_back(beta);
        for (int g = 0; g < groups(data); ++g) {
          if (g == 0 || share_ == Share::all_but_exponents)
            at.insert(at.end(), terms(data), level - 1.6);
          at.push_back(e);
        }
        out.push_back(at);
      }
    }
  return out;
}

std::vector<LawNumber> TwoResourcesLaw::numbers(const std::vector<Jet>& at, const LawData& data) const {
  const std::size_t first = exponents(data), b = first - 1, amplitudes = terms(data);
  std::vector<LawNumber> out{{"alpha", at[0], true, 0, false}};
  if (first == 2)
    out.push_back({"beta", at[1], true, 1, false});
  const bool all_own = share_ == Share::all_but_exponents;
  const auto name = [&](const char* what, int g) {
    return groups(data) > 1 ? std::string(what) + " " + data.group_names[static_cast<std::size_t>(g)]
                            : std::string(what);
  };
  for (int g = 0; g < groups(data); ++g) {
    const std::size_t a = all_own ? first + (amplitudes + 1) * static_cast<std::size_t>(g) : first;
    const std::size_t e = all_own ? a + amplitudes : first + amplitudes + static_cast<std::size_t>(g);
    if (all_own || g == 0) {
      out.push_back({all_own ? name("log A", g) : "log A", at[a] + at[0] * first_mean(data), false, -1, false});
      if (amplitudes == 2)
        out.push_back({all_own ? name("log B", g) : "log B", at[a + 1] + at[b] * data.mean_d, false, -1, false});
    }
    out.push_back({name("E", g), exp(at[e]), false, static_cast<int>(e), true});
  }
  return out;
}

} // namespace cascade::analysis
