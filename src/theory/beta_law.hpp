#pragma once
// One roughness on one set: the beta model and, for a set that fills space, the monofractal.

#include "theory/law.hpp"

namespace cascade::theory {

/// zeta_p = p h + D - d: increments of size r^h on a set of dimension d, which a pair at distance r meets with
/// probability r^(D - d); d = D gives the monofractal p h. Reference: U. Frisch, P.-L. Sulem, M. Nelkin, J. Fluid Mech.
/// 87 (1978) 719; docs/theory.md, "The beta model".
class BetaLaw : public Law {
public:
  BetaLaw(int embedding_dimension, double dimension, double hurst, std::string reference);
  int embedding_dimension() const override { return embedding_dimension_; }
  double zeta(double order) const override;
  std::optional<double> dimension() const override { return dimension_; }
  std::optional<double> hurst() const override { return hurst_; }
  std::string formula() const override { return "p h + D - d"; }
  std::string reference() const override { return reference_; }

private:
  int embedding_dimension_;
  double dimension_, hurst_;
  std::string reference_;
};

} // namespace cascade::theory
