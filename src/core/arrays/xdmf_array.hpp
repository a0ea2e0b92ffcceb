#pragma once
// The HDF5 data behind an XDMF header (XDMF model and format, versions 2 and 3).

#include "core/arrays/array_file.hpp"

namespace cascade::core {

/// The array of an <Attribute>, by its name (wish.dataset), whose <DataItem> names FILE:/PATH in an HDF5 file beside
/// the header; spacing from <Geometry GeometryType="ORIGIN_DXDYDZ"> where there is one.
std::unique_ptr<ArrayFile> open_xdmf(const ArrayWish& wish);

/// Names of its attributes, one or the components of a vector. Throws Error(bad_input).
std::vector<std::string> xdmf_attributes(const std::filesystem::path& path);

} // namespace cascade::core
