// report.json of a campaign, schema "cascade-campaign/1" (docs/campaigns.md). Names may be added, never changed.
#include "app/campaign/report.hpp"
#include "app/report/result_json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <set>

namespace cascade::app {
namespace {

using Json = nlohmann::ordered_json;

Json coefficient(const Coefficient& c) {
  return {{"value", json_number(c.value)},
          {"standard_error", json_number(c.standard_error)},
          {"statistical_error", json_number(c.statistical)},
          {"systematic_error", json_number(c.systematic)},
          {"scale", json_number(c.scale)},
          {"chi2_per_dof", json_number(c.chi2_per_dof)},
          {"p_value", json_number(c.p_value)},
          {"cases", c.cases}};
}

Json setting(const SettingCoefficient& c) {
  Json judgements = Json::array();
  for (const theory::Judgement& j : c.judgements)
    judgements.push_back({{"formula", j.formula.id},
                          {"c", json_number(j.formula.value)},
                          {"z", json_number(j.z)},
                          {"verdict", to_text(j.verdict)},
                          {"group_verdict", to_text(j.group_verdict)}});
  const std::string note =
      c.law_is_c ? "the law of this setting is q h/d"
                 : "the law of this setting is " + c.law + ", not c h/d: see relative, the coefficient of that law";
  return {{"id", c.id},
          {"family", c.family},
          {"result", c.result},
          {"method", c.method},
          {"settings", to_json(c.labels)},
          {"law", c.law},
          {"law_is_c_h_over_d", c.law_is_c},
          {"note", note},
          {"notes", c.notes},
          {"c", coefficient(c.c)},
          {"judgements", judgements},
          {"relative", coefficient(c.relative)},
          {"relative_z", json_number((c.relative.value - 1) / c.relative.standard_error)},
          {"left_out_near_saturation", c.near_saturation},
          {"left_out_smooth", c.smooth},
          {"coverage", {{"inside", c.covered}, {"cases", c.judged}}}};
}

Json smooth_end(const SmoothEnd& end, const std::vector<CaseRow>& rows) {
  Json points = Json::array();
  for (const std::size_t i : end.cases)
    for (const CaseAlpha& a : rows[i].alphas)
      if (a.id == end.result) {
        const double line =
            end.expected / (end.labels.text("partition") != "uniform" && end.labels.text("average") == "active"
                                ? rows[i].dimension
                                : rows[i].embedding_dimension);
        points.push_back({{"case", rows[i].name},
                          {"hurst", json_number(rows[i].hurst)},
                          {"alpha", json_number(a.alpha)},
                          {"standard_error", json_number(a.standard_error)},
                          {"saturation", json_number(line)},
                          {"ratio", json_number(a.alpha / line)},
                          {"ratio_error", json_number(a.standard_error / line)},
                          {"regime", a.regime}});
      }
  return {{"id", end.id},
          {"family", end.family},
          {"result", end.result},
          {"method", end.method},
          {"settings", to_json(end.labels)},
          {"expected", json_number(end.expected)},
          {"c", coefficient(end.c)},
          {"z", json_number(end.z)},
          {"points", points}};
}

Json alpha(const CaseAlpha& a) {
  Json interval = Json::array();
  for (const double bound : a.interval95)
    interval.push_back(json_number(bound));
  return {{"result", a.id},
          {"method", a.method},
          {"settings", to_json(a.labels)},
          {"alpha", json_number(a.alpha)},
          {"standard_error", json_number(a.standard_error)},
          {"statistical_error", json_number(a.statistical)},
          {"systematic_error", json_number(a.systematic)},
          {"interval95", interval},
          {"law", {{"value", json_number(a.law)}, {"formula", a.formula}}},
          {"z", json_number(a.z)},
          {"verdict", to_text(a.verdict)},
          {"regime", a.regime}};
}

Json row(const CaseRow& r) {
  Json swept = Json::object(), alphas = Json::array();
  for (const auto& [key, value] : r.swept)
    swept[key] = value;
  for (const CaseAlpha& a : r.alphas)
    alphas.push_back(alpha(a));
  return {{"name", r.name},
          {"family", r.family},
          {"generator", r.generator},
          {"swept", swept},
          {"embedding_dimension", json_number(r.embedding_dimension)},
          {"dimension", json_number(r.dimension)},
          {"hurst", json_number(r.hurst)},
          {"h_over_d", json_number(r.hurst / r.dimension)},
          {"2h/d", json_number(2 * r.hurst / r.dimension)},
          {"4h/d", json_number(4 * r.hurst / r.dimension)},
          {"alphas", alphas}};
}

/// Where alpha falls below 0.1, for each h that is rough in a setting of law 2h/d: by 4/d, 2h/d, 4h/d and as measured.
Json thresholds(const CampaignReport& report) {
  constexpr double small = 0.1;
  std::map<double, Json> measured;
  for (const SettingCoefficient& c : report.coefficients) {
    if (c.family != "all" || !c.law_is_c || c.labels.number("loss_power") != 2.0)
      continue;
    std::set<double> hursts;
    for (const CaseRow& r : report.cases)
      for (const CaseAlpha& a : r.alphas)
        if (a.id == c.result && a.regime == "rough")
          hursts.insert(r.hurst);
    for (const double h : hursts) {
      Json& list = measured.try_emplace(h, Json::array()).first->second;
      list.push_back({{"coefficient", c.id},
                      {"dimension", json_number(c.c.value * h / small)},
                      {"standard_error", json_number(c.c.standard_error * h / small)}});
    }
  }
  Json out{{"alpha", small}, {"4/d", 4 / small}, {"rough", Json::array()}};
  for (const auto& [h, list] : measured)
    out["rough"].push_back({{"hurst", h}, {"2h/d", 2 * h / small}, {"4h/d", 4 * h / small}, {"measured", list}});
  return out;
}

} // namespace

std::string to_json_text(const CampaignReport& report) {
  const Json base = to_json(report.base);
  Json coefficients = Json::array(), ends = Json::array(), cases = Json::array();
  for (const SettingCoefficient& c : report.coefficients)
    coefficients.push_back(setting(c));
  for (const SmoothEnd& end : report.smooth_ends)
    ends.push_back(smooth_end(end, report.cases));
  for (const CaseRow& r : report.cases)
    cases.push_back(row(r));
  return json_text({{"schema", "cascade-campaign/1"},
                    {"verdict", base.at("verdict")},
                    {"answer", base.at("answer")},
                    {"exit_code", base.at("exit_code")},
                    {"coefficients", coefficients},
                    {"smooth_ends", ends},
                    {"thresholds", thresholds(report)},
                    {"cases", cases},
                    {"checks", base.at("checks")},
                    {"warnings", base.at("warnings")},
                    {"timing", base.at("timing")},
                    {"run", base.at("run")}});
}

} // namespace cascade::app
