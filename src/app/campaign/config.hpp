#pragma once
// A campaign, fully decided: every case is a checked configuration before the first one runs.

#include "app/campaign/sweep.hpp"
#include "app/input/field_config.hpp"

#include <string>
#include <vector>

namespace cascade::app {

struct CampaignCase {
  SweepCase sweep;
  RunConfig config; ///< run.name is the case's name
  std::string json; ///< config.json(): what a finished case must agree with
};

/// Complete and checked; made by load_campaign() only. Plain value, the same on every rank.
struct Campaign {
  RunSection run; ///< of the base: name of the campaign, first seed
  SweepSection sweep;
  CheckSection check; ///< expectations are of quantities of the campaign report
  OutputSection output;
  std::vector<CampaignCase> cases;

  std::string input_file, input_text;
  bool checking = false;
  void declare(core::ParameterVisitor& v);
};

/// Whether an input, --set included, has `sweep`. A text that cannot be parsed has none. Local.
bool is_campaign(const std::string& file, const std::string& text, const std::vector<core::Setting>& settings);

/// Parses the input, expands its sweep and checks every case as load_config() does. Later sources win: defaults, file,
/// check.set (when `checking`), the family's `set`, swept values, then `settings` (--set). Throws
/// core::Error(bad_input) with every problem, naming the cases that have it; two cases that are equal are a problem.
/// Local; deterministic.
Campaign load_campaign(const std::string& file, const std::string& text, const std::vector<core::Setting>& settings,
                       bool checking);

} // namespace cascade::app
