#pragma once
// The shape of one eddy: docs/theory.md, "The cascade generator".

#include <cmath>

namespace cascade::theory {

/// Along its own axis an eddy is a wave v, along the others a window w; both are polynomials on its cell, vanish with
/// their slope at the cell's border, and have unit mean square; v is odd about the centre, hence has zero mean.
/// With u = 2 t - 1 in [-1, 1), t the position in the cell:
///     w(u) = (sqrt(630)/16) (1 - u^2)^2,      v(u) = -(sqrt(6930)/16) u (1 - u^2)^2.
/// The mean squares follow from Euler's beta function: int_0^1 (t (1-t))^4 dt = 1/630 and
/// int_0^1 (1-2t)^2 (t (1-t))^4 dt = 1/6930.
struct EddyProfile {
  static constexpr double window_scale = 25.099800796022265 / 16; // sqrt(630)/16
  static constexpr double wave_scale = 83.24662155306964 / 16;    // sqrt(6930)/16
  static constexpr double window(double u) {
    const double g = 1 - u * u;
    return window_scale * g * g;
  }
  static constexpr double wave(double u) {
    const double g = 1 - u * u;
    return -wave_scale * u * g * g;
  }
};

} // namespace cascade::theory
