#include "analysis/losses/number_interval.hpp"

#include "analysis/losses/loss_search.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace cascade::analysis {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr double farthest_log = 60; ///< of a number's logarithm from its estimate

/// log of a number at variables of a problem, with its derivatives by central differences.
class LogNumber {
public:
  LogNumber(const LossProblem& problem, const LossNumber& number) : problem_(problem), number_(number) {}

  /// Infinite outside the number's domain.
  double at(const SmallVector& variables) const {
    const double y = number_(problem_.natural(variables));
    return std::isgreater(y, 0.0) && std::isfinite(y) ? std::log(y) : endless;
  }

  /// False where a neighbour is outside the domain.
  bool around(const SmallVector& x, double here, SmallVector& slope, SmallMatrix& curve) const {
    const auto n = x.size();
    slope.setZero(n);
    curve.setZero(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const double up = moved(x, i, step, i, 0), down = moved(x, i, -step, i, 0);
      if (!std::isfinite(up) || !std::isfinite(down))
        return false;
      slope[i] = (up - down) / (2 * step);
      curve(i, i) = (up + down - 2 * here) / (step * step);
    }
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < i; ++j) {
        const double mixed = moved(x, i, step, j, step) + moved(x, i, -step, j, -step) - moved(x, i, step, j, -step) -
                             moved(x, i, -step, j, step);
        if (!std::isfinite(mixed))
          return false;
        curve(i, j) = curve(j, i) = mixed / (4 * step * step);
      }
    return true;
  }

private:
  static constexpr double step = 1e-4;
  double moved(SmallVector x, Eigen::Index i, double di, Eigen::Index j, double dj) const {
    x[i] += di;
    x[j] += dj;
    return at(x);
  }
  const LossProblem& problem_;
  const LossNumber& number_;
};

/// A law on the profile of a number: the lowest of all with its value.
struct ProfiledLaw {
  double log_number = 0, objective = endless;
  SmallVector at;
};

class NumberProfile {
public:
  NumberProfile(const LossProblem& problem, const LossProblem& few, const LossFit& fit, const LogNumber& number)
      : problem_(problem), few_(few), number_(number), penalty_(penalty_of(fit.options)),
        stages_(stages(fit.options, 0.03)) {}

  ProfiledLaw point(const SmallVector& at) const { return {number_.at(at), problem_.evaluate(at, penalty_).value, at}; }

  /// The lowest point of F + stiffness (log y - wanted)^2 / 2 from a start.
  ProfiledLaw pulled(const SmallVector& start, double wanted, double stiffness) const {
    return descended(start, wanted, stiffness, {penalty_});
  }

  /// From several starts, the lowest of F + stiffness (log y - wanted)^2 / 2: the first, and the best of the others. An
  /// objective with kinks is smoothed first, from both: straight down they end in the nearest of its many small
  /// valleys.
  ProfiledLaw lowest(const SmallVector& first, const std::vector<SmallVector>& others, double wanted,
                     double stiffness) const {
    const auto all = [&](const ProfiledLaw& p) {
      const double off = p.log_number - wanted;
      return std::isfinite(p.objective) && std::isfinite(off) ? p.objective + stiffness * off * off / 2 : endless;
    };
    ProfiledLaw best = pulled(first, wanted, stiffness);
    const auto offer = [&](const ProfiledLaw& p) {
      if (all(p) < all(best))
        best = p;
    };
    const SmallVector* other = nullptr;
    double least = endless;
    for (const SmallVector& at : others) {
      const double off = number_.at(at) - wanted;
      const double value = std::isfinite(off) ? few_.evaluate(at, penalty_).value + stiffness * off * off / 2 : endless;
      if (value < least) {
        least = value;
        other = &at;
      }
    }
    if (other)
      offer(descended(*other, wanted, stiffness, stages_));
    if (stages_.size() > 1)
      offer(descended(first, wanted, stiffness, stages_));
    return best;
  }

private:
  ProfiledLaw descended(const SmallVector& start, double wanted, double stiffness,
                        const std::vector<Penalty>& penalties) const {
    if (!start.allFinite() || !std::isfinite(number_.at(start)))
      return {};
    SmallVector last = start;
    for (const Penalty& penalty : penalties) {
      const double pull = penalty.delta < 1e300 ? stiffness * penalty.delta / penalty_.delta : stiffness;
      const auto function = [&](const SmallVector& at) {
        LocalModel m = problem_.evaluate(at, penalty);
        const double u = number_.at(at);
        SmallVector slope;
        SmallMatrix curve;
        if (!std::isfinite(u) || !std::isfinite(m.value) || !number_.around(at, u, slope, curve)) {
          m.value = endless;
          return m;
        }
        const double off = u - wanted;
        m.value += pull * off * off / 2;
        m.gradient += pull * off * slope;
        const SmallMatrix square = pull * slope * slope.transpose();
        m.hessian += square + pull * off * curve;
        m.majorant += square;
        return m;
      };
      if (!std::isfinite(function(last).value))
        return {};
      last = damped_newton(function, last, problem_.box(), 80).at;
    }
    return point(last);
  }

  const LossProblem &problem_, &few_;
  const LogNumber& number_;
  Penalty penalty_;
  std::vector<Penalty> stages_; ///< towards it, from one whose quadratic part is wide
};

/// One end of an interval: distances d = side (log y - estimate).
class NumberEnd {
public:
  NumberEnd(const NumberProfile& profile, double estimate, double lowest, double limit, double width, double side,
            const std::vector<SmallVector>& ends, const std::vector<SmallVector>& fresh)
      : profile_(profile), estimate_(estimate), lowest_(lowest), limit_(limit), width_(width), side_(side), ends_(ends),
        fresh_(fresh) {}

  /// The end's distance, infinite where it is open, and the law there.
  std::pair<double, SmallVector> find() {
    inside_ = profile_.point(ends_.front());
    for (const SmallVector& at : ends_)
      if (const ProfiledLaw p = profile_.point(at); excess(p) <= 0 && distance(p) > distance(inside_))
        inside_ = p;
    for (int again = 0; again < 8; ++again) {
      if (!follow())
        return {endless, inside_.at};
      bool above = true;
      const double d = distance(outside_);
      for (const double times : {2.0, 4.0, 8.0})
        if (above && times * d < farthest_log) {
          const ProfiledLaw p = profile_.lowest(outside_.at, fresh_, estimate_ + side_ * times * d, stiffness_);
          if (excess(p) <= 0 && distance(p) > d) { // another valley
            inside_ = p;
            above = false;
          }
        }
      if (above)
        break;
    }
    cross();
    return {distance(outside_), outside_.at};
  }

private:
  double distance(const ProfiledLaw& p) const {
    return std::isfinite(p.log_number) ? side_ * (p.log_number - estimate_) : endless;
  }
  /// Root of the rise over its limit, less one: nearly linear in the distance.
  double excess(const ProfiledLaw& p) const {
    if (!std::isfinite(p.objective) || !std::isfinite(p.log_number))
      return endless;
    const double above = std::max(0.0, p.objective - lowest_);
    return limit_ > 0 ? std::sqrt(above / limit_) - 1 : above > 0 ? 1 : -1;
  }

  /// Outward until above the limit. False: never.
  bool follow() {
    double step = width_;
    int stuck = 0;
    stiffness_ = 20 * limit_ / (width_ * width_);
    for (int k = 0; k < 60; ++k) {
      const double from = distance(inside_);
      if (from > farthest_log)
        return false;
      const ProfiledLaw p = profile_.lowest(inside_.at, ends_, estimate_ + side_ * (from + step), stiffness_);
      if (excess(p) > 0) {
        if (std::isfinite(p.objective) && distance(p) > from) {
          outside_ = p;
          return true;
        }
        step /= 3; // no law there, or none that is further out
        if (++stuck > 6)
          return false;
        continue;
      }
      const double gained = distance(p) - from;
      if (gained > 0)
        inside_ = p;
      if (gained > 0.2 * step) {
        stuck = 0;
        step *= 1.6;
      } else { // the profile is stiffer than was thought, or the number can go no further
        stiffness_ *= 8;
        if (++stuck > 6)
          return false;
      }
    }
    return false;
  }

  void cross() {
    const double stiff = 100 * stiffness_;
    for (int i = 0; i < 30; ++i) {
      const double low = distance(inside_), high = distance(outside_), below = excess(inside_),
                   above = excess(outside_);
      if (high - low <= 1e-6 * (width_ + high) || above < 1e-4)
        return;
      double share = i % 3 == 2 ? 0.5 : -below / (above - below);
      share = std::clamp(share, 0.02, 0.98);
      const ProfiledLaw p =
          profile_.lowest(share < 0.5 ? inside_.at : outside_.at, {share < 0.5 ? outside_.at : inside_.at},
                          estimate_ + side_ * (low + share * (high - low)), stiff);
      const double d = distance(p), e = excess(p);
      if (!std::isfinite(e) || d <= low || d >= high)
        continue;
      (e > 0 ? outside_ : inside_) = p;
    }
  }

  const NumberProfile& profile_;
  double estimate_, lowest_, limit_, width_, side_, stiffness_ = 0;
  const std::vector<SmallVector>&ends_, &fresh_;
  ProfiledLaw inside_, outside_;
};

/// Searches end here: from a grid of exponents, and from the fit with its terms taken for one another.
std::vector<SmallVector> ends_of_searches(const LossProblem& problem, const LossProblem& few, const LossFit& fit) {
  std::vector<SmallVector> starts{fit.at};
  if (fit.model == LossModel::two_variables) {
    SmallVector turned = fit.at;
    std::swap(turned[0], turned[3]);
    std::swap(turned[1], turned[4]);
    starts.push_back(turned);
  }
  const std::vector<double> grid{0.1, 0.3, 0.6, 1.2};
  for (const double alpha : grid)
    for (const double beta : fit.model == LossModel::two_variables ? grid : std::vector<double>{alpha})
      starts.push_back(start_at(few, alpha, beta));
  const Penalty penalty = penalty_of(fit.options);
  std::vector<std::pair<double, SmallVector>> found;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const SmallVector at = i == 0 ? fit.at : minimise(few, starts[i], whole(few), stages(fit.options)).at;
    const double value = problem.evaluate(at, penalty).value;
    if (std::isfinite(value) && std::none_of(found.begin(), found.end(), [&](const auto& f) {
          return (f.second - at).cwiseAbs().maxCoeff() < 1e-3;
        }))
      found.emplace_back(value, at);
  }
  std::stable_sort(found.begin() + 1, found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SmallVector> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 6); ++i)
    out.push_back(found[i].second);
  return out;
}

} // namespace

NumberIntervals::NumberIntervals(const LossTable& table, const LossFit& fit, const std::vector<int>& run,
                                 double inflation)
    : problem_(table, fit.model), few_(thinned(table), problem_), fit_(fit), run_(run), inflation_(inflation) {
  const auto p = static_cast<double>(problem_.variables());
  const auto units = static_cast<double>(run.empty() ? table.size() : std::set<int>(run.begin(), run.end()).size());
  student_ = gsl_cdf_tdist_Pinv(0.975, std::max(1.0, units - p));
  equal_ = run.empty() && units < 4 * p && penalty_of(fit.options).squares();
  ends_ = ends_of_searches(problem_, few_, fit_);
  lowest_ = problem_.evaluate(fit_.at, penalty_of(fit_.options)).value;
  // Such a law is no evidence against those whose terms describe all rows.
  double free = std::numeric_limits<double>::infinity();
  for (const SmallVector& at : ends_)
    if (!rests_on_few_rows(problem_, at, fit_.options))
      free = std::min(free, problem_.evaluate(at, penalty_of(fit_.options)).value);
  const bool few = rests_on_few_rows(problem_, fit_.at, fit_.options);
  lowest_ = few && std::isfinite(free) ? free : std::min(lowest_, free);
}

NumberInterval NumberIntervals::operator()(const LossNumber& number, double highest) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const LogNumber log_number(problem_, number);
  const double estimate = log_number.at(fit_.at);
  SmallVector slope;
  SmallMatrix curve;
  if (!std::isfinite(estimate) || !log_number.around(fit_.at, estimate, slope, curve))
    return {{none, none}, fit_.parameters, fit_.parameters};
  Eigen::Index pivot = 0;
  if (!(slope.cwiseAbs().maxCoeff(&pivot) > 0))
    return {{std::exp(estimate), std::exp(estimate)}, fit_.parameters, fit_.parameters};
  LossQuantity quantity;
  quantity.along = slope;
  quantity.pivot = static_cast<int>(pivot);
  const LinearErrors error = linear_errors(problem_, fit_, quantity, run_);
  const bool ratio_known = std::isfinite(error.any) && std::isfinite(error.equal) && error.any > 0 && error.equal > 0;
  const double ratio = equal_ || !ratio_known ? 1 : std::max(1.0, error.any / error.equal);
  const double rise = student_ * student_ * inflation_;
  const double first_order = std::sqrt(rise) * error.equal * ratio;
  if (problem_.points() > most_profiled && std::isless(first_order, 0.3))
    return {{std::exp(estimate - first_order), std::min(highest, std::exp(estimate + first_order))},
            fit_.parameters,
            fit_.parameters};
  const NumberProfile profile(problem_, few_, fit_, log_number);
  std::vector<SmallVector> fresh = ends_;
  for (const double alpha : {0.05, 0.2, 0.5, 1.5})
    for (const double beta : {0.05, 0.2, 0.5, 1.5})
      if (fit_.model == LossModel::two_variables || alpha == beta)
        fresh.push_back(start_at(few_, alpha, beta));
  const auto side_of = [&](double side, double squared) {
    const double guess = std::sqrt(rise * squared) * error.equal;
    const double width = std::isfinite(guess) ? std::clamp(guess, 1e-9, 1.0) : 1.0;
    const double limit =
        rise_limit(rise * squared / 2 * fit_.deviance_scale, penalty_of(fit_.options).student, problem_.points());
    return NumberEnd(profile, estimate, lowest_, limit, width, side, ends_, fresh).find();
  };
  NumberInterval out;
  for (const double side : {-1.0, 1.0}) {
    const auto end = side_of(side, ratio * ratio);
    const double value = std::isfinite(end.first) ? std::exp(estimate + side * end.first) : side < 0 ? 0 : highest;
    (side < 0 ? out.interval[0] : out.interval[1]) = std::min(value, highest);
    (side < 0 ? out.at_low : out.at_high) = problem_.natural(end.second);
  }
  return out;
}

Interval new_run_interval(double mean, const Interval& of_mean, std::vector<double> residuals, int parameters,
                          bool squares) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(residuals.size()), freedom = n - parameters;
  if (freedom <= 0 || std::isnan(of_mean[0]) || std::isnan(of_mean[1]))
    return {none, none};
  double below = 0, above = 0;
  const double place = 0.025 * (n + 1) - 1;
  if (squares || place < 0) {
    double sum = 0;
    for (const double r : residuals)
      sum += r * r;
    below = above = gsl_cdf_tdist_Pinv(0.975, freedom) * std::sqrt(sum / freedom);
  } else {
    std::sort(residuals.begin(), residuals.end());
    const auto low = static_cast<std::size_t>(place);
    const double part = place - std::floor(place), wider = std::sqrt(n / freedom);
    const auto at = [&](std::size_t i, std::size_t next) {
      return wider * (residuals[i] + part * (residuals[next] - residuals[i]));
    };
    below = std::max(0.0, -at(low, low + 1));
    above = std::max(0.0, at(residuals.size() - 1 - low, residuals.size() - 2 - low));
  }
  const double down = of_mean[0] > 0 ? std::log(mean / of_mean[0]) : endless, up = std::log(of_mean[1] / mean);
  return {mean * std::exp(-std::hypot(down, below)), mean * std::exp(std::hypot(up, above))};
}

} // namespace cascade::analysis
