#include "analysis/scaling/size_counts.hpp"
#include "app/scaling/optimum/page.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::app {
namespace {

/// Runs that went wrong: far above the law by the scatter of the other rows, and by a tenth.
std::string far_off(const Findings& f) {
  std::vector<double> sizes;
  for (const double r : f.residuals)
    sizes.push_back(std::abs(r));
  if (sizes.size() < 8 || !f.points.weight.empty()) // stated errors say how far is far
    return "";
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
  constexpr double to_sd = 1.4826, far = 8, tenth = 0.1; // of the median deviation of a normal distribution
  const double limit = std::max(tenth, far * to_sd * sizes[sizes.size() / 2]);
  std::vector<std::string> lines;
  std::size_t off = 0;
  for (std::size_t i = 0; i < f.residuals.size(); ++i)
    if (f.residuals[i] > limit && ++off <= 5)
      lines.push_back(fmt::format("line {}: {:.4g} of {:.4g}", f.points.line[i], f.points.loss[i],
                                  f.points.loss[i] * std::exp(-f.residuals[i])));
  if (off == 0 || 5 * off > f.residuals.size())
    return "";
  return fmt::format("{} losses lie far above the law ({}{}): runs that diverged, or barely trained? --set "
                     "compute_optimal.drop_highest={} leaves out the highest",
                     off, fmt::join(lines, "; "), off > lines.size() ? "; ..." : "", off);
}

/// C/(6 N D) of a full count for a usual shape of the median size.
double full_count(const analysis::RunTable& t) {
  std::vector<double> params = t.params;
  std::nth_element(params.begin(), params.begin() + static_cast<std::ptrdiff_t>(params.size() / 2), params.end());
  const analysis::ModelShape shape = analysis::usual_shape(params[params.size() / 2]);
  return analysis::flop_per_token(shape) / (6 * analysis::total_parameters(shape));
}

} // namespace

std::vector<std::string> optimum_warnings(const ComputeOptimalStudy& s, const Findings& f) {
  std::vector<std::string> out;
  const auto& t = s.table;
  if (!f.answer.fit.converged)
    out.emplace_back("the search stopped before the optimum was reached; do not trust the numbers");
  if (!f.answer.description.described())
    out.push_back(
        fmt::format("the law does not describe the table to its scatter ({}): intervals are made {:.2g} times as "
                    "wide, and are still no 95% of anything",
                    std::isless(f.answer.description.lack_p, analysis::LossDescription::level)
                        ? "repeated points scatter less than it misses them"
                        : "residuals of neighbouring points go together",
                    f.widening));
  if (t.flop_ratio > 0 && (t.flop_ratio < 0.8 || t.flop_ratio > 1.25))
    out.push_back(fmt::format(
        "C/(6 N D) is {:.3g}, not about one: {} Best sizes are worked out with C = 6 N D", t.flop_ratio,
        t.flop_ratio > 1.25 ? fmt::format("is N without the embedding, or C with attention and logits (a full "
                                          "count has {:.2g} at the median size, V = 32000, s = 2048)?",
                                          full_count(t))
                            : "are N all parameters and not the active ones, or is C without some?"));
  if (t.has_params() && *std::max_element(t.params.begin(), t.params.end()) < 1e5)
    out.emplace_back("no N above 1e5: are the parameters in millions or billions? Write 300M or 3e8");
  const std::string n_name = analysis::plain_name(s.columns[analysis::RunRole::params]);
  if (n_name.find("noembed") != std::string::npos || n_name.find("nonembed") != std::string::npos)
    out.push_back(fmt::format(
        "N is without the embedding: exponents of small models come out too large (at the sizes of "
        "this table a = .513 of all parameters is read as {:.3f}; Pearce and Song 2024)",
        analysis::exponent_without_embedding(0.3478, 0.3658, *std::min_element(t.params.begin(), t.params.end()),
                                             *std::max_element(t.params.begin(), t.params.end()))));
  if (!t.repeated.empty())
    out.push_back(
        fmt::format("{} rows repeat the numbers of earlier ones (line {}{}): counted as points of their own, which "
                    "makes every interval too small if they are copies",
                    t.repeated.size(), t.repeated.front(), t.repeated.size() > 1 ? ", ..." : ""));
  if (!f.resampled.usable())
    out.push_back(
        fmt::format("{} of {} resampled tables have no fit: nothing is taken from them; intervals are profiles",
                    f.resampled.failed, f.resampled.asked));
  if (f.envelope && f.envelope->ends_small)
    out.emplace_back("the lower end of the envelope is the smallest model: larger ones were not tried there");
  if (f.chosen.two && !f.chosen.rows.run.empty() && f.chosen.rows.size() > 2 * f.resampled.units)
    out.push_back(
        fmt::format("{} rows are checkpoints of {} runs: the rows of a run count as one. If the learning rate decays, "
                    "checkpoints before its end are too high: keep the last of each run",
                    f.chosen.rows.size(), f.resampled.units));
  if (f.chosen.one_ratio > 0)
    out.push_back(
        fmt::format("D/N does not vary in this table ({:.3g}): it cannot say which D/N is best, and the law is "
                    "one of compute; train some sizes longer and some shorter",
                    f.chosen.one_ratio));
  if (f.chosen.two && ratio_spread(f.chosen.rows) < 0.25)
    out.push_back(fmt::format(
        "D/N hardly varies in this table (spread of its logarithm {:.2g}): it cannot say which D/N is "
        "best; train some sizes longer and some shorter{}",
        ratio_spread(f.chosen.rows),
        f.chosen.model == analysis::LossModel::tied ? ". N and D at the target follow from tied exponents alone" : ""));
  if (f.chosen.two) {
    const auto [least, most] = std::minmax_element(f.chosen.rows.compute.begin(), f.chosen.rows.compute.end());
    if (*most < 3 * *least)
      out.push_back(fmt::format("compute hardly varies in this table ({} to {} FLOP): what happens with more of "
                                "it follows from the form of the law alone",
                                core::number_text(*least, 3), core::number_text(*most, 3)));
  }
  if (const std::string apart = far_off(f); !apart.empty())
    out.push_back(apart);
  if (f.iso_design && f.iso.used == 0)
    out.emplace_back(
        "every isoFLOP budget is refused: no exponent from parabolas; the reasons are in the table of budgets");
  return out;
}

} // namespace cascade::app
