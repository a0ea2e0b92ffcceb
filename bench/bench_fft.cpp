// The distributed transform beside FFTW's own, planned with FFTW_MEASURE, in the same run on the same data.
// usage: bench_fft [points a side, 256]   Lines: name  value  unit  ratio R (target T), R = own time / FFTW's.

#include "core/grid/distributed_fft.hpp"
#include "core/random/random.hpp"
#include "core/ranks/communicator.hpp"

#include <fftw3-mpi.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>

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

void fill(std::span<double> values) {
  const core::CounterRng random(1, core::Stream{5});
  for (std::size_t i = 0; i < values.size(); ++i) {
    const core::Block bits = random.block(i);
    values[i] = core::uniform(bits[0], bits[1]) - 0.5;
  }
}

/// FFTW's transform with transposed output, its fastest.
class Peer {
public:
  Peer(Index n, const core::Communicator& communicator) {
    fftw_mpi_init();
    auto* comm = static_cast<MPI_Comm*>(communicator.native());
    ptrdiff_t l0, s0, l1, s1;
    const ptrdiff_t size = fftw_mpi_local_size_3d_transposed(n, n, n / 2 + 1, *comm, &l0, &s0, &l1, &s1);
    real_ = fftw_alloc_real(static_cast<std::size_t>(2 * size));
    modes_ = fftw_alloc_complex(static_cast<std::size_t>(size));
    forward_ = fftw_mpi_plan_dft_r2c_3d(n, n, n, real_, modes_, *comm, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_OUT);
    backward_ = fftw_mpi_plan_dft_c2r_3d(n, n, n, modes_, real_, *comm, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_IN);
    fill({real_, static_cast<std::size_t>(2 * size)});
  }
  ~Peer() {
    fftw_destroy_plan(forward_);
    fftw_destroy_plan(backward_);
    fftw_free(real_);
    fftw_free(modes_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  void forward() const { fftw_execute(forward_); }
  void backward() const { fftw_execute(backward_); }

private:
  double* real_;
  fftw_complex* modes_;
  fftw_plan forward_, backward_;
};

} // namespace

int main(int argc, char** argv) {
  const core::Environment environment(argc, argv);
  const auto communicator = core::Communicator::world();
  const Index n = argc > 1 ? std::atoll(argv[1]) : 256;
  const core::Decomposition decomposition(core::Domain(3, n), communicator.size());
  const core::DistributedFft fft(decomposition, communicator); // before MEASURE leaves its wisdom behind
  core::RealField field(decomposition, communicator.rank());
  core::SpectralField modes(decomposition, communicator.rank());
  fill(field.component(0));
  const Peer peer(n, communicator);

  // Taken in turn, so that both meet the same disturbances; the minimum of each counts.
  double best[4] = {1e300, 1e300, 1e300, 1e300};
  for (int repeat = 0; repeat < 7; ++repeat) {
    best[0] = std::min(best[0], seconds(communicator, [&] { fft.forward(field, modes); }));
    best[1] = std::min(best[1], seconds(communicator, [&] { fft.backward(modes, field); }));
    best[2] = std::min(best[2], seconds(communicator, [&] { peer.forward(); }));
    best[3] = std::min(best[3], seconds(communicator, [&] { peer.backward(); }));
  }
  if (communicator.rank() == 0) {
    fmt::print("fft_forward_{0}^3 {1:.4f} s ratio {2:.3f} (target <= 1.25)\n", n, best[0], best[0] / best[2]);
    fmt::print("fft_backward_{0}^3 {1:.4f} s ratio {2:.3f} (target <= 1.25)\n", n, best[1], best[1] / best[3]);
    fmt::print("fftw_mpi_measure_forward_{0}^3 {1:.4f} s\n", n, best[2]);
    fmt::print("fftw_mpi_measure_backward_{0}^3 {1:.4f} s\n", n, best[3]);
  }
  return 0;
}
