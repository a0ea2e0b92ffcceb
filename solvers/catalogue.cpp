#include "solvers/catalogue.hpp"

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/multiplicative_cascade.hpp"
#include "solvers/file/file.hpp"
#include "solvers/fourier/fourier_modes.hpp"
#include "solvers/gaussian/gaussian.hpp"
#include "solvers/weierstrass/weierstrass.hpp"

namespace cascade::solvers {

const std::vector<GeneratorEntry>& catalogue() {
  static const std::vector<GeneratorEntry> table = {
      entry<BetaCascadeParameters, BetaCascade>(
          "beta_cascade",
          "random cascade of eddies on a fractal set of dimension d, roughness h (grid and point views)"),
      entry<FieldFileParameters, FieldFile>(
          "file", "a field of your own from a file: HDF5, NetCDF-4, NumPy, raw numbers, text (grid view)"),
      entry<FourierModesParameters, FourierModes>(
          "fourier_modes", "random Fourier modes with roughness h in any dimension up to 1024 (point view)"),
      entry<GaussianParameters, Gaussian>(
          "gaussian", "Gaussian random field with a power-law spectrum, scalar or solenoidal vector (grid view)"),
      entry<MultiplicativeCascadeParameters, MultiplicativeCascade>(
          "multiplicative_cascade",
          "multifractal cascade: eddies (or a measure) with a random factor from cell to child (grid and point views)"),
      entry<WeierstrassParameters, Weierstrass>(
          "weierstrass", "Weierstrass's function with random phases: one wave an octave along every axis (grid view)"),
  };
  return table;
}

} // namespace cascade::solvers
