#include "analysis/scaling/run_table.hpp"

#include <cmath>
#include <map>
#include <tuple>

namespace cascade::analysis {

RepeatedRuns repeated_runs(const RunTable& t) {
  std::map<std::tuple<double, double, double, double, int>, std::vector<double>> places;
  const auto at = [](const auto& v, std::size_t i) { return v.empty() ? 0 : v[i]; };
  for (std::size_t i = 0; i < t.size(); ++i)
    places[{at(t.params, i), at(t.tokens, i), t.compute_given ? t.compute[i] : 0, at(t.unique, i) + at(t.experts, i),
            at(t.group, i)}]
        .push_back(std::log(t.loss[i]));
  RepeatedRuns out;
  double squares = 0;
  int freedom = 0;
  for (const auto& [place, losses] : places) {
    if (losses.size() < 2)
      continue;
    ++out.places;
    out.rows += static_cast<int>(losses.size());
    double mean = 0;
    for (const double l : losses)
      mean += l / static_cast<double>(losses.size());
    for (const double l : losses)
      squares += (l - mean) * (l - mean);
    freedom += static_cast<int>(losses.size()) - 1;
  }
  out.sd = freedom > 0 ? std::sqrt(squares / freedom) : 0;
  return out;
}

} // namespace cascade::analysis
