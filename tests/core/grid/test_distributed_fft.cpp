// Laws of the transform, and the serial answer at every rank count. Tolerances are roundoff: a transform of n^D points
// adds about log2(n^D) rounding errors in quadrature; 16 epsilon times the root mean square is generous for all sizes
// here.
#include "core/grid/distributed_fft.hpp"
#include "core/random/random.hpp"

#include <catch2/catch.hpp>
#include <fftw3.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>
#include <vector>

using namespace cascade::core;

namespace {

constexpr double roundoff = 16 * 0x1p-52;

// A field that is a pure function of the point's global index.
double noise(const Domain& domain, Index3 x, int c) {
  const Index index = (x[0] * domain.points(1) + x[1]) * domain.points(2) + x[2];
  const Block b = CounterRng(11, Stream{4}).block(static_cast<std::uint64_t>(index), static_cast<std::uint32_t>(c));
  return 2 * uniform(b[0], b[1]) - 1;
}

template <class Field, class Visit>
void for_each_point(Field& field, int c, Visit visit) {
  const Box box = field.box();
  std::size_t i = 0;
  for (Index a = box.begin[0]; a < box.end[0]; ++a)
    for (Index b = box.begin[1]; b < box.end[1]; ++b)
      for (Index d = box.begin[2]; d < box.end[2]; ++d)
        visit(Index3{a, b, d}, field.component(c)[i++]);
}

RealField noise_field(const Decomposition& d, int rank, int components = 1) {
  RealField f(d, rank, components);
  for (int c = 0; c < components; ++c)
    for_each_point(f, c, [&](Index3 x, double& value) { value = noise(d.domain(), x, c); });
  return f;
}

std::uint64_t mix(Index3 k, std::complex<double> value) {
  std::uint64_t bits[2];
  std::memcpy(bits, &value, sizeof bits);
  std::uint64_t h = static_cast<std::uint64_t>(k[0] * 1000003 + k[1] * 10007 + k[2]);
  for (const std::uint64_t b : bits) {
    h = (h ^ b) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
  }
  return h;
}

// Sum over modes of a hash of (global index, bits): independent of who owns what.
std::int64_t digest(SpectralField& s, int c) {
  std::uint64_t sum = 0;
  for_each_point(s, c, [&](Index3 k, std::complex<double>& value) { sum += mix(k, value); });
  return static_cast<std::int64_t>(sum);
}

std::int64_t digest(RealField& f, int c) {
  std::uint64_t sum = 0;
  for_each_point(f, c, [&](Index3 x, double& value) { sum += mix(x, value); });
  return static_cast<std::int64_t>(sum);
}

struct Digests {
  std::vector<std::int64_t> spectrum, field;
};

// Forward, then backward, of two components.
Digests transform_digests(const Decomposition& d, const Communicator& communicator) {
  const DistributedFft fft(d, communicator);
  RealField f = noise_field(d, communicator.rank(), 2);
  SpectralField s(d, communicator.rank(), 2);
  fft.forward(f, s);
  Digests result;
  for (int c = 0; c < 2; ++c)
    result.spectrum.push_back(digest(s, c));
  fft.backward(s, f);
  for (int c = 0; c < 2; ++c)
    result.field.push_back(digest(f, c));
  communicator.sum(result.spectrum);
  communicator.sum(result.field);
  return result;
}

std::vector<Decomposition> decompositions(const Domain& domain, int ranks) {
  std::vector<Decomposition> result{Decomposition(domain, ranks)};
  if (domain.dimensions() == 3) // every process grid, slabs along either axis included
    for (int rows = 1; rows <= ranks; ++rows)
      if (ranks % rows == 0)
        result.emplace_back(domain, rows, ranks / rows);
  return result;
}

Domain box(const std::vector<Index>& points) {
  Axes axes;
  for (const Index n : points)
    axes.push_back({n, 0.5 * static_cast<double>(axes.size() + 1)}); // lengths do not enter
  return Domain(axes);
}

// Uneven, odd and prime sizes; fewer planes than ranks; a first or last axis of a single point.
std::vector<Domain> uneven_boxes() {
  return {box({24, 20, 18}), box({31, 29}), box({17}),        box({7, 5, 3}),  box({2, 3, 5}), box({3, 30, 8}),
          box({1, 6, 10}),   box({9, 1}),   box({16, 12, 1}), box({40, 1, 6}), box({3, 64})};
}

/// sum_x f(x) exp(-2 pi i sum_a k_a x_a / n_a), as it is written.
class NaiveTransform {
public:
  explicit NaiveTransform(const Domain& domain) : shape_(domain.shape()) {
    for (std::size_t a = 0; a < 3; ++a)
      for (Index j = 0; j < shape_[a]; ++j)
        waves_[a].push_back(
            std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(shape_[a])));
    for (Index a = 0; a < shape_[0]; ++a)
      for (Index b = 0; b < shape_[1]; ++b)
        for (Index c = 0; c < shape_[2]; ++c)
          values_.push_back(noise(domain, {a, b, c}, 0));
  }
  std::complex<double> operator()(Index3 k) const {
    const auto wave = [&](std::size_t axis, Index x) {
      return waves_[axis][static_cast<std::size_t>(k[axis] * x % shape_[axis])];
    };
    std::complex<double> sum = 0;
    std::size_t at = 0;
    for (Index a = 0; a < shape_[0]; ++a)
      for (Index b = 0; b < shape_[1]; ++b) {
        std::complex<double> line = 0;
        for (Index c = 0; c < shape_[2]; ++c)
          line += values_[at++] * wave(2, c);
        sum += wave(0, a) * wave(1, b) * line;
      }
    return sum;
  }

private:
  Index3 shape_;
  std::array<std::vector<std::complex<double>>, 3> waves_;
  std::vector<double> values_;
};

} // namespace

TEST_CASE("Same bits at any rank count and on any process grid", "[mpi]") {
  const Communicator world = Communicator::world();
  std::vector<Domain> domains = uneven_boxes();
  for (const auto& [dimensions, n] : std::vector<std::pair<int, Index>>{
           {1, 96}, {1, 15}, {2, 96}, {2, 100}, {2, 3}, {3, 32}, {3, 20}, {3, 15}, {3, 4}, {3, 2}, {3, 1}})
    domains.emplace_back(dimensions, n);
  for (const Domain& domain : domains) {
    const Digests serial = transform_digests(Decomposition(domain, 1), Communicator::self());
    for (const Decomposition& d : decompositions(domain, world.size())) {
      CAPTURE(domain.points(0), domain.points(1), domain.points(2), d.rows(), d.columns());
      const Digests parallel = transform_digests(d, world);
      CHECK(parallel.spectrum == serial.spectrum);
      CHECK(parallel.field == serial.field);
    }
  }
}

TEST_CASE("Same bits for sizes that are not powers of two, 3-D", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const Index n : {96, 100}) {
    const Digests serial = transform_digests(Decomposition(Domain(3, n), 1), Communicator::self());
    const Digests parallel = transform_digests(Decomposition(Domain(3, n), world.size()), world);
    CHECK(parallel.spectrum == serial.spectrum);
    CHECK(parallel.field == serial.field);
  }
}

TEST_CASE("The transform equals FFTW's multi-dimensional one to roundoff", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const auto& [dimensions, n] :
       std::vector<std::pair<int, Index>>{{1, 64}, {1, 9}, {2, 48}, {2, 15}, {3, 24}, {3, 9}}) {
    CAPTURE(dimensions, n);
    const Domain domain(dimensions, n);
    const Decomposition whole(domain, 1), d(domain, world.size());
    RealField all = noise_field(whole, 0);
    SpectralField oracle(whole, 0);
    std::vector<int> sizes(static_cast<std::size_t>(dimensions), static_cast<int>(n));
    const fftw_plan plan = fftw_plan_dft_r2c(dimensions, sizes.data(), all.component(0).data(),
                                             reinterpret_cast<fftw_complex*>(oracle.component(0).data()),
                                             FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    fftw_execute(plan);
    fftw_destroy_plan(plan);

    const RealField f = noise_field(d, world.rank());
    SpectralField s(d, world.rank());
    DistributedFft(d, world).forward(f, s);
    const Index3 shape = domain.spectral_shape();
    std::vector<double> worst{0.0};
    for_each_point(s, 0, [&](Index3 k, std::complex<double>& value) {
      const auto at = static_cast<std::size_t>((k[0] * shape[1] + k[1]) * shape[2] + k[2]);
      worst[0] = std::max(worst[0], std::abs(value - oracle.component(0)[at]));
    });
    world.max(worst);
    CHECK(worst[0] <= roundoff * std::sqrt(static_cast<double>(domain.total_points())));
  }
}

TEST_CASE("The transform of an uneven box is the sum it stands for", "[mpi]") {
  const Communicator world = Communicator::world();
  for (const Domain& domain : uneven_boxes())
    for (const Decomposition& d : decompositions(domain, world.size())) {
      CAPTURE(domain.points(0), domain.points(1), domain.points(2), d.rows(), d.columns());
      const NaiveTransform naive(domain);
      const RealField f = noise_field(d, world.rank());
      SpectralField s(d, world.rank());
      DistributedFft(d, world).forward(f, s);
      std::vector<double> worst{0.0};
      std::int64_t modes = 0;
      for_each_point(s, 0, [&](Index3 k, std::complex<double>& value) {
        if (++modes % 3 == 0) // the sum is slow
          worst[0] = std::max(worst[0], std::abs(value - naive(k)));
      });
      world.max(worst);
      CHECK(worst[0] <= roundoff * std::sqrt(static_cast<double>(domain.total_points())));
    }
}

TEST_CASE("A box that is not periodic has no transform, and the axis is named") {
  const Domain channel(Axes{{8, 1.0, true}, {6, 1.0, false}, {8, 1.0, true}});
  CHECK_THROWS_WITH(DistributedFft(Decomposition(channel, 1), Communicator::self()),
                    Catch::Contains("axis y is not periodic"));
}

TEST_CASE("A plane wave has two modes, of half the point count each", "[mpi]") {
  const Communicator world = Communicator::world();
  const Index n = 20;
  const Decomposition d(Domain(3, n), world.size());
  const Index3 wave{3, -7, 4};
  RealField f(d, world.rank());
  for_each_point(f, 0, [&](Index3 x, double& value) {
    const Index phase = ((wave[0] * x[0] + wave[1] * x[1] + wave[2] * x[2]) % n + n) % n;
    value = std::cos(2 * std::numbers::pi * static_cast<double>(phase) / static_cast<double>(n));
  });
  SpectralField s(d, world.rank());
  DistributedFft(d, world).forward(f, s);
  std::vector<double> worst{0.0};
  for_each_point(s, 0, [&](Index3 k, std::complex<double>& value) {
    const bool here = k == Index3{wave[0], wave[1] + n, wave[2]};
    worst[0] = std::max(worst[0], std::abs(value - (here ? 0.5 * static_cast<double>(n * n * n) : 0.0)));
  });
  world.max(worst);
  CHECK(worst[0] <= roundoff * static_cast<double>(n * n * n));
}

TEST_CASE("Parseval's sum rule and backward(forward) = identity", "[mpi]") {
  const Communicator world = Communicator::world();
  std::vector<Domain> domains = uneven_boxes();
  for (const auto& [dimensions, n] : std::vector<std::pair<int, Index>>{{2, 50}, {2, 33}, {3, 30}, {3, 27}})
    domains.emplace_back(dimensions, n);
  for (const Domain& domain : domains) {
    CAPTURE(domain.points(0), domain.points(1), domain.points(2));
    const Decomposition d(domain, world.size());
    const DistributedFft fft(d, world);
    RealField f = noise_field(d, world.rank());
    SpectralField s(d, world.rank());
    fft.forward(f, s);
    std::vector<ExactSum> energy(2);
    for_each_point(f, 0, [&](Index3, double& value) { energy[0].add(value * value); });
    for_each_point(s, 0, [&](Index3 k, std::complex<double>& value) {
      const bool alone = k[2] == 0 || 2 * k[2] == domain.points(2); // its mirror image is stored, or is itself
      energy[1].add((alone ? 1.0 : 2.0) * std::norm(value));
    });
    world.sum(energy);
    CHECK(energy[1].value() / static_cast<double>(domain.total_points()) ==
          Approx(energy[0].value()).epsilon(roundoff).margin(0));

    fft.backward(s, f);
    std::vector<double> worst{0.0};
    for_each_point(
        f, 0, [&](Index3 x, double& value) { worst[0] = std::max(worst[0], std::abs(value - noise(domain, x, 0))); });
    world.max(worst);
    CHECK(worst[0] <= roundoff);
  }
}

TEST_CASE("Buffers: none on one rank, at most one component of the spectral field on more") {
  CHECK(DistributedFft::buffer_bytes(Decomposition(Domain(3, 48), 1)) == 0);
  for (const int ranks : {2, 3, 16, 48, 64, 128, 256}) {
    const Decomposition d(Domain(3, 48), ranks);
    const Index share = std::max(d.spectral_box(0).size(), d.real_box(0).extent(0) * 48 * d.spectral_box(0).extent(2));
    CAPTURE(ranks);
    CHECK(DistributedFft::buffer_bytes(d) <= 16 * (share + 25));
  }
}
