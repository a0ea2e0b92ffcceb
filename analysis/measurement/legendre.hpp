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

/// Tables of m^p, m^p log2 m and m^p (log2 m)^2 of the order p = q/2.
struct HalfOrder {
  double order = 0; ///< p
  const BlockTable *powers = nullptr, *logs = nullptr, *squares = nullptr;
};

/// How many cells of the finest of the fitted scales carry the moment of order Q: 2^(f(Q) n) of n octaves. The scatter
/// of a moment of order q from one realisation to the next is carried by those of Q = 2q, none beyond q = q_*/2. What a
/// few realisations show of f(2q) itself is never much below 0, whatever it is (the largest cell met carries all); so
/// it is continued from order p = q/2, where it is seen, by the curvature there:
///     f(Q) = f(p) + e''(p) (Q^2 - p^2)/2,      e''(p) = ln 2 times the slope of <(log2 m)^2>_p - <log2 m>_p^2,
/// straight lines in log2 x, < >_p the mean weighted by m^p: exact for a parabola e(q), below f where the curvature
/// falls with q.
double cells_that_carry(double order, const HalfOrder& half, double offset, double lowest, double highest);
/// Marks a fit of order q (of a mean over `realisations`) whose scatter is that of fewer than eight cells in all of
/// them.
void mark_few_cells(ExponentFit& fit, double q, const HalfOrder& half, double offset, double lowest, double highest,
                    std::size_t realisations);

/// The width of a spectrum called `title`: its settings are the orders of its ends, its curve the spectrum. `quantity`
/// differs from one spectrum to the next: f(alpha) of a measure and D(h) of a field are no two ways to one number.
Result width_result(const std::string& quantity, const std::string& title, const LegendreSpectrum& spectrum,
                    const ExponentFit& found);

} // namespace cascade::analysis
