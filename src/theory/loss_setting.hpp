#pragma once

namespace cascade::theory {

/// How an approximation error was measured; alpha means nothing without it.
struct LossSetting {
  bool adaptive = false; ///< refined where the error is, or told (`oracle`); else uniform
  bool active = false;   ///< average over the active set or over the volume
  int degree = 0;        ///< of the least-squares polynomial
  double loss_power = 2; ///< q: the loss is the mean of |f - f_N|^q
  bool oracle = false;   ///< adaptive, and told where: the cells of one size that are alive
};

} // namespace cascade::theory
