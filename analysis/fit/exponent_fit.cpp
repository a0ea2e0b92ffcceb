#include "analysis/fit/exponent_fit.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

/// Blocks have longer tails than the normal law of the test: a misfit above this p may still be chance, among the many
/// fits of a run.
constexpr double chance_above = 1e-6;

struct Candidate {
  PowerLawFit fit;
  std::vector<double> replicates, replicate_missing;
  std::vector<std::vector<double>> residuals; ///< of the replicates
  std::size_t first = 0, last = 0;
  const PowerLawModel* model = nullptr;
  double statistical = 0;
  FitQuality quality;

  bool describes() const { return !quality.p_value || *quality.p_value >= describes_above; }
};

/// Errors that hold a misfit of size tau beside the blocks' scatter.
void weigh(FitData& data, std::size_t first, std::size_t last, double tau) {
  set_errors(data, first, last);
  for (double& e : data.error)
    e = std::hypot(e, tau);
}

/// P of A x^a - P/phi beside other terms; nothing where the model has no such term.
std::optional<double> missing_of(const PowerLawModel& model, const PowerLawFit& fit) {
  for (std::size_t m = 0; m < model.corrections.size(); ++m)
    if (model.corrections[m].kind == Correction::Kind::pedestal && model.corrections[m].exponent == 0)
      return -fit.coefficients[m + 1];
  return std::nullopt;
}

Candidate make_candidate(FitData& data, std::size_t first, std::size_t last, const PowerLawModel& model, double tau) {
  Candidate c;
  c.first = first;
  c.last = last;
  c.model = &model;
  weigh(data, first, last, tau);
  const double slope = loglog_slope(data.x, data.y, first, last);
  c.fit = fit_power_law(data.x, data.y, data.error, first, last, model, slope - 1.0, slope + 1.0);
  for (const auto& r : data.replicates) {
    PowerLawFit f =
        fit_power_law(data.x, r, data.error, first, last, model, c.fit.exponent - 0.1, c.fit.exponent + 0.1);
    c.replicates.push_back(f.exponent);
    if (const auto missing = missing_of(model, f))
      c.replicate_missing.push_back(*missing);
    c.residuals.push_back(std::move(f.residual));
  }
  c.statistical = jackknife_error(c.replicates);
  c.quality = goodness_of_fit(c.fit.solution, c.residuals);
  return c;
}

/// Exponents at which the profile chi^2, scaled so that its curvature matches the jackknife error, reaches t^2.
void profile_interval(const FitData& data, const Candidate& c, double t, ExponentFit& result) {
  const auto chi2 = [&](double a) {
    return profile_chi2(data.x, data.y, data.error, c.first, c.last, *c.model, a) - c.fit.chi2;
  };
  const double s = std::max(c.statistical, 1e-9);
  const double unit = 0.5 * (chi2(c.fit.exponent + s) + chi2(c.fit.exponent - s));
  for (int side = 0; side < 2; ++side) {
    const double sign = side == 0 ? -1 : 1;
    double low = 0, high = 8 * t * s;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (low + high);
      (chi2(c.fit.exponent + sign * middle) < t * t * unit ? low : high) = middle;
    }
    result.profile95[side] = c.fit.exponent + sign * low;
  }
}

/// A x^a - P x^(f a)/phi with a towards zero and an even phi is a logarithm of large A and P, whatever a is: where the
/// two terms change by less than a quarter beside each other over the window, a is the end of its search. (Losses of
/// two planes, h = .18 and .26, had a = .06 with an error of .006, a change of .17; h = .1 changes by .42 over three
/// octaves.)
bool is_its_own_pedestal(const FitData& data, const Candidate& c) {
  constexpr double apart = 0.25;
  return std::any_of(c.model->corrections.begin(), c.model->corrections.end(), [&](const Correction& term) {
    if (term.kind != Correction::Kind::pedestal)
      return false;
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    for (std::size_t i = c.first; i <= c.last; ++i) {
      const double beside =
          c.fit.exponent * (1 - term.exponent) * std::log(data.x[i]) + (term.phi.empty() ? 0 : std::log(term.phi[i]));
      lowest = std::min(lowest, beside);
      highest = std::max(highest, beside);
    }
    return highest - lowest < apart;
  });
}

/// How far the exponent moves with the centres of the corrections' priors, one standard deviation each.
double prior_error(const FitData& data, const Candidate& c) {
  double square = 0;
  const std::size_t corrections = c.model->corrections.size();
  for (std::size_t m = 0; m < corrections; ++m) {
    if (c.model->corrections[m].kind == Correction::Kind::pedestal)
      continue;
    const auto at = [&](double shift) {
      std::vector<double> centre(corrections, 0.0);
      centre[m] = shift;
      return fit_power_law(data.x, data.y, data.error, c.first, c.last, *c.model, c.fit.exponent - 0.1,
                           c.fit.exponent + 0.1, centre)
          .exponent;
    };
    square += std::pow(0.5 * (at(prior_width) - at(-prior_width)), 2);
  }
  return std::sqrt(square);
}

/// The search for a window and a model, and all that was tried on the way.
class Trials {
public:
  Trials(FitData& data, const std::vector<PowerLawModel>& models, const FitOptions& options)
      : data_(data), models_(models), fixed_(options.window.has_value()) {
    const double low = fixed_ ? (*options.window)[0] : options.lowest_x;
    const double high = fixed_ ? (*options.window)[1] : options.highest_x;
    while (first_ < data.x.size() && data.x[first_] < low * (1 - 1e-9))
      ++first_;
    for (std::size_t i = 0; i < data.x.size(); ++i)
      if (data.x[i] <= high * (1 + 1e-9))
        last_ = i;
    const std::size_t least = models.front().corrections.size() + 3;
    require_range(data.x, first_, last_, least, fewest_octaves);
    shortest_ = std::min(last_ - first_, std::max<std::size_t>(least, 6) - 1);
  }

  /// The first model in the largest window it describes; failing that, the most precise trial that does.
  Candidate choose() {
    Candidate chosen = make_candidate(data_, first_, last_, models_.front(), 0);
    while (!fixed_ && chosen.quality.p_value && *chosen.quality.p_value < 0.05 && wide_enough(first_, last_ - 1)) {
      if (*chosen.quality.p_value > chance_above)
        passed_over_.push_back(std::move(chosen));
      chosen = make_candidate(data_, first_, --last_, models_.front(), 0);
    }
    if (chosen.describes())
      return chosen;
    const auto others = alternatives(chosen, 0);
    const Candidate* best = nullptr;
    for (const Candidate& c : others)
      if (c.quality.p_value && *c.quality.p_value >= 0.05 && (best == nullptr || c.statistical < best->statistical))
        best = &c;
    return best != nullptr ? *best : chosen;
  }

  /// Other models, and windows without one or two points of the top; of the bottom too where a misfit has to be held.
  std::vector<Candidate> alternatives(const Candidate& chosen, double tau) {
    std::vector<Candidate> others;
    for (const PowerLawModel& model : models_)
      for (std::size_t cut = 0; cut <= 2; ++cut)
        for (const bool top : {true, false}) {
          const std::size_t first = chosen.first + (top ? 0 : cut), last = chosen.last - (top ? cut : 0);
          const bool same = cut == 0 && (!top || &model == chosen.model);
          if (!same && (top || tau > 0) && wide_enough(first, last) && last - first >= model.corrections.size() + 2)
            others.push_back(make_candidate(data_, first, last, model, tau));
        }
    return others;
  }

  /// Wider windows that were left because the model describes them badly, though not beyond chance: what is chosen for
  /// its good fit is chosen for its luck too.
  const std::vector<Candidate>& passed_over() const { return passed_over_; }

private:
  bool wide_enough(std::size_t first, std::size_t last) const {
    return last >= first + shortest_ && std::log2(data_.x[last] / data_.x[first]) >= fewest_octaves * (1 - 1e-9);
  }

  FitData& data_;
  const std::vector<PowerLawModel>& models_;
  bool fixed_;
  std::size_t first_ = 0, last_ = 0, shortest_ = 0;
  std::vector<Candidate> passed_over_;
};

/// Half the spread of the exponent over the chosen fit and its alternatives. A fit that fails, or says nothing, is no
/// reason to doubt one that does not.
double spread(const Candidate& chosen, const std::vector<Candidate>& others, bool all,
              const std::vector<Candidate>& passed_over, double error) {
  double lowest = chosen.fit.exponent, highest = lowest;
  const auto count = [&](const Candidate& c) {
    if (c.statistical > 3 * error)
      return;
    lowest = std::min(lowest, c.fit.exponent);
    highest = std::max(highest, c.fit.exponent);
  };
  for (const Candidate& c : others)
    if (all || c.describes())
      count(c);
  for (const Candidate& c : passed_over)
    count(c);
  return 0.5 * (highest - lowest);
}

void describe(const FitData& data, const Candidate& c, ExponentFit& result) {
  result.exponent = c.fit.exponent;
  result.statistical_error = c.statistical;
  result.chi2_per_dof = c.quality.chi2_per_dof;
  result.p_value = c.quality.p_value;
  result.degrees_of_freedom = c.quality.dof;
  result.loglog_slope = loglog_slope(data.x, data.y, c.first, c.last);
  result.window[0] = data.x[c.first];
  result.window[1] = data.x[c.last];
  result.points = static_cast<int>(c.last - c.first + 1);
  result.octaves = std::log2(data.x[c.last] / data.x[c.first]);
  result.model = c.model->name;
  result.replicates = c.replicates;
  result.amplitude = c.fit.coefficients.front();
  result.missing = missing_of(*c.model, c.fit).value_or(0);
  result.replicate_missing = c.replicate_missing;
  for (std::size_t i = c.first; i <= c.last; ++i) {
    result.curve.x.push_back(data.x[i]);
    result.curve.y.push_back(c.fit.curve[i - c.first]);
    result.curve.residual.push_back(c.fit.residual[i - c.first] / data.error[i]);
  }
}

} // namespace

std::string describe_misfit(const FitQuality& quality, double tau) {
  return fmt::format("chi^2/dof is {:.3g} (p = {:.2g}): the curve leaves the model by about {:.2g}%",
                     quality.chi2_per_dof.value_or(0), quality.p_value.value_or(0), 100 * tau);
}

bool leaves_open(double error, double exponent) {
  return error > std::max(0.05, 0.1 * std::abs(exponent));
}

ExponentFit fit_exponent(const BlockTable& table, const std::vector<PowerLawModel>& models, const FitOptions& options) {
  if (table.blocks() < 2)
    throw NoFit("one block only: an exponent's error needs two independent ones");
  FitData data = prepare(table);
  Trials trials(data, models, options);
  Candidate chosen = trials.choose();
  const FitQuality seen = chosen.quality;
  const bool fails = !chosen.describes();
  const double tau = fails ? misfit_size(chosen.fit.solution, chosen.residuals) : 0;
  if (fails)
    chosen = make_candidate(data, chosen.first, chosen.last, *chosen.model, tau);
  const double left_open = fails ? misfit_error(chosen.fit.solution, tau) : 0;
  const auto others = trials.alternatives(chosen, tau);
  weigh(data, chosen.first, chosen.last, tau);

  ExponentFit result;
  describe(data, chosen, result);
  const double apart = spread(chosen, others, fails, trials.passed_over(), std::hypot(chosen.statistical, left_open));
  result.systematic_error = std::hypot(apart, prior_error(data, chosen), left_open);
  finish(result, table.blocks());
  if (fails) {
    result.chi2_per_dof = seen.chi2_per_dof;
    result.p_value = seen.p_value;
    if (result.statistical_error > 0) // blocks that do not scatter at all have no factor
      result.widening = result.standard_error / result.statistical_error;
    const bool open = leaves_open(std::hypot(left_open, apart), result.exponent);
    mark(result, open ? FitStatus::failed : FitStatus::widened, describe_misfit(seen, tau));
  }
  if (is_its_own_pedestal(data, chosen))
    mark(result, FitStatus::pinned,
         fmt::format(
             "the power x^{:.2g} is not told from the pedestal beside it: the curve is a logarithm's, and has no "
             "exponent",
             result.exponent));
  profile_interval(data, chosen, gsl_cdf_tdist_Pinv(0.975, static_cast<double>(table.blocks()) - 1), result);
  return result;
}

double refit_exponent(const BlockTable& table, const PowerLawModel& model, const ExponentFit& earlier) {
  FitData data = prepare(table);
  std::size_t first = 0, last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    first += data.x[i] < earlier.window[0] * (1 - 1e-9) ? 1 : 0;
    last = data.x[i] <= earlier.window[1] * (1 + 1e-9) ? i : last;
  }
  set_errors(data, first, last);
  return fit_power_law(data.x, data.y, data.error, first, last, model, earlier.exponent - 0.1, earlier.exponent + 0.1)
      .exponent;
}

} // namespace cascade::analysis
