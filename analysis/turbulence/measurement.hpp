#pragma once
// The measurement `turbulence`: third-order law, relative exponents, isotropy, scales and one-dimensional spectra of a
// velocity on the grid.

#include "analysis/measurement/measurement.hpp"

#include <optional>

namespace cascade::analysis {

/// Of a vector with a component an axis, u_L the increment along the axis of the separation and u_T across it; a field
/// on a line is taken for the velocity along it in three dimensions (Taylor's hypothesis), D = 3 below. Angular
/// brackets are means over points and axes, interior pairs where the box is not periodic. Then
///   third-order law   e(r) = - D (D + 2)/12 <u_L^3>/r, the dissipation where r is inertial (4/5 law, D = 3: S_3 = -4/5
///   e r);
///                     "dissipation" is its largest value, of all r up to the integral scale,
///   self-similarity   zeta_p/zeta_3: slope of log <|u_L|^p> against log <|u_L|^3> (Benzi et al. 1993),
///   isotropy          S_T/(S_L + r S_L'/(D - 1)), second orders, one for an isotropic solenoidal field in unbounded
///                     space (docs/theory.md (17) is its power-law case); in a periodic box divided by what an
///                     isotropic field with the same energies of waves shows along its axes (IsotropicBox), errors of
///                     fewer than eight fields from the scatter of the waves,
///   integral scale    int_0^r0 (1 - S_L(r)/(2 <u^2>)) dr, r0 the first zero of the integrand, <u^2> the variance of a
///                     component,
///   Taylor scale      sqrt(<u^2>/<(d_a u_a)^2>), the gradient from increments over one and two points, fourth order,
///   with a viscosity  e = 15 nu <(d_a u_a)^2> (D = 3), nu D (D + 2) <..> in D; or as given, eta = (nu^3/e)^(1/4),
///                     R_lambda = u' lambda/nu,
///   spectra           E_11(k) along the last axis, of the component along it and the mean of the others: their sum is
///                     the variance; where the axis is not periodic, of lines less their mean under a Hann window.
/// Errors are those of blocks no smaller than an integral scale: neighbouring blocks of the sums are joined until they
/// are. The law in D dimensions and e in D (D = 3: 4/5 and 15) follow from isotropy and incompressibility,
/// docs/theory.md. References: U. Frisch, Turbulence (1995), chapter 6 (4/5 law); S. B. Pope, Turbulent Flows (2000),
/// chapter 6 (scales); R. Benzi et al., Phys. Rev. E 48 (1993) R29 (relative exponents). Tables "moment/<kind>/<p>",
/// "third/<kind>", "variance", "spectrum/<kind>", "waves",
/// "wave_scatter". results.h5: /turbulence.
class TurbulenceMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void datasets(const Subject& subject, View view, const Tables& tables, Datasets& all) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::int64_t separations_per_octave_ = 2;
  std::optional<double> viscosity_, dissipation_;
};

} // namespace cascade::analysis
