#include "analysis/scaling/laws/law_fit.hpp"

#include "analysis/scaling/laws/law_search.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace cascade::analysis {
namespace {

Eigen::VectorXd start_of(const LawProblem& problem, const std::vector<double>& values, const LawFitOptions& options) {
  Eigen::VectorXd at = Eigen::VectorXd::Zero(problem.variables());
  for (std::size_t i = 0; i < values.size() && i < static_cast<std::size_t>(problem.of_law()); ++i)
    at[static_cast<Eigen::Index>(i)] = values[i];
  if (problem.student_t())
    at[problem.of_law()] = std::log(0.05);
  for (const auto& [index, value] : options.fixed)
    at[index] = value;
  return at;
}

/// Log likelihood of the losses, the scale of the density at its most likely value (loss_likelihood.hpp has the forms).
double likelihood_of(const LawProblem& problem, const LawData& data, const LawFitOptions& options,
                     const Eigen::VectorXd& at, const std::vector<double>& residual) {
  const auto n = static_cast<double>(residual.size());
  const bool log = options.objective.student_t || options.objective.objective != Objective::least_squares;
  double jacobian = 0, log_weights = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    jacobian -= log ? std::log(data.response[i]) : 0;
    log_weights += data.weight.empty() ? 0 : std::log(data.weight[i]) / 2;
  }
  if (options.objective.student_t) // Gamma(5/2)/(Gamma(2) sqrt(4 pi))
    return jacobian - problem.value(at) +
           n * (std::lgamma(2.5) - std::lgamma(2.0) - 0.5 * std::log(4 * std::numbers::pi));
  const Penalty penalty = problem.last();
  double sum = 0;
  for (std::size_t i = 0; i < residual.size(); ++i)
    sum += (data.weight.empty() ? 1 : data.weight[i]) * penalty.value(residual[i]);
  sum = std::max(sum, 1e-280);
  const auto norm = [&](double s) { // of both sides, weights of one
    double z = 0;
    for (const double factor : {1.0, penalty.asymmetry}) {
      const double narrow = s / std::sqrt(factor), half = narrow * std::sqrt(std::numbers::pi / 2);
      z += penalty.delta < 1e300
               ? half * std::erf(penalty.delta / (narrow * std::numbers::sqrt2)) +
                     narrow * narrow / penalty.delta * std::exp(-penalty.delta * penalty.delta / (2 * narrow * narrow))
               : half;
    }
    return std::log(z);
  };
  const auto minus = [&](double log_s) { return sum / std::exp(2 * log_s) + n * norm(std::exp(log_s)); };
  double low = 0.5 * std::log(sum / n) - 1, high = low + 3; // golden section of a function with one minimum
  const double golden = 0.5 * (std::sqrt(5.0) - 1);
  for (int i = 0; i < 80; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (minus(a) < minus(b) ? high : low) = minus(a) < minus(b) ? b : a;
  }
  return jacobian + log_weights - minus((low + high) / 2);
}

/// An exponent is so far out that its term describes a row or two.
bool is_pinned(const ScalingLaw& law, const LawData& data, const std::vector<double>& at, int variables) {
  const std::vector<Jet> jets(at.begin(), at.begin() + variables);
  for (const LawNumber& number : law.numbers(jets, data))
    if ((number.name == "alpha" || number.name == "beta" || number.name == "c0" || number.name == "c1") &&
        !(std::isgreater(number.value.v, -1.0) && std::isless(number.value.v, 10.0)))
      return true;
  return false;
}

} // namespace

double LawFit::aicc() const {
  const auto n = static_cast<double>(points), p = static_cast<double>(variables) + 1; // and the scale
  return n - p - 1 > 0 ? 2 * p - 2 * log_likelihood + 2 * p * (p + 1) / (n - p - 1)
                       : std::numeric_limits<double>::quiet_NaN();
}

double LawFit::bic() const {
  return (static_cast<double>(variables) + 1) * std::log(static_cast<double>(points)) - 2 * log_likelihood;
}

LawFit fit_law(const std::string& name, const LawData& data, const LawFitOptions& options) {
  const auto law = scaling_law_of(name).make();
  const auto refuse = [&](const std::string& why) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: law {}: {}", data.name, name, why));
  };
  if (data.size() == 0)
    refuse("no rows");
  if (const std::string why = law->unsuited(data); !why.empty())
    refuse(why);
  const LawProblem problem(*law, data, options);
  LawFit fit;
  fit.law = name;
  fit.points = data.size();
  fit.variables = static_cast<int>(problem.free().size()) - (problem.student_t() ? 1 : 0);
  if (fit.points < static_cast<std::size_t>(fit.variables) + 1)
    refuse(fmt::format("{} rows for {} parameters", fit.points, fit.variables));
  if (const std::size_t places = places_of(data); places < static_cast<std::size_t>(fit.variables))
    refuse(fmt::format("{} different rows (of {}) for {} parameters", places, fit.points, fit.variables));
  std::vector<std::vector<double>> starts = options.starts;
  if (options.own_starts)
    for (const auto& start : law->starts(data))
      starts.push_back(start);
  const std::vector<Penalty> path = problem.path(0.1);
  std::vector<LawProblem::End> ends;
  for (const auto& start : starts) {
    const auto end = problem.search(start_of(problem, start, options), problem.free(), path.front(), false, 40);
    if (std::isfinite(end.value))
      ends.push_back(end);
  }
  fit.starts = static_cast<int>(starts.size());
  if (ends.empty())
    refuse("no start gives a number");
  std::stable_sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  ends.resize(std::min<std::size_t>(ends.size(), 8));
  const std::size_t from_wide = ends.size();
  std::vector<std::pair<LawEnd, bool>> polished;
  // where delta is below the scatter there are valleys that the wide objective does not see: the best starts go there
  // at once
  std::vector<LawProblem::End> narrow;
  if (path.size() > 1 && options.own_starts)
    for (const auto& start : starts) {
      const Eigen::VectorXd at = start_of(problem, start, options);
      if (const double value = problem.sum(at, path.back()).value; std::isfinite(value))
        narrow.push_back({at, value, false});
    }
  std::stable_sort(narrow.begin(), narrow.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  for (std::size_t i = 0; i < std::min<std::size_t>(narrow.size(), 12); ++i)
    ends.push_back(problem.search(narrow[i].at, problem.free(), path.back(), true, 60));
  for (auto& end : ends) {
    const bool wide = &end - ends.data() < static_cast<std::ptrdiff_t>(from_wide);
    for (const Penalty& penalty : wide ? path : std::vector<Penalty>{path.back()})
      end = problem.search(end.at, problem.free(), penalty, true, penalty.delta == path.back().delta ? 200 : 40);
    const double value = problem.value(end.at);
    if (std::isfinite(value))
      polished.push_back({{{end.at.data(), end.at.data() + end.at.size()}, value}, end.converged});
  }
  if (polished.empty())
    refuse("no start leads to a number");
  const auto pinned = [&](const LawEnd& end) { return is_pinned(*law, data, end.at, problem.of_law()); };
  std::stable_sort(polished.begin(), polished.end(), [&](const auto& a, const auto& b) {
    const bool pin_a = pinned(a.first), pin_b = pinned(b.first);
    return pin_a != pin_b ? pin_b : a.first.value < b.first.value;
  });
  const LawEnd& best = polished.front().first;
  fit.at = best.at;
  fit.value = best.value;
  fit.converged = polished.front().second;
  fit.pinned = pinned(best);
  double before = best.value;
  for (const auto& [end, converged] : polished)
    if (end.value - best.value <= 1e-6 * std::abs(best.value)) {
      ++fit.at_best;
    } else if (std::abs(end.value - before) > 1e-6 * std::abs(best.value)) {
      fit.others.push_back(end);
      before = end.value;
    }
  const Eigen::VectorXd at = Eigen::Map<const Eigen::VectorXd>(fit.at.data(), static_cast<Eigen::Index>(fit.at.size()));
  fit.residuals = problem.residuals(at);
  fit.log_likelihood = likelihood_of(problem, data, options, at, fit.residuals);
  return fit;
}

std::vector<std::pair<int, double>> held_variables(const std::string& name, const LawData& data,
                                                   const std::vector<std::pair<std::string, double>>& numbers) {
  const auto law = scaling_law_of(name).make();
  const auto refuse = [&](const std::string& why) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: law {}: {}", data.name, name, why));
  };
  if (const std::string why = law->unsuited(data); !why.empty())
    refuse(why);
  const int p = law->variables(data);
  std::vector<double> at(static_cast<std::size_t>(p), 0.0);
  std::vector<std::pair<int, double>> held;
  const auto is_held = [&](int k) {
    return std::any_of(held.begin(), held.end(), [&](auto& h) { return h.first == k; });
  };
  std::vector<std::pair<std::string, double>> left = numbers;
  for (bool again = true; again && !left.empty();) {
    again = false;
    for (auto one = left.begin(); one != left.end();) {
      std::vector<Jet> jets;
      for (int k = 0; k < p; ++k)
        jets.push_back(Jet::variable(at[static_cast<std::size_t>(k)], k, p));
      const std::vector<LawNumber> known = law->numbers(jets, data);
      const auto number = std::find_if(known.begin(), known.end(), [&](const auto& n) { return n.name == one->first; });
      if (number == known.end()) {
        std::vector<std::string> names;
        for (const LawNumber& n : known)
          names.push_back(n.name);
        refuse(fmt::format("it has no number '{}' to hold; it has {}", one->first, fmt::join(names, ", ")));
      }
      if (number->logarithm && !(one->second > 0))
        refuse(fmt::format("'{}' is above zero in it and cannot be held at {:g}", one->first, one->second));
      int pivot = number->variable, loose = 0;
      double value = number->logarithm ? std::log(one->second) : one->second;
      if (pivot < 0)
        for (int k = 0; k < number->value.n; ++k)
          if (number->value.d[static_cast<std::size_t>(k)] != 0 && !is_held(k)) {
            ++loose;
            pivot = k;
            value = at[static_cast<std::size_t>(k)] +
                    (one->second - number->value.v) / number->value.d[static_cast<std::size_t>(k)];
          }
      // an exponent of zero hides what else its number is made of: exponents first
      const bool wait =
          number->variable < 0 && (loose != 1 || std::any_of(left.begin(), left.end(), [&](const auto& l) {
                                     return l.first == "alpha" || l.first == "beta" || l.first == "c0";
                                   }));
      if (wait || !std::isfinite(value)) {
        ++one;
        continue;
      }
      held.emplace_back(pivot, value);
      at[static_cast<std::size_t>(pivot)] = value;
      one = left.erase(one);
      again = true;
    }
  }
  if (!left.empty())
    refuse(fmt::format("'{}' cannot be held alone: hold its exponent too", left.front().first));
  return held;
}

double law_objective(const std::string& name, const LawData& data, const LawObjective& objective,
                     const std::vector<double>& at) {
  const auto law = scaling_law_of(name).make();
  const LawFitOptions options{objective, {}, {}, true};
  const LawProblem problem(*law, data, options);
  return problem.value(Eigen::Map<const Eigen::VectorXd>(at.data(), static_cast<Eigen::Index>(at.size())));
}

std::vector<double> law_values(const std::string& name, const LawData& data, const std::vector<double>& at) {
  const auto law = scaling_law_of(name).make();
  std::vector<Jet> jets(at.begin(), at.end());
  std::vector<double> out;
  for (std::size_t i = 0; i < data.size(); ++i)
    out.push_back(std::exp(law->log_law(jets, data, i).v));
  return out;
}

} // namespace cascade::analysis
