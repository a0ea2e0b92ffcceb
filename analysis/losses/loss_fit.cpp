#include "analysis/losses/loss_fit.hpp"

#include "core/talk/errors.hpp"

#include <Eigen/LU>
#include <Eigen/QR>
#include <fmt/format.h>
#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace cascade::analysis {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t enough_for_starts = 2000; ///< starts of a search need no more points than this
constexpr double no_pedestal = -60;             ///< log E that is zero to every digit

bool logarithmic(Objective objective) {
  return objective != Objective::least_squares;
}

/// Huber's delta on the way to the objective: wide first, where the problem is nearly quadratic. Absolute deviations
/// are the limit of small delta, where the optimum lies on a vertex within a few delta.
std::vector<double> stages(const LossFitOptions& options, double widest = 0.1) {
  if (options.objective == Objective::least_squares || options.objective == Objective::least_squares_log)
    return {infinite};
  const double last = options.objective == Objective::absolute_log ? 1e-10 : options.delta;
  std::vector<double> out;
  for (double delta = widest; delta > 1.5 * last; delta /= 3)
    out.push_back(delta);
  out.push_back(last);
  return out;
}

/// Minimum over the `free` variables, the others as in `at`.
Minimum minimise(const LossProblem& problem, const SmallVector& at, const std::vector<int>& free, bool log,
                 double delta, const std::vector<double>& weights) {
  SmallVector full = at;
  SmallVector start(static_cast<Eigen::Index>(free.size()));
  for (std::size_t i = 0; i < free.size(); ++i)
    start[static_cast<Eigen::Index>(i)] = at[free[i]];
  Minimum m = damped_newton(
      [&](const SmallVector& part) {
        for (std::size_t i = 0; i < free.size(); ++i)
          full[free[i]] = part[static_cast<Eigen::Index>(i)];
        const LocalModel whole = problem.evaluate(full, log, delta, weights);
        return LocalModel{whole.value, whole.gradient(free), whole.hessian(free, free), whole.majorant(free, free)};
      },
      start);
  SmallVector end = at;
  for (std::size_t i = 0; i < free.size(); ++i)
    end[free[i]] = m.at[static_cast<Eigen::Index>(i)];
  m.at = end;
  return m;
}

std::vector<int> variables_but(const LossProblem& problem, int fixed) {
  std::vector<int> out;
  for (int i = 0; i < problem.variables(); ++i)
    if (i != fixed)
      out.push_back(i);
  return out;
}

struct Split {
  std::vector<int> exponents, coefficients;
};

Split split(LossModel model) {
  if (model == LossModel::power)
    return {{1}, {0}};
  if (model == LossModel::pedestal)
    return {{1}, {0, 2}};
  return {{1, 4}, {0, 2, 3}};
}

/// Schur complement: curvature in the exponents when the coefficients follow.
SmallMatrix reduced(const SmallMatrix& m, const Split& s) {
  SmallMatrix inner = m(s.coefficients, s.coefficients);
  inner.diagonal().array() += 1e-14 * std::max(inner.trace(), 1e-280);
  const SmallMatrix cross = m(s.coefficients, s.exponents);
  return m(s.exponents, s.exponents) - cross.transpose() * inner.fullPivLu().solve(cross);
}

/// Variable projection: the objective as a function of the exponents, its gradient by the envelope theorem.
Minimum project(const LossProblem& problem, SmallVector at, bool log, double delta) {
  const Split s = split(problem.model());
  const SmallVector start = at(s.exponents);
  Minimum m = damped_newton(
      [&](const SmallVector& exponents) {
        for (std::size_t i = 0; i < s.exponents.size(); ++i)
          at[s.exponents[i]] = exponents[static_cast<Eigen::Index>(i)];
        at = minimise(problem, at, s.coefficients, log, delta, {}).at;
        const LocalModel whole = problem.evaluate(at, log, delta);
        return LocalModel{whole.value, whole.gradient(s.exponents), reduced(whole.hessian, s),
                          reduced(whole.majorant, s)};
      },
      start, 100);
  for (std::size_t i = 0; i < s.exponents.size(); ++i)
    at[s.exponents[i]] = m.at[static_cast<Eigen::Index>(i)];
  m.at = minimise(problem, at, s.coefficients, log, delta, {}).at;
  return m;
}

Minimum through_stages(const LossProblem& problem, SmallVector at, const LossFitOptions& options, bool projection) {
  const std::vector<int> all = variables_but(problem, -1);
  Minimum m;
  const bool near = problem.points() > 2 * enough_for_starts; // the start is the optimum of a thinner table
  for (const double delta : stages(options, near ? 3e-3 : 0.1)) {
    m = projection ? project(problem, at, logarithmic(options.objective), delta)
                   : minimise(problem, at, all, logarithmic(options.objective), delta, {});
    at = m.at;
  }
  return m;
}

/// Coefficients for given exponents: linear least squares of L in relative error, kept above zero.
SmallVector start_at(const LossProblem& problem, double alpha, double beta) {
  const LossTable& t = problem.table();
  const auto n = static_cast<Eigen::Index>(problem.points());
  SmallVector at = SmallVector::Zero(problem.variables());
  at[1] = alpha;
  if (problem.variables() == 5)
    at[4] = beta;
  const int terms = problem.variables() == 2 ? 1 : problem.variables() == 3 ? 2 : 3;
  Eigen::MatrixXd columns(n, terms);
  double mean_x = 0, mean_z = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    mean_x += std::log(t.x[static_cast<std::size_t>(i)]) / static_cast<double>(n);
    mean_z += terms == 3 ? std::log(t.z[static_cast<std::size_t>(i)]) / static_cast<double>(n) : 0;
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    columns(i, 0) = std::exp(-alpha * (std::log(t.x[k]) - mean_x)) / t.loss[k];
    if (terms > 1)
      columns(i, 1) = 1 / t.loss[k];
    if (terms > 2)
      columns(i, 2) = std::exp(-beta * (std::log(t.z[k]) - mean_z)) / t.loss[k];
  }
  const Eigen::VectorXd c = columns.colPivHouseholderQr().solve(Eigen::VectorXd::Ones(n));
  const double floor = 0.02 * *std::min_element(t.loss.begin(), t.loss.end());
  const int place[] = {0, 2, 3};
  for (int k = 0; k < terms; ++k)
    at[place[k]] = std::log(std::max(std::isfinite(c[k]) ? c[k] : floor, floor));
  return at;
}

/// Every k-th point in the order of x, then of z. The different optima found on these are the starts for all points.
LossTable thinned(const LossTable& table) {
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::pair{table.x[i], table.two_variables() ? table.z[i] : 0}; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
  LossTable out;
  out.name = table.name;
  for (std::size_t k = 0; k < enough_for_starts; ++k) {
    const std::size_t i = order[k * (table.size() - 1) / (enough_for_starts - 1)];
    out.x.push_back(table.x[i]);
    out.loss.push_back(table.loss[i]);
    if (table.two_variables())
      out.z.push_back(table.z[i]);
  }
  return out;
}

std::vector<SmallVector> best_starts(const LossProblem& problem, const LossFitOptions& options, int& tried) {
  if (problem.points() > 2 * enough_for_starts) {
    const LossProblem few(thinned(problem.table()), problem.model());
    std::vector<SmallVector> out;
    for (const SmallVector& start : best_starts(few, options, tried)) {
      const LossParameters end = few.natural(through_stages(few, start, options, false).at);
      const SmallVector at = problem.variables_of(end); // each problem is centred on its own means
      if (std::none_of(out.begin(), out.end(), [&](const SmallVector& o) { return (o - at).norm() < 1e-4; }))
        out.push_back(at);
    }
    return out;
  }
  const std::vector<double> grid{0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.9, 1.4, 2.2};
  std::vector<std::pair<double, SmallVector>> found;
  for (const double alpha : grid)
    for (const double beta : problem.variables() == 5 ? grid : std::vector<double>{0}) {
      const SmallVector at =
          minimise(problem, start_at(problem, alpha, beta), split(problem.model()).coefficients, true, 0.1, {}).at;
      found.emplace_back(problem.evaluate(at, true, 0.1).value, at);
    }
  tried = static_cast<int>(found.size());
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SmallVector> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(6, found.size()); ++i)
    out.push_back(found[i].second);
  return out;
}

/// The objective as users define it, from what evaluate() returns at the last stage.
double printed(const LossProblem& problem, const SmallVector& at, const LossFitOptions& options) {
  double sum = 0;
  for (const double r : problem.residuals(at, logarithmic(options.objective))) {
    const double size = std::abs(r);
    if (options.objective == Objective::huber_log)
      sum += size <= options.delta ? r * r / 2 : options.delta * (size - options.delta / 2);
    else
      sum += options.objective == Objective::absolute_log ? size : r * r;
  }
  return sum;
}

/// Errors of the natural parameters from the covariance of the variables.
LossParameters errors_of(const LossProblem& problem, const LossParameters& p, const SmallMatrix& covariance) {
  const auto error = [&](const SmallVector& gradient) {
    return std::sqrt(std::max(0.0, (gradient.transpose() * covariance * gradient).value()));
  };
  const auto unit = [&](int k) { return SmallVector(SmallVector::Unit(problem.variables(), k)); };
  const SmallVector zero = problem.variables_of({1, 1, 1, 1, 1}); // log A' = -mean log x at alpha = 1
  LossParameters out;
  out.alpha = error(unit(1));
  out.amplitude = p.amplitude * error(unit(0) - zero[0] * unit(1));
  if (problem.variables() > 2)
    out.pedestal = p.pedestal * error(unit(2));
  if (problem.variables() > 3) {
    out.beta = error(unit(4));
    out.second_amplitude = p.second_amplitude * error(unit(3) - zero[3] * unit(4));
  }
  return out;
}

/// I^-1 [sum psi_i^2/(1 - h_i)^2 g_i g_i^T] I^-1 with I = sum g g^T and leverages h_i = g_i^T I^-1 g_i: each point has
/// a scatter of its own (HC3 of MacKinnon and White).
SmallMatrix sandwich(const LossProblem& problem, const SmallVector& at, bool log, const SmallMatrix& inverse,
                     double delta) {
  SmallMatrix middle = SmallMatrix::Zero(problem.variables(), problem.variables());
  const std::vector<double> residual = problem.residuals(at, log);
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const SmallVector g = problem.gradient(at, i, log);
    const double left = std::max(1e-3, 1 - (g.transpose() * inverse * g).value());
    const double psi = std::min(std::abs(residual[i]), delta) / left;
    middle += psi * psi * g * g.transpose();
  }
  return inverse * middle * inverse;
}

/// Means of psi^2 and psi' over the residuals. psi' of Huber's function is one in |r| < delta; the share of residuals
/// there is estimated over a window of half a median residual when delta is narrower.
void set_errors(const LossProblem& problem, LossFit& fit) {
  const auto n = static_cast<double>(problem.points());
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  std::vector<double> size = problem.residuals(fit.at, log);
  for (double& r : size)
    r = std::abs(r);
  std::vector<double> sorted = size;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const double window = std::max(std::min(delta, 1e300), sorted[sorted.size() / 2]);
  double psi2 = 0, inside = 0;
  for (const double r : size) {
    psi2 += std::min(r, delta) * std::min(r, delta) / n;
    inside += r <= window ? 1 / n : 0;
  }
  const double slope = std::isfinite(delta) ? inside * std::min(1.0, delta / window) : 1;
  const double freedom = n / (n - problem.variables());
  fit.deviance_scale = psi2 * freedom / slope;
  fit.scale = std::sqrt(psi2 * freedom) / slope;
  const SmallMatrix inverse = SmallMatrix(problem.information(fit.at, log)).fullPivLu().inverse();
  fit.standard_error = errors_of(problem, fit.parameters, inverse * (fit.scale * fit.scale));
  fit.robust_error =
      errors_of(problem, fit.parameters, sandwich(problem, fit.at, log, inverse, delta) / (slope * slope));
}

void require_enough(const LossTable& table, LossModel model) {
  const int parameters = model == LossModel::power ? 2 : model == LossModel::pedestal ? 3 : 5;
  const auto refuse = [&](const std::string& what) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: {}", table.name, what));
  };
  const auto different = [](const std::vector<double>& values) {
    return std::set<double>(values.begin(), values.end()).size();
  };
  if (table.size() < static_cast<std::size_t>(parameters) + 2)
    refuse(fmt::format("{} points left after the filters; {} parameters need at least {}", table.size(), parameters,
                       parameters + 2));
  const std::size_t needed = model == LossModel::power ? 2 : 3;
  if (different(table.x) < needed)
    refuse(fmt::format("{} different x among {} points{}; at least {} are needed", different(table.x), table.size(),
                       different(table.x) == 1 ? " (all are equal)" : "", needed));
  if (model == LossModel::two_variables && different(table.z) < needed)
    refuse(fmt::format("{} different values of the second variable among {} points; at least {} are needed",
                       different(table.z), table.size(), needed));
  if (different(table.loss) < 2)
    refuse("all losses are equal: nothing depends on x");
}

} // namespace

void require_moved(const std::string& name, const SmallVector& start, const SmallVector& end, double relative_slope) {
  if ((end - start).cwiseAbs().maxCoeff() > 1e-12 || relative_slope < 1e-6)
    return;
  throw core::Error(core::ExitCode::numerical_failure,
                    fmt::format("{}: the search for the optimum has not moved from its start; rescale the columns, or "
                                "try another objective or method",
                                name));
}

LossFit fit_losses(const LossTable& table, LossModel model, const LossFitOptions& options) {
  require_enough(table, model);
  const LossProblem problem(table, model);
  LossFit fit;
  fit.model = model;
  fit.options = options;
  fit.points = table.size();
  const std::vector<SmallVector> starts = best_starts(problem, options, fit.starts);
  const double delta = stages(options).back();
  const bool log = logarithmic(options.objective);
  std::vector<Minimum> ends;
  for (const SmallVector& start : starts)
    ends.push_back(through_stages(problem, start, options, false));
  fit.polished = static_cast<int>(ends.size());
  const auto value = [&](const Minimum& m) { return problem.evaluate(m.at, log, delta).value; };
  const auto best = std::min_element(ends.begin(), ends.end(),
                                     [&](const Minimum& a, const Minimum& b) { return value(a) < value(b); });
  const Minimum projected = through_stages(problem, starts.front(), options, true);
  const bool take = options.variable_projection && value(projected) <= value(*best) * (1 + 1e-9);
  const Minimum& chosen = take ? projected : *best;
  fit.at = chosen.at;
  fit.converged = chosen.converged;
  for (const int k : split(model).exponents)
    fit.cross_check = std::max(fit.cross_check, std::abs(projected.at[k] - best->at[k]));
  for (const Minimum& m : ends)
    fit.agreeing += (m.at - fit.at).cwiseAbs().maxCoeff() < 1e-4 ? 1 : 0;
  const auto& start = starts[static_cast<std::size_t>(best - ends.begin())];
  fit.moved = (fit.at - start).cwiseAbs().maxCoeff() > 1e-12;
  // slope in units of its value far from the optimum: the gradient an error of one scatter everywhere would make
  const LocalModel end = problem.evaluate(fit.at, log, delta);
  const double steep = std::sqrt(2 * end.value * std::max(end.majorant.trace(), 1e-280));
  require_moved(table.name, start, fit.at, steep > 0 ? end.gradient.norm() / steep : 0);
  fit.parameters = problem.natural(fit.at);
  fit.value = printed(problem, fit.at, options);
  set_errors(problem, fit);
  return fit;
}

double objective_at(const LossTable& table, LossModel model, const LossFitOptions& options,
                    const LossParameters& parameters) {
  const LossProblem problem(table, model);
  return printed(problem, problem.variables_of(parameters), options);
}

LossParameters refit(const LossProblem& problem, const LossFit& fit, const std::vector<double>& weights) {
  SmallVector at = fit.at;
  bool converged = false;
  for (const double delta : stages(fit.options, 0.03)) {
    const Minimum m =
        minimise(problem, at, variables_but(problem, -1), logarithmic(fit.options.objective), delta, weights);
    at = m.at;
    converged = m.converged;
  }
  if (converged)
    return problem.natural(at);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {nan, nan, nan, nan, nan};
}

std::vector<SmallVector> influences(const LossProblem& problem, const LossFit& fit) {
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  const double slope = fit.deviance_scale / (fit.scale * fit.scale); // mean psi', see set_errors
  const SmallMatrix curvature = std::isfinite(delta) ? SmallMatrix(slope * problem.information(fit.at, log))
                                                     : problem.evaluate(fit.at, log, delta).hessian;
  const SmallMatrix inverse = curvature.fullPivLu().inverse();
  const std::vector<double> residual = problem.residuals(fit.at, log);
  std::vector<SmallVector> out;
  out.reserve(residual.size());
  for (std::size_t i = 0; i < residual.size(); ++i)
    out.emplace_back(inverse * problem.gradient(fit.at, i, log) * std::clamp(residual[i], -delta, delta));
  return out;
}

namespace {

/// Root between `inside`, where the function is `low` <= 0, and `outside`, where it is `high` > 0: regula falsi, an end
/// that stays weighted down (Anderson and Bjorck), with halvings in between for functions it stalls on.
template <class Function>
double crossing(const Function& function, double inside, double low, double outside, double high) {
  int last = 0; // which end moved last
  for (int i = 0; i < 60 && std::abs(outside - inside) > 1e-10 * (1 + std::abs(inside)); ++i) {
    const bool halve = i % 4 == 3 || i > 16;
    const double next = halve ? (inside + outside) / 2 : inside - low * (outside - inside) / (high - low);
    const double value = function(next);
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

double LossParameters::*member_of(LossParameter parameter) {
  constexpr double LossParameters::*member[] = {&LossParameters::amplitude, &LossParameters::alpha,
                                                &LossParameters::pedestal, &LossParameters::second_amplitude,
                                                &LossParameters::beta};
  return member[static_cast<std::size_t>(parameter)];
}

} // namespace

Interval profile_interval(const LossTable& table, const LossFit& fit, LossParameter parameter, Spread spread) {
  const auto freedom = static_cast<double>(fit.points) - LossProblem(table, fit.model).variables();
  const double student = gsl_cdf_tdist_Pinv(0.975, freedom); // GSL's quantile of F gives up for many points
  double rise = student * student;
  if (spread == Spread::any) {
    const auto which = member_of(parameter);
    const double ratio = fit.robust_error.*which / (fit.standard_error.*which);
    if (std::isfinite(ratio))
      rise *= ratio * ratio;
  }
  return profile_interval_at(table, fit, parameter, rise);
}

Interval profile_interval_at(const LossTable& table, const LossFit& fit, LossParameter parameter, double rise) {
  const int variable = static_cast<int>(std::array{0, 1, 2, 3, 4}[static_cast<std::size_t>(parameter)]);
  const bool exponent = parameter == LossParameter::alpha || parameter == LossParameter::beta;
  const LossProblem problem(table, fit.model, exponent || parameter == LossParameter::pedestal);
  const bool log = logarithmic(fit.options.objective);
  const double delta = stages(fit.options).back();
  const std::vector<int> others = variables_but(problem, variable);
  const SmallVector best = problem.variables_of(fit.parameters);
  const double lowest = problem.evaluate(best, log, delta).value;
  const double limit = rise / 2 * fit.deviance_scale;
  const auto which = member_of(parameter);
  const double error = fit.standard_error.*which / (exponent ? 1 : fit.parameters.*which);
  const auto end = [&](double sign) {
    SmallVector at = best;
    // root of the rise over its limit, less one: nearly linear in the parameter, so that few trials are needed
    const auto excess = [&](double value) {
      SmallVector from = at;
      from[variable] = value;
      const Minimum m = minimise(problem, from, others, log, delta, {});
      at = m.at;
      const double above = std::max(0.0, problem.evaluate(m.at, log, delta).value - lowest);
      return limit > 0 ? std::sqrt(above / limit) - 1 : above;
    };
    double inside = best[variable], low = -1, step = exponent ? 0.02 * std::max(0.05, best[variable]) : 0.02;
    const double guess = std::sqrt(rise) * error; // where a parabola would end
    if (std::isfinite(guess))
      step = std::clamp(guess, 1e-10, 50 * step);
    double outside = inside, high = 0;
    for (;; step *= 1.6) {
      outside = inside + sign * step;
      const double bound = exponent ? (sign < 0 ? -1 : 20) : best[variable] + sign * 60;
      if (sign * (outside - bound) > 0)
        return sign < 0 && !exponent ? 0.0 : sign * infinite; // the data do not bound it
      if ((high = excess(outside)) > 0)
        break;
      inside = outside;
      low = high;
    }
    return exponent ? crossing(excess, inside, low, outside, high)
                    : std::exp(crossing(excess, inside, low, outside, high));
  };
  return {end(-1), end(1)};
}

PedestalTest test_pedestal(const LossTable& table, const LossFit& fit) {
  PedestalTest test;
  const auto n = static_cast<double>(fit.points);
  if (fit.model == LossModel::pedestal) {
    test.without = fit_losses(table, LossModel::power, fit.options);
  } else { // the two-variable law with E = 0 needs no form of its own: log E is kept where E is nothing
    const LossProblem problem(table, fit.model);
    test.without = fit;
    SmallVector at = fit.at;
    at[2] = no_pedestal;
    for (const double delta : stages(fit.options))
      at = minimise(problem, at, variables_but(problem, 2), logarithmic(fit.options.objective), delta, {}).at;
    test.without.at = at;
    test.without.parameters = problem.natural(at);
    test.without.value = printed(problem, at, fit.options);
    set_errors(problem, test.without);
  }
  const double tiny = 1e-300;
  const double ratio = std::max(test.without.value, tiny) / std::max(fit.value, tiny);
  if (fit.options.objective == Objective::huber_log)
    test.likelihood_ratio = 2 * (test.without.value - fit.value) / fit.deviance_scale;
  else
    test.likelihood_ratio = (fit.options.objective == Objective::absolute_log ? 2 : 1) * n * std::log(ratio);
  test.likelihood_ratio = std::max(0.0, test.likelihood_ratio);
  test.p_value = 0.5 * gsl_cdf_chisq_Q(test.likelihood_ratio, 1);
  const double left = n - LossProblem(table, fit.model).variables();
  if (fit.options.objective == Objective::least_squares || fit.options.objective == Objective::least_squares_log)
    test.p_value = gsl_cdf_tdist_Q(std::sqrt(std::max(0.0, ratio - 1) * left), left);
  const double k = (fit.model == LossModel::pedestal ? 3 : 5) + 1; // the residuals' scale is a parameter too
  const auto correction = [&](double parameters) {
    const double rest = n - parameters - 1;
    return rest > 0 ? 2 * parameters * (parameters + 1) / rest : infinite;
  };
  test.delta_aicc = 2 - test.likelihood_ratio + correction(k) - correction(k - 1);
  test.delta_bic = std::log(n) - test.likelihood_ratio;
  return test;
}

} // namespace cascade::analysis
