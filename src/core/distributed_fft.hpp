#pragma once
// Real-to-complex transforms of distributed fields, same bits at any rank count.

#include <memory>

#include "core/communicator.hpp"
#include "core/field.hpp"

namespace cascade::core {

/// Plans are made once in the constructor (FFTW_ESTIMATE, one fixed 1-D plan for a fixed block of lines, so that the
/// arithmetic of a line never depends on who owns it). forward: unscaled; backward: divides by the point count.
/// Works with slabs, pencils, empty boxes, and for D = 1 on one rank. Both calls are collective.
class DistributedFft {
public:
  DistributedFft(const Decomposition& decomposition, const Communicator& communicator);
  DistributedFft(DistributedFft&&) noexcept;
  ~DistributedFft();
  const Decomposition& decomposition() const;
  void forward(const RealField& in, SpectralField& out) const;
  /// `in` is used as work space (its contents are lost): a transform needs no third copy of the field.
  void backward(SpectralField& in, RealField& out) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace cascade::core
