#pragma once
// The report as a value: everything report.json, report.md and results.h5 say. See docs/report.md for the meaning.

#include "analysis/measurement/dataset.hpp"
#include "app/report/judged.hpp"
#include "app/report/page.hpp"
#include "app/report/plain_answer.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

struct Hypothesis {
  std::string id;     ///< "4h/d", "2h/d", "4/d", "2/d", "zeta_q/D", "zeta_q/d", "q*h/d", "q*h/D", "a/D"
  std::string result; ///< id of the Result it is judged against
  std::string method;
  analysis::Labels labels;
  double predicted = 0, measured = 0, standard_error = 0, z = 0;
  Verdict verdict = Verdict::undecided;
  Verdict group_verdict = Verdict::undecided; ///< what the value itself earned, whichever formula of the group it is
  std::vector<std::string> group;             ///< ids of the formulas that coincide with it here (itself included)
  std::string sentence;                       ///< for a reader who is not a specialist
};

struct Check { ///< one line of the input's check: block
  std::string id;
  double measured = 0, expected = 0, tolerance = 0;
  bool passed = false;
};

struct TheorySummary {
  int embedding_dimension = 0;
  double dimension = 0, hurst = 0;
  std::string source, reference;
  std::vector<double> orders, zeta; ///< after saturation at p
};

struct RunSummary {
  std::string name, input_file, input_text, config_json; ///< resolved config as a JSON object text
  std::uint64_t seed = 0;
  int ranks = 0;
  std::string host, started; ///< ISO 8601 UTC
  double wall_seconds = 0;
  std::int64_t peak_bytes_per_rank = 0;
  std::int64_t field_bytes_per_rank = 0;
};

struct Report {
  std::string verdict; ///< the answer in a few plain sentences; `answer` is the first of them
  int exit_code = 0;
  RunSummary run;
  std::vector<std::pair<std::string, double>> timing; ///< stage -> seconds, in order
  TheorySummary theory;
  std::vector<Judged> results;
  std::vector<analysis::Missed> missed = {}; ///< asked for, and without a number
  std::vector<Hypothesis> hypotheses;
  analysis::Datasets datasets = {}; ///< of results.h5 alone
  std::vector<Check> checks;
  std::vector<std::string> warnings;
  std::string task = "field"; ///< "field" | "scaling_law", which has no theory of a field
  Page page = {};
  PlainAnswer answer = {};
};

/// report.json as in schema "cascade-report/1", keys in the order a reader wants them. NaN and infinity become null, as
/// do settings that do not apply. Version, git state and libraries are those of this build. docs/report.md explains
/// each name.
nlohmann::ordered_json to_json(const Report& report);

/// The way back, as far as JSON holds it (result_json.hpp; version and libraries are not kept). Throws
/// nlohmann::json::exception or std::invalid_argument where something is missing or of another kind.
Report report_from_json(const nlohmann::ordered_json& json);

/// The text of report.json: indented, arrays of numbers on one line.
std::string to_json_text(const Report& report);
std::string json_text(const nlohmann::ordered_json& object);

/// report.md: the verdict first, then a table of hypotheses by setting, results, warnings and provenance.
std::string to_markdown(const Report& report);

} // namespace cascade::app
