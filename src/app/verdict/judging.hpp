#pragma once
// From measured to judged results.

#include "app/report/judged.hpp"

#include <vector>

namespace cascade::app {

/// Not where the fit behind the value is pinned, failed or without a range.
bool may_decide(const analysis::Result& result);

/// Beside its prediction: z in units of max(standard error, least_error), since an exponent that is exact by
/// construction has no spread; the verdict of theory::verdict_of, undecided where the error or the prediction is not a
/// number, and, without a z, where the fit may not decide.
Judged judged(analysis::Result result, Prediction predicted, double least_error = 1e-6, bool near_saturation = false);

/// Where measured and predicted share a part of their scatter, and z is known better.
Judged judged_at(analysis::Result result, Prediction predicted, double z);

/// With nothing predicted: not judged, or whatever else is known of the value.
Judged unjudged(analysis::Result result, Verdict verdict = Verdict::not_judged);
std::vector<Judged> unjudged(std::vector<analysis::Result> results);

} // namespace cascade::app
