#include "solvers/manifold/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::solvers {

void TargetParameters::declare(core::ParameterVisitor& v) {
  v.choice("kind", kind, {"modes", "band", "cascade", "teacher", "none"},
           {"1", "Fourier modes of roughness h; one octave of waves (smooth); an eddy cascade; a random network of two "
                 "layers of 32 tanh units (smooth); nothing to learn"});
  v.real("hurst", hurst, {0.05, 1}, {"1", "h of modes and cascade"});
  v.real("active_dimension", active_dimension, {0.01, 64},
         {"1", "cascade: dimension of the set on which its eddies live; default: d, eddies everywhere"});
  v.integer("octaves", octaves, {1, 48},
            {"1", "octaves of the modes, levels of the cascade; default and fewest: log2(n)/d + 5/h"});
  v.integer("waves", waves, {1, 4096}, {"1", "random waves an octave (modes, band)"});
  v.real("longest", longest, {0.01, 64},
         {"coordinate",
          "longest wave (modes, band): S_2 is C r^(2h) for distances well below it; above the side of the "
          "set, which is 1, the target is rough on all scales that learners of a few units resolve"});
  v.real("noise", noise, {0, 1e3}, {"1", "standard deviation of noise on what is learned, of a target of variance 1"});
}

void ManifoldParameters::declare(core::ParameterVisitor& v) {
  v.choice("manifold", manifold, manifold_names(),
           {"1", "set on which the points lie: a benchmark set (M1 to Mp3, each with its own d and D) or cube, torus, "
                 "sphere, sheet, normal in any d"});
  v.integer("points", points, {100, 1e7}, {"1", "points n of the cloud"});
  v.integer("dimension", dimension, {1, 512}, {"1", "d of cube, torus, sphere, sheet, normal; default 2"});
  v.integer("embedding_dimension", embedding_dimension, {1, 4096},
            {"1", "turn the cloud into R^D by a random isometry; default: the D of the set"});
  v.real("noise", noise, {0, 1e6}, {"coordinate", "standard deviation of normal noise off the set, every coordinate"});
  bool present = true;
  v.begin("target", present, "What is to be learned on the set.");
  target.declare(v);
  v.end();
}

int ManifoldParameters::resolved_dimension() const {
  return set().dimension_of(static_cast<int>(dimension.value_or(2)));
}

int ManifoldParameters::resolved_embedding() const {
  const int own = set().embedding_of(resolved_dimension());
  return static_cast<int>(embedding_dimension.value_or(own));
}

int ManifoldParameters::fewest_octaves() const {
  if (!target.rough())
    return 1;
  const double doublings = std::max(15.0, std::log2(static_cast<double>(points)));
  const double longer = std::max(0.0, std::log2(target.longest));
  return static_cast<int>(std::ceil(doublings / resolved_dimension() + 5 / target.hurst + longer - 1e-9));
}

int ManifoldParameters::resolved_octaves() const {
  const int fewest = std::min(fewest_octaves(), 48);
  return static_cast<int>(target.octaves.value_or(fewest));
}

std::optional<double> ManifoldParameters::mean_square_hurst() const {
  if (!target.rough())
    return {};
  if (target.kind == "cascade" && target.active_dimension)
    return target.hurst + 0.5 * (resolved_dimension() - *target.active_dimension);
  return target.hurst;
}

void ManifoldParameters::validate(core::Problems& problems) const {
  const std::vector<std::string> names = manifold_names();
  if (std::find(names.begin(), names.end(), manifold) == names.end())
    return;
  const Manifold& m = set();
  if (m.dimension > 0 && dimension && *dimension != m.dimension)
    problems.add("dimension", fmt::format("{} has d = {}; leave the key out, or use cube, torus, sphere, sheet, normal",
                                          manifold, m.dimension));
  const int own = m.embedding_of(resolved_dimension());
  if (embedding_dimension && *embedding_dimension < own)
    problems.add("embedding_dimension",
                 fmt::format("{} is below {}, the D of the set; allowed: {} to 4096", *embedding_dimension, own, own));
  if (!target.rough())
    return;
  const int fewest = fewest_octaves();
  if (resolved_octaves() < fewest)
    problems.add(target.octaves ? "target.octaves" : "target.hurst",
                 fmt::format("{} octaves would end above the distance of neighbours and pretend a smoother target; {} "
                             "points in d = {} with h = {:g} need {}",
                             resolved_octaves(), points, resolved_dimension(), target.hurst, fewest));
  if (target.kind == "cascade") {
    if (m.chart == Manifold::Chart::none)
      problems.add("target.kind", fmt::format("{} has no chart on which a cascade could live; use modes, or cube, "
                                              "torus, sheet",
                                              manifold));
    else if (resolved_dimension() > 10)
      problems.add("target.kind", fmt::format("a cascade needs d up to 10, not {}; use modes", resolved_dimension()));
    if (target.active_dimension && *target.active_dimension > resolved_dimension())
      problems.add("target.active_dimension",
                   fmt::format("{:g} is above d = {}", *target.active_dimension, resolved_dimension()));
  } else if (target.active_dimension) {
    problems.add("target.active_dimension", "belongs to kind: cascade; leave it out");
  }
}

} // namespace cascade::solvers
