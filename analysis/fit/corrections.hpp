#pragma once
// Which corrections to a power law theory expects, and with what exponents. docs/theory.md, "Known corrections".

#include "analysis/fit/power_law.hpp"

namespace cascade::analysis {

/// What the run itself measured of the field, needed only to place the exponents of correction terms.
struct Roughness {
  double hurst = 0.5;     ///< half the exponent of the squared increment on the active set
  double codimension = 0; ///< D minus the measured dimension of the active set
  bool measured = false;  ///< false: nothing is known; corrections with known exponents only
};

/// A mean of order p over scales x whose rough part goes as x^(p h + c) and whose smooth part (eddies much larger than
/// x, seen as polynomials beyond the fit's degree) as x^(p k): k = 1 for increments, degree + 1 for cells; c =
/// codimension for volume averages, 0 on the active set. The corrections are
///   B x^(p k)                 from places where nothing rough is alive (exact for p = 2),
///   C x^(a + 2 (k - h)), ...  rough times smooth, for p != 2.
/// Where p k lies below the rough exponent the mean is saturated: x^(p k) leads and the rough part corrects it, by
/// x^(p h + c) where h < k, by x^(p k + 2 (h - k) + c) and its next power where h > k.
/// First the model to use (every slow correction), then alternatives for the systematic error.
std::vector<PowerLawModel> mean_power_models(double order, int smoothness, const Roughness& roughness, bool volume,
                                             const std::string& symbol);

/// The same models, each with a pedestal for the variance below the smallest scale: P/phi(x) for order 2. For others,
/// where |e|^2 in every cell is short of P, so that (A_2 x^a_2 - P)^(p/2) is the first order of it, P x^(a (1 - 2/p)),
/// with a_2 = 2a/p as of one roughness; p >= 2 (below, x^a and its correction change places).
std::vector<PowerLawModel> with_pedestal(std::vector<PowerLawModel> models, const std::vector<double>& phi,
                                         double order = 2);

} // namespace cascade::analysis
