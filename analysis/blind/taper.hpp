#pragma once
// A smooth end for fields that are not periodic.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

namespace cascade::analysis {

/// Cosine taper (Tukey's, a quarter of the box at either end): w(x) = sin^2(2 pi x) for x < 1/4 and for x > 3/4, 1
/// between, x = (i + 1/2)/n. The transform of a box cut out of a larger field leaks into all wavenumbers as k^-2 (its
/// two ends differ), that of the tapered one as k^-6, less than any spectrum of interest. The price: a wave spreads
/// over its neighbours, so that the largest scales are lost and modes count for mean(w^2)^2/mean(w^4) each and axis
/// (0.74). Reference: D. J. Thomson, Proc. IEEE 70 (1982) 1055, section III.
double cosine_taper(core::Index i, core::Index points);

/// Share of the modes that counts: (mean(w^2)^2/mean(w^4))^D.
double share_under_taper(const core::Domain& domain);

/// The field less its tapered mean sum(w f)/sum(w), times w = product of the tapers along the axes that are there, on
/// another domain of as many points: now it may be transformed as a periodic one. Collective; same bits at any rank
/// count.
core::RealField tapered(const core::RealField& field, const core::Domain& periodic,
                        const core::Communicator& communicator);

} // namespace cascade::analysis
