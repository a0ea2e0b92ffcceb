#include "app/verdict/judging.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cascade::app {

bool may_decide(const analysis::Result& result) {
  return analysis::decides(result.status);
}

Judged judged(analysis::Result result, Prediction predicted, double least_error, bool near_saturation) {
  Judged j = unjudged(std::move(result));
  if (!may_decide(j.result)) {
    j.predicted = std::move(predicted);
    j.verdict = Verdict::undecided;
    return j;
  }
  const double error = j.result.measured.standard_error;
  j.z = (j.result.measured.value - predicted.value) / std::max(error, least_error);
  const bool usable = std::isfinite(error) && std::isfinite(predicted.value);
  j.verdict = usable ? theory::verdict_of(*j.z, near_saturation) : Verdict::undecided;
  j.predicted = std::move(predicted);
  return j;
}

Judged judged_at(analysis::Result result, Prediction predicted, double z) {
  Judged j = unjudged(std::move(result), theory::verdict_of(z, false));
  j.z = z;
  j.predicted = std::move(predicted);
  return j;
}

Judged unjudged(analysis::Result result, Verdict verdict) {
  Judged j;
  j.result = std::move(result);
  j.verdict = verdict;
  return j;
}

std::vector<Judged> unjudged(std::vector<analysis::Result> results) {
  std::vector<Judged> list;
  for (analysis::Result& result : results)
    list.push_back(unjudged(std::move(result)));
  return list;
}

} // namespace cascade::app
