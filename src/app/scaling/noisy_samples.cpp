#include "app/scaling/noisy_samples.hpp"

#include "analysis/fit/corrections.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "analysis/losses/loss_search.hpp"
#include "analysis/measurement/curves.hpp"
#include "app/scaling/noisy_fields.hpp"
#include "app/verdict/judging.hpp"
#include "core/talk/numbers.hpp"
#include "theory/scaling/pedestal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::NoisyLoss;

Judged exponent_result(const std::string& id, const BlockTable& table,
                       const std::vector<analysis::PowerLawModel>& models, double sign, double predicted,
                       const std::string& formula, const analysis::Axis& x, const analysis::Axis& y) {
  analysis::FitOptions options{{}, 0, 1e300};
  if (models.front().corrections.empty()) // an exact power law: every point counts
    options.window = {std::min(table.x.front(), table.x.back()), std::max(table.x.front(), table.x.back())};
  const auto fit = analysis::scaled(analysis::fit_exponent(table, models, options), sign);
  analysis::Result r = noisy_result(id, "exponent", {fit.exponent, fit.standard_error});
  analysis::set_fit(r, fit);
  r.curve = analysis::make_curve("", table, x, y);
  return judged(std::move(r), {predicted, formula}, 1e-9);
}

/// Exponent of a least-squares fit of log L, with or without a pedestal, to losses at x = N.
double fitted(const std::vector<double>& x, const std::vector<double>& losses, analysis::LossModel model,
              bool pedestal) {
  analysis::LossTable t;
  t.name = "noisy samples";
  t.x = x;
  t.loss = losses;
  const auto fit = analysis::fit_losses(t, model, {analysis::Objective::least_squares_log, 1e-3, true});
  return pedestal ? fit.parameters.pedestal : fit.parameters.alpha;
}

/// The three parts and their exponents.
void separate(const NoisySamplesStudy& s, const NoisyTable& m, Report& report) {
  const double a = 2 * s.hurst, noise = s.noise * s.noise;
  std::vector<double> inverse(m.x);
  std::transform(m.x.begin(), m.x.end(), inverse.begin(), [](double n) { return 1 / n; });
  BlockTable bias = table_of(m, [](const NoisyLoss& l) { return l.bias; });
  bias.x = inverse;
  const BlockTable variance = table_of(m, [](const NoisyLoss& l) { return l.variance; });
  const BlockTable floor = table_of(m, [](const NoisyLoss& l) { return l.irreducible; });
  const auto models = analysis::with_pedestal(analysis::mean_power_models(2, 1, {s.hurst, 0, false}, true, "s"), {});
  report.results.push_back(exponent_result("bias/alpha", bias, models, 1, a, "2h", {"1/N", "1"}, {"bias", "field^2"}));
  report.results.push_back(exponent_result("variance/exponent_in_pieces", variance, {{"A N^b", {}}}, 1, 1, "1",
                                           {"N", "1"}, {"variance", "field^2"}));
  report.results.push_back(judged_noisy("irreducible", "irreducible loss",
                                        jackknifed(floor, [](const std::vector<double>& v) { return v[0]; }), noise,
                                        "sigma^2"));
  const BlockTable total = table_of(m, [](const NoisyLoss& l) { return l.loss; });
  Table t{"Loss, taken apart",
          {"N", "loss", "irreducible", "bias", "variance", "sigma^2 N/n", "sum of the parts / loss"},
          {}};
  Figure f{"parts",
           "Test loss and its parts",
           "Mean over fields and repeats; each part measured by repeated sampling.",
           "N",
           "mean square",
           true,
           {}};
  const auto b = bias.mean(), v = variance.mean(), e = floor.mean(), l = total.mean();
  for (std::size_t i = 0; i < m.x.size(); ++i)
    t.rows.push_back({cell_text(m.x[i]), cell_text(l[i]), cell_text(e[i]), cell_text(b[i]), cell_text(v[i]),
                      cell_text(noise * m.x[i] / static_cast<double>(s.samples)),
                      cell_text((b[i] + v[i] + e[i]) / l[i])});
  f.series = {{"loss", "line", m.x, l, total.standard_error()},
              {"irreducible", "points", m.x, e, floor.standard_error()},
              {"bias", "points", m.x, b, bias.standard_error()},
              {"variance", "points", m.x, v, variance.standard_error()}};
  f.results = {"noisy/bias/alpha", "noisy/variance/exponent_in_pieces"};
  report.page.tables.push_back(t);
  report.page.figures.push_back(f);
}

/// Ignoring the pedestal: the loss without its variance is sigma^2 + A N^-a, whose running exponent eq. 5 gives.
void bend(const NoisySamplesStudy& s, const NoisyTable& m, Report& report) {
  const double noise = s.noise * s.noise;
  const BlockTable loss = table_of(m, [](const NoisyLoss& l) { return l.loss - l.variance; });
  const BlockTable bias = table_of(m, [](const NoisyLoss& l) { return l.bias; });
  using analysis::LossModel;
  const double a = fitted(m.x, bias.mean(), LossModel::power, false);
  const std::vector<double> reducible = bias.mean();
  double amplitude = 0;
  for (std::size_t i = 0; i < m.x.size(); ++i)
    amplitude += std::log(reducible[i] * std::pow(m.x[i], a)) / static_cast<double>(m.x.size());
  amplitude = std::exp(amplitude);
  const theory::Pedestal law{noise / (noise + amplitude), a};
  std::vector<double> expected;
  for (const double n : m.x)
    expected.push_back((noise + amplitude) * theory::pedestal_loss(law, 1 / n));
  const auto without = [&](const std::vector<double>& l) { return fitted(m.x, l, LossModel::power, false); };
  report.results.push_back(judged_noisy("ignored_pedestal/alpha", "alpha", jackknifed(loss, without), without(expected),
                                        "the same fit to eq. 5"));
  report.results.push_back(judged_noisy(
      "fitted_pedestal/alpha", "alpha",
      jackknifed(loss, [&](const std::vector<double>& l) { return fitted(m.x, l, LossModel::pedestal, false); }), a,
      "exponent of the bias"));
  report.results.push_back(judged_noisy(
      "fitted_pedestal/E", "E",
      jackknifed(loss, [&](const std::vector<double>& l) { return fitted(m.x, l, LossModel::pedestal, true); }), noise,
      "sigma^2"));
  Figure f{
      "bent",
      "The exponent bent by the pedestal",
      "Running exponents between neighbouring N: of the bias alone, and of the loss, whose pedestal is sigma^2; the "
      "line is eq. 5.",
      "N",
      "running exponent",
      false,
      {}};
  Series measured{"loss", "points", {}, {}, {}}, straight{"bias", "points", {}, {}, {}},
      line{"eq. 5", "line", {}, {}, {}};
  for (std::size_t i = 0; i + 1 < m.x.size(); ++i) {
    const double x = std::sqrt(m.x[i] * m.x[i + 1]), octave = std::log(m.x[i + 1] / m.x[i]);
    const auto slope = [&](const std::vector<double>& v) { return std::log(v[i] / v[i + 1]) / octave; };
    const NoisyEstimate here = jackknifed(loss, slope), bare = jackknifed(bias, slope);
    measured.x.push_back(x);
    measured.y.push_back(here.value);
    measured.error.push_back(here.error);
    straight.x.push_back(x);
    straight.y.push_back(bare.value);
    straight.error.push_back(bare.error);
    line.x.push_back(x);
    line.y.push_back(theory::running_exponent(law, 1 / x));
  }
  f.series = {measured, straight, line};
  report.page.figures.push_back(f);
}

constexpr core::Stream thinned_noise{20};

/// The variance of a mean over n samples: the same pieces, fewer samples.
void thin(const NoisySamplesStudy& s, const NoisyFields& fields, const StudyRun& run, Report& report) {
  NoisyTable m;
  std::vector<std::int64_t> strides;
  for (std::int64_t stride = 1; s.samples / stride >= 4 * s.fewest_pieces && strides.size() < 7; stride *= 2) {
    strides.push_back(stride);
    m.x.push_back(static_cast<double>(s.samples / stride));
  }
  auto stage = run.progress.begin("fewer samples", static_cast<double>(s.fields) / run.ranks.size());
  m.fields = for_all_fields(s.fields, m.x.size(), stage, run.ranks, [&](std::int64_t which) {
    const std::vector<double> field = fields.make(which);
    std::vector<NoisyLoss> out;
    for (std::size_t k = 0; k < strides.size(); ++k) {
      std::vector<double> kept;
      for (std::size_t i = static_cast<std::size_t>(strides[k] / 2); i < field.size();
           i += static_cast<std::size_t>(strides[k]))
        kept.push_back(field[i]);
      out.push_back(analysis::noisy_losses(kept, s.noise, {s.fewest_pieces}, s.repeats,
                                           {run.seed, thinned_noise, static_cast<std::uint32_t>(k)},
                                           static_cast<std::uint64_t>(which))[0]);
    }
    return out;
  });
  const BlockTable variance = table_of(m, [](const NoisyLoss& l) { return l.variance; });
  report.results.push_back(exponent_result("variance/exponent_in_samples", variance, {{"A n^-b", {}}}, 1, -1, "-1",
                                           {"n", "samples"}, {"variance", "field^2"}));
}

bool power_of_two(std::int64_t n) {
  return n > 0 && std::has_single_bit(static_cast<std::uint64_t>(n));
}

} // namespace

void NoisySamplesStudy::declare(core::ParameterVisitor& v) {
  v.real("hurst", hurst, {0.05, 0.95}, {"1", "h of the field on the unit interval"});
  v.real("noise", noise, {1e-6, 1e3}, {"field", "sigma of the noise of a sample; the field has variance 1"});
  v.integer("samples", samples, {64, 1 << 22}, {"1", "samples n, a power of two"});
  v.integer("fields", fields, {8, 100000}, {"1", "independent fields"});
  v.integer("repeats", repeats, {4, 100000}, {"1", "independent samples of each field"});
  v.integer("fewest_pieces", fewest_pieces, {1, 1 << 20}, {"1", "smallest number of pieces N, a power of two"});
  v.integer("most_pieces", most_pieces, {8, 1 << 20}, {"1", "largest number of pieces N, a power of two"});
  v.reals("signal_to_noise", signal_to_noise, {1e-12, 1e12}, {"1", "var f/sigma^2 at which the best N is sought"});
}

void NoisySamplesStudy::validate(core::Problems& problems) const {
  for (const auto& [key, value] :
       {std::pair{"samples", samples}, {"fewest_pieces", fewest_pieces}, {"most_pieces", most_pieces}})
    if (!power_of_two(value))
      problems.add(key, fmt::format("{} is no power of two", value));
  if (most_pieces < 8 * fewest_pieces)
    problems.add("most_pieces", fmt::format("{} is below 8 times fewest_pieces, {}", most_pieces, 8 * fewest_pieces));
  if (samples < 4 * most_pieces)
    problems.add("samples", fmt::format("{} is below 4 times most_pieces, {}", samples, 4 * most_pieces));
}

core::MemoryParts NoisySamplesStudy::memory() const {
  constexpr double field_noise_and_sums = 6; // the field twice, two draws of noise, their sums over pieces
  const core::MemoryPart fitted{"a field and its samples",
                                field_noise_and_sums * sizeof(double) * static_cast<double>(samples)};
  return core::in_turn(NoisyFields(*this, 1).memory(), {fitted});
}

std::string NoisySamplesStudy::plan() const {
  return fmt::format("{} fields of {} samples, {} repeats, {} to {} pieces", fields, samples, repeats, fewest_pieces,
                     most_pieces);
}

void NoisySamplesStudy::run(const StudyRun& run, Report& report) const {
  const NoisyFields made(*this, run.seed);
  const auto pieces = doublings(fewest_pieces, most_pieces);
  NoisyTable m;
  m.x.assign(pieces.begin(), pieces.end());
  {
    auto stage = run.progress.begin("noisy samples", static_cast<double>(fields) / run.ranks.size());
    m.fields = for_all_fields(fields, m.x.size(), stage, run.ranks, [&](std::int64_t which) {
      return analysis::noisy_losses(made.make(which), noise, pieces, repeats, {run.seed, analysis::measurement_noise},
                                    static_cast<std::uint64_t>(which));
    });
  }
  separate(*this, m, report);
  bend(*this, m, report);
  thin(*this, made, run, report);
  resolve_noisy(*this, made, run, report);
  const auto value = [&](const std::string& id) -> const Judged& {
    return *std::find_if(report.results.begin(), report.results.end(),
                         [&](const Judged& j) { return j.result.id == "noisy/" + id; });
  };
  const auto text = [&](const std::string& id) {
    const Judged& j = value(id);
    const analysis::Measured& found = j.result.measured;
    return fmt::format("{} (expected {})", core::with_error_text(found.value, found.standard_error),
                       core::number_text(j.predicted->value));
  };
  report.verdict = fmt::format(
      "The bias falls with an exponent of {} in N; the variance grows with one of {} in N, and goes with one "
      "of {} in n; the irreducible loss is {}. Fitted without its pedestal the loss shows an exponent of {}.",
      text("bias/alpha"), text("variance/exponent_in_pieces"), text("variance/exponent_in_samples"),
      text("irreducible"), text("ignored_pedestal/alpha"));
  report.page.answers.insert(report.page.answers.begin(), report.verdict);
}

} // namespace cascade::app
