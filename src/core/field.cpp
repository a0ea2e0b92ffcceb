#include "core/field.hpp"

#include "core/errors.hpp"

#include <algorithm>
#include <string>

namespace cascade::core {

AlignedBuffer::AlignedBuffer(Index count) : size_(count) {
  constexpr std::size_t alignment = 64;
  const std::size_t bytes = (static_cast<std::size_t>(count) * sizeof(double) + alignment - 1) / alignment * alignment;
  data_.reset(static_cast<double*>(std::aligned_alloc(alignment, std::max(bytes, alignment))));
  if (!data_)
    throw Error(ExitCode::internal_failure, "out of memory: " + std::to_string(bytes) +
                                                " bytes asked for on one rank; use more ranks or fewer points");
}

RealField::RealField(const Decomposition& decomposition, int rank, int components)
    : decomposition_(decomposition), rank_(rank), components_(components), box_(decomposition.real_box(rank)),
      buffer_(components * box_.size()) {}

RealField RealField::clone() const {
  RealField copy(decomposition_, rank_, components_);
  std::copy_n(buffer_.data(), buffer_.size(), copy.buffer_.data());
  return copy;
}

SpectralField::SpectralField(const Decomposition& decomposition, int rank, int components)
    : decomposition_(decomposition), rank_(rank), components_(components), box_(decomposition.spectral_box(rank)),
      buffer_(2 * components * box_.size()) {}

SpectralField SpectralField::clone() const {
  SpectralField copy(decomposition_, rank_, components_);
  std::copy_n(buffer_.data(), buffer_.size(), copy.buffer_.data());
  return copy;
}

} // namespace cascade::core
