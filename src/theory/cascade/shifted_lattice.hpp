#pragma once
// One eddy seen by cells that are sampled on a small, randomly shifted lattice: the sums behind the point view.

#include <cstdint>
#include <vector>

namespace cascade::theory {

/// The continuous profile (eddy_profile.hpp) along one axis, a wave or a window, mean square 1.
enum class Profile { wave, window };

/// int (p(t + r) - p(t))^2 dt over the line, p zero outside of [0, 1); `circular`: over [0, 1) instead, p periodic.
/// This is 2 (1 - c(r)), c the correlation of p, without the cancellation. Gauss-Legendre, exact for the polynomials p.
double increment_square(Profile profile, double separation, bool circular);

/// A cell of side 1 sampled at (i + delta)/m, i = 0 .. m-1, delta uniform in [0, 1), in units of which the eddy has
/// side 2^octaves. With g_a the Gram polynomials of the lattice (mean square 1) and c_a = (1/m) sum_i p(t_i) g_a(i):
///   octaves >= 0: the cell is one of 2^octaves equally likely parts of the eddy; power_a = E c_a^2, the mean over the
///                 parts and delta;
///   octaves < 0:  2^-octaves eddies with independent signs lie in the cell; power_a = E sum over eddies of the square
///                 of (1/m) sum over the points i within the eddy.
/// `rest_a` = E (mean p^2) - power_0 - ... - power_a. Positive terms only where the cell is a small part of a smooth
/// eddy: no cancellation, however small. Exact: p is a polynomial, and so are the squares averaged.
struct LatticePowers {
  double power[3];
  double rest[3];
};
LatticePowers lattice_powers(Profile profile, int octaves, int m);

/// Mean square of an eddy in D dimensions (its wave along one axis, its window along the others) that polynomials of
/// total degree <= degree on the lattices of the cells leave behind.
double lattice_residual(int dimensions, int octaves, int m, int degree);

} // namespace cascade::theory
