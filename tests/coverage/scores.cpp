#include "tests/coverage/scores.hpp"

#include <fmt/format.h>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>

namespace cascade::coverage {
namespace {

double median(std::vector<double> values) {
  if (values.empty())
    return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Score score_of(const std::string& quantity, const std::vector<const Interval*>& intervals) {
  Score score;
  score.quantity = quantity;
  std::vector<double> deviations, errors;
  double sum = 0, squares = 0;
  for (const Interval* interval : intervals) {
    ++score.inputs;
    if (!interval->answered)
      continue;
    ++score.answered;
    score.covered += interval->low <= interval->truth && interval->truth <= interval->high;
    // an open interval has no error: it rejects nothing
    const double z = std::isinf(interval->error) ? 0 : (interval->value - interval->truth) / interval->error;
    score.rejected += !(std::abs(z) <= 5);
    sum += z;
    squares += z * z;
    deviations.push_back(std::abs(interval->value - interval->truth));
    errors.push_back(interval->error);
  }
  const double n = score.answered;
  score.bias = sum / n;
  score.error_to_scatter = 1 / std::sqrt((squares - n * score.bias * score.bias) / (n - 1));
  score.typical_deviation = median(deviations);
  score.typical_error = median(errors);
  return score;
}

} // namespace

std::vector<Score> scores(const std::vector<std::vector<Interval>>& inputs) {
  std::vector<std::string> order;
  for (const auto& input : inputs)
    for (const Interval& interval : input)
      if (std::find(order.begin(), order.end(), interval.quantity) == order.end())
        order.push_back(interval.quantity);
  std::vector<Score> result;
  for (const std::string& quantity : order) {
    std::vector<const Interval*> intervals;
    for (const auto& input : inputs)
      for (const Interval& interval : input)
        if (interval.quantity == quantity)
          intervals.push_back(&interval);
    result.push_back(score_of(quantity, intervals));
  }
  return result;
}

bool too_few(const Score& score, double wanted) {
  if (score.answered == 0)
    return false;
  return gsl_cdf_binomial_P(static_cast<unsigned>(score.covered), wanted, static_cast<unsigned>(score.answered)) <
         0.001;
}

std::string table_head() {
  return "| kind | quantity | covered | share | no range | rejected | bias/error | error/scatter | deviation | error "
         "|\n"
         "|---|---|---|---|---|---|---|---|---|---|\n";
}

std::string table_row(const std::string& kind, const Score& score) {
  const std::string counts = fmt::format("| {} | {} | {}/{} ", kind, score.quantity, score.covered, score.answered),
                    others = fmt::format("| {} | {} ", score.inputs - score.answered, score.rejected);
  if (score.answered < 2) // nothing scatters
    return counts + "| - " + others + "| - | - | - | - |\n";
  const auto text = [](const char* form, double v) { // open intervals have no error, exact ones no scatter
    return std::isfinite(v) ? fmt::format(fmt::runtime(form), v) : std::string("-");
  };
  return counts + fmt::format("| {:.3f} ", static_cast<double>(score.covered) / score.answered) + others +
         fmt::format("| {} | {} | {} | {} |\n", text("{:+.2f}", score.bias), text("{:.2f}", score.error_to_scatter),
                     text("{:.4f}", score.typical_deviation), text("{:.4f}", score.typical_error));
}

} // namespace cascade::coverage
