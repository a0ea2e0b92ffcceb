#pragma once
// Real-to-complex transforms of distributed fields, same bits at any rank count.

#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <cstdint>
#include <memory>

namespace cascade::core {

/// f_k = sum_x f(x) exp(-2 pi i k.j), j the index of the point (forward, unscaled); backward is its inverse and divides
/// by the point count. Plans are made once in the constructor: one fixed 1-D plan an axis for a single line (LineFft,
/// RealLineFft), so that the arithmetic of a line never depends on who owns it. All components of a field are
/// transformed in turn. Any number of points along each axis; periodic axes only (refused by name otherwise). Works
/// with slabs, pencils, empty boxes, and for D = 1 on one rank. The constructor and both transforms are collective.
/// Memory beside the two fields: none on one rank, one component of the spectral field on more (kept from call to
/// call).
class DistributedFft {
public:
  DistributedFft(const Decomposition& decomposition, const Communicator& communicator);
  DistributedFft(DistributedFft&&) noexcept;
  ~DistributedFft();
  const Decomposition& decomposition() const;
  /// Bytes of the exchange buffers the largest rank keeps beside the two fields. Local.
  static std::int64_t buffer_bytes(const Decomposition& decomposition);
  /// All that the largest rank keeps beside the two fields; `both_ways`: transforms go forward and backward. Local.
  static MemoryParts memory(const Decomposition& decomposition, bool both_ways);
  void forward(const RealField& in, SpectralField& out) const;
  /// `in` is used as work space (its contents are lost): a transform needs no third copy of the field.
  void backward(SpectralField& in, RealField& out) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace cascade::core
