#pragma once
// Arrays as numpy writes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cascade::app {

struct NumpyArray {
  std::string name;
  std::vector<std::int64_t> shape; ///< one or two axes
  std::vector<double> values;      ///< row by row
};

/// A .npy file's bytes (numpy.lib.format, versions 1 to 3). `name` is what messages call it. Throws
/// core::Error(bad_input). Local, pure.
NumpyArray read_npy(std::string_view bytes, const std::string& name);

/// Members of a .npz file that are stored, not compressed (PKZIP APPNOTE 4.3), by name without ".npy". Throws
/// core::Error(bad_input). Local, pure.
std::vector<std::pair<std::string, std::string_view>> npz_members(std::string_view bytes, const std::string& name);

} // namespace cascade::app
