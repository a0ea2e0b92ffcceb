#pragma once
// Arrays of NumPy, format versions 1 to 3 (NEP 1, numpy/lib/format.py).

#include "core/arrays/strided_array.hpp"

#include <string_view>

namespace cascade::core {

/// The header of an .npy: 0x93 'NUMPY', version, its length, and a dictionary with descr, fortran_order and shape.
struct NpyHeader {
  NumberFormat format;
  std::vector<Index> shape; ///< slowest axis first, reversed for a Fortran-ordered array
  bool fortran = false;
  std::int64_t data = 0; ///< offset of the first number
  std::string type;
};

/// Reads it from the first bytes. Only floating-point numbers are taken (`any_numbers`: half precision, integers and
/// truth values too): a pickled object is refused and never looked at. `name`: of the file, for messages. Throws
/// Error(bad_input).
NpyHeader npy_header(std::string_view bytes, const std::string& name, bool any_numbers = false);

/// Longest header looked for.
inline constexpr std::size_t longest_npy_header = 65536;

std::unique_ptr<ArrayFile> open_npy(const ArrayWish& wish);

} // namespace cascade::core
