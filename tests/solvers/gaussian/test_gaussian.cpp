// Laws of the Gaussian generator. Statistics: fixed seeds, realisations stated, four standard errors (false alarms: 6
// in 100000 a check).
#include "core/grid/distributed_fft.hpp"
#include "core/talk/errors.hpp"
#include "solvers/gaussian/gaussian.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>
#include <vector>

using namespace cascade;
using namespace cascade::core;
using solvers::GaussianParameters;

namespace {

using Complex = std::complex<double>;
constexpr double epsilon = 0x1p-52;

GaussianParameters parameters(int dimensions, Index points, double hurst) {
  GaussianParameters p;
  p.embedding_dimension = dimensions;
  p.points = points;
  p.hurst = hurst;
  return p;
}

RealField field_of(const GaussianParameters& p, const Communicator& communicator, std::uint64_t realisation = 0) {
  const Domain domain(static_cast<int>(p.embedding_dimension), p.resolved_points());
  return solvers::Gaussian(p, 42).sample(Decomposition(domain, communicator.size()), communicator, realisation).field;
}

/// f_k of every component, serial.
SpectralField modes_of(const RealField& field) {
  SpectralField modes(field.decomposition(), 0, field.components());
  DistributedFft(field.decomposition(), Communicator::self()).forward(field, modes);
  const auto points = static_cast<double>(field.domain().total_points());
  for (int c = 0; c < field.components(); ++c)
    for (Complex& value : modes.component(c))
      value /= points;
  return modes;
}

template <class Visit>
void for_each_mode(const Domain& domain, Visit visit) {
  const Index3 shape = domain.spectral_shape();
  std::size_t at = 0;
  for (Index a = 0; a < shape[0]; ++a)
    for (Index b = 0; b < shape[1]; ++b)
      for (Index c = 0; c < shape[2]; ++c)
        visit(std::array<double, 3>{static_cast<double>(domain.wavenumber(0, a)),
                                    static_cast<double>(domain.wavenumber(1, b)), static_cast<double>(c)},
              at++);
}

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

bool nyquist(const Domain& domain, const std::array<double, 3>& k) {
  const auto n = static_cast<double>(domain.points());
  return 2 * std::abs(k[0]) == n || 2 * std::abs(k[1]) == n || 2 * k[2] == n;
}

std::int64_t digest(const RealField& field) {
  const Box box = field.box();
  const auto n = static_cast<std::uint64_t>(field.domain().points());
  std::uint64_t sum = 0;
  for (int c = 0; c < field.components(); ++c) {
    std::size_t at = 0;
    for (Index i = box.begin[0]; i < box.end[0]; ++i)
      for (Index j = box.begin[1]; j < box.end[1]; ++j)
        for (Index k = box.begin[2]; k < box.end[2]; ++k) {
          std::uint64_t bits;
          std::memcpy(&bits, &field.component(c)[at++], sizeof bits);
          std::uint64_t h = ((static_cast<std::uint64_t>(c) * n + static_cast<std::uint64_t>(i)) * n +
                             static_cast<std::uint64_t>(j)) *
                                n +
                            static_cast<std::uint64_t>(k);
          h = (h ^ bits) * 0x9e3779b97f4a7c15u;
          sum += h ^ h >> 29;
        }
  }
  return static_cast<std::int64_t>(sum);
}

/// Unnormalised power at k as the documentation states it, written out anew.
double power(const GaussianParameters& p, const std::array<double, 3>& k) {
  const double square = dot(k, k);
  const double low = p.low_cutoff.value_or(0), high = p.high_cutoff.value_or(1e9);
  if (square == 0 || square < low * low || square > high * high)
    return 0;
  return std::pow(square, -(2 * p.hurst + static_cast<double>(p.embedding_dimension)) / 2);
}

/// Calls visit(k, P(k)) for every k of the fine grid, both signs.
template <class Visit>
void for_each_power(const GaussianParameters& p, Visit visit) {
  const auto largest = (p.fine_points() - 1) / 2;
  const std::int64_t l0 = p.embedding_dimension > 2 ? largest : 0, l1 = p.embedding_dimension > 1 ? largest : 0;
  double total = 0;
  for (const bool summing : {true, false})
    for (std::int64_t a = -l0; a <= l0; ++a)
      for (std::int64_t b = -l1; b <= l1; ++b)
        for (std::int64_t c = -largest; c <= largest; ++c) {
          const std::array<double, 3> k{static_cast<double>(a), static_cast<double>(b), static_cast<double>(c)};
          if (summing)
            total += power(p, k);
          else
            visit(k, power(p, k) / total);
        }
}

struct Statistics {
  double mean, standard_error;
};
Statistics statistics(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double v : values)
    mean += v / n;
  for (const double v : values)
    square += (v - mean) * (v - mean);
  return {mean, std::sqrt(square / (n - 1) / n)};
}

} // namespace

TEST_CASE("Gaussian field: the same bits at any rank count", "[mpi]") {
  const Communicator world = Communicator::world();
  std::vector<GaussianParameters> cases{parameters(2, 48, 0.3), parameters(3, 20, 0.5), parameters(3, 15, 0.2),
                                        parameters(3, 4, 0.2)};
  cases.push_back(parameters(3, 12, 0.4));
  cases.back().components = "vector";
  cases.push_back(parameters(2, 10, 0.4));
  cases.back().components = "vector";
  cases.back().oversampling = 3;
  cases.push_back(parameters(3, 10, 0.4));
  cases.back().oversampling = 2;
  cases.push_back(parameters(1, 64, 0.4));
  for (const GaussianParameters& p : cases) {
    CAPTURE(p.embedding_dimension, *p.points, p.components, p.oversampling);
    std::vector<std::int64_t> sum{digest(field_of(p, world, 5))};
    world.sum(sum);
    CHECK(sum[0] == digest(field_of(p, Communicator::self(), 5)));
  }
}

TEST_CASE("Gaussian field: every band of wavenumbers holds the power the law gives it") {
  // |f_k|^2/P(k) is exponential with mean 1: a mean over M independent modes scatters by 1/sqrt(M).
  for (const int dimensions : {1, 2, 3})
    for (const double h : {0.1, 1.0 / 3.0, 2.5}) {
      const GaussianParameters p = parameters(dimensions, dimensions == 1 ? 4096 : (dimensions == 2 ? 128 : 32), h);
      const Domain domain(dimensions, *p.points);
      double total = 0;
      for_each_power(p, [&, first = true](const std::array<double, 3>& k, double value) mutable {
        if (first && value > 0) {
          total = power(p, k) / value;
          first = false;
        }
      });
      std::vector<double> sum(16, 0.0), count(16, 0.0);
      for (std::uint64_t realisation = 0; realisation < 4; ++realisation) {
        const SpectralField modes = modes_of(field_of(p, Communicator::self(), realisation));
        for_each_mode(domain, [&](const std::array<double, 3>& k, std::size_t at) {
          const double square = dot(k, k);
          if (square == 0 || nyquist(domain, k) || (k[2] == 0 && (k[0] < 0 || (k[0] == 0 && k[1] < 0))))
            return; // each pair once
          const auto band = static_cast<std::size_t>(std::log2(square) / 2);
          sum[band] += std::norm(modes.component(0)[at]) * total / power(p, k);
          count[band] += 1;
        });
      }
      for (std::size_t band = 0; band < sum.size(); ++band)
        if (count[band] > 30) {
          CAPTURE(dimensions, h, band);
          CHECK(std::abs(sum[band] / count[band] - 1) < 4 / std::sqrt(count[band]));
        }
    }
}

TEST_CASE("Gaussian field: mean zero, variance one, Nyquist modes zero, noise independent of h") {
  for (const int dimensions : {1, 2, 3}) {
    const GaussianParameters p = parameters(dimensions, dimensions == 1 ? 1024 : (dimensions == 2 ? 64 : 16), 0.3);
    const Domain domain(dimensions, *p.points);
    std::vector<double> variances;
    for (std::uint64_t realisation = 0; realisation < 200; ++realisation) {
      const RealField field = field_of(p, Communicator::self(), realisation);
      double square = 0;
      for (const double v : field.component(0))
        square += v * v;
      variances.push_back(square / static_cast<double>(domain.total_points()));
    }
    const Statistics s = statistics(variances);
    CHECK(std::abs(s.mean - 1) < 4 * s.standard_error);

    const SpectralField one = modes_of(field_of(p, Communicator::self()));
    const SpectralField other = modes_of(field_of(parameters(dimensions, *p.points, 1.1), Communicator::self()));
    double out_of_band = std::abs(one.component(0)[0]), phase = 0;
    for_each_mode(domain, [&](const std::array<double, 3>& k, std::size_t at) {
      const Complex a = one.component(0)[at], b = other.component(0)[at];
      if (nyquist(domain, k))
        out_of_band = std::max(out_of_band, std::abs(a));
      else if (dot(k, k) > 0 && dot(k, k) < 16) // where both stand well above roundoff
        phase = std::max(phase, std::abs((a / b).imag()) / std::abs(a / b));
    });
    CHECK(out_of_band < 16 * epsilon);
    CHECK(phase < 1000 * epsilon); // roundoff of the transform relative to the smaller mode
  }
}

TEST_CASE("Gaussian field: the same large scales at any resolution and oversampling") {
  for (const int dimensions : {1, 2, 3}) {
    GaussianParameters p = parameters(dimensions, 18, 0.4);
    p.low_cutoff = 2;
    p.high_cutoff = 7.5; // below the Nyquist wavenumber of the coarsest grid: the very same function of x
    const RealField coarse = field_of(p, Communicator::self());
    p.oversampling = 2;
    const RealField oversampled = field_of(p, Communicator::self());
    p.oversampling = 1;
    p.points = 54;
    const RealField fine = field_of(p, Communicator::self());
    double worst = 0;
    const Index3 shape = coarse.domain().shape(), large = fine.domain().shape();
    std::size_t at = 0;
    for (Index i = 0; i < shape[0]; ++i)
      for (Index j = 0; j < shape[1]; ++j)
        for (Index k = 0; k < shape[2]; ++k, ++at) {
          const Index a = dimensions > 2 ? 3 * i + 1 : 0, b = dimensions > 1 ? 3 * j + 1 : 0; // the same cell centre
          const double value = coarse.component(0)[at];
          worst = std::max(worst, std::abs(value - oversampled.component(0)[at]));
          worst = std::max(worst, std::abs(value - fine.line(0, a, b)[static_cast<std::size_t>(3 * k + 1)]));
        }
    CHECK(large[2] == 54);
    CHECK(worst < 64 * epsilon);
  }
}

TEST_CASE("Gaussian vector: solenoidal to roundoff, unit variance a component") {
  for (const int dimensions : {2, 3}) {
    GaussianParameters p = parameters(dimensions, dimensions == 2 ? 64 : 24, 1.0 / 3.0);
    p.components = "vector";
    const Domain domain(dimensions, *p.points);
    const SpectralField u = modes_of(field_of(p, Communicator::self()));
    double worst = 0;
    for_each_mode(domain, [&](const std::array<double, 3>& k, std::size_t at) {
      Complex divergence = 0;
      for (int c = 0; c < dimensions; ++c)
        divergence += k[static_cast<std::size_t>(domain.first_axis() + c)] * u.component(c)[at];
      worst = std::max(worst, std::abs(divergence) / std::sqrt(std::max(dot(k, k), 1.0)));
    });
    CHECK(worst < 16 * epsilon); // of modes of a field of order one
    std::vector<std::vector<double>> variances(static_cast<std::size_t>(dimensions));
    for (std::uint64_t realisation = 0; realisation < 100; ++realisation) {
      const RealField field = field_of(p, Communicator::self(), realisation);
      for (int c = 0; c < dimensions; ++c) {
        double square = 0;
        for (const double v : field.component(c))
          square += v * v;
        variances[static_cast<std::size_t>(c)].push_back(square / static_cast<double>(domain.total_points()));
      }
    }
    for (const auto& values : variances) {
      const Statistics s = statistics(values);
      CHECK(std::abs(s.mean - 1) < 4 * s.standard_error);
    }
  }
}

TEST_CASE("Gaussian field: S_2(r) = 2 sum P (1 - cos k.r), with cut-offs and oversampling too") {
  std::vector<GaussianParameters> cases{parameters(1, 256, 0.3), parameters(2, 32, 0.3), parameters(3, 12, 0.6)};
  cases.push_back(parameters(2, 24, 0.2));
  cases.back().oversampling = 2;
  cases.push_back(parameters(2, 32, 0.2));
  cases.back().low_cutoff = 2.5;
  cases.back().high_cutoff = 9;
  for (const GaussianParameters& p : cases) {
    const Index n = *p.points;
    for (const Index r : {1, 2, 5}) {
      double expected = 0;
      for_each_power(p, [&](const std::array<double, 3>& k, double value) {
        expected +=
            2 * value * (1 - std::cos(2 * std::numbers::pi * k[2] * static_cast<double>(r) / static_cast<double>(n)));
      });
      std::vector<double> measured;
      for (std::uint64_t realisation = 0; realisation < 150; ++realisation) {
        const RealField field = field_of(p, Communicator::self(), realisation);
        const auto values = field.component(0);
        double sum = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
          const std::size_t x = i % static_cast<std::size_t>(n), line = i - x;
          const double step =
              values[line + (x + static_cast<std::size_t>(r)) % static_cast<std::size_t>(n)] - values[i];
          sum += step * step;
        }
        measured.push_back(sum / static_cast<double>(values.size()));
      }
      const Statistics s = statistics(measured);
      CAPTURE(p.embedding_dimension, p.hurst, r, expected, s.mean, s.standard_error);
      CHECK(std::abs(s.mean - expected) < 4 * s.standard_error);
    }
  }
}

TEST_CASE("Gaussian field: what cannot be is refused, with the key") {
  const auto problems = [](GaussianParameters p) {
    Problems found;
    p.validate(found);
    return found.empty() ? std::string() : found.all().front().key;
  };
  GaussianParameters p = parameters(1, 64, 0.3);
  CHECK(problems(p).empty());
  p.components = "vector";
  CHECK(problems(p) == "components");
  p = parameters(3, 64, 0.3);
  p.dimension = 2.8;
  CHECK(problems(p) == "dimension");
  p = parameters(3, 64, 0.3);
  p.low_cutoff = 10;
  p.high_cutoff = 5;
  CHECK(problems(p) == "low_cutoff");
  p.high_cutoff.reset();
  p.low_cutoff = 60;
  CHECK(problems(p) == "low_cutoff");
  p = parameters(3, Index{1} << 20, 0.3);
  CHECK(problems(p) == "points");
  CHECK_THROWS_AS(solvers::Gaussian(p, 1), Error);
  const auto law = solvers::Gaussian(parameters(2, 64, 0.3), 1).law();
  CHECK(law->dimension() == 2);
  CHECK(law->zeta(4) == Approx(1.2));
}
