#pragma once
// An exponent with an honest error, and what can be made of it.

#include "analysis/fit/fit_status.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// An exponent needs a range. A power law, one correction to it and the scatter about both take four dyadic scales to
/// be told apart: three octaves, of the abscissa and of the number of pieces alike. An exact finite-size curve has no
/// correction to be found: three scales, two octaves.
inline constexpr double fewest_octaves = 3, fewest_octaves_of_curve = 2;

/// Throws NoFit, with what there is and what is needed, unless x[first..last] has both.
void require_range(const std::vector<double>& x, std::size_t first, std::size_t last, std::size_t scales,
                   double octaves);

/// The fitted curve at the points of its window.
struct FittedCurve {
  std::vector<double> x, y;
  std::vector<double> residual; ///< (measured - fitted)/error of the point, what all points share taken out of it
};

struct ExponentFit {
  double exponent = 0;
  double statistical_error = 0;  ///< delete-one-block jackknife
  double systematic_error = 0;   ///< half the spread over windows and models, what the prior and a misfit leave open
  double standard_error = 0;     ///< root of the sum of squares
  double interval95[2] = {0, 0}; ///< Student t with (blocks - 1) degrees of freedom
  double profile95[2] = {0, 0};  ///< where the profile of chi^2 rises by t^2 (rescaled to the jackknife error)
  std::optional<double> chi2_per_dof; ///< T^2 of the residuals over its mean for a true model; absent: not testable
  std::optional<double> p_value;      ///< of that T^2
  int degrees_of_freedom = 0;         ///< of the residuals tested
  double loglog_slope = 0;
  double window[2] = {0, 0};
  int points = 0;
  double octaves = 0; ///< of the abscissa, as far as the curve shows the exponent over them
  std::string model;
  FitStatus status = FitStatus::good;
  double widening = 1; ///< standard over statistical error of a fit whose model fails
  std::string reason;  ///< of any status but good
  FittedCurve curve;
  double amplitude = 0; ///< of the leading term (family fits: of the unit curve)
  std::vector<double> replicate_amplitudes;
  double missing = 0;                    ///< P of a model with a pedestal (order 2), what no scale of the data holds
  std::vector<double> replicate_missing; ///< empty without one
  std::vector<double> replicates;        ///< exponent without block b: for exponents derived from several fits
};

/// Standard error and interval from the two parts; Student t with (blocks - 1) degrees of freedom.
void finish(ExponentFit& fit, std::size_t blocks);

/// Status and reason, unless a worse one is known.
void mark(ExponentFit& fit, FitStatus status, const std::string& reason);

/// Ratio a/b of two exponents measured on the same blocks, errors of both carried by the joint jackknife: a in s, b
/// that of a number N(s), so that N covers a.octaves * b octaves. Throws NoFit where these are fewer than
/// fewest_octaves.
ExponentFit ratio_of_exponents(const ExponentFit& a, const ExponentFit& b);

/// The same fit with its statistical error, replicates included, `factor` times as large.
ExponentFit widened(ExponentFit fit, double factor);

/// The same for N(s) = s^-dimension by geometry.
ExponentFit per_dimension(const ExponentFit& a, double dimension);

/// a times an exact number.
ExponentFit scaled(ExponentFit fit, double factor);

/// exponent = f(h) for a decreasing or increasing function of h, per replicate; the other errors follow by slope.
ExponentFit mapped(const ExponentFit& fit,
                   const std::function<double(double value, std::optional<std::size_t> block)>& map);

} // namespace cascade::analysis
