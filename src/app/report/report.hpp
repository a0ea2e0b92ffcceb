#pragma once
// The report as a value: everything report.json, report.md and results.h5 say. See docs/report.md for the meaning.

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cascade::app {

/// Which fit an exponent belongs to; empty strings / nullopt where a setting does not apply (written as JSON null).
struct Settings {
  std::string partition; ///< "uniform" | "adaptive" | ""
  std::string average;   ///< "volume" | "active" | ""
  std::optional<int> degree;
  std::optional<double> loss_power;
  std::string component; ///< "longitudinal" | "transverse" | "" (structure functions of vectors)
  std::string set;       ///< box counting: "active" | "threshold" | ""
};

/// A measured curve with what is needed to draw it.
struct Curve {
  std::string x_name, y_name; ///< e.g. "r", "S_2"
  std::string x_unit, y_unit; ///< "box side", "1", "field^2"
  std::vector<double> x, y, standard_error, local_slope;
  std::vector<double> count; ///< samples behind each point
  bool x_is_log2 = false;    ///< x holds log2 of what it stands for (a number of pieces may exceed 1e308)
  /// Exact expectation of y (given the counted activity where there is one), NaN where unknown; empty: none at all.
  std::vector<double> expected = {}, expected_unconditional = {};
  std::vector<double> expected_slope = {}; ///< local slope of `expected`
  std::vector<double> expected_z = {};     ///< (y - expected)/its error over independent blocks; empty without blocks
};

/// Is the curve what it is expected to be? One number for all its scales.
struct CurveTest {
  std::optional<double> p_value; ///< absent: not tested; `note` says why
  std::string statistic;         ///< "Hotelling T^2" | "chi^2 of the levels"
  int scales = 0;                ///< independent combinations tested
  int realisations = 0;          ///< independent blocks behind the test
  bool conditional = false;      ///< expectation given the counted activity
  std::vector<double> at;        ///< abscissas tested (of the table: r, s, or the first k of an octave)
  std::vector<double> z;         ///< level by level, for counted activity
  std::string note;
};

struct FitSummary {
  std::string model;          ///< formula fitted, in words and symbols
  std::vector<double> window; ///< {lowest x, highest x}
  int points = 0;
  double chi2_per_dof = 0;
  double loglog_slope = 0;      ///< plain straight-line slope over the same window, for comparison
  double statistical_error = 0; ///< parts of measured.standard_error
  double systematic_error = 0;
  std::vector<double> profile95; ///< profile interval {low, high} (empty where not defined)
  std::string note;              ///< anything a reader must know (labels such as "N is geometry, not counted")
};

struct Prediction {
  double value = 0;
  std::string formula;
};

struct Measurement {
  double value = 0;
  double standard_error = 0;
  std::vector<double> interval95; ///< {low, high}
};

struct Result {
  std::string id;       ///< unique, stable, e.g. "sampled/zeta/p2"
  std::string stage;    ///< "structure_function" | "spectrum" | "box_counting" | "approximation"
  std::string quantity; ///< "zeta" | "dimension_box" | "spectrum_slope" | "alpha"
  std::optional<double> order;
  std::string method; ///< "grid" | "sampled"
  Settings settings;
  std::optional<Prediction> predicted;
  Measurement measured;
  FitSummary fit;
  std::optional<double> z;
  std::string verdict; ///< "supported" | "rejected" | "undecided" | "near saturation" | "not judged"
  Curve curve;
  std::optional<CurveTest> curve_test;
};

struct Hypothesis {
  std::string id;     ///< "4h/d", "2h/d", "4/d", "2/d", "zeta_q/D", "zeta_q/d", "q*h/d", "q*h/D", "a/D"
  std::string result; ///< id of the Result it is judged against
  std::string method;
  Settings settings;
  double predicted = 0, measured = 0, standard_error = 0, z = 0;
  std::string verdict;       ///< "supported" | "rejected" | "undecided" | "not distinguishable" | "near saturation"
  std::string group_verdict; ///< what the predicted value itself earned, whichever formula of the group it belongs to
  std::vector<std::string> group; ///< ids of the formulas that coincide with it here (itself included)
  std::string sentence;           ///< for a reader who is not a specialist
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
  std::string verdict; ///< the answer in one or two plain sentences
  int exit_code = 0;
  RunSummary run;
  std::vector<std::pair<std::string, double>> timing; ///< stage -> seconds, in order
  TheorySummary theory;
  std::vector<Result> results;
  std::vector<Hypothesis> hypotheses;
  std::vector<Check> checks;
  std::vector<std::string> warnings;
  std::string task = "field";  ///< "field" | "scaling_law", which has no theory of a field
  std::string extra_json = {}; ///< object `scaling` of report.json (scaling/page.hpp); empty: none
  std::string extra_markdown = {};
};

/// report.json as in schema "cascade-report/1", keys in the order a reader wants them. NaN and infinity become null, as
/// do settings that do not apply. Version, git state and libraries are those of this build. docs/report.md explains
/// each name.
nlohmann::ordered_json to_json(const Report& report);

/// The text of report.json: indented, arrays of numbers on one line.
std::string to_json_text(const Report& report);
std::string json_text(const nlohmann::ordered_json& object);

/// report.md: the verdict first, then a table of hypotheses by setting, results, warnings and provenance.
std::string to_markdown(const Report& report);

} // namespace cascade::app
