#include "analysis/fit/fit_status.hpp"

namespace cascade::analysis {

const char* to_text(FitStatus status) {
  switch (status) {
  case FitStatus::good:
    return "good";
  case FitStatus::widened:
    return "widened";
  case FitStatus::no_range:
    return "no range";
  case FitStatus::pinned:
    return "pinned";
  case FitStatus::failed:
    return "failed";
  }
  return "good";
}

bool decides(FitStatus status) {
  return status == FitStatus::good || status == FitStatus::widened;
}

} // namespace cascade::analysis
