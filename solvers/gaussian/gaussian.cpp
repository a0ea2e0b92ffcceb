#include "solvers/gaussian/gaussian.hpp"

#include "core/grid/distributed_fft.hpp"
#include "core/grid/redistribute.hpp"
#include "core/talk/errors.hpp"
#include "solvers/gaussian/expectation.hpp"
#include "solvers/gaussian/modes.hpp"
#include "solvers/gaussian/residual_moments.hpp"
#include "solvers/gaussian/spectrum.hpp"
#include "theory/beta_law.hpp"
#include "theory/gaussian/gaussian_family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace cascade::solvers {
namespace {

// No band may be so narrow that no mode is left: the smallest wavenumber inside it must lie on the grid.
bool band_is_empty(const GaussianParameters& p) {
  const double lowest = std::max(1.0, p.low_cutoff.value_or(0.0));
  const double largest = static_cast<double>((p.fine_points() - 1) / 2);
  const double corner = std::sqrt(static_cast<double>(p.embedding_dimension)) * largest;
  if (lowest > corner || lowest > p.high_cutoff.value_or(corner))
    return true;
  // A wave along one axis is the surest mode inside; a band between two integers may still hold oblique ones.
  return p.embedding_dimension == 1 && std::ceil(lowest) > std::min(largest, p.high_cutoff.value_or(largest));
}

// Decomposition of the grid the field is made on.
core::Decomposition fine_decomposition(const core::Decomposition& coarse, std::int64_t oversampling) {
  const core::Domain& domain = coarse.domain();
  return {core::Domain(domain.dimensions(), domain.points() * oversampling), coarse.rows(), coarse.columns()};
}

double bytes(const core::Box& box, int components, double each) {
  return static_cast<double>(box.size()) * components * each;
}

} // namespace

void GaussianParameters::declare(core::ParameterVisitor& v) {
  v.integer("embedding_dimension", embedding_dimension, {1, 3}, {"1", "D, dimension of the periodic box"});
  v.real("dimension", dimension, {1, 3}, {"1", "d; a Gaussian field fills space, so only d = D is possible"});
  v.integer("points", points, {4, 1LL << 40}, {"1", "grid points a side; default 1048576, 4096, 256 for D = 1, 2, 3"});
  v.real("hurst", hurst, {0.05, 2.5},
         {"1", "h, Hurst exponent: increments over l scale as l^h (l^1 for h > 1, where the field is smooth)"});
  v.choice("components", components, {"scalar", "vector"},
           {"1", "scalar, or a solenoidal vector of D components (D = 2, 3)"});
  v.real("low_cutoff", low_cutoff, {0, 1e12}, {"waves a box", "modes with smaller |k| are left out; default: none"});
  v.real("high_cutoff", high_cutoff, {1, 1e12}, {"waves a box", "modes with larger |k| are left out; default: none"});
  v.integer("oversampling", oversampling, {1, 64},
            {"1", "m: make the field on m times as many points a side and keep every m-th; costs m^D memory"});
}

std::int64_t GaussianParameters::resolved_points() const {
  constexpr std::array<std::int64_t, 3> defaults{1 << 20, 4096, 256};
  return points.value_or(defaults[static_cast<std::size_t>(embedding_dimension - 1)]);
}

Shape GaussianParameters::shape() const {
  Shape shape;
  shape.dimensions = static_cast<int>(embedding_dimension);
  shape.components = component_count();
  shape.points = resolved_points();
  shape.realisations = embedding_dimension == 1 ? 16 : 1;
  return shape;
}

void GaussianParameters::validate(core::Problems& problems) const {
  if (dimension && *dimension != static_cast<double>(embedding_dimension))
    problems.add("dimension", fmt::format("d = {} is not possible: a Gaussian field fills space; leave the key out or "
                                          "set it to D = {}",
                                          *dimension, embedding_dimension));
  if (components == "vector" && embedding_dimension == 1)
    problems.add("components", "a solenoidal vector needs D = 2 or 3; set components: scalar");
  if (low_cutoff && high_cutoff && *low_cutoff > *high_cutoff)
    problems.add("low_cutoff", fmt::format("{} lies above high_cutoff = {}", *low_cutoff, *high_cutoff));
  else if (band_is_empty(*this))
    problems.add(low_cutoff ? "low_cutoff" : "high_cutoff",
                 fmt::format("no wavenumber of this grid lies in the band; the largest along an axis is {}",
                             (fine_points() - 1) / 2));
  try {
    core::Domain(static_cast<int>(embedding_dimension), fine_points());
  } catch (const core::Error& error) {
    problems.add("points", error.what());
  }
}

Gaussian::Gaussian(const GaussianParameters& parameters, std::uint64_t seed) : parameters_(parameters), seed_(seed) {
  core::Problems problems;
  parameters.validate(problems);
  if (!problems.empty())
    throw core::Error(core::ExitCode::bad_input, problems.all().front().key + ": " + problems.all().front().message);
}

theory::LawPtr Gaussian::law() const {
  return std::make_shared<theory::BetaLaw>(
      dimensions(), static_cast<double>(parameters_.embedding_dimension), parameters_.hurst,
      "Gaussian field with spectrum |k|^-(2h+D): S_p ~ r^(p h); docs/theory.md, section 6");
}

core::GridSample Gaussian::sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                  std::uint64_t realisation) const {
  const core::Domain& domain = decomposition.domain();
  if (domain.dimensions() != dimensions())
    throw core::Error(core::ExitCode::internal_failure, "the decomposition has another dimension than the field");
  const core::Decomposition fine = fine_decomposition(decomposition, parameters_.oversampling);
  const core::Index n = fine.domain().points();
  const PowerLawSpectrum spectrum(dimensions(), n, parameters_.hurst, parameters_.low_cutoff, parameters_.high_cutoff);
  const double total = spectrum.total(communicator);
  if (!(total > 0))
    throw core::Error(core::ExitCode::bad_input,
                      "low_cutoff, high_cutoff: no wavenumber of this grid lies in the band");
  const double D = dimensions();
  const double variance = components() > 1 ? D / (D - 1) : 1.0;
  // E|z_k|^2 = 2, and the inverse transform divides by the number of points.
  const double scale = static_cast<double>(fine.domain().total_points()) * std::sqrt(variance / (2 * total));

  core::RealField field(fine, communicator.rank(), components());
  {
    const core::DistributedFft fft(fine, communicator);
    core::SpectralField modes(fine, communicator.rank(), components());
    fill_modes(modes, spectrum, ModeNoise(dimensions(), seed_, realisation), scale, 0.5 * domain.spacing());
    fft.backward(modes, field);
  }
  if (parameters_.oversampling > 1)
    field = core::decimate(field, decomposition, communicator);
  return {std::move(field), std::nullopt};
}

core::MemoryParts Gaussian::scratch_memory(const core::Decomposition& decomposition) const {
  const core::Decomposition fine = fine_decomposition(decomposition, parameters_.oversampling);
  const core::MemoryParts transform =
      core::together({{"modes of the field", bytes(fine.spectral_box(0), components(), 16)}},
                     core::DistributedFft::memory(fine, false));
  if (parameters_.oversampling == 1)
    return transform;
  // The coarse field, which the plan counts anyway, comes when the transform is over.
  const double field = bytes(fine.real_box(0), components(), 8),
               coarse = bytes(decomposition.real_box(0), components(), 8);
  core::MemoryParts parts = core::together({{"field on the fine grid", field}}, transform);
  parts.front().bytes -= std::min(coarse, core::total_bytes(transform));
  return parts;
}

core::MemoryParts Gaussian::expectation_memory(const core::Decomposition& decomposition,
                                               const theory::ExpectedLosses& losses) const {
  const bool by_position = std::any_of(losses.powers.begin(), losses.powers.end(), [](double q) { return q != 2; });
  if (components() > 1 || losses.highest_degree < 0 || !by_position)
    return {};
  return residual_moments_memory(decomposition, losses.highest_degree);
}

std::shared_ptr<const theory::FiniteSize> Gaussian::family(std::int64_t points, int highest_degree) const {
  const theory::PowerLawBand band(dimensions(), points, parameters_.low_cutoff, parameters_.high_cutoff,
                                  parameters_.oversampling);
  return std::make_shared<theory::GaussianFamily>(band, highest_degree, components());
}

std::shared_ptr<const theory::Expectation> Gaussian::expectation(const core::Decomposition& decomposition,
                                                                 const core::Communicator& communicator,
                                                                 const theory::ExpectedLosses& losses) const {
  return std::make_shared<GaussianExpectation>(parameters_, decomposition, communicator, losses);
}

} // namespace cascade::solvers
