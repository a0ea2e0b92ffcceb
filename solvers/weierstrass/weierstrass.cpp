#include "solvers/weierstrass/weierstrass.hpp"

#include "core/random/random.hpp"
#include "core/talk/errors.hpp"
#include "theory/beta_law.hpp"
#include "theory/gaussian/gram_projection.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numbers>

namespace cascade::solvers {
namespace {

using core::Index;

constexpr core::Stream wave_phases{10};

/// zeta_p = p h; the spectrum is lines.
class WeierstrassLaw final : public theory::BetaLaw {
public:
  using BetaLaw::BetaLaw;
  std::optional<double> spectrum_slope() const override { return {}; }
  std::string formula() const override { return "p h"; }
};

/// E delta^order of delta = sum_l B_l cos theta_l with independent theta, from its cumulants
///   kappa_2 = sum B^2/2, kappa_4 = -3/8 sum B^4, kappa_6 = 5/4 sum B^6;
/// other orders than 2, 4, 6: E(delta^2)^(order/2), right but for a factor that hardly depends on the separation.
double moment(double order, const std::vector<double>& squares) {
  double second = 0, fourth = 0, sixth = 0;
  for (const double b : squares) {
    second += b / 2;
    fourth -= 3 * b * b / 8;
    sixth += 5 * b * b * b / 4;
  }
  if (order == 4)
    return fourth + 3 * second * second;
  if (order == 6)
    return sixth + 15 * fourth * second + 15 * second * second * second;
  return std::pow(second, order / 2);
}

/// Sums over the waves of a field whose octave l has variance 2^(-2 l h), shared by the D axes. Losses of other orders
/// than 2: E_2^(order/2), as if the residual kept its distribution from side to side.
class WeierstrassCurves final : public theory::FiniteSize {
public:
  WeierstrassCurves(int dimensions, Index points, int octaves)
      : dimensions_(dimensions), points_(points), octaves_(octaves) {
    for (Index side = points; side >= 1; side /= 2)
      if (points % side == 0)
        residuals_.emplace(side, residuals(side));
  }

  std::string name() const override { return "sum over the waves"; }

  std::vector<double> increment(double hurst, double order, std::span<const std::int64_t> separations,
                                const theory::Activity&) const override {
    std::vector<double> result;
    for (const Index r : separations) {
      std::vector<double> squares;
      for (int l = octaves_ - 1; l >= 0; --l) {
        const double sine = std::sin(std::numbers::pi * turns(l, r));
        squares.push_back(8 * sine * sine * variance(hurst, l) / dimensions_);
      }
      result.push_back(moment(order, squares));
    }
    return result;
  }

  std::vector<double> loss(double hurst, double order, int degree, bool, std::span<const std::int64_t> sides,
                           const theory::Activity&) const override {
    std::vector<double> result;
    for (const Index side : sides) {
      const auto known = residuals_.find(side);
      const Residuals waves = known != residuals_.end() ? known->second : residuals(side);
      double square = 0;
      for (int l = octaves_ - 1; l >= 0; --l)
        square += variance(hurst, l) * waves[static_cast<std::size_t>(l)].rest[degree];
      result.push_back(std::pow(square, order / 2));
    }
    return result;
  }

  double missing_variance(double hurst, const theory::Activity&, double) const override {
    return variance(hurst, octaves_) / (1 - std::exp2(-2 * hurst));
  }

  std::vector<double> completion(double hurst, double order, int degree, std::span<const std::int64_t> sides,
                                 const theory::Activity& activity, double decay) const override {
    std::vector<double> result;
    const double missing = missing_variance(hurst, activity, decay);
    for (const double square : loss(hurst, 2, degree, false, sides, activity))
      result.push_back(std::pow(1 + missing / square, order / 2));
    return result;
  }

  static double variance(double hurst, int octave) { return std::exp2(-2 * octave * hurst); }
  double total(double hurst) const { return (1 - variance(hurst, octaves_)) / (1 - std::exp2(-2 * hurst)); }
  int octaves() const { return octaves_; }

private:
  using Residuals = std::vector<theory::GramProjection::Parts>; ///< of the polynomials of a cell, [octave]

  /// 2^l r/n modulo 1, exactly.
  double turns(int octave, Index r) const {
    return static_cast<double>((r << octave) % points_) / static_cast<double>(points_);
  }

  Residuals residuals(Index side) const {
    const theory::GramProjection projection(side);
    Residuals waves;
    for (int l = 0; l < octaves_; ++l)
      waves.push_back(projection.parts(turns(l, 1)));
    return waves;
  }

  int dimensions_;
  Index points_;
  int octaves_;
  std::map<Index, Residuals> residuals_;
};

/// The curves at the field's own h, with variance 1.
class WeierstrassExpectation final : public theory::Expectation {
public:
  WeierstrassExpectation(int dimensions, Index points, int octaves, double hurst)
      : dimensions_(dimensions), points_(points), hurst_(hurst), curves_(dimensions, points, octaves),
        unit_(1 / curves_.total(hurst)) {}

  std::string name() const override { return curves_.name(); }

  Values increment(const std::string&, double order, std::span<const double> separations,
                   const theory::Activity*) const override {
    if (order != 2 && order != 4 && order != 6)
      return {};
    return scaled(curves_.increment(hurst_, order, in_points(separations), {}), std::pow(unit_, order / 2));
  }

  Values loss(double order, int degree, bool, std::span<const double> sides, const theory::Activity*) const override {
    if (order != 2 || degree > 2)
      return {};
    return scaled(curves_.loss(hurst_, 2, degree, false, in_points(sides), {}), unit_);
  }

  Values spectrum(const theory::Activity*) const override {
    const double corner = static_cast<double>(points_ / 2) * std::sqrt(static_cast<double>(dimensions_));
    std::vector<double> shells(static_cast<std::size_t>(std::lround(corner)) + 1, 0.0);
    for (int l = 0; l < curves_.octaves(); ++l)
      shells[std::size_t{1} << l] = unit_ * WeierstrassCurves::variance(hurst_, l);
    return shells;
  }

  Values cells(std::span<const double>) const override { return {}; }

private:
  std::vector<std::int64_t> in_points(std::span<const double> x) const {
    std::vector<std::int64_t> result;
    for (const double v : x)
      result.push_back(std::llround(v * static_cast<double>(points_)));
    return result;
  }
  static std::vector<double> scaled(std::vector<double> values, double factor) {
    for (double& v : values)
      v *= factor;
    return values;
  }

  int dimensions_;
  Index points_;
  double hurst_;
  WeierstrassCurves curves_;
  double unit_;
};

int octaves_below_nyquist(Index points) {
  return std::bit_width(static_cast<std::uint64_t>(points - 1)) - 1;
}

} // namespace

void WeierstrassParameters::declare(core::ParameterVisitor& v) {
  v.integer("embedding_dimension", embedding_dimension, {1, 3}, {"1", "D, dimension of the periodic box; d = D"});
  v.real("hurst", hurst, {0.05, 1}, {"1", "h, Hurst exponent: the wave of 2^l waves a box has amplitude 2^(-l h)"});
  v.integer("points", points, {8, 1 << 24}, {"1", "grid points a side; default 65536, 1024, 128 for D = 1, 2, 3"});
  v.integer("octaves", octaves, {2, 24}, {"1", "waves along an axis: 1, 2, 4, ... a box; default: all below n/2"});
}

std::int64_t WeierstrassParameters::resolved_points() const {
  constexpr std::array<std::int64_t, 3> defaults{65536, 1024, 128};
  return points.value_or(defaults[static_cast<std::size_t>(embedding_dimension - 1)]);
}

int WeierstrassParameters::resolved_octaves() const {
  return static_cast<int>(octaves.value_or(octaves_below_nyquist(resolved_points())));
}

void WeierstrassParameters::validate(core::Problems& problems) const {
  if (const int most = octaves_below_nyquist(resolved_points()); resolved_octaves() > most)
    problems.add("octaves", fmt::format("the highest wave, 2^{}, is not below half of {} points; allowed: 2 to {}",
                                        resolved_octaves() - 1, resolved_points(), most));
  try {
    core::Domain(static_cast<int>(embedding_dimension), resolved_points());
  } catch (const core::Error& error) {
    problems.add("points", error.what());
  }
}

Shape WeierstrassParameters::shape() const {
  Shape shape;
  shape.dimensions = static_cast<int>(embedding_dimension);
  shape.points = resolved_points();
  shape.realisations = 16; // a cell of side 2^-j holds half a wave of octave j - 1: its phase shows, field by field
  return shape;
}

Weierstrass::Weierstrass(const WeierstrassParameters& parameters, std::uint64_t seed)
    : parameters_(parameters), seed_(seed) {}

theory::LawPtr Weierstrass::law() const {
  const int D = parameters_.shape().dimensions;
  return std::make_shared<WeierstrassLaw>(
      D, D, parameters_.hurst,
      "Weierstrass's function with random phases: Berry, Lewis, Proc. R. Soc. A 370 (1980) 459; docs/theory.md (17d)");
}

std::vector<double> Weierstrass::line(int axis, std::uint64_t realisation, Index n, Index begin, Index end) const {
  const core::CounterRng random(seed_, wave_phases);
  const int octaves = parameters_.resolved_octaves();
  const double dimensions = parameters_.shape().dimensions, h = parameters_.hurst;
  const double total = (1 - std::exp2(-2 * octaves * h)) / (1 - std::exp2(-2 * h));
  std::vector<double> sum(static_cast<std::size_t>(end - begin), 0.0);
  for (int l = octaves - 1; l >= 0; --l) { // the small ones first
    const core::Block draw =
        random.block(realisation << 8 | static_cast<std::uint64_t>(axis) << 6 | static_cast<std::uint64_t>(l));
    const double phase = core::uniform(draw[0], draw[1]),
                 amplitude = std::exp2(-l * h) * std::sqrt(2 / (dimensions * total));
    for (Index i = begin; i < end; ++i) {
      const Index halves = ((2 * i + 1) << l) % (2 * n); // 2^l x in units of 1/(2 n), exactly
      const double turns = static_cast<double>(halves) / static_cast<double>(2 * n) + phase;
      sum[static_cast<std::size_t>(i - begin)] += amplitude * std::cos(2 * std::numbers::pi * turns);
    }
  }
  return sum;
}

core::GridSample Weierstrass::sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                     std::uint64_t realisation) const {
  core::GridSample sample{core::RealField(decomposition, communicator.rank()), std::nullopt};
  const core::Domain& domain = decomposition.domain();
  const core::Box& box = sample.field.box();
  std::array<std::vector<double>, 3> lines;
  for (int a = 0; a < 3; ++a)
    lines[static_cast<std::size_t>(a)] =
        a < domain.first_axis() ? std::vector<double>(1, 0.0)
                                : line(a - domain.first_axis(), realisation, domain.points(), box.begin[a], box.end[a]);
  for (Index i = 0; i < box.extent(0); ++i)
    for (Index j = 0; j < box.extent(1); ++j) {
      const double across = lines[0][static_cast<std::size_t>(i)] + lines[1][static_cast<std::size_t>(j)];
      const auto values = sample.field.line(0, i, j);
      for (std::size_t k = 0; k < values.size(); ++k)
        values[k] = across + lines[2][k];
    }
  return sample;
}

core::MemoryParts Weierstrass::scratch_memory(const core::Decomposition& decomposition) const {
  const core::Box box = decomposition.real_box(0);
  return {{"waves along the axes",
           static_cast<double>(sizeof(double)) * static_cast<double>(box.extent(0) + box.extent(1) + box.extent(2))}};
}

std::shared_ptr<const theory::FiniteSize> Weierstrass::family(std::int64_t points, int) const {
  return std::make_shared<WeierstrassCurves>(parameters_.shape().dimensions, points, parameters_.resolved_octaves());
}

std::shared_ptr<const theory::Expectation> Weierstrass::expectation(const core::Decomposition& decomposition,
                                                                    const core::Communicator&,
                                                                    const theory::ExpectedLosses&) const {
  return std::make_shared<WeierstrassExpectation>(parameters_.shape().dimensions, decomposition.domain().points(),
                                                  parameters_.resolved_octaves(), parameters_.hurst);
}

} // namespace cascade::solvers
