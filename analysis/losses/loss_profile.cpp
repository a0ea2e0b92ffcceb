#include "analysis/losses/loss_profile.hpp"

#include "analysis/losses/loss_search.hpp"
#include "analysis/losses/number_interval.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace cascade::analysis {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// A point of a profile: the lowest point found with the quantity at `value`.
struct ProfilePoint {
  double value = 0, objective = 0;
  SmallVector at;
};

class Profile {
public:
  Profile(const LossProblem& problem, const LossProblem& few, const LossFit& fit, const LossQuantity& quantity)
      : problem_(problem), few_(few), fit_(fit), quantity_(quantity), slice_(holding(problem, quantity)),
        penalty_(penalty_of(fit.options)), many_(few.points() < problem.points()) {
    known_.push_back({quantity.at(fit.at), problem.evaluate(fit.at, penalty_).value, fit.at});
  }

  const std::vector<ProfilePoint>& known() const { return known_; }

  /// Adds the lowest point at a value of the quantity, from its neighbours and, if asked, from fresh starts.
  const ProfilePoint& solve(double value, bool fresh) {
    std::optional<ProfilePoint> lowest;
    const auto offer = [&](const SmallVector& start) {
      const SmallVector at = minimise(problem_, start, slice_, penalty_).at;
      const double objective = problem_.evaluate(at, penalty_).value;
      if (!lowest || objective < lowest->objective)
        lowest = ProfilePoint{value, objective, at};
    };
    if (many_) { // the thinned table says which start is worth the time
      std::vector<SmallVector> starts = near(value);
      if (fresh)
        for (const SmallVector& start : anew(value))
          starts.push_back(start);
      const auto thin = [&](const SmallVector& start) { return few_.evaluate(start, penalty_).value; };
      offer(*std::min_element(starts.begin(), starts.end(),
                              [&](const SmallVector& a, const SmallVector& b) { return thin(a) < thin(b); }));
    } else {
      for (const SmallVector& start : near(value))
        offer(start);
      if (fresh)
        for (const SmallVector& start : anew(value))
          offer(start);
    }
    const auto place = std::lower_bound(known_.begin(), known_.end(), value,
                                        [](const ProfilePoint& p, double v) { return p.value < v; });
    if (place != known_.end() && place->value == value) {
      if (lowest->objective < place->objective)
        *place = *lowest;
      return *place;
    }
    return *known_.insert(place, *lowest);
  }

  /// Every known point again, from the solutions on its left, then on its right; not for many points, whose valley is
  /// narrow.
  void sweep() {
    if (many_)
      return;
    const auto from = [&](std::size_t i, std::size_t neighbour) {
      const SmallVector at = minimise(problem_, shifted(known_[neighbour].at, known_[i].value), slice_, penalty_).at;
      const double objective = problem_.evaluate(at, penalty_).value;
      if (objective < known_[i].objective)
        known_[i] = {known_[i].value, objective, at};
    };
    for (std::size_t i = 1; i < known_.size(); ++i)
      from(i, i - 1);
    for (std::size_t i = known_.size() - 1; i > 0; --i)
      from(i - 1, i);
  }

private:
  SmallVector shifted(SmallVector at, double value) const {
    at[quantity_.pivot] += (value - quantity_.at(at)) / quantity_.along[quantity_.pivot];
    return at;
  }

  /// The solutions beside a value, and straight lines through the two nearest on each side.
  std::vector<SmallVector> near(double value) const {
    std::vector<SmallVector> out;
    const auto right =
        static_cast<std::size_t>(std::lower_bound(known_.begin(), known_.end(), value,
                                                  [](const ProfilePoint& p, double v) { return p.value < v; }) -
                                 known_.begin());
    const auto line = [&](std::size_t a, std::size_t b) { // b beyond a, seen from the value
      const double share = (value - known_[a].value) / (known_[a].value - known_[b].value);
      if (std::abs(share) < 5)
        out.push_back(shifted(known_[a].at + share * (known_[a].at - known_[b].at), value));
    };
    if (right < known_.size()) {
      out.push_back(shifted(known_[right].at, value));
      if (right + 1 < known_.size())
        line(right, right + 1);
    }
    if (right > 0) {
      out.push_back(shifted(known_[right - 1].at, value));
      if (right > 1)
        line(right - 1, right - 2);
    }
    return out;
  }

  /// The two best over a grid of exponents at this value, carried to the objective through its stages: starts that owe
  /// nothing to the optimum.
  std::vector<SmallVector> anew(double value) const {
    const Penalty wide{true, 0.1, 1};
    const std::vector<double> grid{0.02, 0.06, 0.15, 0.3, 0.5, 0.9, 1.8}, fixed{value}, none{0};
    const int pivot = quantity_.pivot;
    std::vector<std::pair<double, SmallVector>> found;
    for (const double alpha : pivot == 1 ? fixed : grid)
      for (const double beta : problem_.model() != LossModel::two_variables ? none : pivot == 4 ? fixed : grid) {
        SmallVector at = SmallVector::Zero(problem_.variables());
        at[1] = alpha;
        if (problem_.model() == LossModel::two_variables)
          at[4] = beta;
        const double held = shifted(at, value)[pivot];
        at = start_at(few_, alpha, problem_.model() == LossModel::two_variables ? beta : alpha, pivot, held);
        found.emplace_back(few_.evaluate(at, wide).value, at);
      }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<SmallVector> out;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, found.size()); ++i)
      out.push_back(minimise(many_ ? few_ : problem_, found[i].second, slice_, stages(fit_.options)).at);
    return out;
  }

  const LossProblem &problem_, &few_;
  const LossFit& fit_;
  LossQuantity quantity_;
  Slice slice_;
  Penalty penalty_;
  bool many_;                       ///< points: more than are used for starts
  std::vector<ProfilePoint> known_; ///< in increasing value
};

/// Both ends of an interval on a profile.
class Ends {
public:
  /// `rise`: of the objective, in deviance scales; `error`: of the quantity, to first order.
  Ends(Profile& profile, const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity, double rise,
       double error)
      : profile_(profile), problem_(problem), quantity_(quantity),
        limit_(rise_limit(rise / 2 * fit.deviance_scale, penalty_of(fit.options).student, problem.points())),
        lowest_(problem.evaluate(fit.at, penalty_of(fit.options)).value), value_(quantity.at(fit.at)),
        guess_(std::sqrt(rise) * error) {}

  Interval both() { return {end(-1), end(1)}; }

private:
  bool of_exponent() const { return quantity_.pivot == 1 || quantity_.pivot == 4; }
  bool of_pedestal() const { return quantity_.pivot == 2; }

  /// Root of the rise over its limit, less one: nearly linear in the quantity, so that few trials are needed.
  double excess(const ProfilePoint& p) const {
    const double above = std::max(0.0, p.objective - lowest_);
    return limit_ > 0 ? std::sqrt(above / limit_) - 1 : above > 0 ? 1 : -1;
  }

  /// Another exponent has left the range of laws that are looked at.
  bool on_wall(const SmallVector& at) const {
    for (const int i : {1, 4})
      if (i < at.size() && i != quantity_.pivot && std::isfinite(problem_.box().upper[i]) &&
          (at[i] <= lowest_exponent || at[i] >= highest_exponent))
        return true;
    return false;
  }

  /// Distance to the end of what is looked at.
  double farthest(double sign) const {
    if (of_exponent())
      return sign < 0 ? value_ - lowest_exponent : highest_exponent - value_;
    const double largest = *std::max_element(problem_.table().loss.begin(), problem_.table().loss.end());
    if (of_pedestal())
      return sign < 0 ? value_ : 10 * largest;
    return 60 + highest_exponent * (std::abs(problem_.mean_log_x()) + std::abs(problem_.mean_log_z()));
  }

  /// Outermost known point under the limit on a side, as its distance from the estimate; and the next one.
  std::pair<double, std::optional<double>> bracket(double sign) const {
    double inside = 0;
    for (const ProfilePoint& p : profile_.known())
      if (const double d = sign * (p.value - value_); d > inside && excess(p) <= 0)
        inside = d;
    std::optional<double> outside;
    for (const ProfilePoint& p : profile_.known())
      if (const double d = sign * (p.value - value_); d > inside && (!outside || d < *outside))
        outside = d;
    return {inside, outside};
  }

  /// Outward until the profile is above the limit, and at two, four and eight times that distance too. False: never.
  bool follow(double sign) {
    const double end = farthest(sign), usual = of_exponent() ? 0.02 * std::max(0.05, std::abs(value_)) : 0.02;
    double step = std::isfinite(guess_) ? std::clamp(guess_, 1e-10, 50 * usual) : usual;
    for (;;) {
      const auto [inside, outside] = bracket(sign);
      if (!outside) {
        if (inside >= end * (1 - 1e-12))
          return false;
        const ProfilePoint& p = profile_.solve(value_ + sign * std::min(inside + step, end), true);
        if (excess(p) <= 0 && on_wall(p.at))
          return false;
        step *= 1.6;
        continue;
      }
      bool above = true;
      for (const double times : {2.0, 4.0, 8.0})
        if (const double d = times * *outside; above && d < end)
          above = excess(profile_.solve(value_ + sign * d, true)) > 0;
      if (above)
        return true;
    }
  }

  double end(double sign) {
    if (of_pedestal() && sign < 0 && value_ <= 0)
      return 0;
    for (int attempt = 0;; ++attempt) {
      if (!follow(sign))
        return of_pedestal() && sign < 0 ? 0 : sign * infinite;
      profile_.sweep();
      const auto [inside, outside] = bracket(sign);
      if (!outside && attempt < 40)
        continue;
      if (!outside)
        return sign * infinite;
      const double root = crossing(sign, inside, *outside);
      if (attempt > 20 || excess(profile_.solve(value_ + sign * root, true)) > -0.01)
        return value_ + sign * root;
    }
  }

  /// Between two distances: regula falsi, an end that stays weighted down (Anderson and Bjorck), with halvings in
  /// between for functions it stalls on.
  double crossing(double sign, double inside, double outside) {
    const auto at = [&](double d) { return excess(profile_.solve(value_ + sign * d, false)); };
    double low = at(inside), high = at(outside);
    int last = 0; // which end moved last
    for (int i = 0; i < 60 && outside - inside > 1e-10 * (1 + std::abs(value_)); ++i) {
      const bool halve = i % 4 == 3 || i > 16;
      const double next = halve ? (inside + outside) / 2 : inside - low * (outside - inside) / (high - low);
      const double value = at(next);
      if (std::abs(value) < 1e-8) // of the half width
        return next;
      const int side = value > 0 ? 1 : -1;
      double &moved = side > 0 ? high : low, &stays = side > 0 ? low : high;
      if (side == last)
        stays *= std::abs(value) < std::abs(moved) ? 1 - value / moved : 0.5;
      (side > 0 ? outside : inside) = next;
      moved = value;
      last = side;
    }
    return inside;
  }

  Profile& profile_;
  const LossProblem& problem_;
  const LossQuantity& quantity_;
  double limit_, lowest_, value_, guess_;
};

/// Of the limit for residuals of any size to that for equal ones.
double squared_ratio(const LinearErrors& error) {
  if (!std::isfinite(error.any) || !std::isfinite(error.equal) || error.any <= 0 || error.equal <= 0)
    return 1; // no ratio to be had
  return std::pow(error.any / error.equal, 2);
}

bool open_ended(const Interval& i) {
  return !std::isfinite(i[0]) || !std::isfinite(i[1]);
}

/// So many points that an interval is short, and its profile a parabola in it: the ends to first order are off by a
/// share of about the interval's length in the unit of the quantity (1 for logarithms, the exponent itself, E).
bool straight(const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity, double rise,
              const LinearErrors& error) {
  constexpr double shortest = 0.02;
  const double half = std::sqrt(rise) * std::max(error.equal, error.any), value = quantity.at(fit.at);
  const bool logarithm = quantity.pivot == 0 || quantity.pivot == 3;
  return problem.points() > NumberIntervals::most_profiled && std::isfinite(half) &&
         half < shortest * (logarithm ? 1 : std::abs(value));
}

/// The lowest point of a profile that is below the fit, beyond roundoff. Not one with a term for a row or two, unless
/// the fit is such a law itself.
std::optional<SmallVector> better(const Profile& profile, const LossProblem& problem, const LossFit& fit) {
  const double lowest = problem.evaluate(fit.at, penalty_of(fit.options)).value;
  const double enough = lowest - 1e-7 * fit.deviance_scale - 1e-12 * lowest;
  const bool any = rests_on_few_rows(problem, fit.at, fit.options);
  std::optional<SmallVector> best;
  double least = enough;
  for (const ProfilePoint& p : profile.known()) {
    if (!(p.objective < least) || (!any && rests_on_few_rows(problem, p.at, fit.options)))
      continue;
    const SmallVector at = minimise(problem, p.at, whole(problem), penalty_of(fit.options)).at;
    if (!any && rests_on_few_rows(problem, at, fit.options))
      continue;
    best = at;
    least = p.objective;
  }
  return best;
}

} // namespace

SmallVector lowest_with(const LossProblem& problem, const LossFit& fit, const LossQuantity& quantity, double value) {
  const LossProblem few(thinned(problem.table()), problem);
  return Profile(problem, few, fit, quantity).solve(value, true).at;
}

std::vector<LossInterval> profile_intervals(const LossTable& table, LossFit& fit, const ProfileOptions& options) {
  const LossProblem problem(table, fit.model), few(thinned(table), problem);
  double rise = options.rise;
  if (rise <= 0) { // GSL's quantile of F gives up for many points
    const double student = gsl_cdf_tdist_Pinv(0.975, static_cast<double>(fit.points) - problem.variables());
    rise = student * student;
  }
  rise *= options.inflation;
  for (int again = 0;; ++again) {
    std::vector<LossInterval> out;
    std::optional<SmallVector> improved;
    for (const LossQuantity& quantity : problem.quantities()) {
      const LinearErrors error = linear_errors(problem, fit, quantity);
      if (straight(problem, fit, quantity, rise, error)) {
        const double value = quantity.at(fit.at), equal = std::sqrt(rise) * error.equal,
                     any = std::sqrt(rise) * error.any;
        out.push_back({quantity.name, value, {value - equal, value + equal}, {value - any, value + any}});
        continue;
      }
      Profile profile(problem, few, fit, quantity);
      const Interval equal = Ends(profile, problem, fit, quantity, rise, error.equal).both();
      // Both errors are made at the optimum: where the profile is open, that neighbourhood says nothing of its ends,
      // and may widen the interval but not close it.
      const double squared = open_ended(equal) ? std::max(1.0, squared_ratio(error)) : squared_ratio(error);
      Interval any = squared == 1 ? equal : Ends(profile, problem, fit, quantity, rise * squared, error.equal).both();
      if (open_ended(equal))
        any = {std::min(any[0], equal[0]), std::max(any[1], equal[1])};
      out.push_back({quantity.name, quantity.at(fit.at), equal, any});
      if (again < 5 && (improved = better(profile, problem, fit)))
        break;
    }
    if (!improved)
      return out;
    settle(problem, *improved, fit);
  }
}

} // namespace cascade::analysis
