#pragma once
// Exponents of means over the point view, whose field ends at a known level.

#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/subject.hpp"

#include <functional>
#include <string>

namespace cascade::analysis {

/// Which scales fits may trust, into findings.options and findings.gap, whose part +- error is given. decay(options)
/// measures the exponent of the variance on the scales it is given. True if the field has few levels for that. Throws
/// what decay() throws.
bool choose_scales(const Subject& subject, double part, double error,
                   const std::function<double(const FitOptions&)>& decay, Findings& findings);

/// A mean of |increment|^order (smoothness 1) or of |f - P|^order (degree + 1), over the volume or the active set,
/// against scales that the model's name calls `symbol`. The tables must outlive the fit.
struct PointMean {
  const BlockTable& table;
  double order = 2;
  int smoothness = 1;
  bool volume = true;
  std::string symbol = "s";
  const BlockTable* squares = nullptr; ///< the same of order 2, which shows what is missing; null: not measured
};

/// Exponent in the scale by power laws with the corrections that the measured roughness calls for, the missing levels
/// completed. Throws NoFit, also where the roughness could not be measured.
ExponentFit fit_point_mean(const PointMean& mean, const Findings& findings);

/// Number of pieces: minus the exponent of N(s) on the scales to be trusted.
ExponentFit fit_pieces(const BlockTable& cells, const Findings& findings);

} // namespace cascade::analysis
