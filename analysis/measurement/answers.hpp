#pragma once
// One exponent by several ways, and the one that a law is judged by.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/fit/fit_status.hpp"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

struct Measured {
  double value = 0;
  double standard_error = 0;
  std::vector<double> interval95; ///< {low, high}; empty: not known
};

/// blind: from the field alone (analysis/blind). curve: with the generator's own finite-size curve, h left free.
/// plain: power laws with the corrections any such field may have.
enum class Way { blind, curve, plain };
const char* to_text(Way way);
/// Throws std::invalid_argument for what is none.
Way way_from_text(const std::string& text);

/// What a measured number leans on beside the field: nothing, the geometry of the partition, the generator's curve, or
/// what the generator says of itself.
enum class Evidence { counted, geometry, generators_curve, theory };
const char* to_text(Evidence evidence);
Evidence evidence_from_text(const std::string& text);

/// Points that were fitted and are not those of a result's curve (energies of half-octave shells, for one), with the
/// fitted values. Columns of one length.
struct FittedPoints {
  std::string x_name, x_unit, y_name, y_unit;
  std::vector<double> x, y, standard_error, fitted;
  std::vector<double> residual; ///< (y - fitted)/standard_error, in logarithms
};

/// An exponent by one way, or the reason why there is none.
struct Answer {
  Measured measured; ///< not to be used where the status does not decide
  FitStatus status = FitStatus::good;
  std::string reason = {}; ///< of any status but good, and of a value that is theory's
  Evidence evidence = Evidence::counted;
  std::string model = {}; ///< in words
  int points = 0;         ///< behind the fit
  double chi2_per_dof = 0;
  double p_value = std::numeric_limits<double>::quiet_NaN(); ///< of that; NaN: not tested
  double octaves = std::numeric_limits<double>::quiet_NaN(); ///< of the range fitted
  double widened_by = 1;                                     ///< error over that of a model that describes the data
  FittedCurve fitted = {};                                   ///< on the abscissas of the result's table, or none
  FittedPoints points_of_its_own = {};                       ///< where it was fitted to others
  bool decisive() const { return decides(status); }
  bool has_value() const { return !measured.interval95.empty(); }
};
using Answers = std::map<Way, Answer>;

Answer answer_of(const ExponentFit& fit);
/// No number at all: "no range", and why.
Answer no_answer(const std::string& reason);
/// factor a + offset, errors and interval included.
Answer linear(Answer answer, double factor, double offset);
/// min(a, most) for a smooth limit: the interval ends there; a value beyond it becomes the limit, keeps its error and
/// its reach downwards, and is from then on theory's word for what was measured.
Answer at_most(Answer answer, double most);

/// |a - b| in units of the root of the sum of their squared errors; nullopt unless both are there and decisive.
std::optional<double> sigmas_apart(const Answers& answers, Way a, Way b);

} // namespace cascade::analysis
