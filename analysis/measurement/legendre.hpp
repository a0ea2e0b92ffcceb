#pragma once
// Singularity spectra from moments of many orders, without a numerical derivative.

#include "analysis/measurement/result.hpp"
#include "analysis/sums/block_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Of one order q: tables of the mean (or sum) of m^q and of m^q log2 m over cells of side x, m a leader or a mass.
struct MomentsOfOrder {
  double order = 0;
  const BlockTable *powers = nullptr, *logs = nullptr;
};

/// f(a) of a spectrum by the Legendre transform of the fitted exponents: with M_q(x) ~ x^e(q) the slopes e(q) of log2
/// M_q and a(q) = de/dq = slope of (m^q log2 m)/(m^q) against log2 x, over the same scales,
///     f(q) = offset + q a(q) - e(q)
/// (Chhabra, Jensen, Phys. Rev. Lett. 62 (1989) 1327). a falls with q: points where it does not are the scatter of the
/// measurement, and are shown. `end`: that of log_slope.
struct LegendreSpectrum {
  ExponentFit width; ///< a(lowest q) - a(highest q); 0 where one exponent describes all orders
  double lowest_order = 0, highest_order = 0;
  Curve curve; ///< f against a, ascending in a; errors by jackknife over the tables' blocks
};
LegendreSpectrum legendre_spectrum(const std::vector<MomentsOfOrder>& moments, double offset, double lowest,
                                   double highest, Axis a, Axis f, std::optional<double> end = {});

/// How many cells of the finest of the fitted scales carry a moment: 2^(f n) of n octaves, f that of
/// legendre_spectrum() at its order, by straight lines. The scatter of a moment of order q from one realisation to the
/// next is carried by those of order 2q, none beyond q = q_*/2; realisations left out say too little of it where they
/// are few.
double cells_that_carry(const MomentsOfOrder& moments, double offset, double lowest, double highest);
/// Marks a fit of order q that hangs on fewer cells of order 2q (`twice`) than eight a realisation.
void mark_few_cells(ExponentFit& fit, double q, const MomentsOfOrder& twice, double offset, double lowest,
                    double highest);

/// The width of a spectrum called `title`: its settings are the orders of its ends, its curve the spectrum. `quantity`
/// differs from one spectrum to the next: f(alpha) of a measure and D(h) of a field are no two ways to one number.
Result width_result(const std::string& quantity, const std::string& title, const LegendreSpectrum& spectrum,
                    const ExponentFit& found);

} // namespace cascade::analysis
