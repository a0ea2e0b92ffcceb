#pragma once
// Numbers and nothing else.

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// Shape, type, byte order and offset are the wish's. Throws Error(bad_input) unless the file has as many bytes.
std::unique_ptr<ArrayFile> open_raw(const ArrayWish& wish);

} // namespace cascade::core
