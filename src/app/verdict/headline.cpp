#include "app/verdict/headline.hpp"

#include "app/verdict/answering.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cascade::app {
namespace {

/// "12 sigma", or what is as good as infinite.
std::string sigmas(double z) {
  return std::abs(z) > 1000 ? "more than 1000 sigma" : fmt::format("{:.0f} sigma", std::abs(z));
}

std::string headline_for(const Report& report, const Judged& judged) {
  const analysis::Result& r = judged.result;
  std::string text = fmt::format("For the mean of |error|^{:g} ({} partition, {} average, degree {:g}, {}) alpha = {}:",
                                 *r.labels.number("loss_power"), r.labels.text("partition"), r.labels.text("average"),
                                 *r.labels.number("degree"), r.method,
                                 core::with_error_text(r.measured.value, r.measured.standard_error));
  if (judged.verdict == Verdict::near_saturation)
    return text + " too close to the smooth limit for a verdict.";
  if (!may_decide(r))
    return text + fmt::format(" the fit is {}, and decides nothing.", to_text(r.status));
  std::string yes, no, open;
  int others = 0;
  double value = 0;
  for (const Hypothesis& h : report.hypotheses) {
    if (h.result != r.id)
      continue;
    const bool central = h.id == "4h/d" || h.id == "2h/d"; // the two this program was written to tell apart
    if (h.group_verdict == Verdict::supported) {
      yes += (yes.empty() ? "" : " = ") + h.id;
      value = h.predicted;
    } else if (h.group_verdict == Verdict::rejected && central) {
      no +=
          fmt::format("{}{} = {} ({} off)", no.empty() ? "" : ", ", h.id, core::number_text(h.predicted), sigmas(h.z));
    } else if (h.group_verdict == Verdict::rejected) {
      ++others;
    } else {
      open += fmt::format("{}{} = {}", open.empty() ? "" : ", ", h.id, core::number_text(h.predicted));
    }
  }
  text +=
      yes.empty() ? " no formula is supported" : fmt::format(" {} = {} is supported", yes, core::number_text(value));
  if (!no.empty())
    text += "; " + no + (no.find(',') == std::string::npos ? " is" : " are") + " rejected";
  if (others > 0)
    text += fmt::format("{}{} other formula{} {} rejected", no.empty() ? "; " : ", and ", others, others > 1 ? "s" : "",
                        others > 1 ? "are" : "is");
  if (!open.empty())
    text += "; undecided: " + open;
  return text + ".";
}

std::string nothing_judged(std::size_t results, int near_saturation, int without_range) {
  if (results == 0)
    return "Nothing was measured.";
  if (without_range > 0)
    return fmt::format("No exponent is judged: {} for want of a fit that decides{}.", without_range,
                       near_saturation > 0 ? ", the others too close to their smooth limit" : "");
  if (near_saturation > 0)
    return "No exponent is judged: those that have a law are too close to their smooth limit.";
  return "Nothing is judged: no law says what the measured values should be.";
}

} // namespace

std::string headline(const Report& report) {
  std::string text = report.answer.line();
  for (const Judged* j : headline_results(report))
    text += (text.empty() ? "" : " ") + headline_for(report, *j);
  int counted = 0, kept = 0, near = 0, without_range = 0;
  std::string failed;
  for (const Judged& j : report.results) {
    near += j.verdict == Verdict::near_saturation ? 1 : 0;
    if (j.verdict != Verdict::agrees && j.verdict != Verdict::rejected && j.verdict != Verdict::undecided)
      continue;
    if (!decides(j.result.status)) {
      ++without_range;
      continue;
    }
    ++counted;
    kept += j.verdict == Verdict::agrees ? 1 : 0;
    if (j.verdict == Verdict::rejected)
      failed += (failed.empty() ? "" : ", ") + j.result.id;
  }
  text += text.empty() ? "" : " ";
  if (counted == 0)
    return text + nothing_judged(report.results.size(), near, without_range);
  text += fmt::format("{} of {} measured exponents agree with their law within two standard errors", kept, counted);
  if (without_range > 0)
    text += fmt::format("; {} more {} not judged, for want of a fit that decides", without_range,
                        without_range > 1 ? "are" : "is");
  return text + (failed.empty() ? "." : "; the law fails for " + failed + ".");
}

} // namespace cascade::app
