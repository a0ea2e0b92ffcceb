#pragma once
// Distributed fields: each rank holds the box its Decomposition gives it.

#include "core/grid/domain.hpp"

#include <complex>
#include <cstdlib>
#include <memory>
#include <span>

namespace cascade::core {

/// 64-byte aligned, uninitialised array of doubles (move-only).
class AlignedBuffer {
public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(Index count);
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  Index size() const { return size_; }

private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  std::unique_ptr<double[], Free> data_;
  Index size_ = 0;
};

/// Real values on this rank's box of the grid. Shape (components, box extents 0, 1, 2), row-major, last axis contiguous
/// and always whole. Local object: no call is collective. Move; copy only by clone().
class RealField {
public:
  RealField(const Decomposition& decomposition, int rank, int components = 1);
  const Decomposition& decomposition() const { return decomposition_; }
  const Domain& domain() const { return decomposition_.domain(); }
  const Box& box() const { return box_; }
  int rank() const { return rank_; }
  int components() const { return components_; }
  std::span<double> component(int c) {
    return {buffer_.data() + c * box_.size(), static_cast<std::size_t>(box_.size())};
  }
  std::span<const double> component(int c) const {
    return {buffer_.data() + c * box_.size(), static_cast<std::size_t>(box_.size())};
  }
  /// The contiguous line (all points of axis 2) at local indices i (axis 0) and j (axis 1) of component c.
  std::span<double> line(int c, Index i, Index j) {
    return component(c).subspan(static_cast<std::size_t>((i * box_.extent(1) + j) * box_.extent(2)),
                                static_cast<std::size_t>(box_.extent(2)));
  }
  std::span<const double> line(int c, Index i, Index j) const {
    return component(c).subspan(static_cast<std::size_t>((i * box_.extent(1) + j) * box_.extent(2)),
                                static_cast<std::size_t>(box_.extent(2)));
  }
  RealField clone() const;

private:
  Decomposition decomposition_;
  int rank_;
  int components_;
  Box box_;
  AlignedBuffer buffer_;
};

/// Fourier coefficients on this rank's spectral box, shape (components, extents 0, 1, 2), row-major; the last axis
/// holds k = 0..n/2 of the real transform (possibly split). Normalisation: forward unscaled, f_k = sum_x f(x) exp(-2 pi
/// i k x).
class SpectralField {
public:
  SpectralField(const Decomposition& decomposition, int rank, int components = 1);
  const Decomposition& decomposition() const { return decomposition_; }
  const Domain& domain() const { return decomposition_.domain(); }
  const Box& box() const { return box_; }
  int rank() const { return rank_; }
  int components() const { return components_; }
  std::span<std::complex<double>> component(int c) {
    return {reinterpret_cast<std::complex<double>*>(buffer_.data()) + c * box_.size(),
            static_cast<std::size_t>(box_.size())};
  }
  std::span<const std::complex<double>> component(int c) const {
    return {reinterpret_cast<const std::complex<double>*>(buffer_.data()) + c * box_.size(),
            static_cast<std::size_t>(box_.size())};
  }
  SpectralField clone() const;

private:
  Decomposition decomposition_;
  int rank_;
  int components_;
  Box box_;
  AlignedBuffer buffer_;
};

} // namespace cascade::core
