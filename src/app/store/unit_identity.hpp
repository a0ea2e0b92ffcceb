#pragma once
// Which run a stored unit belongs to.

#include "app/input/field_config.hpp"
#include "app/plan/plan.hpp"

#include <string>
#include <vector>

namespace cascade::app {

/// The text of units/config.json: program, input as given, settings of the command line, resolved configuration. From
/// it alone the run can be taken up again.
std::string identity_text(const RunConfig& config, const RunPlan& plan);

/// Whether the text is an identity, whole.
bool is_identity(const std::string& text);

/// 16 hex digits of all of it that decides a unit's numbers; where results go and how ranks are grouped does not.
/// Throws core::Error(io_failure) when the text is no identity.
std::string identity_digest(const std::string& identity);

/// "field.hurst: 0.3 before, 0.4 now": one line for each key in which two identities differ; empty when their units can
/// be mixed.
std::vector<std::string> identity_differences(const std::string& before, const std::string& now);

/// The same for two resolved configurations, as JSON texts.
std::vector<std::string> config_differences(const std::string& before, const std::string& now);

/// The same against the configuration of a finished run's report.json; throws core::Error(io_failure) if damaged.
std::vector<std::string> differences_from_report(const std::string& report_json, const std::string& now);

/// The input an identity text was made from. Throws core::Error(io_failure) for a damaged text. Local.
InputSource input_from_identity(const std::string& identity);

} // namespace cascade::app
