#include "core/files/field_file.hpp"

#include "core/files/hdf5_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <span>
#include <string_view>

namespace cascade::core {

namespace {

namespace fs = std::filesystem;

/// Where the parts of one component lie in the file, in bytes.
struct Place {
  std::int64_t values = 0;
  std::int64_t checksums = 0;
};

/// A descriptor of the unfinished file for one rank's part.
class Part {
public:
  explicit Part(const fs::path& path) : path_(path), descriptor_(::open(path.c_str(), O_WRONLY | O_CLOEXEC)) {
    if (descriptor_ < 0)
      throw_system_error("open", path, errno);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { ::close(descriptor_); }
  void write(std::span<const double> values, std::int64_t offset) {
    write_fully(descriptor_, {reinterpret_cast<const char*>(values.data()), values.size_bytes()}, offset, path_);
  }
  void sync() { sync_file(descriptor_, path_); }

private:
  fs::path path_;
  int descriptor_;
};

/// of(axis) for the axes that are there, slowest first.
template <class T, class Of>
std::vector<T> by_axis(const Domain& domain, Of of) {
  std::vector<T> result;
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    result.push_back(of(axis));
  return result;
}

/// Planes of the first axis; a line is its own only plane.
Index plane_count(const Domain& domain) {
  return domain.dimensions() == 1 ? 1 : domain.points(domain.first_axis());
}

std::string component_name(const FieldInfo& info, int component, int components) {
  return components == 1 ? info.name : info.name + std::to_string(component);
}

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Calls visit(values, global row-major index of their first) for every run of this rank's values contiguous in the
/// file.
template <class Visit>
void for_each_run(const RealField& field, int component, Visit&& visit) {
  const Box& box = field.box();
  const Index3 shape = field.domain().shape();
  const std::span<const double> values = field.component(component);
  if (box.empty())
    return;
  const bool whole_planes = box.extent(1) == shape[1];
  const Index runs = whole_planes ? 1 : box.extent(0);
  const auto length = static_cast<std::size_t>(box.size() / runs);
  for (Index i = 0; i < runs; ++i)
    visit(values.subspan(static_cast<std::size_t>(i) * length, length),
          ((box.begin[0] + i) * shape[1] + box.begin[1]) * shape[2] + box.begin[2]);
}

/// Checksums of all planes of one component, equal on all ranks. Collective.
std::vector<std::uint64_t> plane_checksums(const RealField& field, int component, const Communicator& communicator) {
  const Domain& domain = field.domain();
  const Index planes = plane_count(domain);
  const Index size = domain.total_points() / planes;
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(planes), 0);
  for_each_run(field, component, [&](std::span<const double> values, Index first) {
    Index plane = first / size, k = first % size;
    for (const double value : values) {
      sums[static_cast<std::size_t>(plane)] +=
          mix(std::bit_cast<std::uint64_t>(value) + (static_cast<std::uint64_t>(k) + 1) * 0x9E3779B97F4A7C15u);
      if (++k == size) {
        k = 0;
        ++plane;
      }
    }
  });
  // Sums mod 2^64 over ranks from sums of signed 64-bit integers that cannot overflow: halves of 32 bits.
  std::vector<std::int64_t> halves;
  for (const std::uint64_t sum : sums) {
    halves.push_back(static_cast<std::int64_t>(sum >> 32));
    halves.push_back(static_cast<std::int64_t>(sum & 0xFFFFFFFFu));
  }
  communicator.sum(std::span<std::int64_t>(halves));
  for (std::size_t p = 0; p < sums.size(); ++p)
    sums[p] = (static_cast<std::uint64_t>(halves[2 * p]) << 32) + static_cast<std::uint64_t>(halves[2 * p + 1]);
  return sums;
}

void describe(Hdf5File& file, const Domain& domain, const FieldInfo& info) {
  file.group("/field");
  file.attribute("/", "format", std::string("cascade-field/2"));
  file.attribute("/", "generator", info.generator);
  file.attribute("/", "theory", info.theory);
  file.attribute("/", "seed", info.seed);
  file.attribute("/", "version", info.version);
  file.attribute("/", "config", info.config);
  if (info.time)
    file.attribute("/", "time", *info.time);
  const auto lengths = by_axis<double>(domain, [&](int axis) { return domain.length(axis); });
  const auto spacings = by_axis<double>(domain, [&](int axis) { return domain.spacing(axis); });
  file.attribute("/field", "axes", by_axis<std::string>(domain, Domain::axis_name));
  file.attribute("/field", "axis_unit", info.length_unit);
  file.attribute("/field", "length", std::span<const double>(lengths));
  file.attribute("/field", "spacing", std::span<const double>(spacings));
  file.attribute("/field", "position", std::string("cell centre: x_i = (i + 1/2) * spacing"));
  file.attribute("/field", "boundary",
                 by_axis<std::string>(domain, [&](int axis) { return domain.periodic(axis) ? "periodic" : "open"; }));
}

/// Rank 0: the HDF5 file without its data. HDF5 edits it inside blocks that are already reserved on the disk.
std::vector<Place> make_skeleton(TemporaryFile& target, const RealField& field, const FieldInfo& info) {
  Hdf5File head = Hdf5File::in_memory();
  describe(head, field.domain(), info);
  const std::vector<char> image = head.image();
  head.close();
  target.reserve(field_file_bytes(field.domain(), field.components()) + static_cast<std::int64_t>(image.size()));
  target.write({image.data(), image.size()});

  const Domain& domain = field.domain();
  const auto shape = by_axis<std::int64_t>(domain, [&](int axis) { return domain.points(axis); });
  std::vector<Place> places;
  Hdf5File file = Hdf5File::edit(target.path());
  for (int c = 0; c < field.components(); ++c) {
    const std::string name = component_name(info, c, field.components());
    Place place;
    place.values = file.reserve_dataset("/field/" + name, Hdf5File::Type::real, shape);
    place.checksums =
        file.reserve_dataset("/checksum/" + name, Hdf5File::Type::unsigned_integer, {plane_count(domain)});
    file.attribute("/field/" + name, "unit", info.unit);
    file.attribute("/checksum/" + name, "method",
                   std::string("sum over the plane of splitmix64_finaliser(bits(value_k) + (k+1)*0x9E3779B97F4A7C15)"));
    places.push_back(place);
  }
  file.close();
  return places;
}

/// "n m l" for the three axes of the mesh: of(axis), or `absent` where the field has no such axis.
template <class Of>
std::string three(const Domain& domain, const std::string& absent, Of of) {
  std::string text;
  for (int axis = 0; axis < 3; ++axis)
    text += (axis > 0 ? " " : "") + (axis < domain.first_axis() ? absent : fmt::format("{}", of(axis)));
  return text;
}

std::string cells(const Domain& domain) {
  return three(domain, "1", [&](int axis) { return domain.points(axis); });
}

std::string heavy_data(const Domain& domain, const std::string& name, const std::string& indent) {
  return fmt::format("{}<DataItem Format=\"HDF\" NumberType=\"Float\" Precision=\"8\" "
                     "Dimensions=\"{}\">{}:/field/{}</DataItem>\n",
                     indent, cells(domain), field_data_name, name);
}

/// A vector's arrow for ParaView, (x, y, z) = (last, middle, first array axis). Three components only.
std::string joined_vector(const Domain& domain, const FieldInfo& info) {
  std::string text = fmt::format("      <Attribute Name=\"{}\" AttributeType=\"Vector\" Center=\"Cell\">\n"
                                 "        <DataItem ItemType=\"Function\" Function=\"JOIN($0 , $1 , $2)\" "
                                 "Dimensions=\"{} 3\">\n",
                                 info.name, cells(domain));
  for (int c = 2; c >= 0; --c)
    text += heavy_data(domain, component_name(info, c, 3), "          ");
  return text + "        </DataItem>\n      </Attribute>\n";
}

/// Uniform mesh with values in its cells. Fields of one or two dimensions are one cell thick: ParaView draws flat
/// meshes in the wrong plane or not at all.
std::string sidecar(const RealField& field, const FieldInfo& info) {
  const Domain& domain = field.domain();
  const std::string mesh = three(domain, "2", [&](int axis) { return domain.points(axis) + 1; });
  const std::string thickness = fmt::format("{:.17g}", domain.spacing(2));
  const std::string spacing =
      three(domain, thickness, [&](int axis) { return fmt::format("{:.17g}", domain.spacing(axis)); });
  const std::string number = "        <DataItem Format=\"XML\" NumberType=\"Float\" Precision=\"8\" Dimensions=\"3\">";
  std::string text = fmt::format(
      "<?xml version=\"1.0\" ?>\n<!-- Open with ParaView (Xdmf reader) or VisIt; the data are in {} -->\n"
      "<Xdmf Version=\"2.0\">\n  <Domain>\n    <Grid Name=\"{}\" GridType=\"Uniform\">\n"
      "      <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"{}\"/>\n"
      "      <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n{}0 0 0</DataItem>\n{}{}</DataItem>\n      </Geometry>\n",
      field_data_name, info.name, mesh, number, number, spacing);
  for (int c = 0; c < field.components(); ++c) {
    const std::string name = component_name(info, c, field.components());
    text += fmt::format("      <Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Cell\">\n{}"
                        "      </Attribute>\n",
                        name, heavy_data(domain, name, "        "));
  }
  if (field.components() == 3)
    text += joined_vector(domain, info);
  return text + "    </Grid>\n  </Domain>\n</Xdmf>\n";
}

} // namespace

std::int64_t field_file_bytes(const Domain& domain, int components) {
  constexpr std::int64_t per_component = 64 << 10, fixed = 256 << 10; // headers, alignment, the sidecar
  return components * (8 * (domain.total_points() + plane_count(domain)) + per_component) + fixed;
}

std::vector<TemporaryFile> stage_field(const RealField& field, const Communicator& communicator, const fs::path& dir,
                                       const FieldInfo& info) {
  const bool root = communicator.rank() == 0;
  const auto components = static_cast<std::size_t>(field.components());
  std::vector<TemporaryFile> files;
  std::vector<Place> places(components);
  communicator.agree([&] {
    if (!root)
      return;
    files.emplace_back(dir / field_data_name);
    places = make_skeleton(files.front(), field, info);
  });
  communicator.broadcast(std::as_writable_bytes(std::span<Place>(places)), 0);

  communicator.agree([&] {
    if (field.box().empty())
      return;
    Part part(TemporaryFile::partial_name(dir / field_data_name));
    for (int c = 0; c < field.components(); ++c)
      for_each_run(field, c, [&](std::span<const double> values, Index first) {
        part.write(values, places[static_cast<std::size_t>(c)].values + first * 8);
      });
    part.sync();
  });

  std::vector<std::vector<std::uint64_t>> checksums;
  for (int c = 0; c < field.components(); ++c)
    checksums.push_back(plane_checksums(field, c, communicator));
  communicator.agree([&] {
    if (!root)
      return;
    for (std::size_t c = 0; c < components; ++c)
      files.front().write({reinterpret_cast<const char*>(checksums[c].data()), checksums[c].size() * 8},
                          places[c].checksums);
    files.front().sync();
    files.emplace_back(dir / field_sidecar_name);
    files.back().write(sidecar(field, info));
    files.back().sync();
  });
  return files;
}

void write_field(const RealField& field, const Communicator& communicator, const fs::path& dir, const FieldInfo& info) {
  std::vector<TemporaryFile> files = stage_field(field, communicator, dir, info);
  communicator.agree([&] {
    for (TemporaryFile& file : files)
      file.publish();
  });
}

} // namespace cascade::core
