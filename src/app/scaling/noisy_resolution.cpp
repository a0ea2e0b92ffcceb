// Study noisy_samples, last part: at which signal-to-noise ratio a piecewise fit begins to resolve the field.
#include "app/scaling/noisy_fields.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::NoisyLoss;

constexpr core::Stream survey_noise{21};
constexpr core::Stream threshold_noise{22};

/// Losses at each ratio (outer) and number of pieces (inner), in units of the noise sigma^2.
NoisyTable losses_at(const std::vector<double>& ratios, const std::vector<std::int64_t>& pieces, std::int64_t repeats,
                     const analysis::NoiseSource& noise, const NoisySamplesStudy& s, const NoisyFields& fields,
                     core::Progress::Stage& stage, const core::Communicator& communicator) {
  NoisyTable m;
  for (std::size_t k = 0; k < ratios.size(); ++k)
    m.x.insert(m.x.end(), pieces.begin(), pieces.end());
  m.fields = for_all_fields(s.fields, m.x.size(), stage, communicator, [&](std::int64_t which) {
    const std::vector<double> field = fields.make(which);
    std::vector<NoisyLoss> out;
    for (std::size_t k = 0; k < ratios.size(); ++k)
      for (NoisyLoss l : analysis::noisy_losses(field, 1 / std::sqrt(ratios[k]), pieces, repeats,
                                                {noise.seed, noise.stream, static_cast<std::uint32_t>(k)},
                                                static_cast<std::uint64_t>(which))) {
        l.loss *= ratios[k];
        l.irreducible *= ratios[k];
        l.bias *= ratios[k];
        l.variance *= ratios[k];
        out.push_back(l);
      }
    return out;
  });
  return m;
}

/// 1/(n max (b(1) - b(N))/(N - 1)), b the bias at field variance 1, and the N that attains it.
std::pair<double, std::size_t> predicted_threshold(const std::vector<double>& bias, std::size_t begin,
                                                   const std::vector<std::int64_t>& pieces, double samples) {
  double steepest = 0;
  std::size_t best = 1;
  for (std::size_t i = 1; i < pieces.size(); ++i)
    if (const double slope = (bias[begin] - bias[begin + i]) / static_cast<double>(pieces[i] - 1); slope > steepest) {
      steepest = slope;
      best = i;
    }
  return {1 / (samples * steepest), best};
}

/// Where the gain of pieces[i] over one piece changes its sign: the zero of a straight line through gain/sigma^2
/// against the ratio, which is its form. Infinite when the gain does not grow.
double zero_of_gain(const std::vector<double>& excess, const std::vector<double>& ratios, std::size_t per,
                    std::size_t i) {
  const auto n = static_cast<double>(ratios.size());
  double mx = 0, my = 0, xx = 0, xy = 0;
  const auto gain = [&](std::size_t k) { return excess[k * per] - excess[k * per + i]; };
  for (std::size_t k = 0; k < ratios.size(); ++k) {
    mx += ratios[k] / n;
    my += gain(k) / n;
  }
  for (std::size_t k = 0; k < ratios.size(); ++k) {
    xx += (ratios[k] - mx) * (ratios[k] - mx);
    xy += (ratios[k] - mx) * (gain(k) - my);
  }
  return xy > 0 ? mx - my * xx / xy : std::numeric_limits<double>::infinity();
}

/// The ratios of the input: best N and what it gains. Returns the first ratio at which more than one piece pays.
std::optional<double> survey(const std::vector<double>& ratios, const std::vector<std::int64_t>& pieces,
                             const NoisyTable& m, Table& t) {
  const BlockTable excess = table_of(m, [](const NoisyLoss& l) { return l.bias + l.variance; });
  const auto mean = excess.mean();
  const std::size_t per = pieces.size();
  std::optional<double> first;
  for (std::size_t k = 0; k < ratios.size(); ++k) {
    const std::size_t begin = k * per;
    const auto from = mean.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto best =
        static_cast<std::size_t>(std::min_element(from, from + static_cast<std::ptrdiff_t>(per)) - mean.begin());
    const NoisyEstimate gain = jackknifed(excess, [&](const std::vector<double>& v) { return v[begin] - v[best]; });
    const bool yes = best > begin && gain.value > 3 * gain.error;
    if (yes && (!first || ratios[k] < *first))
      first = ratios[k];
    t.rows.push_back({cell_text(ratios[k]), cell_text(m.x[best]), cell_text(mean[best], 4), cell_text(mean[begin], 4),
                      cell_text(gain.value, 3), cell_text(gain.error, 2), yes ? "yes" : "no"});
  }
  return first;
}

} // namespace

void resolve_noisy(const NoisySamplesStudy& s, const NoisyFields& fields, const StudyRun& run, Report& report) {
  const auto pieces = doublings(1, s.most_pieces);
  const std::size_t per = pieces.size();
  const double n = static_cast<double>(s.samples), work = static_cast<double>(s.fields) / run.ranks.size();
  Table t{"Where the field begins to be resolved",
          {"var f/sigma^2", "best N", "loss above sigma^2 there, in sigma^2", "with one piece", "gain",
           "standard error", "resolved"},
          {}};
  auto stage = run.progress.begin("signal to noise", work);
  const NoisyTable coarse = losses_at(s.signal_to_noise, pieces, std::max<std::int64_t>(4, s.repeats / 4),
                                      {run.seed, survey_noise}, s, fields, stage, run.ranks);
  const std::optional<double> first = survey(s.signal_to_noise, pieces, coarse, t);
  const auto strongest = static_cast<std::size_t>(std::max_element(s.signal_to_noise.begin(), s.signal_to_noise.end()) -
                                                  s.signal_to_noise.begin());
  const double ratio = s.signal_to_noise[strongest]; // the quietest case knows the bias best
  const BlockTable quiet = table_of(coarse, [&](const NoisyLoss& l) { return l.bias / ratio; });
  const auto [centre, likely] = predicted_threshold(quiet.mean(), strongest * per, pieces, n);

  std::vector<double> ladder;
  for (int k = -2; k <= 2; ++k)
    ladder.push_back(centre * std::exp2(0.5 * k));
  auto fine_stage = run.progress.begin("threshold", work);
  const NoisyTable fine =
      losses_at(ladder, pieces, s.repeats, {run.seed, threshold_noise}, s, fields, fine_stage, run.ranks);
  BlockTable excess = table_of(fine, [](const NoisyLoss& l) { return l.bias + l.variance; });
  // prediction and measurement share their fields: one table, so that the difference has its own error
  const std::size_t measured_points = excess.x.size();
  excess.x.insert(excess.x.end(), quiet.x.begin(), quiet.x.end());
  excess.count.insert(excess.count.end(), quiet.count.begin(), quiet.count.end());
  for (std::size_t f = 0; f < excess.sum.size(); ++f) {
    excess.sum[f].insert(excess.sum[f].end(), quiet.sum[f].begin(), quiet.sum[f].end());
    excess.weight[f].insert(excess.weight[f].end(), quiet.weight[f].begin(), quiet.weight[f].end());
  }
  const auto zero = [&](const std::vector<double>& v) {
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < per; ++i)
      lowest = std::min(lowest, zero_of_gain(v, ladder, per, i));
    return lowest;
  };
  const auto expected = [&](const std::vector<double>& v) {
    return predicted_threshold(v, measured_points + strongest * per, pieces, n).first;
  };
  const NoisyEstimate measured = jackknifed(excess, zero), predicted = jackknifed(excess, expected);
  const NoisyEstimate difference =
      jackknifed(excess, [&](const std::vector<double>& v) { return zero(v) - expected(v); });

  t.note = fmt::format("{} pieces pay from var f/sigma^2 = {} on (zero of the gain over one piece, at "
                       "five ratios around it). Expected, where sigma^2 (N - 1)/n comes below what N pieces take off "
                       "the bias: {} for these fields; difference {}.",
                       pieces[likely], core::with_error_text(measured.value, measured.error),
                       core::with_error_text(predicted.value, predicted.error),
                       core::with_error_text(difference.value, difference.error));
  report.page.tables.push_back(t);
  analysis::Result r = noisy_result("threshold", "var f/sigma^2", measured);
  r.fit.note =
      fmt::format("expected value known to {:.2g}; difference known to {:.2g}", predicted.error, difference.error);
  const double z = difference.value / std::max(difference.error, 1e-12 * predicted.value); // common scatter
  report.results.push_back(judged_at(std::move(r), {predicted.value, "1/(n max (b(1) - b(N))/(N - 1))"}, z));
  report.page.answers.push_back(
      fmt::format("With {} samples the fit begins to resolve the field at a signal-to-noise ratio of {} (expected {}); "
                  "of the ratios asked for, {} is the first at which more than one piece "
                  "pays by three standard errors.",
                  s.samples, core::with_error_text(measured.value, measured.error),
                  core::with_error_text(predicted.value, predicted.error), cell_text(first.value_or(std::nan("")), 3)));
}

} // namespace cascade::app
