#include "app/verdict/check.hpp"

#include "core/input/suggest.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::app {

namespace {

const Judged* find(const Report& report, const std::string& id) {
  const auto found =
      std::find_if(report.results.begin(), report.results.end(), [&](const Judged& j) { return j.result.id == id; });
  return found == report.results.end() ? nullptr : &*found;
}

std::string unknown_id(const Report& report, const std::string& id) {
  std::vector<std::string> ids;
  for (const Judged& judged : report.results)
    ids.push_back(judged.result.id);
  return fmt::format("check: no result '{}'", id) + core::suggestion(id, ids) +
         fmt::format("; there are: {}", fmt::join(ids, ", "));
}

} // namespace

void judge(const CheckSection& check, Report& report) {
  bool failed = false;
  for (const CheckLine& expected : check.expect) {
    Check line{expected.id, std::numeric_limits<double>::quiet_NaN(), expected.value.value_or(0), *expected.tolerance,
               false};
    const Judged* found = find(report, expected.id);
    if (found == nullptr) {
      report.warnings.push_back(unknown_id(report, expected.id));
    } else if (!expected.value && !found->predicted) {
      report.warnings.push_back(fmt::format("check: result '{}' has no prediction; give a value", expected.id));
    } else {
      line.measured = found->result.measured.value;
      line.expected = expected.value ? *expected.value : found->predicted->value;
      line.passed = std::isfinite(line.measured) && std::abs(line.measured - line.expected) <= line.tolerance;
    }
    failed = failed || !line.passed;
    report.checks.push_back(line);
  }
  if (failed && report.exit_code == static_cast<int>(core::ExitCode::complete))
    report.exit_code = static_cast<int>(core::ExitCode::check_failed);
}

} // namespace cascade::app
