#pragma once
// A law of the table of laws, fitted to rows.

#include "analysis/losses/loss_fit.hpp"
#include "analysis/scaling/laws/law.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cascade::analysis {

/// `student_t`: of log L, -log likelihood of Student's t with four degrees of freedom, its scale fitted as one more
/// variable. The others as Objective.
struct LawObjective {
  Objective objective = Objective::least_squares_log;
  double delta = 1e-3, asymmetry = 10;
  bool student_t = false;
};

struct LawFitOptions {
  LawObjective objective;
  std::vector<std::pair<int, double>> fixed; ///< variables held: index, value
  std::vector<std::vector<double>> starts;   ///< beside the law's own
  bool own_starts = true;                    ///< false: `starts` alone
};

/// An end of a search.
struct LawEnd {
  std::vector<double> at;
  double value = 0; ///< the objective as LossFit::value has it
};

struct LawFit {
  std::string law;
  std::vector<double> at;
  double value = 0;
  std::size_t points = 0;
  int variables = 0; ///< that were free
  bool converged = false;
  bool pinned = false; ///< an exponent below -1 or above 10: its term describes a row or two, and no law
  int starts = 0, at_best = 0;
  std::vector<LawEnd> others;    ///< other ends, the best first; two are one within 1e-6 of the objective
  std::vector<double> residuals; ///< of log L, or of L for least_squares
  double log_likelihood = 0;     ///< of the density that belongs to the objective, its scale fitted
  double aicc() const;           ///< NaN with too few rows
  double bic() const;
};

/// The lowest end of all starts; ends whose terms all describe more than a row or two come before those that are
/// pinned. Throws core::Error(bad_input) where the law does not suit the rows or they are too few. Deterministic,
/// local.
LawFit fit_law(const std::string& law, const LawData& data, const LawFitOptions& options);

/// The variables that hold numbers of the law at values: by name, those of several variables (log A) once the others of
/// them are held. Throws core::Error(bad_input) where a name is none, or does not determine a variable.
std::vector<std::pair<int, double>> held_variables(const std::string& law, const LawData& data,
                                                   const std::vector<std::pair<std::string, double>>& numbers);

/// The objective at given variables, as LossFit::value has it.
double law_objective(const std::string& law, const LawData& data, const LawObjective& objective,
                     const std::vector<double>& at);

/// What the law says of rows, at given variables.
std::vector<double> law_values(const std::string& law, const LawData& data, const std::vector<double>& at);

/// A number that the law is quoted by: value, and its 95% interval. Numbers that are variables have profiles of the
/// objective (rise: the 95% point of F(1, n - p), scaled as LossFit's are and by the squared ratio of robust to
/// standard error where there are four rows a variable); an end that never rises that far within the search is open. A
/// profile that falls below the fit replaces it, and all are made anew.
/// The others have Student's t times the sandwich error to first order, of the logarithm where the number is one.
struct LawEstimate {
  std::string name;
  double value = 0, error = 0;
  Interval interval{};
};
std::vector<LawEstimate> law_estimates(const LawData& data, LawFit& fit, const LawFitOptions& options);

} // namespace cascade::analysis
