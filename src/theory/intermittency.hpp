#pragma once
// Which model of intermittency do measured exponents zeta_p follow?

#include <string>
#include <vector>

namespace cascade::theory {

/// A measured exponent of order p.
struct ZetaPoint {
  double order = 0, value = 0, error = 0;
};

/// A model laid through the points with zeta_3 = 1 and one parameter (two of the models have none).
struct IntermittencyFit {
  std::string model;     ///< "K41", "beta", "random beta", "log-normal", "p-model", "She-Leveque"
  std::string parameter; ///< its name; empty: none
  std::string formula;   ///< zeta_p in symbols
  double value = 0;      ///< of the parameter
  double error = 0;      ///< half the width over which chi^2 rises by max(1, chi^2/degrees of freedom); 0: no parameter
  bool at_bound = false; ///< the parameter is at an end of its range: the model would go on
  double chi_squared = 0; ///< sum of ((measured - model)/error)^2, the orders taken as independent
  int degrees_of_freedom = 0;
  double aic = 0, bic = 0; ///< chi^2 + 2 k and chi^2 + k ln n, k parameters and n orders
};

/// zeta_p of a model: K41 p/3; beta p/3 + c (1 - p/3), c = D - d; random beta, p-model and log-normal as
/// theory::Multipliers; She-Leveque p/9 + 2 (1 - (2/3)^(p/3)).
double intermittency_zeta(const std::string& model, double parameter, double order);

/// All six, the smallest AIC first. Points without a positive finite error are left out; empty with fewer than three.
std::vector<IntermittencyFit> compare_intermittency(const std::vector<ZetaPoint>& points);

} // namespace cascade::theory
