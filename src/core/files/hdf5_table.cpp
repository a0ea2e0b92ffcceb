#include "core/files/hdf5_table.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <hdf5.h>

namespace cascade::core {
namespace {

/// An identifier that is closed at the end of the scope.
class Opened {
public:
  Opened(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (id_ >= 0)
      close_(id_);
  }
  operator hid_t() const { return id_; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

struct FoundTables {
  std::vector<std::string> all, flat; ///< names; those with two axes
};

herr_t look_at(hid_t root, const char* name, const H5L_info_t*, void* data) {
  const Opened object(H5Oopen(root, name, H5P_DEFAULT), H5Oclose);
  if (object < 0 || H5Iget_type(object) != H5I_DATASET)
    return 0;
  auto& found = *static_cast<FoundTables*>(data);
  const Opened space(H5Dget_space(object), H5Sclose);
  found.all.push_back(name);
  if (H5Sget_simple_extent_ndims(space) == 2)
    found.flat.push_back(name);
  return 0;
}

} // namespace

Hdf5Table read_hdf5_table(const std::filesystem::path& file, const std::string& name) {
  H5dont_atexit();
  H5open();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const std::string place = shown(file.string(), 400);
  const auto refuse = [&](const std::string& why) { throw Error(ExitCode::bad_input, place + ": " + why); };
  const Opened opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (opened < 0)
    refuse("is no HDF5 file that can be read");
  FoundTables found;
  H5Lvisit(opened, H5_INDEX_NAME, H5_ITER_INC, look_at, &found);
  Hdf5Table table;
  table.name = name;
  if (name.empty()) {
    if (found.flat.size() != 1)
      refuse(fmt::format("has {} datasets with two axes; name one with `array`; there are: {}", found.flat.size(),
                         fmt::join(found.all, ", ")));
    table.name = found.flat.front();
  }
  const Opened dataset(H5Dopen2(opened, table.name.c_str(), H5P_DEFAULT), H5Dclose);
  if (dataset < 0)
    refuse(fmt::format("no dataset '{}'; there are: {}", table.name, fmt::join(found.all, ", ")));
  const Opened type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind != H5T_FLOAT && kind != H5T_INTEGER)
    refuse(fmt::format("dataset '{}' does not hold numbers", table.name));
  const int axes = H5Sget_simple_extent_ndims(space);
  if (axes != 1 && axes != 2)
    refuse(fmt::format("dataset '{}' has {} axes; allowed: one or two", table.name, axes));
  hsize_t extent[2] = {1, 1};
  H5Sget_simple_extent_dims(space, extent, nullptr);
  std::size_t size = 1;
  for (int a = 0; a < axes; ++a) {
    table.shape.push_back(static_cast<std::int64_t>(extent[a]));
    size *= extent[a];
  }
  table.values.resize(size);
  if (size > 0 && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, table.values.data()) < 0)
    refuse(fmt::format("dataset '{}' cannot be read", table.name));
  return table;
}

} // namespace cascade::core
