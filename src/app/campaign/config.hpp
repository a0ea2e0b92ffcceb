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
struct Campaign : InputSource {
  RunSection run; ///< of the base: name of the campaign, first seed
  SweepSection sweep;
  CheckSection check; ///< expectations are of quantities of the campaign report
  OutputSection output;
  std::vector<CampaignCase> cases;
  std::string seed_position; ///< where run.seed was written, for complaints

  std::string json() const; ///< of the campaign as a whole, without its cases
  void declare(core::ParameterVisitor& v);
};

/// Expands the sweep and checks every case as load_config() does. Later sources win: defaults, file, check.set (when
/// checking), the family's `set`, swept values, then --set. Throws core::Error(bad_input) with every problem, naming
/// the cases that have it; two cases that are equal are a problem. Local; the same on every rank.
Campaign load_campaign(const Input& input);

} // namespace cascade::app
