#pragma once
// Writing HDF5: its C API behind one move-only class.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace cascade::core {

/// Before the first call of HDF5: no error stacks on the terminal, and no exit handler (it crashes after a failed
/// close).
void prepare_hdf5();
/// The innermost entry of HDF5's error stack: the one nearest to the cause.
std::string hdf5_reason();
/// Name of the first filter (compression) of an open dataset that this library does not have; empty: it has them all.
std::string filter_not_there(std::int64_t dataset);

/// A serial HDF5 file. Local object: one rank uses it alone, no call is collective and none goes through MPI-IO (which
/// loses data silently on a full disk, docs/architecture.md).
///
/// Two ways that keep HDF5 away from disk errors, which it does not survive (a failed close crashes the process at
/// exit):
///  - in_memory(): small files; image() gives the bytes of the file, written by whoever asked;
///  - edit(): large files; the caller has already reserved the disk blocks, only metadata pass through HDF5, and the
///    data are written by others at the offset that reserve_dataset() returns.
/// If a call fails nevertheless: the reason is printed once, the unfinished file is removed and the job is aborted with
/// exit code 4, on all ranks, without HDF5's own exit handlers.
///
/// Names are absolute paths ("/results/x"); missing groups are made. Shapes are row-major, last axis contiguous.
class Hdf5File {
public:
  static Hdf5File in_memory();
  /// Opens an existing, unfinished file for writing. `path` is removed if a call fails.
  static Hdf5File edit(const std::filesystem::path& path);
  Hdf5File(Hdf5File&& other) noexcept;
  Hdf5File& operator=(Hdf5File&&) = delete;
  ~Hdf5File();

  void group(const std::string& name); ///< nothing happens if it is there
  void dataset(const std::string& name, std::span<const double> values, const std::vector<std::int64_t>& shape);
  void dataset(const std::string& name, std::span<const double> values); ///< one axis
  void dataset(const std::string& name, const std::string& text);        ///< scalar UTF-8 string

  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, std::int64_t value);
  void attribute(const std::string& object, const std::string& name, std::uint64_t value);
  void attribute(const std::string& object, const std::string& name, const std::string& text);
  void attribute(const std::string& object, const std::string& name, std::span<const double> values);
  void attribute(const std::string& object, const std::string& name, const std::vector<std::string>& texts);

  /// Makes a dataset of one axis an HDF5 dimension scale: the coordinate along an axis of others, by which xarray and
  /// netCDF name it. `meaning` is the scale's own name.
  void make_scale(const std::string& dataset, const std::string& meaning);
  /// Lays the scale along axis `axis` of a dataset, which has as many points there.
  void attach_scale(const std::string& dataset, unsigned axis, const std::string& scale);

  enum class Type { real, unsigned_integer }; ///< 64-bit, in the byte order of this machine
  /// Makes a contiguous dataset with its space allocated but not written; returns its byte offset in the file.
  std::int64_t reserve_dataset(const std::string& name, Type type, const std::vector<std::int64_t>& shape);

  std::vector<char> image(); ///< the bytes of the file as it would stand on disk
  void close();

private:
  explicit Hdf5File(std::int64_t id, std::filesystem::path path);
  std::int64_t check(std::int64_t result, const char* call) const;
  void one_group(const std::string& name);
  std::int64_t open_object(const std::string& name) const;
  void write_attribute(const std::string& object, const std::string& name, std::int64_t type, std::int64_t space,
                       const void* data);
  void write_dataset(const std::string& name, std::int64_t type, std::int64_t space, const void* data);

  std::int64_t id_ = -1;
  std::filesystem::path path_; ///< empty for a file in memory
};

} // namespace cascade::core
