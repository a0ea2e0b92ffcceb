#include "app/scaling/loss_words.hpp"

#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {

using analysis::Interval;
using analysis::LossModel;
using analysis::LossStatus;
using analysis::LossTable;

namespace {

constexpr double too_wide = 100;  ///< upper over lower end of an amplitude that is no number to quote
constexpr double one_line = 0.98; ///< correlation of log x and log z above which they are one resource

std::string limits_text(const std::vector<double>& band) {
  return fmt::format("{:g} to {:g}", band[0], band[1]);
}

/// "alpha lies above the band .05 to .1"; "whether alpha lies in the band .05 to .1 is undecided".
std::string band_clause(const std::string& what, const Interval& i, const std::vector<double>& band) {
  const std::string word = band_word(i, band), limits = limits_text(band);
  if (word == "undecided")
    return fmt::format("whether {} lies in the band {} is undecided", what, limits);
  return fmt::format("{} lies {} the band {}", what, word, limits);
}

std::string contradiction(const analysis::LossDescription& d) {
  std::string text;
  if (d.lack_p < analysis::LossDescription::level)
    text = fmt::format("repeated points scatter less than the law misses them (F = {:.3g}, p = {:.2g})", d.lack_of_fit,
                       d.lack_p);
  if (d.correlation_p < analysis::LossDescription::level)
    text += fmt::format("{}residuals of neighbouring points go together (correlation {:.2g}, p {} {:.2g})",
                        text.empty() ? "" : ", and ", d.correlation, d.correlation_p < 6e-4 ? "<" : "=",
                        d.correlation_p < 6e-4 ? 1e-3 : d.correlation_p);
  return text;
}

std::string pedestal_clause(const LossRow& row) {
  const double e = row.parameters().pedestal;
  const Interval& i = row.answer.of("E").quoted;
  if (!pedestal_identified(row))
    return e > 0 ? fmt::format(", but the pedestal is not identified (E = {}, 95% {}), and alpha with it",
                               core::within_text(e, i[0], i[1]), interval_text(i))
                 : fmt::format(", with no pedestal (E = 0, 95% {}); it is not identified, and alpha with it",
                               interval_text(i));
  std::string text = fmt::format(", pedestal E = {} ({})", core::within_text(e, i[0], i[1]), interval_text(i));
  if (row.pedestal && row.answer.status != LossStatus::not_described)
    text += row.pedestal->p_value < 0.01 && row.pedestal->delta_bic < 0 ? "; the data need the pedestal"
                                                                        : "; the data do not prove the pedestal";
  return text;
}

double correlation_of_logs(const std::vector<double>& x, const std::vector<double>& z) {
  double mx = 0, mz = 0, xx = 0, zz = 0, xz = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    mx += std::log(x[i]) / n;
    mz += std::log(z[i]) / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = std::log(x[i]) - mx, b = std::log(z[i]) - mz;
    xx += a * a;
    zz += b * b;
    xz += a * b;
  }
  return xx > 0 && zz > 0 ? xz / std::sqrt(xx * zz) : 0;
}

void warn_of_ends(const LossRow& row, std::vector<std::string>& out) {
  for (const LossNumber& n : loss_numbers(row)) {
    const bool amplitude = n.name == "A" || n.name == "B";
    if (!amplitude && (!std::isfinite(n.quoted[0]) || !std::isfinite(n.quoted[1])))
      out.push_back(fmt::format("{} is not bounded by the data: 95% interval {}", n.name, interval_text(n.quoted)));
    else if (amplitude && std::isfinite(n.quoted[1]) && n.quoted[1] > too_wide * n.quoted[0])
      out.push_back(fmt::format("{} is known to a factor of {:.2g} only (95% {}): quote log {}, or the term at the "
                                "middle of the data",
                                n.name, n.quoted[1] / n.quoted[0], interval_text(n.quoted), n.name));
    if (n.name != "alpha" && n.name != "beta")
      continue;
    if (n.quoted[1] <= 0)
      out.push_back(fmt::format("{} is not above zero: the losses do not fall with that resource, and no amount of it "
                                "halves them",
                                n.name));
    else if (n.quoted[0] <= 0)
      out.push_back(fmt::format("the sign of {} is not known (95% {}): the data do not show that the losses fall with "
                                "that resource",
                                n.name, interval_text(n.quoted)));
  }
}

} // namespace

std::string band_word(const Interval& i, const std::vector<double>& band) {
  if (i[0] >= band[0] && i[1] <= band[1])
    return "inside";
  if (i[0] > band[1])
    return "above";
  return i[1] < band[0] ? "below" : "undecided";
}

std::string loss_answer(const LossTableStudy& s, const std::vector<double>& band, const LossRow& row) {
  const Interval& alpha = row.answer.of("alpha").quoted;
  std::string text = fmt::format("{} ({})", loss_formula(row.fit().model), objective_text(s, row.objective));
  const bool described = row.answer.status != LossStatus::not_described,
             decides = described && row.answer.status != LossStatus::pinned;
  if (!described)
    text += " does not describe this table to its scatter: " + contradiction(row.answer.description) +
            ". What it would say";
  text += fmt::format(": alpha = {}, 95% {}", core::with_error_text(row.parameters().alpha, row.alpha_error()),
                      interval_text(alpha));
  if (row.fit().model != LossModel::power)
    text += pedestal_clause(row);
  if (!decides && described)
    text += "; a term rests on one or two rows, and nothing is decided";
  if (decides)
    text +=
        "; " + band_clause("alpha", alpha, band) + ", and " +
        band_clause(fmt::format("the running exponent at the end of the data, {:.3g},", row.outlook.running.exponent),
                    row.outlook.running.interval(), band);
  return text +
         fmt::format("; halving the reducible loss takes {} times x.", cell_text(row.outlook.halve_reducible, 4));
}

PlainAnswer band_answer(const std::vector<double>& band, const LossRow& row) {
  const Interval& alpha = row.answer.of("alpha").quoted;
  PlainAnswer answer{fmt::format("Is alpha inside the band {}?", limits_text(band)), "", {row.objective + "/alpha"}};
  const std::string numbers = fmt::format(
      "alpha = {} (95% {})", core::with_error_text(row.parameters().alpha, row.alpha_error()), interval_text(alpha));
  const std::string word = band_word(alpha, band);
  if (row.answer.status == LossStatus::not_described)
    answer.text = fmt::format(
        "Undecided: the law does not describe this table to its scatter; {} is what it would say.", numbers);
  else if (row.answer.status == LossStatus::pinned)
    answer.text = fmt::format("Undecided: a term of the law rests on one or two rows; {} is what they say.", numbers);
  else if (word == "undecided")
    answer.text = fmt::format("Undecided: {} reaches over an end of it.", numbers);
  else
    answer.text =
        word == "inside" ? fmt::format("Yes: {}.", numbers) : fmt::format("No: {} lies {} it.", numbers, word);
  if (!pedestal_identified(row))
    answer.text += " The pedestal is not identified, and alpha with it.";
  return answer;
}

std::vector<std::string> table_warnings(const LossTable& table) {
  std::vector<std::string> out;
  if (table.missing > 0)
    out.push_back(fmt::format("{} row{} without a number where one is needed {} left out; {} points are fitted",
                              table.missing, table.missing == 1 ? "" : "s", table.missing == 1 ? "is" : "are",
                              table.size()));
  if (!table.cut.empty())
    out.push_back(table.cut);
  if (!table.repeated.empty()) {
    std::string lines;
    for (std::size_t i = 0; i < std::min<std::size_t>(table.repeated.size(), 5); ++i)
      lines += fmt::format("{}{}", i > 0 ? ", " : "", table.repeated[i]);
    out.push_back(fmt::format("{} row{} the numbers of an earlier one (line{} {}{}): counted as points of their own, "
                              "which makes every error too small if they are copies",
                              table.repeated.size(), table.repeated.size() == 1 ? " has" : "s have",
                              table.repeated.size() == 1 ? "" : "s", lines, table.repeated.size() > 5 ? ", ..." : ""));
  }
  if (table.two_variables())
    if (const double c = correlation_of_logs(table.x, table.z); std::abs(c) > one_line)
      out.push_back(fmt::format("x and z go together (correlation of their logarithms {:.4f}): their terms are told "
                                "apart by little more than their curvature, and A, B, alpha and beta trade off against "
                                "one another; model tied asks for less, runs of other z/x tell more",
                                c));
  return out;
}

std::vector<std::string> row_warnings(const LossRow& row) {
  std::vector<std::string> out;
  const analysis::LossAnswer& a = row.answer;
  if (!row.fit().converged)
    out.push_back("the search stopped before the optimum was reached; do not trust the numbers");
  if (row.fit().cross_check > 1e-5)
    out.push_back(fmt::format("searching in the exponents alone and in all parameters differ by {:.2g} in an exponent; "
                              "the optimum is flat or not unique",
                              row.fit().cross_check));
  if (!a.description.described())
    out.push_back(fmt::format("the law does not describe the table: {}. Intervals are made {:.2g} times as wide, and "
                              "are still no 95% of anything; try another law, or fewer rows",
                              contradiction(a.description), std::sqrt(a.description.inflation)));
  if (a.status == LossStatus::pinned)
    out.push_back(
        fmt::format("a term of the law rests on one or two rows, which it passes through whatever they are, or its "
                    "exponent stands at the end of what is looked at ({:g} to {:g}): nothing is known of it, and the "
                    "intervals of the others are those of a law without it",
                    analysis::lowest_exponent, analysis::highest_exponent));
  if (!pedestal_identified(row))
    out.push_back("the pedestal is not identified: its 95% interval reaches zero or has no upper end; alpha and E "
                  "cannot both be read off these data");
  warn_of_ends(row, out);
  if (row.fit().points < 4 * a.estimates.size())
    out.push_back(fmt::format("{} points for {} parameters: the intervals lean on normal errors, of equal size for "
                              "least squares",
                              row.fit().points, a.estimates.size()));
  const analysis::Bootstrap& b = row.resampled;
  const int all = static_cast<int>(b.replicates.size());
  if (!b.usable())
    out.push_back(fmt::format("{} of {} resampled tables have a fit, below {:g}%: no errors are taken from them (the "
                              "tables that would move the fit most are those without one); errors are those of the "
                              "profile",
                              all - b.failed, all, 100 * analysis::least_surviving));
  else if (b.failed > 0)
    out.push_back(fmt::format("{} of {} resampled tables have no fit and are left out", b.failed, all));
  return out;
}

} // namespace cascade::app
