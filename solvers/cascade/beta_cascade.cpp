#include "solvers/cascade/beta_cascade.hpp"

#include "solvers/cascade/expectation.hpp"
#include "solvers/cascade/grid.hpp"
#include "solvers/cascade/points.hpp"
#include "solvers/cascade/spine.hpp"
#include "theory/beta_law.hpp"
#include "theory/cascade/cascade_levels.hpp"
#include "theory/cascade/cascade_points_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::solvers {

void BetaCascadeParameters::declare(core::ParameterVisitor& v) {
  v.integer("embedding_dimension", embedding_dimension, {1, 1024},
            {"1", "D, dimension of the periodic box the field lives in; above 10 N comes from theory"});
  v.real("dimension", dimension, {0, 1024},
         {"1", "d, fractal dimension of the active set, 0 < d <= D; default D - 0.2 (2.8 for D = 3)"});
  v.real("hurst", hurst, {-1, 3},
         {"1",
          "h, Hurst exponent on the active set; default 1/3 - (D - d)/3 (constant energy flux), (d - 2)/3 for D = 3"});
  v.boolean("allow_negative_hurst", allow_negative_hurst,
            {"1", "accept h < 0 (d < D - 1 with the default h): a field that grows towards small scales"});
  v.integer("points", points, {0, 1 << 20},
            {"1", "grid points a side, m 2^k with odd m <= 15; 0 = no grid; default 65536, 2048, 256 for D = 1, 2, 3"});
  v.integer(
      "virtual_levels", virtual_levels, {4, 48},
      {"1", "levels of the point view: a virtual grid of 2^levels points a side; default from h and d, 24 to 48"});
  v.choice("profile", profile, {"automatic", "product", "oriented"},
           {"1",
            "shape of an eddy: a wave along one axis times windows along the others (product), or constant along the "
            "others (oriented; no grid); automatic: product for D <= 6, oriented above"});
}

double BetaCascadeParameters::resolved_dimension() const {
  return dimension.value_or(static_cast<double>(embedding_dimension) - 0.2);
}

double BetaCascadeParameters::resolved_hurst() const {
  return hurst.value_or(1.0 / 3.0 - (static_cast<double>(embedding_dimension) - resolved_dimension()) / 3.0);
}

std::int64_t BetaCascadeParameters::resolved_points() const {
  constexpr std::int64_t defaults[] = {65536, 2048, 256};
  return points.value_or(embedding_dimension <= 3 ? defaults[embedding_dimension - 1] : 0);
}

int BetaCascadeParameters::resolved_levels() const {
  const double zeta2 = 2 * resolved_hurst() + static_cast<double>(embedding_dimension) - resolved_dimension();
  const double wanted = zeta2 > 0 ? 15 + 6.6 / zeta2 : 48;
  return static_cast<int>(
      virtual_levels.value_or(std::clamp<std::int64_t>(std::llround(std::min(wanted, 48.0)), 24, 48)));
}

bool BetaCascadeParameters::oriented() const {
  return profile == "automatic" ? embedding_dimension > 6 : profile == "oriented";
}

Shape BetaCascadeParameters::shape() const {
  Shape shape;
  shape.dimensions = static_cast<int>(embedding_dimension);
  shape.points = resolved_points();
  shape.activity = true;
  shape.levels = resolved_levels();
  shape.scattered = oriented();
  shape.increments = !oriented();
  return shape;
}

int grid_levels(std::int64_t points) {
  int levels = 0;
  while (points >> levels >= 2 && (points & ((std::int64_t{1} << levels) - 1)) == 0)
    ++levels;
  return levels;
}

void BetaCascadeParameters::validate(core::Problems& problems) const {
  const auto D = static_cast<double>(embedding_dimension);
  const double d = resolved_dimension(), h = resolved_hurst();
  if (d <= 0 || d > D)
    problems.add("dimension",
                 fmt::format("d = {} is not possible in D = {}; allowed: 0 < d <= D", d, embedding_dimension));
  else if (h < 0 && !allow_negative_hurst)
    problems.add(hurst ? "hurst" : "dimension",
                 fmt::format("h = {:.4g} is negative; choose hurst >= 0 (or d >= {} with the default h), or set "
                             "allow_negative_hurst: true",
                             h, D - 1));
  const std::int64_t n = resolved_points();
  if (!oriented() && embedding_dimension > most_listed)
    problems.add("profile", fmt::format("a product of {} windows cannot be measured, and children can be listed for D "
                                        "<= {} only; use profile: oriented",
                                        embedding_dimension, most_listed));
  if (oriented() && n > 0)
    problems.add("points", "the oriented profile jumps across the faces of cells and has no grid view; set points: 0");
  else if (embedding_dimension > 3 && n > 0)
    problems.add("points", "a grid exists for D <= 3 only; set points: 0 and use the sampled method");
  if (n > 0) {
    std::int64_t odd = n;
    while (odd % 2 == 0)
      odd /= 2;
    if (odd > 15 || grid_levels(n) < 3)
      problems.add("points",
                   fmt::format("{} points do not match the dyadic levels; allowed: m 2^k with odd m <= 15 and "
                               "k >= 2, for example {} or {}",
                               n, std::int64_t{1} << std::max(3, static_cast<int>(std::floor(std::log2(n)))),
                               std::int64_t{1} << std::max(4, static_cast<int>(std::ceil(std::log2(n))))));
  }
}

BetaCascade::BetaCascade(const BetaCascadeParameters& parameters, std::uint64_t seed)
    : parameters_(parameters), seed_(seed) {}

theory::LawPtr BetaCascade::law() const {
  return std::make_shared<theory::BetaLaw>(dimensions(), parameters_.resolved_dimension(), parameters_.resolved_hurst(),
                                           "beta model: Frisch, Sulem, Nelkin, J. Fluid Mech. 87 (1978) 719");
}

core::GridSample BetaCascade::sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                     std::uint64_t realisation) const {
  core::GridSample sample{core::RealField(decomposition, communicator.rank()), core::ActiveDepth{}};
  const CascadeRules rules(dimensions(), grid_levels(decomposition.domain().points()), parameters_.resolved_dimension(),
                           parameters_.resolved_hurst(), seed_, realisation);
  fill_cascade(rules, sample.field, *sample.active);
  return sample;
}

core::MemoryParts BetaCascade::scratch_memory(const core::Decomposition& decomposition) const {
  return {{"profiles of eddies", profile_bytes(decomposition.domain().points())}};
}

std::shared_ptr<const theory::FiniteSize> BetaCascade::family(std::int64_t points, int) const {
  return std::make_shared<theory::CascadeLevels>(dimensions(), points, grid_levels(points));
}

core::MemoryParts BetaCascade::expectation_memory(const core::Decomposition& decomposition,
                                                  const theory::ExpectedLosses&) const {
  const std::int64_t n = decomposition.domain().points();
  return {{"spectra of eddies", spectra_bytes(dimensions(), n, grid_levels(n))}};
}

std::shared_ptr<const theory::Expectation> BetaCascade::expectation(const core::Decomposition& decomposition,
                                                                    const core::Communicator&,
                                                                    const theory::ExpectedLosses&) const {
  const std::int64_t points = decomposition.domain().points();
  return std::make_shared<CascadeExpectation>(dimensions(), points, grid_levels(points),
                                              parameters_.resolved_dimension(), parameters_.resolved_hurst());
}

std::shared_ptr<const theory::Expectation> BetaCascade::expectation(int lattice) const {
  if (parameters_.oriented()) // the sums are of the product profile
    return nullptr;
  return std::make_shared<theory::CascadePointsExpectation>(dimensions(), parameters_.resolved_dimension(),
                                                            parameters_.resolved_hurst(), parameters_.resolved_levels(),
                                                            lattice);
}

core::PointSample BetaCascade::sample(std::uint64_t realisation) const {
  return sample(realisation, parameters_.resolved_levels());
}

core::PointSample BetaCascade::sample(std::uint64_t realisation, int levels) const {
  const CascadeRules rules(dimensions(), levels, parameters_.resolved_dimension(), parameters_.resolved_hurst(), seed_,
                           realisation, parameters_.oriented());
  core::PointSample sample;
  if (parameters_.embedding_dimension <= BetaCascadeParameters::most_listed) {
    sample.field = std::make_shared<CascadePoints>(rules);
    sample.tree = std::make_shared<CascadeTree>(rules);
  } else {
    sample.spine = std::make_shared<CascadeSpine>(rules, seed_);
  }
  return sample;
}

} // namespace cascade::solvers
