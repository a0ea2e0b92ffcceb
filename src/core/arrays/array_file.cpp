#include "core/arrays/array_file.hpp"

#include "core/arrays/hdf5_array.hpp"
#include "core/arrays/npy_array.hpp"
#include "core/arrays/npz_array.hpp"
#include "core/arrays/raw_array.hpp"
#include "core/arrays/table_array.hpp"
#include "core/arrays/xdmf_array.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

namespace cascade::core {
namespace {

std::string ending_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

std::string all_endings() {
  std::vector<std::string> endings;
  for (const ArrayFormat& format : array_formats())
    endings.insert(endings.end(), format.endings.begin(), format.endings.end());
  return fmt::format("{}", fmt::join(endings, ", "));
}

const ArrayFormat& chosen_format(const ArrayWish& wish) {
  for (const ArrayFormat& format : array_formats())
    if (format.name == wish.format)
      return format;
  if (const ArrayFormat* format = format_of(wish.path))
    return *format;
  throw Error(ExitCode::bad_input, fmt::format("{}: the ending tells no format; rename it ({}), or say field.format",
                                               shown(wish.path.string(), 400), all_endings()));
}

} // namespace

Index ArraySelection::size() const {
  Index result = 1;
  for (const Index n : count)
    result *= n;
  return result;
}

const std::vector<ArrayFormat>& array_formats() {
  static const std::vector<ArrayFormat> table{
      {"hdf5", {".h5", ".hdf5", ".hdf", ".nc", ".nc4", ".cdf"}, "HDF5, and NetCDF-4 and openPMD as HDF5", open_hdf5},
      {"npy", {".npy"}, "one array of NumPy", open_npy},
      {"npz", {".npz"}, "several arrays of NumPy, stored or deflated", open_npz},
      {"table", {".csv", ".txt", ".dat", ".tsv"}, "columns of numbers, a line a point", open_table},
      {"raw",
       {".raw", ".bin"},
       "numbers and nothing else; shape, dtype and byte_order are said by the input",
       open_raw},
      {"xdmf", {".xmf", ".xdmf"}, "the HDF5 data an XDMF header names", open_xdmf},
  };
  return table;
}

const ArrayFormat* format_of(const std::filesystem::path& path) {
  const std::string ending = ending_of(path);
  for (const ArrayFormat& format : array_formats())
    if (std::find(format.endings.begin(), format.endings.end(), ending) != format.endings.end())
      return &format;
  return nullptr;
}

std::unique_ptr<ArrayFile> open_array(const ArrayWish& wish) {
  require_readable(wish.path);
  const ArrayFormat& format = chosen_format(wish);
  std::unique_ptr<ArrayFile> file = format.open(wish);
  const ArrayHeader& header = file->header();
  const std::string name = shown(wish.path.string(), 400);
  if (header.shape.empty())
    throw Error(ExitCode::bad_input, fmt::format("{}: a single number, no array", name));
  Index bytes = sizeof(double);
  for (const Index n : header.shape) {
    if (n < 1)
      throw Error(ExitCode::bad_input, fmt::format("{}: the array is empty", name));
    if (__builtin_mul_overflow(bytes, n, &bytes))
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: {} values do not fit into 64-bit counts", name, fmt::join(header.shape, " x ")));
  }
  return file;
}

std::vector<std::string> default_datasets(const ArrayWish& wish) {
  require_readable(wish.path);
  const ArrayFormat& format = chosen_format(wish);
  if (format.open == open_hdf5)
    return hdf5_datasets(wish.path);
  if (format.open == open_npz)
    return npz_members(wish.path);
  if (format.open == open_xdmf)
    return xdmf_attributes(wish.path);
  return {""};
}

std::vector<ArrayListing> arrays_in(const ArrayWish& wish) {
  require_readable(wish.path);
  const ArrayFormat& format = chosen_format(wish);
  std::vector<std::string> names{""};
  if (format.open == open_hdf5)
    names = all_hdf5_datasets(wish.path);
  else if (format.open == open_npz)
    names = all_npz_members(wish.path);
  std::vector<ArrayListing> found;
  ArrayWish one = wish;
  for (const std::string& name : names)
    try {
      one.dataset = name;
      found.push_back({name, open_array(one)->header().shape});
    } catch (const Error& error) {
      if (error.code() != ExitCode::bad_input || names.size() == 1)
        throw; // the file, not one of its arrays
    }
  return found;
}

std::vector<std::string> files_matching(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> names;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return names;
}

void require_readable(const std::filesystem::path& path) {
  const std::string name = shown(path.string(), 400);
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (std::filesystem::is_directory(status))
    throw Error(ExitCode::bad_input, fmt::format("{}: is a directory; name a file in it", name));
  if (!std::filesystem::exists(status))
    throw Error(ExitCode::bad_input,
                fmt::format("{}: {}", name,
                            status.type() == std::filesystem::file_type::not_found || !failure ? "no such file"
                                                                                               : failure.message()));
  if (!std::filesystem::is_regular_file(status))
    throw Error(ExitCode::bad_input, fmt::format("{}: no regular file; parts of a field are read in any order", name));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throw Error(ExitCode::bad_input, fmt::format("{}: cannot be read: {}", name, std::strerror(errno)));
  ::close(descriptor);
}

} // namespace cascade::core
