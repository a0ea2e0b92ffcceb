#pragma once
// A smooth end for fields that are not periodic.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

namespace cascade::analysis {

/// Cosine taper (Tukey's) that rises over three eighths of the box at either end: w(x) = sin^2(pi x/(2 r)), r = 3/8,
/// for x < r, the same from the other end, 1 between; x = (i + 1/2)/n. The transform of a box cut out of a larger field
/// leaks into all wavenumbers as k^-2 (its two ends differ), that of the tapered one as k^-6, less than any spectrum of
/// interest. The price: a wave spreads over its neighbours, so that the largest scales are lost and modes count for
/// mean(w^2)^2/mean(w^4) each and axis (.62). A quarter at either end would keep .74 of them, but waves longer than the
/// box then leak along the axes: 35% too much at k = 3 for D = 2, h = .5. Reference: D. J. Thomson, Proc. IEEE 70
/// (1982) 1055, section III.
double cosine_taper(core::Index i, core::Index points);

/// Share of the modes that counts: mean(w^2)^2/mean(w^4), times itself along the axes that are there.
double share_under_taper(const core::Domain& domain);
/// Share of the variance that is left: mean(w^2), times itself along the axes that are there.
double power_under_taper(const core::Domain& domain);

/// By how much, to leading order, the taper raises a power spectrum |k|^-beta at wavenumber k, relative to itself: it
/// convolves the spectrum with a kernel of variance c = 1/(16 r (1 - 5 r/4)) = .314 an axis (mean(w'^2)/(4 pi^2
/// mean(w^2))), so that the excess is (c/2) laplacian(|k|^-beta) |k|^beta = (c/2) beta (beta + 2 - D)/k^2.
struct TaperExcess {
  double value, slope; ///< the excess, and its derivative by beta
};
TaperExcess taper_excess(int dimensions, double beta, double k);

/// The field less its tapered mean sum(w f)/sum(w), times w = product of the tapers along the axes that are there, on
/// another domain of as many points: now it may be transformed as a periodic one. Collective; same bits at any rank
/// count.
core::RealField tapered(const core::RealField& field, const core::Domain& periodic,
                        const core::Communicator& communicator);

} // namespace cascade::analysis
