#include "core/grid/field.hpp"

#include "core/talk/errors.hpp"

#include <algorithm>
#include <string>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace cascade::core {

namespace {

// Large arrays start on a huge-page boundary and ask for huge pages: the first touch of fresh memory and strided access
// cost several times less. Systems without the call do without.
constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{1} << 21;

void* allocate(std::size_t bytes) {
  if (bytes < 4 * huge_page)
    return std::aligned_alloc(cache_line, std::max((bytes + cache_line - 1) / cache_line * cache_line, cache_line));
  const std::size_t rounded = (bytes + huge_page - 1) / huge_page * huge_page;
  void* memory = std::aligned_alloc(huge_page, rounded);
#ifdef MADV_HUGEPAGE
  if (memory != nullptr)
    madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  return memory;
}

} // namespace

AlignedBuffer::AlignedBuffer(Index count) : size_(count) {
  const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(double);
  data_.reset(static_cast<double*>(allocate(bytes)));
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
