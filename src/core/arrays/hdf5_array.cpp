#include "core/arrays/hdf5_array.hpp"

#include "core/files/hdf5_file.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace cascade::core {
namespace {

constexpr Index values_at_a_time = 1 << 18;

/// Closes an identifier at the end of the scope.
class Id {
public:
  using Closer = herr_t (*)(hid_t);
  Id(hid_t id, Closer closer) : id_(id), closer_(closer) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Id& operator=(Id&&) = delete;
  ~Id() {
    if (id_ >= 0)
      closer_(id_);
  }
  operator hid_t() const { return id_; }

private:
  hid_t id_;
  Closer closer_;
};

Id open_file(const std::filesystem::path& path) {
  prepare_hdf5();
  const std::string name = shown(path.string(), 400);
  const htri_t is_one = H5Fis_hdf5(path.c_str());
  if (is_one == 0) {
    char first[4] = {};
    if (FILE* file = std::fopen(path.c_str(), "rb")) {
      static_cast<void>(std::fread(first, 1, sizeof first, file));
      std::fclose(file);
    }
    if (std::strncmp(first, "CDF", 3) == 0)
      throw Error(ExitCode::bad_input,
                  name + ": a NetCDF file of the classic format; make HDF5 of it: nccopy -k netCDF-4 OLD NEW");
    throw Error(ExitCode::bad_input, name + (first[0] == 0 ? ": is empty" : ": no HDF5 file"));
  }
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (id < 0)
    throw Error(ExitCode::io_failure, fmt::format("{}: damaged or cut short: {}", name, hdf5_reason()));
  return {id, H5Fclose};
}

/// Integers that stand for others, as NetCDF packs them: value = add_offset + scale_factor * integer.
bool is_packed(hid_t type, hid_t dataset) {
  return H5Tget_class(type) == H5T_INTEGER &&
         (H5Aexists(dataset, "scale_factor") > 0 || H5Aexists(dataset, "add_offset") > 0);
}

struct Listed {
  std::vector<std::string> reals, others;
};

bool is_scale(hid_t dataset) {
  return H5DSis_scale(dataset) > 0;
}

herr_t list_one(hid_t root, const char* name, const H5O_info_t* info, void* data) {
  auto& listed = *static_cast<Listed*>(data);
  if (info->type != H5O_TYPE_DATASET)
    return 0;
  const Id dataset(H5Dopen2(root, name, H5P_DEFAULT), H5Dclose);
  if (dataset < 0)
    return 0;
  const Id type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  const bool real = (H5Tget_class(type) == H5T_FLOAT || is_packed(type, dataset)) &&
                    H5Sget_simple_extent_ndims(space) > 0 && !is_scale(dataset);
  (real ? listed.reals : listed.others).push_back(std::string("/") + name);
  return 0;
}

/// Links into other files and to other names, which a visit of objects does not follow.
herr_t list_link(hid_t root, const char* name, const H5L_info_t* info, void* data) {
  H5O_info_t there{};
  if (info->type == H5L_TYPE_HARD || H5Oget_info_by_name(root, name, &there, H5P_DEFAULT) < 0)
    return 0;
  return list_one(root, name, &there, data);
}

Listed list_datasets(hid_t file) {
  Listed listed;
  H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, list_one, &listed);
  H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, list_link, &listed);
  std::sort(listed.reals.begin(), listed.reals.end());
  std::sort(listed.others.begin(), listed.others.end());
  return listed;
}

std::string list_text(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())));
  return shown(fmt::format("{}{}", fmt::join(first, ", "),
                           names.size() > most ? fmt::format(" and {} more", names.size() - most) : ""),
               600);
}

const char* class_name(H5T_class_t type) {
  switch (type) {
  case H5T_INTEGER:
    return "integers";
  case H5T_STRING:
    return "text";
  case H5T_COMPOUND:
    return "records (complex numbers are stored so)";
  default:
    return "values of another type";
  }
}

/// Numbers of an attribute; nothing where there is none.
std::vector<double> numbers_of(hid_t object, const char* name) {
  if (object < 0 || H5Aexists(object, name) <= 0)
    return {};
  const Id attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Id type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || count < 1)
    return {};
  std::vector<double> values(static_cast<std::size_t>(count));
  return H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()) < 0 ? std::vector<double>{} : values;
}

/// Texts of an attribute of one length for all, or of any length.
std::vector<std::string> texts_of(hid_t object, const char* name) {
  if (object < 0 || H5Aexists(object, name) <= 0)
    return {};
  const Id attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Id type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (H5Tget_class(type) != H5T_STRING || count < 1)
    return {};
  std::vector<std::string> result;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> texts(static_cast<std::size_t>(count), nullptr);
    const Id memory(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    if (H5Aread(attribute, memory, texts.data()) < 0)
      return {};
    for (const char* text : texts)
      result.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(memory, space, H5P_DEFAULT, texts.data());
    return result;
  }
  const std::size_t size = H5Tget_size(type);
  std::string bytes(size * static_cast<std::size_t>(count), '\0');
  if (H5Aread(attribute, type, bytes.data()) < 0)
    return {};
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    result.emplace_back(bytes.substr(i * size, size).c_str());
  return result;
}

/// Name and spacing of the coordinate laid along an axis; spacing NaN where it is not even, 0 where it has one point.
struct AxisCoordinate {
  std::string name;
  double spacing = 0;
};

herr_t look_at_scale(hid_t, unsigned, hid_t scale, void* data) {
  auto& found = *static_cast<AxisCoordinate*>(data);
  char name[256] = {};
  if (H5Iget_name(scale, name, sizeof name) > 0)
    found.name = std::strrchr(name, '/') != nullptr ? std::strrchr(name, '/') + 1 : name;
  const Id type(H5Dget_type(scale), H5Tclose), space(H5Dget_space(scale), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || count < 2 || count > (1 << 24))
    return 1;
  std::vector<double> x(static_cast<std::size_t>(count));
  if (H5Dread(scale, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x.data()) < 0)
    return 1;
  const double mean = (x.back() - x.front()) / static_cast<double>(count - 1);
  const double digits = H5Tget_size(type) == 4 ? 1.2e-7 : 2.3e-16; // coordinates are often single precision
  const double even = 1e-4 * std::fabs(mean) + digits * std::max(std::fabs(x.front()), std::fabs(x.back()));
  bool good = std::isfinite(mean) && mean != 0;
  for (std::size_t i = 1; good && i < x.size(); ++i)
    good = std::isfinite(x[i]) && std::fabs(x[i] - x[i - 1] - mean) <= even;
  found.spacing = good ? std::fabs(mean) : std::nan("");
  return 1;
}

class Hdf5Array final : public ArrayFile {
public:
  explicit Hdf5Array(const ArrayWish& wish)
      : file_(open_file(wish.path)), name_(shown(wish.path.string(), 400)), dataset_(open_dataset(wish.dataset)) {
    const Id type(H5Dget_type(dataset_), H5Tclose), space(H5Dget_space(dataset_), H5Sclose);
    const H5T_class_t kind = H5Tget_class(type);
    const std::string where = fmt::format("{}: dataset {}", name_, shown(wish.dataset));
    if (kind != H5T_FLOAT && !is_packed(type, dataset_) && !(wish.any_numbers && kind == H5T_INTEGER))
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: holds {}; {}", where, class_name(kind),
                              wish.any_numbers ? "allowed: real numbers" : "a field is floating-point numbers"));
    if (const auto filter = filter_not_there(dataset_); !filter.empty())
      throw Error(ExitCode::bad_input,
                  where + ": compressed by " + shown(filter) + ", which HDF5 lacks here; use gzip");
    header_.type = is_packed(type, dataset_) ? "packed integers"
                   : kind != H5T_FLOAT       ? "integers"
                   : H5Tget_size(type) == 4  ? "float32"
                   : H5Tget_size(type) == 8  ? "float64"
                                             : "floating point";
    header_.dataset = wish.dataset;
    const int rank = H5Sget_simple_extent_ndims(space);
    std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(rank, 0)));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    header_.shape.assign(shape.begin(), shape.end());
    for (const char* name : {"_FillValue", "missing_value"})
      if (const auto fill = numbers_of(dataset_, name); !fill.empty() && !header_.fill)
        header_.fill = fill.front();
    look_at_packing();
    look_at_scales();
    look_at_group(wish.dataset);
  }

  void read(const ArraySelection& selection, const Visit& visit) const override {
    const std::size_t rank = header_.shape.size();
    const Id file_space(H5Dget_space(dataset_), H5Sclose);
    // Rows of the slowest axes one by one, as many of the last ones at a time as are few enough values.
    std::size_t whole = rank;
    Index inner = 1;
    while (whole > 0 && inner * selection.count[whole - 1] <= values_at_a_time)
      inner *= selection.count[--whole];
    const std::size_t cut = whole > 0 ? whole - 1 : 0; // this axis is taken in pieces, those before it one by one
    const Index rows = whole > 0 ? std::max<Index>(values_at_a_time / inner, 1) : selection.count[0];
    std::vector<Index> at(rank, 0);
    std::vector<double> values;
    Index done = 0;
    for (bool more = selection.size() > 0; more;) {
      std::vector<hsize_t> start(rank), step(rank), count(rank);
      hsize_t total = 1;
      for (std::size_t a = 0; a < rank; ++a) {
        start[a] = static_cast<hsize_t>(selection.begin[a] + at[a] * selection.step[a]);
        step[a] = static_cast<hsize_t>(selection.step[a]);
        const Index taken = a < cut ? 1 : a == cut ? std::min(rows, selection.count[a] - at[a]) : selection.count[a];
        count[a] = static_cast<hsize_t>(taken);
        total *= count[a];
      }
      values.resize(total);
      const Id memory(H5Screate_simple(1, &total, nullptr), H5Sclose);
      if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), step.data(), count.data(), nullptr) < 0 ||
          H5Dread(dataset_, H5T_NATIVE_DOUBLE, memory, file_space, H5P_DEFAULT, values.data()) < 0)
        throw Error(ExitCode::io_failure,
                    fmt::format("{}: dataset {} cannot be read: {}", name_, shown(header_.dataset), hdf5_reason()));
      unpack(values);
      visit(done, values);
      done += static_cast<Index>(total);
      at[cut] += static_cast<Index>(count[cut]);
      more = at[cut] < selection.count[cut];
      for (std::size_t a = cut; !more && a-- > 0;) {
        at[a + 1] = 0;
        more = ++at[a] < selection.count[a];
      }
    }
  }
  double bytes_held() const override { return 1 << 23; }

private:
  Id open_dataset(const std::string& dataset) const {
    H5O_info_t info{};
    const bool there = H5LTpath_valid(file_, dataset.c_str(), 1) > 0;
    if (there && H5Oget_info_by_name(file_, dataset.c_str(), &info, H5P_DEFAULT) >= 0 &&
        info.type == H5O_TYPE_DATASET) {
      Id id(H5Dopen2(file_, dataset.c_str(), H5P_DEFAULT), H5Dclose);
      if (id >= 0)
        return id;
    }
    if (!there && H5Lexists(file_, dataset.c_str(), H5P_DEFAULT) > 0)
      throw Error(ExitCode::bad_input,
                  fmt::format("{}: '{}' is a link to a dataset that is not there; bring the file it points to", name_,
                              shown(dataset)));
    Listed listed = list_datasets(file_);
    listed.reals.insert(listed.reals.end(), listed.others.begin(), listed.others.end());
    throw Error(ExitCode::bad_input,
                fmt::format("{}: {} '{}'; there are: {}", name_, there ? "no dataset but a group is" : "no dataset",
                            shown(dataset), listed.reals.empty() ? "none" : list_text(listed.reals)));
  }

  void look_at_packing() {
    for (const auto& [name, number] : {std::pair{"scale_factor", &factor_}, std::pair{"add_offset", &offset_}})
      if (const auto value = numbers_of(dataset_, name); value.size() == 1 && std::isfinite(value.front())) {
        *number = value.front();
        packed_ = true;
      }
    if (packed_)
      std::swap(packed_fill_, header_.fill); // it is said of the numbers in the file
  }

  void unpack(std::vector<double>& values) const {
    if (!packed_)
      return;
    for (double& v : values)
      v = packed_fill_ && v == *packed_fill_ ? std::nan("") : offset_ + factor_ * v;
  }

  void look_at_scales() {
    const std::size_t rank = header_.shape.size();
    std::vector<double> spacing(rank, 0);
    for (std::size_t a = 0; a < rank; ++a) {
      AxisCoordinate found;
      if (H5DSget_num_scales(dataset_, static_cast<unsigned>(a)) > 0)
        H5DSiterate_scales(dataset_, static_cast<unsigned>(a), nullptr, look_at_scale, &found);
      header_.axes.push_back(found.name);
      spacing[a] = found.spacing;
    }
    if (std::any_of(spacing.begin(), spacing.end(), [](double s) { return s != 0; }))
      header_.spacing = spacing;
    if (std::all_of(header_.axes.begin(), header_.axes.end(), [](const std::string& s) { return s.empty(); }))
      header_.axes.clear();
  }

  /// Attributes of the group it lies in, and its own.
  void look_at_group(const std::string& dataset) {
    const std::size_t slash = dataset.rfind('/');
    const std::string parent = slash == std::string::npos || slash == 0 ? "/" : dataset.substr(0, slash);
    const Id group(H5Oopen(file_, parent.c_str(), H5P_DEFAULT), H5Oclose),
        root(H5Oopen(file_, "/", H5P_DEFAULT), H5Oclose);
    const std::size_t rank = header_.shape.size();
    const auto boundary = texts_of(group, "boundary"); // of own files
    if (const auto spacing = numbers_of(group, "spacing"); spacing.size() == rank && boundary.size() == rank) {
      header_.spacing = spacing;
      if (const auto length = numbers_of(group, "length"); length.size() == rank)
        header_.length = length;
      for (const std::string& word : boundary)
        header_.periodic.push_back(word == "periodic");
      if (const auto time = numbers_of(group, "time"); !time.empty())
        header_.time = time.front();
    }
    for (const hid_t place : {static_cast<hid_t>(dataset_), static_cast<hid_t>(group)}) // openPMD: scalar, vector
      if (const auto spacing = numbers_of(place, "gridSpacing"); spacing.size() == rank && header_.spacing.empty()) {
        header_.spacing = spacing;
        header_.axes = texts_of(place, "axisLabels");
      }
  }

  Id file_;
  std::string name_;
  Id dataset_;
  bool packed_ = false;
  double factor_ = 1, offset_ = 0;
  std::optional<double> packed_fill_;
};

} // namespace

bool are_components(const std::vector<std::string>& names) {
  if (names.size() < 2 || names.size() > 3)
    return false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].empty() || names[i].substr(0, names[i].size() - 1) != names[0].substr(0, names[0].size() - 1) ||
        names[i].back() != static_cast<char>(names[0].back() + static_cast<int>(i)))
      return false;
  return true;
}

std::unique_ptr<ArrayFile> open_hdf5(const ArrayWish& wish) {
  return std::make_unique<Hdf5Array>(wish);
}

std::vector<std::string> all_hdf5_datasets(const std::filesystem::path& path) {
  const Id file = open_file(path);
  Listed listed = list_datasets(file);
  listed.reals.insert(listed.reals.end(), listed.others.begin(), listed.others.end());
  return listed.reals;
}

std::vector<std::string> hdf5_datasets(const std::filesystem::path& path) {
  const Id file = open_file(path);
  const Listed listed = list_datasets(file);
  const std::string name = shown(path.string(), 400);
  if (listed.reals.size() == 1 || are_components(listed.reals))
    return listed.reals;
  if (listed.reals.empty())
    throw Error(ExitCode::bad_input,
                fmt::format("{}: no dataset of floating-point numbers{}", name,
                            listed.others.empty() ? "" : "; there are: " + list_text(listed.others)));
  throw Error(ExitCode::bad_input, fmt::format("{}: {} datasets; name one (or one a component) as field.dataset: {}",
                                               name, listed.reals.size(), list_text(listed.reals)));
}

} // namespace cascade::core
