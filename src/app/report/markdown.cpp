// report.md: the report for a terminal or a repository page. report.html is the richer twin (postprocess/report.py).
#include "app/report/plain_markdown.hpp"
#include "app/report/report.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace cascade::app {

namespace {

std::string value(double x, int digits = 4) {
  return core::number_text(x, digits);
}

std::string measured(double x, double error) {
  return std::isfinite(x) ? core::with_error_text(x, error, " ± ") : "not measured";
}

/// Without an error to the place of its interval's ends.
std::string measured(const analysis::Measured& m) {
  const bool error = std::isfinite(m.standard_error) && m.standard_error > 0;
  return error || !std::isfinite(m.value) || m.interval95.size() != 2
             ? measured(m.value, m.standard_error)
             : core::within_text(m.value, m.interval95[0], m.interval95[1]);
}

std::string z_text(const std::optional<double>& z) {
  return z && std::isfinite(*z) ? fmt::format("{:+.1f}", *z) : "-";
}

/// "sampled, adaptive partition, active set, loss power 4, degree 1": what an exponent belongs to.
std::string setting_text(const std::string& method, const analysis::Labels& labels) {
  const std::string words = labels.words();
  return words.empty() ? method : method + ", " + words;
}

/// A pipe inside a cell would end it.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\\');
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// "good", "widened 3.2": what the fit knows about itself.
std::string status(const analysis::FitSummary& fit) {
  if (!fit.status)
    return "-";
  const bool widened = *fit.status == analysis::FitStatus::widened && fit.widened_by > 1;
  return to_text(*fit.status) + (widened ? fmt::format(" {:.3g}", fit.widened_by) : "");
}

std::string results_table(const Report& report) {
  std::string text = "## Predicted and measured\n\n"
                     "| quantity | setting | predicted | formula | measured | z | verdict | fit | octaves | chi2/dof | "
                     "fit p | curve p |\n"
                     "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Judged& j : report.results) {
    const analysis::Result& r = j.result;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                        cell(r.title.empty() ? r.quantity : r.title), cell(setting_text(r.method, r.labels)),
                        j.predicted ? value(j.predicted->value) : "-", j.predicted ? cell(j.predicted->formula) : "-",
                        measured(r.measured), z_text(j.z), to_text(j.verdict), status(r.fit), value(r.fit.octaves, 2),
                        value(r.fit.chi2_per_dof, 3), core::p_text(r.fit.p_value),
                        core::p_text(j.test && j.test->p_value ? *j.test->p_value : std::nan("")));
  }
  for (const analysis::Missed& missed : report.missed)
    text += fmt::format("| {} | - | - | - | - | - | - | no range: {} | - | - | - | - |\n", cell(missed.id),
                        cell(missed.why));
  return text +
         "\nFit: does the fitted curve describe the points (fit p: its p-value), and over how many octaves? "
         "\"widened\": it "
         "does not, and the error is so many times larger for that. \"pinned\" and \"failed\" fits decide nothing. "
         "Curve "
         "p: p-value of the measured curve against its exact expectation, all scales together. \"-\": could not be "
         "tested.\n\n";
}

std::string answer(const analysis::Result& r, analysis::Way way) {
  const auto found = r.answers.find(way);
  if (found == r.answers.end())
    return "-";
  const analysis::Answer& a = found->second;
  return a.decisive() ? measured(a.measured.value, a.measured.standard_error) : to_text(a.status);
}

std::string answers_table(const Report& report) {
  using analysis::Way;
  std::string text;
  for (const Judged& j : report.results) {
    const analysis::Result& r = j.result;
    if (r.answers.size() > 1)
      text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", cell(r.title.empty() ? r.quantity : r.title),
                          cell(setting_text(r.method, r.labels)), answer(r, Way::blind), answer(r, Way::curve),
                          answer(r, Way::plain), r.judged_by ? to_text(*r.judged_by) : "-", to_text(r.evidence));
  }
  if (text.empty())
    return "";
  return "## The same exponents by several ways\n\n"
         "| quantity | setting | blind | generator's curve | plain | shown | evidence "
         "|\n|---|---|---|---|---|---|---|\n" +
         text +
         "\nBlind: from the field alone. Generator's curve: its finite-size curve with h left free. Plain: a power law "
         "with corrections. Laws are judged by the blind one unless `fit.judge` asks for another; where it has no "
         "range "
         "the next is shown and nothing is judged.\n\n";
}

/// Hypotheses of one setting, settings in the order in which they first appear.
struct SettingGroup {
  std::string name;
  std::vector<const Hypothesis*> members;
};

std::vector<SettingGroup> by_setting(const Report& report) {
  std::vector<SettingGroup> groups;
  std::map<std::string, std::size_t> place;
  for (const Hypothesis& h : report.hypotheses) {
    const auto [found, fresh] = place.try_emplace(setting_text(h.method, h.labels), groups.size());
    if (fresh)
      groups.push_back({found->first, {}});
    groups[found->second].members.push_back(&h);
  }
  return groups;
}

/// "2h/d, q*h/d": the formulas of a group whose verdict is one of these.
std::string formulas_with(const SettingGroup& group, const std::vector<Verdict>& verdicts) {
  std::string text;
  for (const Hypothesis* h : group.members)
    if (std::find(verdicts.begin(), verdicts.end(), h->verdict) != verdicts.end())
      text += fmt::format("{}{}", text.empty() ? "" : ", ", h->id);
  return text.empty() ? "-" : text;
}

std::string hypotheses_section(const Report& report) {
  const std::vector<SettingGroup> groups = by_setting(report);
  std::string text = "## Which formula do the numbers support?\n\n"
                     "| setting | measured | supported | not distinguishable | undecided | rejected |\n"
                     "|---|---|---|---|---|---|\n";
  for (const SettingGroup& group : groups)
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} |\n", group.name,
                    measured(group.members.front()->measured, group.members.front()->standard_error),
                    formulas_with(group, {Verdict::supported}), formulas_with(group, {Verdict::not_distinguishable}),
                    formulas_with(group, {Verdict::undecided, Verdict::near_saturation}),
                    formulas_with(group, {Verdict::rejected}));
  text += "\n## Each formula in words\n\n";
  for (const SettingGroup& group : groups) {
    text +=
        fmt::format("### {}\n\n| formula | predicted | z | verdict | in words |\n|---|---|---|---|---|\n", group.name);
    for (const Hypothesis* h : group.members)
      text += fmt::format("| {} | {} | {} | {} | {} |\n", cell(h->id), value(h->predicted), z_text(h->z),
                          to_text(h->verdict), cell(h->sentence));
    text += "\n";
  }
  return text;
}

std::string theory_line(const TheorySummary& t) {
  std::string text = fmt::format("Field: embedding dimension D = {}", t.embedding_dimension);
  if (std::isfinite(t.dimension))
    text += fmt::format(", fractal dimension d = {:g}", t.dimension);
  if (std::isfinite(t.hurst))
    text += fmt::format(", Hurst exponent h = {:.4g}", t.hurst);
  if (t.source == "none")
    return text + fmt::format(" ({}).\n\n", t.reference);
  return text + fmt::format(" (stated by the {}{}).\n\n", t.source.empty() ? "generator" : t.source,
                            t.reference.empty() ? "" : fmt::format("; {}", t.reference));
}

std::string checks_section(const Report& report) {
  std::string text =
      "## Declared checks\n\n| check | measured | expected | tolerance | passed |\n|---|---|---|---|---|\n";
  for (const Check& c : report.checks)
    text += fmt::format("| {} | {} | {} | {} | {} |\n", cell(c.id), value(c.measured), value(c.expected),
                        value(c.tolerance), c.passed ? "yes" : "**no**");
  return text + "\n";
}

std::string provenance(const Report& report) {
  const core::BuildInfo build = core::build_info();
  const RunSummary& run = report.run;
  std::string text =
      fmt::format("## Provenance\n\n- input `{}`, seed {}, {} rank{}, host {}, started {}\n- cascade {} (git {}), {}\n"
                  "- {:.1f} s of wall time, at most {:.1f} MiB a rank (field: {:.1f} MiB a rank)\n",
                  run.input_file, run.seed, run.ranks, run.ranks == 1 ? "" : "s", run.host, run.started, build.version,
                  build.git(), build.compiler, run.wall_seconds, static_cast<double>(run.peak_bytes_per_rank) / 0x1p20,
                  static_cast<double>(run.field_bytes_per_rank) / 0x1p20);
  for (const auto& [name, version] : build.libraries)
    text += fmt::format("- {} {}\n", name, version);
  text += "\n| stage | seconds |\n|---|---|\n";
  for (const auto& [stage, seconds] : report.timing)
    text += fmt::format("| {} | {:.2f} |\n", stage, seconds);
  return text;
}

} // namespace

std::string to_markdown(const Report& report) {
  std::string text = fmt::format("# {}\n\n**{}**\n\n", report.run.name, report.verdict);
  if (report.task == "field")
    text += theory_line(report.theory);
  if (!report.page.empty())
    text += to_markdown(report.page);
  if (!report.warnings.empty()) {
    text += "## Warnings\n\n";
    for (const std::string& warning : report.warnings)
      text += fmt::format("- {}\n", warning);
    text += "\n";
  }
  if (!report.hypotheses.empty())
    text += hypotheses_section(report);
  if (!report.results.empty() || !report.missed.empty())
    text += results_table(report);
  text += answers_table(report);
  if (!report.checks.empty())
    text += checks_section(report);
  text += provenance(report);
  return without_tags(text) + fmt::format("\nResolved config:\n\n```json\n{}\n```\n", report.run.config_json);
}

} // namespace cascade::app
