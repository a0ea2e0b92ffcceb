#pragma once
// What is to be learned: a function on a set, of known roughness.

#include "solvers/manifold/parameters.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace cascade::solvers {

/// A function of c coordinates, of mean about 0 and variance about 1. Immutable, local; a value depends on its point
/// alone, never on those beside it.
class Target {
public:
  virtual ~Target() = default;
  /// values[i] = f(coordinates[i*c .. i*c + c-1]).
  virtual void evaluate(std::span<const double> coordinates, std::span<double> values) const = 0;
};

/// Target number `which` of the parameters, a function of c coordinates; null for kind none.
///   modes:   sum over octaves j = 0 .. J-1 and M waves m of A_jm cos 2 pi (k.u + phase), |k| = 2^(j + (m +
///   v)/M)/longest,
///            directions isotropic, A ~ |k|^-h, scaled so that the variance is 1: S_2(r) = C r^(2h) for
///            2^-J << r << 1, and a finite sum for every r.
///   band:    the octave j = 0 alone: smooth.
///   cascade: solvers::BetaCascade of c = d dimensions, over the square root of E f^2.
///   teacher: a random network c - 32 - 32 - 1 of tanh units, weights normal with variance 4/fan-in: smooth, does not
///            split into a sum over coordinates.
std::unique_ptr<Target> make_target(const ManifoldParameters& parameters, int coordinates, std::uint64_t seed,
                                    std::uint64_t which);

} // namespace cascade::solvers
