// Synthesis of a Gaussian field beside one bare FFTW transform of the same size, in the same run.
// usage: bench_gaussian [points a side, 256]   On several ranks the transform to compare with is the distributed one.

#include "core/grid/distributed_fft.hpp"
#include "core/random/normals.hpp"
#include "core/ranks/communicator.hpp"
#include "solvers/gaussian/gaussian.hpp"

#include <fftw3.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <vector>

namespace {

using namespace cascade;
using core::Index;

double seconds(const core::Communicator& communicator, const std::function<void()>& work) {
  communicator.barrier();
  const auto start = std::chrono::steady_clock::now();
  work();
  double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  communicator.max(std::span(&elapsed, 1));
  return elapsed;
}

/// One complex-to-real transform in memory that has been touched before, planned with FFTW_MEASURE.
class BareTransform {
public:
  explicit BareTransform(const core::Decomposition& whole) : modes_(whole, 0), field_(whole, 0) {
    const auto n = static_cast<int>(whole.domain().points());
    auto* in = reinterpret_cast<fftw_complex*>(modes_.component(0).data());
    plan_ = fftw_plan_dft_c2r_3d(n, n, n, in, field_.component(0).data(), FFTW_MEASURE);
    std::fill(modes_.component(0).begin(), modes_.component(0).end(), std::complex<double>(0.5, 0.25));
  }
  ~BareTransform() { fftw_destroy_plan(plan_); }
  BareTransform(const BareTransform&) = delete;
  BareTransform& operator=(const BareTransform&) = delete;
  void run() const { fftw_execute(plan_); }

private:
  core::SpectralField modes_;
  core::RealField field_;
  fftw_plan plan_;
};

void normals_rate(const core::Communicator& communicator) {
  std::vector<double> normals(1 << 16);
  const core::CounterRng random(1, core::Stream{2});
  double best = 1e300;
  for (int repeat = 0; repeat < 20; ++repeat)
    best = std::min(best, seconds(communicator, [&] { core::normal_pairs(random, 1000, 0, normals); }));
  if (communicator.rank() == 0)
    fmt::print("normals {:.3e} 1/s/core\n", static_cast<double>(normals.size()) / best);
}

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const auto communicator = core::Communicator::world();
  const Index n = argc > 1 ? std::atoll(argv[1]) : 256;
  const core::Decomposition decomposition(core::Domain(3, n), communicator.size());
  normals_rate(communicator);

  solvers::GaussianParameters parameters;
  parameters.points = n;
  const solvers::Gaussian generator(parameters, 1);
  double synthesis = 1e300, transform = 1e300;
  const auto synthesise = [&] { generator.sample(decomposition, communicator, 0); };
  if (communicator.size() == 1) {
    synthesise(); // plans before MEASURE leaves its wisdom behind
    const BareTransform bare(decomposition);
    for (int repeat = 0; repeat < 5; ++repeat) {
      synthesis = std::min(synthesis, seconds(communicator, synthesise));
      transform = std::min(transform, seconds(communicator, [&] { bare.run(); }));
    }
  } else {
    const core::DistributedFft fft(decomposition, communicator);
    core::SpectralField modes(decomposition, communicator.rank());
    core::RealField field(decomposition, communicator.rank());
    std::fill(modes.component(0).begin(), modes.component(0).end(), std::complex<double>(0.5, 0.25));
    for (int repeat = 0; repeat < 5; ++repeat) {
      synthesis = std::min(synthesis, seconds(communicator, synthesise));
      transform = std::min(transform, seconds(communicator, [&] { fft.backward(modes, field); }));
    }
  }
  if (communicator.rank() == 0) {
    fmt::print("gaussian_synthesis_{}^3 {:.4f} s ratio {:.3f} (target <= 3)\n", n, synthesis, synthesis / transform);
    fmt::print("bare_transform_{}^3 {:.4f} s\n", n, transform);
  }
  return 0;
}
