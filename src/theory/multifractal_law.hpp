#pragma once
// Cascades whose eddies are multiplied by random factors: one exponent zeta_p for every order, no single roughness.

#include "theory/law.hpp"

namespace cascade::theory {

enum class CascadeModel { random_beta, p_model, lognormal, log_poisson, binomial };

/// The factor W by which energy changes from a cell to a child half its size, E W = 1, and K(q) = log2 E W^q; 2^D
/// children a cell. Velocities change by M = 2^(-1/3) W^(1/3). docs/theory.md, "Multifractals". Sources:
///   random_beta   Benzi, Paladin, Parisi, Vulpiani, J. Phys. A 17 (1984) 3521: W = 1/beta on a fraction beta of the
///                 children, beta = 1/2 with probability x and 1 else, one beta a parent: K = log2(1 - x + x 2^(q-1));
///   p_model       Meneveau, Sreenivasan, Phys. Rev. Lett. 59 (1987) 1424: W = 2p on half of the children, 2(1-p) on
///                 the other half: K = log2(((2p)^q + (2(1-p))^q)/2);
///   lognormal     Kolmogorov, J. Fluid Mech. 13 (1962) 82: K = mu (q^2 - q)/2;
///   log_poisson   She, Leveque, Phys. Rev. Lett. 72 (1994) 336; Dubrulle, ibid. 73 (1994) 959: W = 2^(2/3) (2/3)^n, n
///                 Poisson of mean 2 ln 2: K = 2q/3 - 2 (1 - (2/3)^q);
///   binomial      Halsey et al., Phys. Rev. A 33 (1986) 1141: W = product over the axes of 2p (lower half) or 2(1-p)
///                 (upper half), nothing random: K = D log2(((2p)^q + (2(1-p))^q)/2).
struct Multipliers {
  CascadeModel model = CascadeModel::lognormal;
  int dimensions = 1; ///< D
  double p = 0.7;     ///< the larger share, of p_model and binomial
  double mu = 0.25;   ///< intermittency of lognormal
  double x = 0.125;   ///< of random_beta

  double scaling(double q) const; ///< K(q)
  double slope(double q) const;   ///< K'(q)
  double zeta(double order) const { return order / 3 - scaling(order / 3); }
  double zeta_slope(double order) const { return (1 - slope(order / 3)) / 3; }
  /// tau(q) = D (q - 1) - K(q): sum over cells of side s of (their energy)^q ~ s^tau. -infinity for q < 0 with dead
  /// cells, nan for q = 0 is not needed: tau(0) = -(dimension of the support).
  double tau(double q) const;
  /// D_q = tau/(q - 1); at q = 1 its limit D - K'(1).
  double generalised_dimension(double q) const;
  bool dies() const { return model == CascadeModel::random_beta && x > 0; }
  /// D - zeta_0: dimension of the set that is not dead.
  double support() const { return dimensions - zeta(0); }
  /// E W log2 W < D: else the limit measure is zero (Kahane, Peyriere, Adv. Math. 22 (1976) 131).
  bool degenerate() const { return slope(1) >= dimensions; }
};

/// Beyond q_* one realisation no longer shows zeta_q but a straight line of slope h_min (docs/theory.md,
/// "Multifractals").
struct Linearisation {
  double order = 0;     ///< q_*, infinite where there is none
  double roughness = 0; ///< h_min = zeta'(q_*), or its limit
};
/// Of the velocity: D + q zeta'_q - zeta_q = 0.
Linearisation linearisation(const Multipliers& multipliers);
/// q_* of the measure: D + K(q) - q K'(q) = 0; infinite where there is none.
double measure_linearisation(const Multipliers& multipliers);
/// The same of negative orders, where the emptiest cells decide: the negative root of the same equation, -infinity
/// where there is none (or no q < 0).
double negative_linearisation(const Multipliers& multipliers);

/// zeta_p = p/3 - K(p/3) of a cascade of eddies; of the cascade's own density (`density`) there is no zeta_p (nan), and
/// tau(q) is that of the measure.
class MultifractalLaw : public Law {
public:
  MultifractalLaw(const Multipliers& multipliers, bool density);
  int embedding_dimension() const override { return multipliers_.dimensions; }
  double zeta(double order) const override;
  std::optional<double> dimension() const override { return multipliers_.support(); }
  std::optional<double> spectrum_slope() const override;
  std::optional<double> mass_exponent(double order) const override;
  std::optional<double> linear_beyond() const override;
  std::optional<double> linear_below() const override;
  std::optional<double> log_cumulant(int number) const override;
  std::string formula() const override;
  std::string reference() const override;
  const Multipliers& multipliers() const { return multipliers_; }

private:
  Multipliers multipliers_;
  bool density_;
};

/// zeta_q = q H - K(q): the fractional integral of order H of the cascade's density. Moments and q_* are those of the
/// measure.
class FluxLaw : public Law {
public:
  FluxLaw(const Multipliers& multipliers, double order) : multipliers_(multipliers), order_(order) {}
  int embedding_dimension() const override { return multipliers_.dimensions; }
  double zeta(double order) const override { return order * order_ - multipliers_.scaling(order); }
  std::optional<double> dimension() const override { return multipliers_.dimensions; }
  std::optional<double> linear_beyond() const override;
  /// Those of the cascade of eddies, whose factor is 2^(-1/3) W^(1/3): c_1 = H - K'(0), c_2 = -K''(0).
  std::optional<double> log_cumulant(int number) const override;
  std::string formula() const override { return "p H - K(p)"; }
  std::string reference() const override;

private:
  Multipliers multipliers_;
  double order_;
};

} // namespace cascade::theory
