// The answer in words. The first sentence says where alpha ~ 2h/d holds, where 4h/d, and how firmly the other is
// rejected.
#include "app/campaign/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace cascade::app {
namespace {

using Coefficients = std::vector<const SettingCoefficient*>;

std::string loss_text(double q) {
  return q == 2 ? "the mean-square loss" : q == 4 ? "the quartic loss" : fmt::format("the mean of |error|^{:g}", q);
}

std::string sigmas(double z) {
  return std::abs(z) > 1000 ? "more than 1000 standard errors" : fmt::format("{:.0f} standard errors", std::abs(z));
}

const theory::Judgement* judgement(const SettingCoefficient& c, double target) {
  for (const theory::Judgement& j : c.judgements)
    if (j.formula.value == target)
      return &j;
  return nullptr;
}

bool papers_own(const SettingCoefficient& c) {
  return c.labels.text("partition") == "adaptive" && c.labels.text("average") == "active";
}

/// "c = 2.0003 +- 0.0004 (degree 0), 2.0010 +- 0.0003 (degree 1)", with the setting where it is not the same in all.
std::string values(const Coefficients& group) {
  const bool mixed = std::any_of(group.begin(), group.end(), [&](const SettingCoefficient* c) {
    return c->labels.text("partition") != group.front()->labels.text("partition") ||
           c->labels.text("average") != group.front()->labels.text("average") || c->method != group.front()->method;
  });
  std::string text;
  for (const SettingCoefficient* c : group)
    text +=
        fmt::format("{}{:.4f} +- {:.4f} ({}degree {:g})", text.empty() ? "c = " : ", ", c->c.value, c->c.standard_error,
                    mixed ? fmt::format("{}, {} partition, {} average, ", c->method, c->labels.text("partition"),
                                        c->labels.text("average"))
                          : "",
                    c->labels.number("degree").value_or(0));
  return text;
}

/// One loss power: which c it has, and what becomes of the other.
std::string clause(double q, const Coefficients& group) {
  const std::string about = fmt::format("for {} ", loss_text(q));
  for (const SettingCoefficient* c : group)
    if (c->c.p_value < 1e-6)
      return about + fmt::format("no single c in alpha = c h/d describes the cases ({})", values(group));
  std::string rejected, open;
  double holds = 0;
  std::vector<double> targets{2, 4};
  if (q != 2 && q != 4)
    targets.push_back(q);
  for (const double target : targets) {
    double least = std::numeric_limits<double>::infinity(), most = 0;
    bool supported = true;
    for (const SettingCoefficient* c : group) {
      const theory::Judgement& j = *judgement(*c, target);
      least = std::min(least, std::abs(j.z));
      most = std::max(most, std::abs(j.z));
      supported = supported && j.group_verdict == Verdict::supported;
    }
    const std::string formula = fmt::format("{:g}h/d", target);
    if (supported)
      holds = target;
    else if (least > theory::rejected_above)
      rejected += (rejected.empty() ? "" : " and ") + formula + " is rejected by " + sigmas(least);
    else
      open += (open.empty() ? "" : ", ") + fmt::format("{} is undecided ({:.1f} standard errors off)", formula, most);
  }
  std::string text = about;
  text += holds > 0 ? fmt::format("alpha ~ {:g}h/d holds ({})", holds, values(group))
                    : fmt::format("{} in alpha = c h/d", values(group));
  if (!open.empty())
    text += "; " + open;
  if (!rejected.empty())
    text += (holds > 0 ? " and " : "; ") + rejected;
  return text;
}

/// Every setting whose law is c h/d, the paper's own first.
Coefficients chosen(const CampaignReport& report) {
  Coefficients all;
  for (const SettingCoefficient& c : report.coefficients)
    if (c.family == "all" && c.law_is_c && c.c.cases > 0)
      all.push_back(&c);
  std::stable_partition(all.begin(), all.end(), [](const SettingCoefficient* c) { return papers_own(*c); });
  return all;
}

/// One entry a degree: the setting with the most smooth cases.
std::string smooth_text(const CampaignReport& report) {
  std::map<int, const SmoothEnd*> best;
  for (const SmoothEnd& end : report.smooth_ends) {
    if (end.family != "all" || end.labels.number("loss_power") != 2.0)
      continue;
    const SmoothEnd*& kept = best[static_cast<int>(end.labels.number("degree").value_or(0))];
    if (kept == nullptr || end.c.cases > kept->c.cases)
      kept = &end;
  }
  std::string text;
  for (const auto& [degree, end] : best)
    text += fmt::format("{}{:.4f}/d +- {:.1g} with {} (law {:g}/d; {} cases)", text.empty() ? "" : ", ", end->c.value,
                        end->c.standard_error,
                        degree == 0   ? "constants"
                        : degree == 1 ? "straight pieces"
                                      : fmt::format("pieces of degree {}", degree),
                        end->expected, end->c.cases);
  return text.empty()
             ? ""
             : " Where the field is smoother than the pieces can use, the mean-square loss gives alpha = " + text + ".";
}

} // namespace

std::string headline(const CampaignReport& report) {
  const Coefficients settings = chosen(report);
  std::vector<double> powers;
  for (const SettingCoefficient* c : settings)
    if (const double q = c->labels.number("loss_power").value_or(2);
        std::find(powers.begin(), powers.end(), q) == powers.end())
      powers.push_back(q);
  std::string text;
  for (const double q : powers) {
    Coefficients group;
    for (const SettingCoefficient* c : settings)
      if (c->labels.number("loss_power").value_or(2) == q)
        group.push_back(c);
    text += (text.empty() ? "" : "; ") + clause(q, group);
  }
  if (text.empty())
    text = fmt::format("The {} cases hold no setting whose law is c h/d.", report.cases.size());
  else if (std::all_of(settings.begin(), settings.end(), [](const SettingCoefficient* c) { return papers_own(*c); }))
    text = "With adaptive pieces on the active set, " + text + ".";
  else
    text = "F" + text.substr(1) + "."; // "for ..."
  text += smooth_text(report);
  int covered = 0, judged = 0;
  std::size_t left_out = 0;
  for (const SettingCoefficient& c : report.coefficients)
    if (c.family == "all") {
      covered += c.covered;
      judged += c.judged;
    }
  for (const CaseRow& row : report.cases)
    for (const CaseAlpha& a : row.alphas)
      left_out += a.regime == "near saturation" ? 1 : 0;
  return text + fmt::format(" {} cases; {} of {} exponents have their law within the 95% interval; {} near saturation "
                            "were left out by rule.",
                            report.cases.size(), covered, judged, left_out);
}

} // namespace cascade::app
