// Study noisy_samples: irreducible loss, bias and variance told apart by repeated sampling, and what becomes of the
// exponent when the pedestal is ignored.
#include "analysis/fit/corrections.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/loss_fit.hpp"
#include "analysis/reference_methods/noisy_samples.hpp"
#include "app/measured.hpp"
#include "app/scaling_run.hpp"
#include "core/domain.hpp"
#include "solvers/gaussian.hpp"
#include "theory/pedestal.hpp"
#include "theory/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::NoisyLoss;

std::vector<std::int64_t> doublings(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> out;
  for (std::int64_t n = first; n <= last; n *= 2)
    out.push_back(n);
  return out;
}

/// Fields on the unit interval, of variance 1; field `which` is the same on any rank.
class Fields {
public:
  explicit Fields(const ScalingConfig& config)
      : points_(config.noisy_samples.samples), self_(core::Communicator::self()),
        decomposition_(core::Domain(1, points_), 1) {
    solvers::GaussianParameters p;
    p.embedding_dimension = 1;
    p.points = points_;
    p.hurst = config.noisy_samples.hurst;
    p.oversampling = 4; // scales below a sample's distance are there, as in nature
    generator_ = solvers::make_gaussian(p, config.seed());
  }
  std::vector<double> make(std::int64_t which) const {
    const auto sample = generator_->grid(decomposition_, self_, static_cast<std::uint64_t>(which));
    const auto values = sample.field.component(0);
    return {values.begin(), values.end()};
  }

private:
  std::int64_t points_;
  core::Communicator self_;
  core::Decomposition decomposition_;
  std::unique_ptr<solvers::Generator> generator_;
};

/// Four numbers an abscissa and field: loss, irreducible, bias, variance.
struct Measured {
  std::vector<double> x;
  std::vector<std::vector<NoisyLoss>> fields; ///< [field][abscissa]
};

constexpr std::size_t numbers = 4;

/// Runs `one(field number)` for every field, split among the ranks. Collective; the same on every rank and at any
/// rank count.
std::vector<std::vector<NoisyLoss>> for_all_fields(std::int64_t fields, std::size_t points,
                                                   core::Progress::Stage& stage, const core::Communicator& communicator,
                                                   const std::function<std::vector<NoisyLoss>(std::int64_t)>& one) {
  const std::int64_t ranks = communicator.size(), rank = communicator.rank();
  std::vector<double> local;
  for (std::int64_t f = fields * rank / ranks; f < fields * (rank + 1) / ranks; ++f) {
    for (const NoisyLoss& l : one(f))
      local.insert(local.end(), {l.loss, l.irreducible, l.bias, l.variance});
    stage.advance();
  }
  const std::vector<double> all = communicator.gather_all(local);
  std::vector<std::vector<NoisyLoss>> out(static_cast<std::size_t>(fields), std::vector<NoisyLoss>(points));
  for (std::size_t f = 0, at = 0; f < out.size(); ++f)
    for (NoisyLoss& l : out[f]) {
      l = {0, all[at], all[at + 1], all[at + 2], all[at + 3]};
      at += numbers;
    }
  return out;
}

BlockTable table_of(const Measured& m, const std::function<double(const NoisyLoss&)>& value) {
  BlockTable t;
  t.x = m.x;
  t.count.assign(m.x.size(), static_cast<double>(m.fields.size()));
  for (const auto& field : m.fields) {
    t.sum.emplace_back();
    t.weight.emplace_back(m.x.size(), 1.0);
    for (const NoisyLoss& l : field)
      t.sum.back().push_back(value(l));
  }
  return t;
}

struct Estimate {
  double value = 0, error = 0;
};

/// A number made of the means over fields, with its delete-one jackknife error.
Estimate jackknifed(const BlockTable& t, const std::function<double(const std::vector<double>&)>& make) {
  Estimate e{make(t.mean()), 0};
  std::vector<double> without;
  for (std::size_t b = 0; b < t.blocks(); ++b)
    without.push_back(make(t.mean_without(b)));
  const auto n = static_cast<double>(without.size());
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n;
  for (const double v : without)
    e.error += (v - mean) * (v - mean) * (n - 1) / n;
  e.error = std::sqrt(e.error);
  return e;
}

Result judged(const std::string& id, const std::string& quantity, Estimate e, double predicted,
              const std::string& formula) {
  Result r;
  r.id = "noisy/" + id;
  r.stage = "noisy_samples";
  r.quantity = quantity;
  r.method = "repeated sampling";
  r.measured = {e.value, e.error, {e.value - 2 * e.error, e.value + 2 * e.error}};
  r.predicted = Prediction{predicted, formula};
  r.z = (e.value - predicted) / std::max(e.error, 1e-9);
  r.verdict = theory::verdict_of(*r.z, false);
  return r;
}

Result exponent_result(const std::string& id, const BlockTable& table,
                       const std::vector<analysis::PowerLawModel>& models, double sign, double predicted,
                       const std::string& formula, const Axes& axes) {
  analysis::FitOptions options{{}, 0, 1e300};
  if (models.front().corrections.empty()) // an exact power law: every point counts
    options.window = {std::min(table.x.front(), table.x.back()), std::max(table.x.front(), table.x.back())};
  const auto fit = analysis::scaled(analysis::fit_exponent(table, models, options), sign);
  Result r = judged(id, "exponent", {fit.exponent, fit.standard_error}, predicted, formula);
  set_fit(r, fit);
  r.curve = make_curve(table, axes);
  return r;
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
void separate(const ScalingConfig& config, const Measured& m, Report& report, ScalingPage& page) {
  const NoisySamplesSection& s = config.noisy_samples;
  const double a = 2 * s.hurst, noise = s.noise * s.noise;
  std::vector<double> inverse(m.x);
  std::transform(m.x.begin(), m.x.end(), inverse.begin(), [](double n) { return 1 / n; });
  BlockTable bias = table_of(m, [](const NoisyLoss& l) { return l.bias; });
  bias.x = inverse;
  const BlockTable variance = table_of(m, [](const NoisyLoss& l) { return l.variance; });
  const BlockTable floor = table_of(m, [](const NoisyLoss& l) { return l.irreducible; });
  const auto models = analysis::with_pedestal(analysis::mean_power_models(2, 1, {s.hurst, 0, false}, true, "s"), {});
  report.results.push_back(exponent_result("bias/alpha", bias, models, 1, a, "2h", {"1/N", "bias", "1", "field^2"}));
  report.results.push_back(exponent_result("variance/exponent_in_pieces", variance, {{"A N^b", {}}}, 1, 1, "1",
                                           {"N", "variance", "1", "field^2"}));
  report.results.push_back(judged("irreducible", "irreducible loss",
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
  page.tables.push_back(t);
  page.figures.push_back(f);
}

/// Ignoring the pedestal: the loss without its variance is sigma^2 + A N^-a, whose running exponent eq. 5 gives.
void bend(const ScalingConfig& config, const Measured& m, Report& report, ScalingPage& page) {
  const double noise = config.noisy_samples.noise * config.noisy_samples.noise;
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
  report.results.push_back(
      judged("ignored_pedestal/alpha", "alpha", jackknifed(loss, without), without(expected), "the same fit to eq. 5"));
  report.results.push_back(
      judged("fitted_pedestal/alpha", "alpha",
             jackknifed(loss, [&](const std::vector<double>& l) { return fitted(m.x, l, LossModel::pedestal, false); }),
             a, "exponent of the bias"));
  report.results.push_back(
      judged("fitted_pedestal/E", "E",
             jackknifed(loss, [&](const std::vector<double>& l) { return fitted(m.x, l, LossModel::pedestal, true); }),
             noise, "sigma^2"));
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
    const Estimate here = jackknifed(loss, slope), bare = jackknifed(bias, slope);
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
  page.figures.push_back(f);
}

/// The variance of a mean over n samples: the same pieces, fewer samples.
void thin(const ScalingConfig& config, const Fields& fields, const core::Communicator& communicator,
          core::Progress& progress, Report& report) {
  const NoisySamplesSection& s = config.noisy_samples;
  Measured m;
  std::vector<std::int64_t> strides;
  for (std::int64_t stride = 1; s.samples / stride >= 4 * s.fewest_pieces && strides.size() < 7; stride *= 2) {
    strides.push_back(stride);
    m.x.push_back(static_cast<double>(s.samples / stride));
  }
  auto stage = progress.begin("fewer samples", static_cast<double>(s.fields) / communicator.size());
  m.fields = for_all_fields(s.fields, m.x.size(), stage, communicator, [&](std::int64_t which) {
    const std::vector<double> field = fields.make(which);
    std::vector<NoisyLoss> out;
    for (std::size_t k = 0; k < strides.size(); ++k) {
      std::vector<double> kept;
      for (std::size_t i = static_cast<std::size_t>(strides[k] / 2); i < field.size();
           i += static_cast<std::size_t>(strides[k]))
        kept.push_back(field[i]);
      out.push_back(analysis::noisy_losses(kept, s.noise, {s.fewest_pieces}, s.repeats, config.seed() + 1000 + k,
                                           static_cast<std::uint64_t>(which))[0]);
    }
    return out;
  });
  const BlockTable variance = table_of(m, [](const NoisyLoss& l) { return l.variance; });
  report.results.push_back(exponent_result("variance/exponent_in_samples", variance, {{"A n^-b", {}}}, 1, -1, "-1",
                                           {"n", "variance", "samples", "field^2"}));
}

/// At which signal-to-noise ratio more than one piece pays.
void resolve(const ScalingConfig& config, const Fields& fields, const core::Communicator& communicator,
             core::Progress& progress, Report& report, ScalingPage& page) {
  const NoisySamplesSection& s = config.noisy_samples;
  const auto pieces = doublings(1, s.most_pieces);
  const std::size_t per = pieces.size();
  Measured m;
  for (std::size_t k = 0; k < s.signal_to_noise.size() * per; ++k)
    m.x.push_back(static_cast<double>(pieces[k % per]));
  auto stage = progress.begin("signal to noise", static_cast<double>(s.fields) / communicator.size());
  m.fields = for_all_fields(s.fields, m.x.size(), stage, communicator, [&](std::int64_t which) {
    const std::vector<double> field = fields.make(which);
    std::vector<NoisyLoss> out;
    for (std::size_t k = 0; k < s.signal_to_noise.size(); ++k) {
      const auto one = analysis::noisy_losses(field, 1 / std::sqrt(s.signal_to_noise[k]), pieces,
                                              std::max<std::int64_t>(4, s.repeats / 4), config.seed() + 2000 + k,
                                              static_cast<std::uint64_t>(which));
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  });
  const BlockTable excess = table_of(m, [](const NoisyLoss& l) { return l.bias + l.variance; });
  const BlockTable bias = table_of(m, [](const NoisyLoss& l) { return l.bias; });
  const auto b = bias.mean(), mean = excess.mean();
  const std::size_t last = (s.signal_to_noise.size() - 1) * per; // the quietest case knows the bias best
  double steepest = 0;
  for (std::size_t i = 1; i < per; ++i)
    steepest = std::max(steepest, (b[last] - b[last + i]) / static_cast<double>(pieces[i] - 1));
  const double threshold = 1 / (static_cast<double>(s.samples) * steepest);
  Table t{
      "Where the field begins to be resolved",
      {"var f/sigma^2", "best N", "loss above sigma^2 there", "with one piece", "gain", "standard error", "resolved"},
      {}};
  double first = std::nan("");
  for (std::size_t k = 0; k < s.signal_to_noise.size(); ++k) {
    const std::size_t begin = k * per;
    const auto best =
        static_cast<std::size_t>(std::min_element(mean.begin() + static_cast<std::ptrdiff_t>(begin),
                                                  mean.begin() + static_cast<std::ptrdiff_t>(begin + per)) -
                                 mean.begin());
    const Estimate gain = jackknifed(excess, [&](const std::vector<double>& v) { return v[begin] - v[best]; });
    const bool yes = best > begin && gain.value > 3 * gain.error;
    if (yes && !(first < s.signal_to_noise[k]))
      first = s.signal_to_noise[k];
    t.rows.push_back({cell_text(s.signal_to_noise[k]), cell_text(m.x[best]), cell_text(mean[best], 4),
                      cell_text(mean[begin], 4), cell_text(gain.value, 3), cell_text(gain.error, 2),
                      yes ? "yes" : "no"});
  }
  t.note = fmt::format(
      "Expected: a second piece pays from var f/sigma^2 = {:.3g} on, where sigma^2 (N - 1)/n comes below what "
      "N pieces take off the bias.",
      threshold);
  page.tables.push_back(t);
  Result r = judged("threshold", "var f/sigma^2", {first, 0}, threshold, "1/(n max (b(1) - b(N))/(N - 1))");
  r.z.reset();
  r.verdict = "not judged";
  r.fit.note = "smallest of the ratios tried at which more than one piece pays";
  report.results.push_back(r);
  page.answers.push_back(
      fmt::format("With {} samples the fit begins to resolve the field at a signal-to-noise ratio near "
                  "{:.2g}; of the ratios tried, {} is the first at which more than one piece pays.",
                  s.samples, threshold, cell_text(first, 3)));
}

} // namespace

void study_noisy_samples(const ScalingConfig& config, const core::Communicator& communicator, core::Progress& progress,
                         Report& report, ScalingPage& page) {
  const NoisySamplesSection& s = config.noisy_samples;
  const Fields fields(config);
  const auto pieces = doublings(s.fewest_pieces, s.most_pieces);
  Measured m;
  m.x.assign(pieces.begin(), pieces.end());
  {
    auto stage = progress.begin("noisy samples", static_cast<double>(s.fields) / communicator.size());
    m.fields = for_all_fields(s.fields, m.x.size(), stage, communicator, [&](std::int64_t which) {
      return analysis::noisy_losses(fields.make(which), s.noise, pieces, s.repeats, config.seed(),
                                    static_cast<std::uint64_t>(which));
    });
  }
  separate(config, m, report, page);
  bend(config, m, report, page);
  thin(config, fields, communicator, progress, report);
  resolve(config, fields, communicator, progress, report, page);
  const auto value = [&](const std::string& id) -> const Result& {
    return *std::find_if(report.results.begin(), report.results.end(),
                         [&](const Result& r) { return r.id == "noisy/" + id; });
  };
  const auto text = [&](const std::string& id) {
    const Result& r = value(id);
    return fmt::format("{:.4f} +- {:.4f} (expected {:.4f})", r.measured.value, r.measured.standard_error,
                       r.predicted->value);
  };
  report.verdict =
      fmt::format("Bias falls as N^-{}; the variance grows as N^{} and falls as n^{}; the irreducible loss is {}. "
                  "Fitted without its pedestal the loss shows an exponent of {}.",
                  text("bias/alpha"), text("variance/exponent_in_pieces"), text("variance/exponent_in_samples"),
                  text("irreducible"), text("ignored_pedestal/alpha"));
  page.answers.insert(page.answers.begin(), report.verdict);
}

} // namespace cascade::app
