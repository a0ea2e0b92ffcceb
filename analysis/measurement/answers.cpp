#include "analysis/measurement/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace cascade::analysis {
namespace {

constexpr std::array<std::pair<Way, const char*>, 3> ways{
    {{Way::blind, "blind"}, {Way::curve, "curve"}, {Way::plain, "plain"}}};
constexpr std::array<std::pair<Evidence, const char*>, 4> evidences{{{Evidence::counted, "counted"},
                                                                     {Evidence::geometry, "geometry"},
                                                                     {Evidence::generators_curve, "generator's curve"},
                                                                     {Evidence::theory, "theory"}}};

template <class Named, class T>
const char* name_in(const Named& table, T value) {
  for (const auto& [known, name] : table)
    if (known == value)
      return name;
  return "";
}

template <class Named>
auto value_in(const Named& table, const std::string& text) {
  for (const auto& [known, name] : table)
    if (text == name)
      return known;
  throw std::invalid_argument(fmt::format("'{}' is not in this list", text));
}

} // namespace

const char* to_text(Way way) {
  return name_in(ways, way);
}

Way way_from_text(const std::string& text) {
  return value_in(ways, text);
}

const char* to_text(Evidence evidence) {
  return name_in(evidences, evidence);
}

Evidence evidence_from_text(const std::string& text) {
  return value_in(evidences, text);
}

Answer answer_of(const ExponentFit& fit) {
  Answer answer;
  answer.measured = {fit.exponent, fit.standard_error, {fit.interval95[0], fit.interval95[1]}};
  answer.model = fit.model;
  answer.points = fit.points;
  answer.chi2_per_dof = fit.chi2_per_dof.value_or(std::numeric_limits<double>::quiet_NaN());
  answer.p_value = fit.p_value.value_or(std::numeric_limits<double>::quiet_NaN());
  answer.octaves = fit.octaves;
  answer.widened_by = fit.widening;
  answer.status = fit.status;
  answer.reason = fit.reason;
  answer.fitted = fit.curve;
  return answer;
}

Answer no_answer(const std::string& reason) {
  Answer answer;
  answer.status = FitStatus::no_range;
  answer.reason = reason;
  return answer;
}

Answer linear(Answer answer, double factor, double offset) {
  answer.measured.value = factor * answer.measured.value + offset;
  answer.measured.standard_error *= std::abs(factor);
  for (double& end : answer.measured.interval95)
    end = factor * end + offset;
  if (factor < 0)
    std::reverse(answer.measured.interval95.begin(), answer.measured.interval95.end());
  return answer;
}

Answer at_most(Answer answer, double most) {
  if (answer.measured.value > most) {
    answer.reason = fmt::format("{:.4g} was measured, beyond the smooth limit {:g}", answer.measured.value, most);
    for (double& end : answer.measured.interval95)
      end -= answer.measured.value - most;
    answer.measured.value = most;
    answer.evidence = Evidence::theory;
  }
  for (double& end : answer.measured.interval95)
    end = std::min(end, most);
  return answer;
}

std::optional<double> sigmas_apart(const Answers& answers, Way a, Way b) {
  const auto one = answers.find(a), other = answers.find(b);
  if (one == answers.end() || other == answers.end() || !one->second.decisive() || !other->second.decisive())
    return std::nullopt;
  const Measured &x = one->second.measured, &y = other->second.measured;
  return std::abs(x.value - y.value) / std::hypot(x.standard_error, y.standard_error);
}

} // namespace cascade::analysis
