// report.md of a campaign: the answer, the coefficients, the smooth end, the table of cases.
#include "app/campaign/report.hpp"
#include "app/report/plain_markdown.hpp"
#include "core/talk/build_info.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

/// How many errors off; "-" where there is no number (an exponent without an error).
std::string signed_errors(double z) {
  return std::isfinite(z) ? fmt::format("{:+.1f}", z) : "-";
}

std::string with_error(double x, double error) {
  return core::with_error_text(x, error, " ± ");
}

std::string setting_text(const std::string& method, const analysis::Labels& l) {
  return fmt::format("{}, {} partition, {} average, degree {:g}, q = {:g}", method, l.text("partition"),
                     l.text("average"), l.number("degree").value_or(0), l.number("loss_power").value_or(2));
}

std::string coefficients_section(const CampaignReport& report) {
  std::string text =
      "## The coefficient c of alpha = c h/d\n\n"
      "Weighted least squares through the origin over the rough cases. Where the law of a setting is not "
      "c h/d, c has no meaning of its own: the last column is the coefficient of the law itself.\n\n"
      "| family | setting | law | cases | c | chi2/dof | z to 2 | z to 4 | alpha/law | left out |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const SettingCoefficient& c : report.coefficients) {
    const auto z = [&](double target) {
      for (const theory::Judgement& j : c.judgements)
        if (j.formula.value == target)
          return signed_errors(j.z);
      return std::string("-");
    };
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", c.family,
                        setting_text(c.method, c.labels), c.law, c.c.cases, with_error(c.c.value, c.c.standard_error),
                        c.law_is_c ? core::number_text(c.c.chi2_per_dof, 3) : "-", z(2), z(4),
                        with_error(c.relative.value, c.relative.standard_error), c.near_saturation + c.smooth);
  }
  return text + "\n";
}

std::string smooth_section(const CampaignReport& report) {
  if (report.smooth_ends.empty())
    return "";
  std::string text =
      "## The smooth end\n\nalpha = c/d (c/D for uniform partitions), expected c = q k, k = degree + 1.\n\n"
      "| family | setting | cases | c | expected | ratio |\n|---|---|---|---|---|---|\n";
  for (const SmoothEnd& end : report.smooth_ends)
    text += fmt::format("| {} | {} | {} | {} | {:g} | {} |\n", end.family, setting_text(end.method, end.labels),
                        end.c.cases, with_error(end.c.value, end.c.standard_error), end.expected,
                        with_error(end.c.value / end.expected, end.c.standard_error / end.expected));
  return text + "\n";
}

std::string cases_section(const CampaignReport& report) {
  std::string text = "## Cases\n\n| case | d | h | D | setting | alpha | 2h/d | 4h/d | law | z | verdict |\n"
                     "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CaseRow& row : report.cases)
    for (const CaseAlpha& a : row.alphas)
      text += fmt::format("| {} | {:g} | {:.4g} | {:g} | {} | {} | {} | {} | {} = {} | {} | {} |\n", row.name,
                          row.dimension, row.hurst, row.embedding_dimension, setting_text(a.method, a.labels),
                          with_error(a.alpha, a.standard_error), core::number_text(2 * row.hurst / row.dimension),
                          core::number_text(4 * row.hurst / row.dimension), a.formula, core::number_text(a.law),
                          signed_errors(a.z), to_text(a.verdict));
  return text + "\n";
}

} // namespace

std::string to_markdown(const CampaignReport& report) {
  const RunSummary& run = report.base.run;
  std::string text = fmt::format("# {}\n\n**{}**\n\n", run.name, report.base.verdict);
  if (!report.base.warnings.empty()) {
    text += "## Warnings\n\n";
    for (const std::string& warning : report.base.warnings)
      text += fmt::format("- {}\n", warning);
    text += "\n";
  }
  text += coefficients_section(report) + smooth_section(report);
  if (!report.base.checks.empty()) {
    text += "## Declared checks\n\n| check | measured | expected | tolerance | passed |\n|---|---|---|---|---|\n";
    for (const Check& c : report.base.checks)
      text += fmt::format("| {} | {} | {} | {} | {} |\n", c.id, core::number_text(c.measured),
                          core::number_text(c.expected), core::number_text(c.tolerance), c.passed ? "yes" : "**no**");
    text += "\n";
  }
  text += cases_section(report);
  const core::BuildInfo build = core::build_info();
  text += fmt::format("## Provenance\n\n- input `{}`, seeds from {}, {} ranks, host {}, started {}\n"
                      "- cascade {} (git {}), {}; {:.1f} s of wall time\n- every case has its own report in "
                      "`cases/`\n",
                      run.input_file, run.seed, run.ranks, run.host, run.started, build.version, build.git(),
                      build.compiler, run.wall_seconds);
  return without_tags(text);
}

} // namespace cascade::app
