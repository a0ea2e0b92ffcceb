#pragma once
// What an exponent costs.

namespace cascade::theory {

/// 2^(1/alpha): the factor in resources that halves a pure power law L = A N^-alpha; docs/theory.md (2).
/// Infinite for alpha <= 0: no amount halves it.
double halving_factor(double alpha);
/// Its decimal logarithm, which does not overflow.
double log10_halving_factor(double alpha);

/// The factor in resources that halves the *total* loss E + R, R = A N^-alpha being what is reducible now:
/// (R / ((E + R)/2 - E))^(1/alpha); infinite when half of the loss lies at or below the pedestal E.
double halving_factor_total(double pedestal, double reducible, double alpha);

/// N_c = A^(1/a), the resources at which the error A N^-a has come down to one; docs/theory.md (3).
double critical_size(double amplitude, double exponent);

/// alpha = a/D of a method of order a on a grid in D dimensions; docs/theory.md (4).
double grid_exponent(double order, double embedding_dimension);

/// Exponents of a fit on a set of dimension d: 4/d for a smooth field and linear pieces (Sharma and Kaplan; paper
/// eq. 13), and its forms for a field of roughness h: 4h/d (paper eq. 17) and 2h/d (mean-square loss).
double smooth_exponent(double dimension);
double rough_exponent_paper(double hurst, double dimension);
double rough_exponent_mean_square(double hurst, double dimension);

/// With L = E + A/N^alpha + B/D^beta and compute C proportional to N D, the best N grows as C^(beta/(alpha+beta)) and
/// the reducible loss falls as C^-(alpha beta/(alpha+beta)).
double compute_optimal_share(double alpha, double beta);
double compute_optimal_exponent(double alpha, double beta);

} // namespace cascade::theory
