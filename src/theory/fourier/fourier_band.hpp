#pragma once
// Second order of an isotropic field whose spectrum is a power law in a band of wavenumbers, in any dimension.

namespace cascade::theory {

/// Mean of cos(k.r) over the directions of k in D dimensions, z = |k| |r| in radians:
///   Lambda_D(z) = Gamma(D/2) (2/z)^(D/2-1) J_(D/2-1)(z)     (cos z, J_0(z), sin(z)/z, ... for D = 1, 2, 3, ...)
/// to an absolute error of 1e-9. Tends to exp(-z^2/(2 D)) for large D.
double isotropic_cosine(int dimensions, double z);
/// 1 - Lambda_D(z), to nine digits also where it is small.
double isotropic_increment(int dimensions, double z);

/// Waves with log-uniform |k| in [lowest, lowest 2^octaves] (waves a box side), amplitude ~ |k|^-h and isotropic
/// directions, cut into `octaves * shells_per_octave` shells. Pure functions; docs/theory.md, "Random Fourier modes".
class FourierBand {
public:
  FourierBand(int dimensions, double hurst, double lowest, int octaves, int shells_per_octave);
  /// Mean of (|k|/lowest)^(-2h) over the whole band: the variance is half the number of modes times that, for modes of
  /// amplitude (|k|/lowest)^-h.
  double mean_square() const;
  /// S_2(r) = 2 sum over shells <|k|^-2h (1 - Lambda_D(2 pi |k| r))> / sum over shells <|k|^-2h>, for a field of unit
  /// variance; the mean within a shell by Gauss-Legendre quadrature in log |k|.
  double increment(double distance) const;

private:
  int dimensions_;
  double hurst_, lowest_;
  int shells_;
  double width_; ///< ln of the ratio of a shell's ends
};

} // namespace cascade::theory
