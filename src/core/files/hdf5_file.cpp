#include "core/files/hdf5_file.hpp"

#include "core/talk/errors.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace cascade::core {

static_assert(sizeof(hid_t) == sizeof(std::int64_t) || sizeof(hid_t) == sizeof(int));

namespace {

/// HDF5's attributes live in object headers of at most 64 KiB: longer texts must be datasets.
constexpr std::size_t longest_attribute = 60000;

/// Closes an identifier at the end of the scope. A failure to close a type, space or list loses no data.
class Handle {
public:
  using Closer = herr_t (*)(hid_t);
  Handle(std::int64_t id, Closer closer) : id_(static_cast<hid_t>(id)), closer_(closer) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { closer_(id_); }
  operator hid_t() const { return id_; }

private:
  hid_t id_;
  Closer closer_;
};

[[noreturn]] void leave(const char* call, const std::filesystem::path& path) {
  const std::string name = path.empty() ? "in memory" : path.string();
  std::fputs(
      fmt::format("cascade: error: {}: {} failed: {}. The unfinished file was removed.\n", name, call, hdf5_reason())
          .c_str(),
      stderr);
  std::fflush(stderr);
  if (!path.empty())
    ::unlink(path.c_str());
  constexpr int code = static_cast<int>(ExitCode::io_failure);
  int started = 0, finished = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&finished);
  if (started != 0 && finished == 0)
    MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

hid_t string_type(std::size_t length) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, std::max<std::size_t>(length, 1));
  H5Tset_cset(type, H5T_CSET_UTF8);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  return type;
}

std::vector<hsize_t> to_hsize(const std::vector<std::int64_t>& shape) {
  return {shape.begin(), shape.end()};
}

/// HDF5 has no null pointer for an empty write; std::string always has one byte behind data().
const char* bytes_of(const std::string& text) {
  return text.data();
}

} // namespace

void prepare_hdf5() {
  static const bool done = [] {
    H5dont_atexit();
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(done);
}

std::string hdf5_reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned n, const H5E_error2_t* entry, void* data) -> herr_t {
        if (n == 0 && entry->desc != nullptr)
          *static_cast<std::string*>(data) = entry->desc;
        return 0;
      },
      &reason);
  return reason.empty() ? "no reason given" : reason;
}

std::string filter_not_there(std::int64_t dataset) {
  const hid_t list = H5Dget_create_plist(dataset);
  std::string missing;
  for (int i = 0; i < H5Pget_nfilters(list) && missing.empty(); ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    std::array<char, 64> name{};
    const H5Z_filter_t id =
        H5Pget_filter2(list, static_cast<unsigned>(i), &flags, &values, nullptr, name.size() - 1, name.data(), &config);
    if (id > 0 && H5Zfilter_avail(id) <= 0)
      missing = fmt::format("{} (filter {})", name[0] == 0 ? "unnamed" : name.data(), id);
  }
  H5Pclose(list);
  return missing;
}

std::int64_t Hdf5File::check(std::int64_t result, const char* call) const {
  if (result < 0)
    leave(call, path_);
  return result;
}

Hdf5File::Hdf5File(std::int64_t id, std::filesystem::path path) : id_(id), path_(std::move(path)) {}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept : id_(std::exchange(other.id_, -1)), path_(std::move(other.path_)) {}

Hdf5File::~Hdf5File() {
  if (id_ >= 0)
    close();
}

Hdf5File Hdf5File::in_memory() {
  prepare_hdf5();
  Hdf5File file(-1, {});
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t growth = std::size_t{1} << 18;
  file.check(H5Pset_fapl_core(access, growth, false), "H5Pset_fapl_core");
  file.id_ = file.check(H5Fcreate("cascade-in-memory", H5F_ACC_TRUNC, H5P_DEFAULT, access), "H5Fcreate");
  return file;
}

Hdf5File Hdf5File::edit(const std::filesystem::path& path) {
  prepare_hdf5();
  Hdf5File file(-1, path);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr hsize_t threshold = hsize_t{1} << 16, boundary = 4096; // large data begin on a page: aligned writes
  file.check(H5Pset_alignment(access, threshold, boundary), "H5Pset_alignment");
#if H5_VERSION_GE(1, 10, 7)
  H5Pset_file_locking(access, false, true); // the directory's lock protects it; some file systems have none
#endif
  file.id_ = file.check(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), "H5Fopen");
  return file;
}

void Hdf5File::group(const std::string& name) {
  for (std::size_t end = name.find('/', 1); end != std::string::npos; end = name.find('/', end + 1))
    one_group(name.substr(0, end));
  one_group(name);
}

void Hdf5File::one_group(const std::string& name) {
  const auto file = static_cast<hid_t>(id_);
  if (check(H5Lexists(file, name.c_str(), H5P_DEFAULT), "H5Lexists") > 0)
    return;
  const Handle made(check(H5Gcreate2(file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "H5Gcreate"),
                    H5Gclose);
}

void Hdf5File::write_dataset(const std::string& name, std::int64_t type, std::int64_t space, const void* data) {
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  const Handle set(check(H5Dcreate2(static_cast<hid_t>(id_), name.c_str(), static_cast<hid_t>(type),
                                    static_cast<hid_t>(space), links, H5P_DEFAULT, H5P_DEFAULT),
                         "H5Dcreate"),
                   H5Dclose);
  check(H5Dwrite(set, static_cast<hid_t>(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "H5Dwrite");
}

void Hdf5File::dataset(const std::string& name, std::span<const double> values,
                       const std::vector<std::int64_t>& shape) {
  const std::vector<hsize_t> extents = to_hsize(shape);
  const Handle space(
      check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), "H5Screate_simple"), H5Sclose);
  const double nothing = 0; // an empty span may have no address, which H5Dwrite refuses
  write_dataset(name, H5T_NATIVE_DOUBLE, space, values.empty() ? &nothing : values.data());
}

void Hdf5File::dataset(const std::string& name, std::span<const double> values) {
  dataset(name, values, {static_cast<std::int64_t>(values.size())});
}

void Hdf5File::dataset(const std::string& name, const std::string& text) {
  const Handle type(check(string_type(text.size()), "H5Tcopy"), H5Tclose);
  const Handle space(check(H5Screate(H5S_SCALAR), "H5Screate"), H5Sclose);
  write_dataset(name, type, space, bytes_of(text));
}

std::int64_t Hdf5File::open_object(const std::string& name) const {
  return check(H5Oopen(static_cast<hid_t>(id_), name.c_str(), H5P_DEFAULT), "H5Oopen");
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name, std::int64_t type,
                               std::int64_t space, const void* data) {
  const Handle owner(open_object(object), H5Oclose);
  const Handle made(check(H5Acreate2(owner, name.c_str(), static_cast<hid_t>(type), static_cast<hid_t>(space),
                                     H5P_DEFAULT, H5P_DEFAULT),
                          "H5Acreate"),
                    H5Aclose);
  check(H5Awrite(made, static_cast<hid_t>(type), data), "H5Awrite");
}

void Hdf5File::attribute(const std::string& object, const std::string& name, double value) {
  const Handle space(check(H5Screate(H5S_SCALAR), "H5Screate"), H5Sclose);
  write_attribute(object, name, H5T_NATIVE_DOUBLE, space, &value);
}

void Hdf5File::attribute(const std::string& object, const std::string& name, std::int64_t value) {
  const Handle space(check(H5Screate(H5S_SCALAR), "H5Screate"), H5Sclose);
  write_attribute(object, name, H5T_NATIVE_INT64, space, &value);
}

void Hdf5File::attribute(const std::string& object, const std::string& name, std::uint64_t value) {
  const Handle space(check(H5Screate(H5S_SCALAR), "H5Screate"), H5Sclose);
  write_attribute(object, name, H5T_NATIVE_UINT64, space, &value);
}

void Hdf5File::attribute(const std::string& object, const std::string& name, const std::string& text) {
  if (text.size() > longest_attribute) {
    const std::string place = (object == "/" ? "" : object) + "/" + name + "_text";
    dataset(place, text);
    attribute(object, name, "see dataset " + place);
    return;
  }
  const Handle type(check(string_type(text.size()), "H5Tcopy"), H5Tclose);
  const Handle space(check(H5Screate(H5S_SCALAR), "H5Screate"), H5Sclose);
  write_attribute(object, name, type, space, bytes_of(text));
}

void Hdf5File::attribute(const std::string& object, const std::string& name, std::span<const double> values) {
  const hsize_t count = values.size();
  const Handle space(check(count == 0 ? H5Screate(H5S_NULL) : H5Screate_simple(1, &count, nullptr), "H5Screate"),
                     H5Sclose);
  const double nothing = 0;
  write_attribute(object, name, H5T_NATIVE_DOUBLE, space, count == 0 ? &nothing : values.data());
}

void Hdf5File::attribute(const std::string& object, const std::string& name, const std::vector<std::string>& texts) {
  std::size_t width = 1;
  for (const std::string& text : texts)
    width = std::max(width, text.size());
  std::string joined; // fixed width, padded with zeros
  for (const std::string& text : texts)
    joined += text + std::string(width - text.size(), '\0');
  const hsize_t count = texts.size();
  const Handle type(check(string_type(width), "H5Tcopy"), H5Tclose);
  const Handle space(check(count == 0 ? H5Screate(H5S_NULL) : H5Screate_simple(1, &count, nullptr), "H5Screate"),
                     H5Sclose);
  write_attribute(object, name, type, space, bytes_of(joined));
}

void Hdf5File::make_scale(const std::string& dataset, const std::string& meaning) {
  const Handle set(open_object(dataset), H5Oclose);
  check(H5DSset_scale(set, meaning.c_str()), "H5DSset_scale");
}

void Hdf5File::attach_scale(const std::string& dataset, unsigned axis, const std::string& scale) {
  const Handle set(open_object(dataset), H5Oclose), along(open_object(scale), H5Oclose);
  check(H5DSattach_scale(set, along, axis), "H5DSattach_scale");
}

std::int64_t Hdf5File::reserve_dataset(const std::string& name, Type type, const std::vector<std::int64_t>& shape) {
  const std::vector<hsize_t> extents = to_hsize(shape);
  const Handle space(
      check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), "H5Screate_simple"), H5Sclose);
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  check(H5Pset_layout(creation, H5D_CONTIGUOUS), "H5Pset_layout");
  check(H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY), "H5Pset_alloc_time");
  check(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER), "H5Pset_fill_time");
  const hid_t element = type == Type::real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT64;
  const Handle set(
      check(H5Dcreate2(static_cast<hid_t>(id_), name.c_str(), element, space, links, creation, H5P_DEFAULT),
            "H5Dcreate"),
      H5Dclose);
  const haddr_t offset = H5Dget_offset(set);
  if (offset == HADDR_UNDEF)
    leave("H5Dget_offset", path_);
  return static_cast<std::int64_t>(offset);
}

std::vector<char> Hdf5File::image() {
  check(H5Fflush(static_cast<hid_t>(id_), H5F_SCOPE_GLOBAL), "H5Fflush");
  const std::int64_t size = check(H5Fget_file_image(static_cast<hid_t>(id_), nullptr, 0), "H5Fget_file_image");
  std::vector<char> bytes(static_cast<std::size_t>(size));
  check(H5Fget_file_image(static_cast<hid_t>(id_), bytes.data(), bytes.size()), "H5Fget_file_image");
  return bytes;
}

void Hdf5File::close() {
  check(H5Fclose(static_cast<hid_t>(std::exchange(id_, -1))), "H5Fclose");
}

} // namespace cascade::core
