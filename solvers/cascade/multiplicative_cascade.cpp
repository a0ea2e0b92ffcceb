#include "solvers/cascade/multiplicative_cascade.hpp"

#include "solvers/cascade/beta_cascade.hpp"
#include "solvers/cascade/density.hpp"
#include "solvers/cascade/expectation.hpp"
#include "solvers/cascade/fractional_integral.hpp"
#include "solvers/cascade/grid.hpp"
#include "solvers/cascade/multiplicative_expectation.hpp"
#include "solvers/cascade/points.hpp"
#include "solvers/cascade/tilted_points.hpp"
#include "solvers/cascade/tree_moments.hpp"
#include "theory/beta_law.hpp"
#include "theory/cascade/cascade_levels.hpp"
#include "theory/cascade/cascade_points_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace cascade::solvers {
namespace {

theory::CascadeModel model_named(const std::string& name) {
  using theory::CascadeModel;
  if (name == "random_beta")
    return CascadeModel::random_beta;
  if (name == "p_model")
    return CascadeModel::p_model;
  if (name == "log_poisson")
    return CascadeModel::log_poisson;
  return name == "binomial" ? CascadeModel::binomial : CascadeModel::lognormal;
}

} // namespace

theory::Expectation::Values MultiplicativeExpectation::cells(std::span<const double> sides) const {
  std::vector<double> result;
  for (const double s : sides)
    result.push_back(std::pow(s, -support_));
  return result;
}

void MultiplicativeCascadeParameters::declare(core::ParameterVisitor& v) {
  v.integer("embedding_dimension", embedding_dimension, {1, 6}, {"1", "D, dimension of the periodic box"});
  v.choice("model", model, {"beta", "random_beta", "p_model", "lognormal", "log_poisson", "binomial"},
           {"1", "law of the random factors; all have zeta_3 = 1; log_poisson is She and Leveque's"});
  v.real("p", p, {0.5, 1}, {"1", "larger share of p_model and binomial, 1/2 < p < 1; default 0.7"});
  v.real("mu", mu, {0, 100}, {"1", "intermittency of lognormal, K(q) = mu (q^2 - q)/2, 0 < mu < 2 D; default 0.25"});
  v.real("x", x, {0, 1},
         {"1", "of random_beta: probability that the children of a cell live with beta = 1/2; default 0.125"});
  v.real("dimension", dimension, {0, 6}, {"1", "d of model beta; default D - 0.2"});
  v.real(
      "hurst", hurst, {-1, 3},
      {"1",
       "h of model beta, default 1/3 - (D - d)/3 (constant energy flux); order of carrier: integrated, 0 to 1, default "
       "1/3"});
  v.choice("carrier", carrier, {"automatic", "eddies", "density", "integrated"},
           {"1",
            "a sum of eddies (grid and point views), the measure itself (grid), or its fractional integral of order "
            "hurst (grid); automatic: density for binomial, eddies for all others"});
  v.integer("points", points, {0, 1 << 20},
            {"1",
             "grid points a side, m 2^k with odd m <= 15 (density: 2^k); 0 = no grid; default 65536, 2048, 256 for "
             "D = 1, 2, 3"});
  v.integer("virtual_levels", virtual_levels, {4, 48},
            {"1", "levels of the point view: a virtual grid of 2^levels points a side; default 48"});
}

theory::Multipliers MultiplicativeCascadeParameters::multipliers() const {
  return {model_named(model), static_cast<int>(embedding_dimension), p.value_or(0.7), mu.value_or(0.25),
          x.value_or(0.125)};
}

double MultiplicativeCascadeParameters::resolved_dimension() const {
  return dimension.value_or(static_cast<double>(embedding_dimension) - 0.2);
}

double MultiplicativeCascadeParameters::resolved_hurst() const {
  if (integrated())
    return hurst.value_or(1.0 / 3.0);
  return hurst.value_or(1.0 / 3.0 - (static_cast<double>(embedding_dimension) - resolved_dimension()) / 3.0);
}

std::int64_t MultiplicativeCascadeParameters::resolved_points() const {
  constexpr std::int64_t defaults[] = {65536, 2048, 256};
  return points.value_or(embedding_dimension <= 3 ? defaults[embedding_dimension - 1] : 0);
}

int MultiplicativeCascadeParameters::resolved_levels() const {
  return static_cast<int>(virtual_levels.value_or(48));
}

int MultiplicativeCascadeParameters::levels_on_grid(std::int64_t n) const {
  return density() ? std::bit_width(static_cast<std::uint64_t>(n)) : grid_levels(n);
}

Shape MultiplicativeCascadeParameters::shape() const {
  Shape shape;
  shape.dimensions = static_cast<int>(embedding_dimension);
  shape.points = resolved_points();
  shape.activity = is_beta() || (multipliers().dies() && !integrated()); // an integral is nowhere still
  shape.levels = density() ? 0 : resolved_levels();
  shape.tilted = !density() && !is_beta() && model != "binomial"; // those of random factors
  return shape;
}

void MultiplicativeCascadeParameters::validate(core::Problems& problems) const {
  const auto D = static_cast<double>(embedding_dimension);
  const auto only = [&](const char* key, const std::optional<double>& value, const std::string& models, bool used) {
    if (value && !used)
      problems.add(key, fmt::format("it belongs to {} and says nothing of {}; leave it out", models, model));
  };
  only("p", p, "the models p_model and binomial", model == "p_model" || model == "binomial");
  only("mu", mu, "the model lognormal", model == "lognormal");
  only("x", x, "the model random_beta", model == "random_beta");
  // A resolved configuration names the dimension of what is not dead, and reads back to itself.
  const bool own = dimension && !is_beta() && std::abs(*dimension - multipliers().support()) < 1e-9;
  only("dimension", dimension, "the model beta", is_beta() || own);
  only("hurst", hurst, "the model beta and carrier: integrated", is_beta() || integrated());
  if (is_beta()) {
    if (resolved_dimension() <= 0 || resolved_dimension() > D)
      problems.add("dimension", fmt::format("d = {} is not possible in D = {}; allowed: 0 < d <= D",
                                            resolved_dimension(), embedding_dimension));
    if (density())
      problems.add("carrier", "model beta is a cascade of eddies; use carrier: eddies, or another model");
  } else if (const theory::Multipliers m = multipliers(); p && (m.p <= 0.5 || m.p >= 1)) {
    problems.add("p", fmt::format("{} is no larger share of two; allowed: 1/2 < p < 1", m.p));
  } else if (mu && m.mu <= 0) {
    problems.add("mu", "without intermittency this is no multifractal; allowed: 0 < mu < 2 D");
  } else if (x && m.x <= 0) {
    problems.add("x", "with x = 0 every child lives; allowed: 0 < x <= 1");
  } else if (m.degenerate()) {
    const bool normal = m.model == theory::CascadeModel::lognormal; // of the others x = 1, D = 1 alone
    problems.add(normal ? "mu" : "x",
                 fmt::format("the cascade degenerates: E W log2 W = K'(1) = {:.4g} is not below D = {}, and the limit "
                             "measure is zero; allowed: {}",
                             m.slope(1), embedding_dimension, normal ? "mu < 2 D" : "x < D"));
  }
  if (integrated() && (resolved_hurst() <= 0 || resolved_hurst() >= 1))
    problems.add("hurst", fmt::format("{} is no order of integration that increments show; allowed: 0 < hurst < 1",
                                      resolved_hurst()));
  const std::int64_t n = resolved_points();
  if (n > 0 && embedding_dimension > 3)
    problems.add("points", "a grid exists for D <= 3 only; set points: 0 and use the sampled method");
  else if (n > 0 && density() && (!std::has_single_bit(static_cast<std::uint64_t>(n)) || n < 8))
    problems.add("points", fmt::format("{} points: a density needs a power of two, 8 at least", n));
  else if (n > 0 && !density()) {
    std::int64_t odd = n;
    while (odd % 2 == 0)
      odd /= 2;
    if (odd > 15 || grid_levels(n) < 3)
      problems.add("points", fmt::format("{} points do not match the dyadic levels; allowed: m 2^k with odd m <= 15 "
                                         "and k >= 2",
                                         n));
  } else if (n == 0 && density()) {
    problems.add("points", "a density is measured on a grid; give it points");
  }
}

MultiplicativeCascade::MultiplicativeCascade(const MultiplicativeCascadeParameters& parameters, std::uint64_t seed)
    : parameters_(parameters), seed_(seed) {
  if (!parameters.is_beta())
    table_ = std::make_shared<MultiplierTable>(parameters.multipliers(), parameters.density());
}

theory::LawPtr MultiplicativeCascade::law() const {
  if (parameters_.is_beta())
    return std::make_shared<theory::BetaLaw>(dimensions(), parameters_.resolved_dimension(),
                                             parameters_.resolved_hurst(),
                                             "beta model: Frisch, Sulem, Nelkin, J. Fluid Mech. 87 (1978) 719");
  if (parameters_.integrated())
    return std::make_shared<theory::FluxLaw>(parameters_.multipliers(), parameters_.resolved_hurst());
  return std::make_shared<theory::MultifractalLaw>(parameters_.multipliers(), parameters_.density());
}

CascadeRules MultiplicativeCascade::rules(int levels, std::uint64_t realisation) const {
  CascadeRules rules(dimensions(), levels, parameters_.is_beta() ? parameters_.resolved_dimension() : dimensions(),
                     parameters_.is_beta() ? parameters_.resolved_hurst() : 0.0, seed_, realisation);
  rules.multipliers = table_;
  return rules;
}

core::GridSample MultiplicativeCascade::sample(const core::Decomposition& decomposition,
                                               const core::Communicator& communicator,
                                               std::uint64_t realisation) const {
  core::GridSample sample{core::RealField(decomposition, communicator.rank()), core::ActiveDepth{}};
  const CascadeRules of_grid = rules(parameters_.levels_on_grid(decomposition.domain().points()), realisation);
  if (parameters_.density())
    fill_density(of_grid, sample.field, *sample.active);
  else
    fill_cascade(of_grid, sample.field, *sample.active);
  if (parameters_.integrated())
    integrate_fractionally(sample.field, communicator, parameters_.resolved_hurst());
  if (!parameters_.shape().activity) // every cell is alive
    sample.active.reset();
  return sample;
}

core::MemoryParts MultiplicativeCascade::scratch_memory(const core::Decomposition& decomposition) const {
  core::MemoryParts parts{{"levels alive, a byte a point", static_cast<double>(decomposition.real_box(0).size())}};
  if (!parameters_.density()) // a measure has no eddies
    parts.push_back({"profiles of eddies", profile_bytes(decomposition.domain().points())});
  if (parameters_.integrated()) {
    parts.push_back({"modes of the measure", 16.0 * static_cast<double>(decomposition.spectral_box(0).size())});
    for (auto& part : core::DistributedFft::memory(decomposition, true))
      parts.push_back(std::move(part));
  }
  return parts;
}

std::shared_ptr<const theory::FiniteSize> MultiplicativeCascade::family(std::int64_t points, int) const {
  if (!parameters_.is_beta())
    return nullptr; // its curves belong to one h on one set
  return std::make_shared<theory::CascadeLevels>(dimensions(), points, grid_levels(points));
}

core::MemoryParts MultiplicativeCascade::expectation_memory(const core::Decomposition& decomposition,
                                                            const theory::ExpectedLosses&) const {
  if (parameters_.density()) // no exact expectations of a measure
    return {};
  const std::int64_t n = decomposition.domain().points();
  return {{"spectra of eddies", spectra_bytes(dimensions(), n, grid_levels(n))}};
}

std::shared_ptr<const theory::Expectation> MultiplicativeCascade::expectation(const core::Decomposition& decomposition,
                                                                              const core::Communicator&,
                                                                              const theory::ExpectedLosses&) const {
  const std::int64_t points = decomposition.domain().points();
  if (parameters_.density())
    return nullptr;
  if (parameters_.is_beta())
    return std::make_shared<CascadeExpectation>(dimensions(), points, grid_levels(points),
                                                parameters_.resolved_dimension(), parameters_.resolved_hurst());
  const theory::Multipliers m = parameters_.multipliers();
  return std::make_shared<MultiplicativeExpectation>(
      std::make_shared<CascadeExpectation>(dimensions(), points, grid_levels(points), dimensions(), 0.5 * m.zeta(2)),
      m.support(), m.dies());
}

std::shared_ptr<const theory::Expectation> MultiplicativeCascade::given_tree(std::int64_t points,
                                                                             std::uint64_t realisation) const {
  const int levels = grid_levels(points);
  const TreeMoments moments = tree_moments(rules(levels, realisation), {2});
  theory::Activity squares;
  for (const auto& level : moments.sum)
    squares.cells.push_back(level[0]);
  const theory::Multipliers m = parameters_.multipliers();
  return std::make_shared<MultiplicativeExpectation>(
      std::make_shared<CascadeExpectation>(dimensions(), points, levels, dimensions(), 0.0), m.support(),
      parameters_.shape().activity, squares);
}

std::shared_ptr<const theory::Expectation> MultiplicativeCascade::expectation(int lattice) const {
  const int levels = parameters_.resolved_levels();
  if (parameters_.is_beta())
    return std::make_shared<theory::CascadePointsExpectation>(dimensions(), parameters_.resolved_dimension(),
                                                              parameters_.resolved_hurst(), levels, lattice);
  const theory::Multipliers m = parameters_.multipliers();
  return std::make_shared<MultiplicativeExpectation>(
      std::make_shared<theory::CascadePointsExpectation>(dimensions(), dimensions(), 0.5 * m.zeta(2), levels, lattice),
      m.support(), m.dies());
}

core::PointSample MultiplicativeCascade::sample(std::uint64_t realisation) const {
  const CascadeRules all = rules(parameters_.resolved_levels(), realisation);
  core::PointSample made{std::make_shared<CascadePoints>(all), std::make_shared<CascadeTree>(all)};
  if (parameters_.shape().tilted)
    made.tilted = [all](const std::vector<double>& tilts) { return std::make_shared<TiltedPoints>(all, tilts); };
  return made;
}

} // namespace cascade::solvers
