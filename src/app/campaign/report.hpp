#pragma once
// What a campaign found, made of the reports its cases left on disk. See docs/campaigns.md for the meaning.

#include "app/campaign/coefficient.hpp"
#include "app/campaign/config.hpp"
#include "app/report/report.hpp"
#include "theory/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cascade::app {

/// One exponent of one case.
struct CaseAlpha {
  std::string id; ///< of the result in the case's report, e.g. "sampled/alpha/adaptive/active/k0/q2"
  std::string method;
  analysis::Labels labels;
  double alpha = 0, statistical = 0, systematic = 0, standard_error = 0;
  std::vector<double> interval95;
  double law = 0; ///< predicted for this setting
  std::string formula;
  double z = 0; ///< (alpha - law)/standard error
  Verdict verdict = Verdict::not_judged;
  std::string note; ///< how N was come by, and whatever else the fit says
  /// Where the declared theory puts the case, whatever was measured: "rough" (the law follows h), "near saturation",
  /// "smooth" (the law is q k/d or q k/D).
  std::string regime;
};

struct CaseRow {
  std::string name, family, generator;
  std::vector<std::pair<std::string, std::string>> swept; ///< key, value as written
  double embedding_dimension = 0, dimension = 0, hurst = 0;
  std::vector<CaseAlpha> alphas;
  double wall_seconds = 0;
  std::int64_t peak_bytes_per_rank = 0;
};

/// One setting over the cases of a family, or of all families (`family` = "all").
struct SettingCoefficient {
  std::string id; ///< family/result id
  std::string family, result, method;
  analysis::Labels labels;
  Coefficient c;                             ///< alpha = c h/d over the rough cases
  Coefficient relative;                      ///< alpha = c law over the same
  bool law_is_c = false;                     ///< the law of this setting is q h/d in every case
  std::string law;                           ///< its formula
  std::vector<std::string> notes;            ///< of its cases' fits, each once
  std::vector<theory::Judgement> judgements; ///< of c against 2, 4 and q
  int near_saturation = 0, smooth = 0;       ///< cases left out of c
  int covered = 0, judged = 0;               ///< cases whose 95% interval holds their law, of the rough ones
};

/// The smooth end of one setting: alpha = c (law/(q k)) over the smooth cases, so that c is q k if the law holds.
struct SmoothEnd {
  std::string id, family, result, method;
  analysis::Labels labels;
  double expected = 0; ///< q k
  Coefficient c;
  double z = 0;
  std::vector<std::size_t> cases; ///< all cases with this setting, rough ones included: for the figure
};

struct CampaignReport {
  Report base; ///< verdict, exit code, checks, warnings, timing, run
  std::vector<CaseRow> cases;
  std::vector<SettingCoefficient> coefficients;
  std::vector<SmoothEnd> smooth_ends;
  int groups = 0, group_size = 0;
};

/// A row from a case's report.json. Throws core::Error(io_failure) when something a report has is not there.
CaseRow case_row(const SweepCase& sweep, const nlohmann::ordered_json& report);

/// Fits, verdict, checks: everything but who ran it. The rows are in the campaign's order. Local.
CampaignReport evaluate(const Campaign& campaign, std::vector<CaseRow> rows);

/// Is alpha = 4h/d over all cases, for each loss power? Empty without a setting whose law is c h/d.
PlainAnswer answer_campaign(const CampaignReport& report);

/// base.answer and the sentences after it.
std::string headline(const CampaignReport& report);

/// report.json in schema "cascade-campaign/1" and report.md.
std::string to_json_text(const CampaignReport& report);
std::string to_markdown(const CampaignReport& report);

} // namespace cascade::app
