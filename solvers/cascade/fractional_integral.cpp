#include "solvers/cascade/fractional_integral.hpp"

#include <cmath>

namespace cascade::solvers {

void integrate_fractionally(core::RealField& field, const core::Communicator& communicator, double order) {
  const core::DistributedFft fft(field.decomposition(), communicator);
  core::SpectralField modes(field.decomposition(), communicator.rank());
  fft.forward(field, modes);
  const core::Box box = modes.box();
  const core::Domain& domain = field.domain();
  auto mode = modes.component(0).begin();
  for (core::Index i = box.begin[0]; i < box.end[0]; ++i)
    for (core::Index j = box.begin[1]; j < box.end[1]; ++j)
      for (core::Index k = box.begin[2]; k < box.end[2]; ++k, ++mode) {
        const auto a = static_cast<double>(domain.wavenumber(0, i)), b = static_cast<double>(domain.wavenumber(1, j)),
                   c = static_cast<double>(k);
        const double square = a * a + b * b + c * c;
        *mode *= square > 0 ? std::pow(square, -0.5 * order) : 0.0;
      }
  fft.backward(modes, field);
}

} // namespace cascade::solvers
