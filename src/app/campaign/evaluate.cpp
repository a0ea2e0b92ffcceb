// From the cases' reports to coefficients. The regime of a case is decided by its declared theory alone.
#include "analysis/approximation/loss_setting.hpp"
#include "app/campaign/report.hpp"
#include "app/verdict/check.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/errors.hpp"
#include "theory/beta_law.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* every_family = "all";

/// docs/theory.md, "Exponents of a piecewise fit": where the law follows h, where it is the smooth one, and the margin
/// between, in which the crossover takes too many octaves.
std::string regime_of(const std::optional<theory::BetaLaw>& law, const theory::LossSetting& s) {
  const auto alpha = law ? theory::predicted_alpha(*law, s) : std::nullopt;
  if (!alpha)
    return "no law";
  if (theory::alpha_near_saturation(*law, s))
    return "near saturation";
  return alpha->id.starts_with("q*k") ? "smooth" : "rough";
}

/// The labels that apply: a campaign's tables have no column for the others.
analysis::Labels applying(const analysis::Labels& labels) {
  analysis::Labels out;
  for (const analysis::Label& label : labels)
    if (label.applies())
      out.set(label.name, label.value);
  return out;
}

CaseAlpha alpha_of(const Judged& judged, const std::optional<theory::BetaLaw>& law, bool multifractal) {
  const analysis::Result& r = judged.result;
  CaseAlpha a;
  a.id = r.id;
  a.method = r.method;
  a.labels = applying(r.labels);
  a.alpha = r.measured.value;
  a.standard_error = r.measured.standard_error;
  a.statistical = r.fit.statistical_error;
  a.systematic = r.fit.systematic_error;
  a.interval95 = r.measured.interval95;
  a.law = judged.predicted ? judged.predicted->value : std::numeric_limits<double>::quiet_NaN();
  a.formula = judged.predicted ? judged.predicted->formula : "";
  a.z = judged.z.value_or(std::numeric_limits<double>::quiet_NaN());
  a.verdict = judged.verdict;
  a.note = r.fit.note;
  if (judged.predicted && multifractal) // a multifractal's: known case by case, whatever d and h it lacks
    a.regime = judged.verdict == Verdict::near_saturation ? "near saturation" : "rough";
  else
    a.regime = judged.predicted ? regime_of(law, analysis::loss_setting(a.labels)) : "no law";
  return a;
}

/// Every alpha of one setting, with its case.
struct Member {
  std::size_t number = 0;
  const CaseRow* row = nullptr;
  const CaseAlpha* alpha = nullptr;
};

struct Group {
  std::string family, result;
  std::vector<Member> members;
};

/// All settings of all families together, then of each family alone, in the order in which they first appear.
std::vector<Group> groups_of(const std::vector<CaseRow>& rows) {
  std::vector<std::string> families;
  for (const CaseRow& row : rows)
    if (std::find(families.begin(), families.end(), row.family) == families.end())
      families.push_back(row.family);
  std::vector<Group> groups;
  const auto add = [&](const std::string& family, const Member& member) {
    const auto same = [&](const Group& g) { return g.family == family && g.result == member.alpha->id; };
    auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end())
      found = groups.insert(groups.end(), Group{family, member.alpha->id, {}});
    found->members.push_back(member);
  };
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const CaseAlpha& a : rows[i].alphas)
      add(every_family, {i, &rows[i], &a});
  for (std::size_t i = 0; families.size() > 1 && i < rows.size(); ++i)
    for (const CaseAlpha& a : rows[i].alphas)
      add(rows[i].family, {i, &rows[i], &a});
  return groups;
}

bool measured(const Member& m) {
  return std::isfinite(m.alpha->alpha) && std::isfinite(m.alpha->statistical) && std::isfinite(m.alpha->systematic);
}

template <class Abscissa>
Coefficient fit(const std::vector<Member>& members, const std::string& regime, const Abscissa& x) {
  std::vector<CoefficientPoint> points;
  for (const Member& m : members)
    if (m.alpha->regime == regime)
      points.push_back({x(m), m.alpha->alpha, m.alpha->statistical, m.alpha->systematic});
  return fit_coefficient(points);
}

SettingCoefficient coefficient_of(const Group& group) {
  SettingCoefficient out;
  const CaseAlpha& first = *group.members.front().alpha;
  out.family = group.family;
  out.result = group.result;
  out.id = group.family + "/" + group.result;
  out.method = first.method;
  out.labels = first.labels;
  const double q = first.labels.number("loss_power").value_or(2);
  const auto h_over_d = [](const Member& m) { return m.row->hurst / m.row->dimension; };
  out.c = fit(group.members, "rough", h_over_d);
  out.relative = fit(group.members, "rough", [](const Member& m) { return m.alpha->law; });
  out.law_is_c = true;
  for (const Member& m : group.members) {
    out.near_saturation += m.alpha->regime == "near saturation" ? 1 : 0;
    out.smooth += m.alpha->regime == "smooth" ? 1 : 0;
    if (m.alpha->regime != "rough" || !measured(m))
      continue;
    out.law_is_c = out.law_is_c && std::isfinite(h_over_d(m)) && std::abs(m.alpha->law - q * h_over_d(m)) < 1e-9;
    if (out.law.find(m.alpha->formula) == std::string::npos)
      out.law += (out.law.empty() ? "" : ", ") + m.alpha->formula;
    if (!m.alpha->note.empty() && std::find(out.notes.begin(), out.notes.end(), m.alpha->note) == out.notes.end())
      out.notes.push_back(m.alpha->note);
    if (m.alpha->interval95.size() == 2) {
      ++out.judged;
      out.covered += m.alpha->interval95[0] <= m.alpha->law && m.alpha->law <= m.alpha->interval95[1] ? 1 : 0;
    }
  }
  if (out.law_is_c)
    out.judgements = theory::judge({{"2h/d", 2}, {"4h/d", 4}, {"q*h/d", q}}, out.c.value, out.c.standard_error, false);
  return out;
}

SmoothEnd smooth_end_of(const Group& group) {
  SmoothEnd out;
  const CaseAlpha& first = *group.members.front().alpha;
  out.family = group.family;
  out.result = group.result;
  out.id = group.family + "/" + group.result;
  out.method = first.method;
  out.labels = first.labels;
  out.expected = first.labels.number("loss_power").value_or(2) * (first.labels.number("degree").value_or(0) + 1);
  out.c = fit(group.members, "smooth", [&](const Member& m) { return m.alpha->law / out.expected; });
  out.z = (out.c.value - out.expected) / out.c.standard_error;
  for (const Member& m : group.members)
    out.cases.push_back(m.number);
  return out;
}

/// Coefficients as results, so that the input's expectations are judged as those of a single run.
void judge_expectations(const Campaign& campaign, CampaignReport& report) {
  Report lines;
  lines.exit_code = report.base.exit_code;
  const auto add = [&](const std::string& id, double value, std::optional<double> predicted) {
    analysis::Result r;
    r.id = id;
    r.measured.value = value;
    lines.results.push_back(predicted ? judged(std::move(r), {*predicted, ""}) : unjudged(std::move(r)));
  };
  for (const SettingCoefficient& c : report.coefficients) {
    add("coefficient/" + c.id, c.c.value, c.law_is_c ? c.labels.number("loss_power") : std::nullopt);
    add("relative/" + c.id, c.relative.value, 1.0);
  }
  for (const SmoothEnd& end : report.smooth_ends)
    add("smooth/" + end.id, end.c.value, end.expected);
  judge(campaign.check, lines);
  report.base.checks = lines.checks;
  report.base.exit_code = lines.exit_code;
  for (const std::string& warning : lines.warnings)
    report.base.warnings.push_back(warning);
}

} // namespace

CaseRow case_row(const SweepCase& sweep, const Json& json) {
  const auto damaged = [&](const std::exception& e) {
    return core::Error(
        core::ExitCode::io_failure,
        fmt::format("case {}: its report.json lacks something: {}; remove the case's folder and --resume", sweep.name,
                    e.what()));
  };
  try {
    const Report report = report_from_json(json);
    CaseRow row;
    row.name = sweep.name;
    row.family = sweep.family.empty() ? every_family : sweep.family;
    for (const core::Setting& s : sweep.values)
      row.swept.emplace_back(s.key, s.value);
    row.generator = Json::parse(report.run.config_json).at("field").at("generator").get<std::string>();
    row.embedding_dimension = report.theory.embedding_dimension;
    row.dimension = report.theory.dimension;
    row.hurst = report.theory.hurst;
    row.wall_seconds = report.run.wall_seconds;
    row.peak_bytes_per_rank = report.run.peak_bytes_per_rank;
    std::optional<theory::BetaLaw> law; // none where nothing was promised: d and h are null in the case's report
    if (std::isfinite(row.dimension) && std::isfinite(row.hurst))
      law.emplace(report.theory.embedding_dimension, row.dimension, row.hurst, "");
    for (const Judged& judged : report.results)
      if (judged.result.quantity == "alpha")
        row.alphas.push_back(alpha_of(judged, law, std::isfinite(row.dimension) && !std::isfinite(row.hurst)));
    return row;
  } catch (const Json::exception& e) {
    throw damaged(e);
  } catch (const std::invalid_argument& e) {
    throw damaged(e);
  }
}

CampaignReport evaluate(const Campaign& campaign, std::vector<CaseRow> rows) {
  CampaignReport report;
  report.cases = std::move(rows);
  for (const Group& group : groups_of(report.cases)) {
    const auto has = [&](const char* regime) {
      return std::any_of(group.members.begin(), group.members.end(),
                         [&](const Member& m) { return m.alpha->regime == regime && measured(m); });
    };
    if (has("rough"))
      report.coefficients.push_back(coefficient_of(group));
    if (has("smooth"))
      report.smooth_ends.push_back(smooth_end_of(group));
    for (const Member& m : group.members)
      if (!measured(m) && group.family == every_family)
        report.base.warnings.push_back(
            fmt::format("case {}: {} has no value with an error; it is left out", m.row->name, m.alpha->id));
  }
  for (const CaseRow& row : report.cases)
    if (row.alphas.empty())
      report.base.warnings.push_back(fmt::format("case {}: no exponent alpha was measured; see its report", row.name));
  report.base.task = "campaign";
  report.base.answer = answer_campaign(report);
  report.base.verdict = headline(report);
  if (campaign.checking)
    judge_expectations(campaign, report);
  return report;
}

} // namespace cascade::app
