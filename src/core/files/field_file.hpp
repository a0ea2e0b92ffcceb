#pragma once
// A distributed field as one plain HDF5 file with an XDMF sidecar (ParaView, VisIt, h5py).

#include "core/files/safe_file.hpp"
#include "core/grid/field.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cascade::core {

/// What the file says of itself, as attributes of its root.
struct FieldInfo {
  std::string name = "u"; ///< dataset /field/NAME, or /field/NAME0, NAME1, ... for the components of a vector
  std::string unit = "1";
  std::string generator;
  std::string theory; ///< e.g. "D = 3, d = 2.8, h = 0.2667"
  std::uint64_t seed = 0;
  std::string config;                   ///< resolved config, JSON text
  std::string version;                  ///< program and commit
  std::string length_unit = "box side"; ///< of the lengths of the axes
  std::optional<double> time{};         ///< of a snapshot
};

/// Files made by write_field.
inline constexpr const char* field_data_name = "field.h5";
inline constexpr const char* field_sidecar_name = "field.xmf";

/// Writes dir/field.h5 and dir/field.xmf, whole or not at all. Collective; throws the same io_failure on every rank.
///
/// Layout: one contiguous float64 dataset of shape (points of the axes) per component, row-major, the last axis being
/// x; attributes of /field say length, spacing and boundary ("periodic" or "open") of every axis; values at cell
/// centres x_i = (i + 1/2) spacing. Rank 0 makes the file with its space reserved on disk and no data; every rank then
/// writes its own lines in place (box lines that touch in the file go in one call), so that no rank ever holds more
/// than its box and a full disk is reported before the first value.
///
/// /checksum/NAME, uint64, one number per plane of the first axis (one for D = 1): sum over the plane of
/// mix(bits(value_k) + (k+1) g) mod 2^64, with k the row-major index in the plane, g = 0x9E3779B97F4A7C15 and mix the
/// finaliser of splitmix64 (Steele, Lea & Flood 2014). A sum, so that it does not depend on who owns which part.
void write_field(const RealField& field, const Communicator& communicator, const std::filesystem::path& dir,
                 const FieldInfo& info);

/// The same without the last step: the finished but unpublished files, on rank 0 (none elsewhere). Collective.
std::vector<TemporaryFile> stage_field(const RealField& field, const Communicator& communicator,
                                       const std::filesystem::path& dir, const FieldInfo& info);

/// Disk space the two files take, to a few KiB.
std::int64_t field_file_bytes(const Domain& domain, int components);

} // namespace cascade::core
