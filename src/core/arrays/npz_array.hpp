#pragma once
// Several arrays of NumPy in a zip archive (np.savez, np.savez_compressed).

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// A compressed member is read from its beginning, by every rank, as far as the rank's part reaches.
std::unique_ptr<ArrayFile> open_npz(const ArrayWish& wish);

/// Names of all arrays, without .npy.
std::vector<std::string> all_npz_members(const std::filesystem::path& path);

/// Names of the arrays, without .npy: the only one. Throws Error(bad_input) that lists them where there are several.
std::vector<std::string> npz_members(const std::filesystem::path& path);

} // namespace cascade::core
