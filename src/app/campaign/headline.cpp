// The answer in words. The first sentence says where alpha ~ 2h/d holds, where 4h/d, and how firmly the other is
// rejected.
#include "app/campaign/report.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace cascade::app {
namespace {

using Coefficients = std::vector<const SettingCoefficient*>;

std::string sigmas(double z) {
  return std::abs(z) > 1000 ? "more than 1000 standard errors" : fmt::format("{:.0f} standard errors", std::abs(z));
}

const theory::Judgement* judgement(const SettingCoefficient& c, double target) {
  for (const theory::Judgement& j : c.judgements)
    if (j.formula.value == target)
      return &j;
  return nullptr;
}

bool of_active(const SettingCoefficient& c, const std::string& partition) {
  return c.labels.text("partition") == partition && c.labels.text("average") == "active";
}

bool all_of_active(const Coefficients& settings, const std::string& partition) {
  return std::all_of(settings.begin(), settings.end(),
                     [&](const SettingCoefficient* c) { return of_active(*c, partition); });
}

/// "c = 2.0003 +- 0.0004 (degree 0), 2.0010 +- 0.0003 (degree 1)", with the setting where it is not the same in all.
std::string values(const Coefficients& group) {
  const bool mixed = std::any_of(group.begin(), group.end(), [&](const SettingCoefficient* c) {
    return c->labels.text("partition") != group.front()->labels.text("partition") ||
           c->labels.text("average") != group.front()->labels.text("average") || c->method != group.front()->method;
  });
  std::string text;
  for (const SettingCoefficient* c : group)
    text += fmt::format("{}{} ({}degree {:g})", text.empty() ? "c = " : ", ",
                        core::with_error_text(c->c.value, c->c.standard_error),
                        mixed ? fmt::format("{}, {} partition, {} average, ", c->method, c->labels.text("partition"),
                                            c->labels.text("average"))
                              : "",
                        c->labels.number("degree").value_or(0));
  return text;
}

/// One value of c against the settings of a loss power.
struct Target {
  double c = 0;
  bool supported = true, rejected = true;                           ///< in every setting
  double least = std::numeric_limits<double>::infinity(), most = 0; ///< standard errors away
  std::string formula() const { return fmt::format("{:g}h/d", c); }
};

std::vector<Target> targets_of(double q, const Coefficients& group) {
  std::vector<Target> targets{{2}, {4}};
  if (q != 2 && q != 4)
    targets.push_back({q});
  for (Target& t : targets)
    for (const SettingCoefficient* c : group) {
      const theory::Judgement& j = *judgement(*c, t.c);
      t.least = std::min(t.least, std::abs(j.z));
      t.most = std::max(t.most, std::abs(j.z));
      t.supported = t.supported && j.group_verdict == Verdict::supported;
      t.rejected = t.least > theory::rejected_above;
    }
  return targets;
}

bool one_coefficient(const Coefficients& group) {
  return std::none_of(group.begin(), group.end(), [](const SettingCoefficient* c) { return c->c.p_value < 1e-6; });
}

/// One loss power: which c it has, and what becomes of the other.
std::string clause(double q, const Coefficients& group) {
  const std::string about = fmt::format("for {} ", loss_name(q));
  if (!one_coefficient(group))
    return about + fmt::format("no single c in alpha = c h/d describes the cases ({})", values(group));
  std::string holds, rejected, open;
  for (const Target& t : targets_of(q, group))
    if (t.supported)
      holds = t.formula();
    else if (t.rejected)
      rejected += (rejected.empty() ? "" : " and ") + t.formula() + " is rejected by " + sigmas(t.least);
    else
      open +=
          (open.empty() ? "" : ", ") + fmt::format("{} is undecided ({:.1f} standard errors off)", t.formula(), t.most);
  std::string text = about;
  text += !holds.empty() ? fmt::format("alpha ~ {} holds ({})", holds, values(group))
                         : fmt::format("{} in alpha = c h/d", values(group));
  if (!open.empty())
    text += "; " + open;
  if (!rejected.empty())
    text += (!holds.empty() ? " and " : "; ") + rejected;
  return text;
}

/// "No for the mean-square loss: alpha = 2h/d, c = ..."
std::string plain_clause(double q, const Coefficients& group) {
  const std::string loss = loss_name(q);
  if (!one_coefficient(group))
    return fmt::format("Undecided for {}: no single c in alpha = c h/d describes the cases.", loss);
  const std::vector<Target> targets = targets_of(q, group);
  const Target& four = targets[1];
  const auto holding = std::find_if(targets.begin(), targets.end(), [](const Target& t) { return t.supported; });
  if (four.supported)
    return fmt::format("Yes for {}: {}.", loss, values(group));
  if (!four.rejected)
    return fmt::format("Undecided for {}: {}.", loss, values(group));
  return fmt::format("No for {}: {}{}.", loss, holding == targets.end() ? "" : "alpha = " + holding->formula() + ", ",
                     values(group));
}

/// Every setting whose law is c h/d, the paper's own first; the oracle's, which are told where the field is active,
/// where none finds it out.
Coefficients chosen(const CampaignReport& report) {
  Coefficients all;
  for (const SettingCoefficient& c : report.coefficients)
    if (c.family == "all" && c.law_is_c && c.c.cases > 0)
      all.push_back(&c);
  const auto papers_own = [](const std::string& partition) {
    return [partition](const SettingCoefficient* c) { return of_active(*c, partition); };
  };
  if (std::any_of(all.begin(), all.end(), papers_own("adaptive")))
    std::erase_if(all, papers_own("oracle"));
  std::stable_partition(all.begin(), all.end(), papers_own("oracle"));
  std::stable_partition(all.begin(), all.end(), papers_own("adaptive"));
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
    text += fmt::format("{}({})/d with {} (law {:g}/d; {} cases)", text.empty() ? "" : ", ",
                        core::with_error_text(end->c.value, end->c.standard_error),
                        degree == 0   ? "constants"
                        : degree == 1 ? "straight pieces"
                                      : fmt::format("pieces of degree {}", degree),
                        end->expected, end->c.cases);
  return text.empty()
             ? ""
             : " Where the field is smoother than the pieces can use, the mean-square loss gives alpha = " + text + ".";
}

/// The chosen settings by loss power, in the order in which they come.
std::vector<std::pair<double, Coefficients>> by_power(const Coefficients& settings) {
  std::vector<std::pair<double, Coefficients>> powers;
  for (const SettingCoefficient* c : settings) {
    const double q = c->labels.number("loss_power").value_or(2);
    auto known = std::find_if(powers.begin(), powers.end(), [&](const auto& power) { return power.first == q; });
    if (known == powers.end())
      known = powers.insert(known, {q, {}});
    known->second.push_back(c);
  }
  return powers;
}

/// Settings with laws of their own, none of them c h/d: "Yes: alpha is 0.9996 +- 0.0040 of adaptive(zeta) with
/// adaptive pieces (q = 2, degree 0), ...".
PlainAnswer answer_by_laws(const CampaignReport& report) {
  PlainAnswer answer;
  constexpr double close = 2; // standard errors
  std::size_t kept = 0;
  for (const SettingCoefficient& c : report.coefficients) {
    if (c.family != "all" || c.relative.cases == 0 || !std::isfinite(c.relative.value))
      continue;
    const bool holds = std::abs(c.relative.value - 1) <= close * c.relative.standard_error;
    kept += holds ? 1 : 0;
    answer.text += fmt::format(
        "{}{} of {} with {} pieces ({}q = {:g}, degree {:g}){}", answer.results.empty() ? "alpha is " : ", ",
        core::with_error_text(c.relative.value, c.relative.standard_error), c.law, c.labels.text("partition"),
        c.labels.text("average") == "active" ? "active set, " : "", c.labels.number("loss_power").value_or(2),
        c.labels.number("degree").value_or(0), holds ? "" : ", which is missed");
    answer.results.push_back(c.id);
  }
  if (answer.results.empty())
    return answer;
  answer.question = "Does alpha follow the law of its field?";
  answer.text = fmt::format("{}: {}. None of these laws is c h/d.",
                            kept == answer.results.size() ? "Yes"
                            : kept == 0                   ? "No"
                                                          : "Not everywhere",
                            answer.text);
  return answer;
}

} // namespace

PlainAnswer answer_campaign(const CampaignReport& report) {
  PlainAnswer answer;
  for (const auto& [q, group] : by_power(chosen(report))) {
    answer.text += (answer.text.empty() ? "" : " ") + plain_clause(q, group);
    for (const SettingCoefficient* c : group)
      answer.results.push_back(c->id);
  }
  if (answer.empty())
    return answer_by_laws(report);
  answer.question = "Is alpha = 4h/d?";
  return answer;
}

std::string headline(const CampaignReport& report) {
  const Coefficients settings = chosen(report);
  std::string text;
  for (const auto& [q, group] : by_power(settings))
    text += (text.empty() ? "" : "; ") + clause(q, group);
  if (text.empty())
    text = report.base.answer.empty()
               ? fmt::format("The {} cases hold no setting whose law is c h/d.", report.cases.size())
               : "";
  else if (all_of_active(settings, "adaptive"))
    text = "With adaptive pieces on the active set, " + text + ".";
  else if (all_of_active(settings, "oracle"))
    text = "With the active cells themselves as pieces, " + text + ".";
  else
    text = "F" + text.substr(1) + "."; // "for ..."
  if (!report.base.answer.empty())
    text = report.base.answer.line() + (text.empty() ? "" : " ") + text;
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
