#pragma once
// A power law on a pedestal: why a small running exponent may hide a large true one.

namespace cascade::theory {

/// L(x) = p + (1 - p) x^a, x = 1/N, L(1) = 1; docs/theory.md (5).
///   p = fraction: the irreducible part of the loss at N = 1, 0 <= p < 1;  a = exponent > 0;  N = resources >= 1.
struct Pedestal {
  double fraction = 0;
  double exponent = 1;
};

/// L at x = 1/N.
double pedestal_loss(const Pedestal& law, double x);

/// -d log L / d log N = a (1 - p) x^a / (p + (1 - p) x^a): a (1 - p) at x = 1, falling to zero as x does.
double running_exponent(const Pedestal& law, double x);

/// N_crit = ((1 - p)/p)^(1/a), where both parts of the loss are equal and the running exponent is a/2; infinite for
/// p = 0.
double critical_resources(const Pedestal& law);

/// p_crit = 1/(1 + N^a): the pedestal whose N_crit is N.
double critical_fraction(double exponent, double resources);

} // namespace cascade::theory
