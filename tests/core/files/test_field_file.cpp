// The field on disk is the field in memory, wherever its parts were: read back through plain HDF5 and compared with the
// function it was filled from, at any rank count and process grid; whole or nothing on a full disk.
#include "core/files/field_file.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <hdf5.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

using namespace cascade;
using core::Communicator;
using core::Decomposition;
using core::Domain;
using core::Index;
using core::RealField;

namespace {

double value_at(int component, Index global) {
  return std::sin(0.37 * static_cast<double>(global) + component) + 1e-3 * static_cast<double>(global);
}

RealField filled(const Decomposition& decomposition, int rank, int components) {
  RealField field(decomposition, rank, components);
  const core::Box& box = field.box();
  const core::Index3 shape = field.domain().shape();
  for (int c = 0; c < components; ++c)
    for (Index i = 0; i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j) {
        const auto line = field.line(c, i, j);
        for (Index k = 0; k < box.extent(2); ++k)
          line[static_cast<std::size_t>(k)] =
              value_at(c, ((box.begin[0] + i) * shape[1] + box.begin[1] + j) * shape[2] + box.begin[2] + k);
      }
  return field;
}

template <class T>
std::vector<T> read(const test::fs::path& path, const std::string& name, hid_t type) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(set);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    values.clear();
  H5Sclose(space);
  H5Dclose(set);
  H5Fclose(file);
  return values;
}

std::vector<hsize_t> shape_of(const test::fs::path& path, const std::string& name) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(set);
  std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  H5Sclose(space);
  H5Dclose(set);
  H5Fclose(file);
  return shape;
}

/// The elements of an attribute as bytes, `size` each.
std::vector<char> attribute(const test::fs::path& path, const char* object, const char* name, hid_t wanted,
                            std::size_t& size) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t owner = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t space = H5Aget_space(owner), own = H5Aget_type(owner);
  const hid_t type = wanted < 0 ? own : wanted;
  size = H5Tget_size(type);
  std::vector<char> bytes(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)) * size);
  if (H5Aread(owner, type, bytes.data()) < 0)
    bytes.clear();
  H5Tclose(own);
  H5Sclose(space);
  H5Aclose(owner);
  H5Fclose(file);
  return bytes;
}

std::vector<double> numbers(const test::fs::path& path, const char* object, const char* name) {
  std::size_t size = 0;
  const std::vector<char> bytes = attribute(path, object, name, H5T_NATIVE_DOUBLE, size);
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::vector<std::string> words(const test::fs::path& path, const char* object, const char* name) {
  std::size_t size = 0;
  const std::vector<char> bytes = attribute(path, object, name, -1, size);
  std::vector<std::string> result;
  for (std::size_t at = 0; at < bytes.size(); at += size) { // padded with zeros
    const std::string padded(bytes.data() + at, size);
    result.push_back(padded.substr(0, padded.find('\0')));
  }
  return result;
}

/// The definition in field_file.hpp, once more and in one loop.
std::uint64_t checksum(const std::vector<double>& values, std::size_t first, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint64_t x = std::bit_cast<std::uint64_t>(values[first + k]) + (k + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    sum += x ^ (x >> 31);
  }
  return sum;
}

/// Wrong values and wrong checksums of a written file, counted on rank 0 and told to all.
std::int64_t mistakes(const test::fs::path& directory, const Domain& domain, int components,
                      const Communicator& communicator) {
  std::array<std::int64_t, 1> wrong{0};
  if (communicator.rank() == 0)
    for (int c = 0; c < components; ++c) {
      const std::string name = components == 1 ? "u" : "u" + std::to_string(c);
      const auto values = read<double>(directory / "field.h5", "/field/" + name, H5T_NATIVE_DOUBLE);
      const auto sums = read<std::uint64_t>(directory / "field.h5", "/checksum/" + name, H5T_NATIVE_UINT64);
      wrong[0] += static_cast<Index>(values.size()) != domain.total_points();
      for (std::size_t i = 0; i < values.size(); ++i)
        wrong[0] += values[i] != value_at(c, static_cast<Index>(i));
      const std::size_t plane = values.size() / sums.size();
      wrong[0] +=
          static_cast<Index>(sums.size()) != (domain.dimensions() == 1 ? 1 : domain.points(domain.first_axis()));
      for (std::size_t p = 0; p < sums.size(); ++p)
        wrong[0] += sums[p] != checksum(values, p * plane, plane);
    }
  communicator.max(wrong);
  return wrong[0];
}

} // namespace

TEST_CASE("A field is read back as it was, with its checksums", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const int dimensions = GENERATE(1, 2, 3);
  const int components = GENERATE(1, 3);
  const bool pencils = GENERATE(false, true); // all ranks in one row: lines of one plane are spread over them
  const Domain domain(dimensions, dimensions == 3 ? 7 : 12);
  const Decomposition decomposition =
      pencils ? Decomposition(domain, 1, world.size()) : Decomposition(domain, world.size());
  const RealField field = filled(decomposition, world.rank(), components);
  core::FieldInfo info;
  info.generator = "test";
  info.config = std::string(100'000, 'c'); // longer than an HDF5 attribute may be
  core::write_field(field, world, scratch.path(), info);
  CHECK(mistakes(scratch.path(), domain, components, world) == 0);
  CHECK(test::names_in(scratch.path(), world) == std::vector<std::string>{"field.h5", "field.xmf"});
  CHECK(static_cast<std::int64_t>(test::fs::file_size(scratch.path() / "field.h5")) <
        core::field_file_bytes(domain, components) + 200'000);
}

TEST_CASE("More ranks than planes leaves nothing out", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const Domain domain(3, 2); // empty boxes at 5 ranks in one row
  const Decomposition decomposition(domain, world.size(), 1);
  core::write_field(filled(decomposition, world.rank(), 1), world, scratch.path(), {});
  CHECK(mistakes(scratch.path(), domain, 1, world) == 0);
}

TEST_CASE("A box of any shape is read back with its points, lengths and boundaries", "[mpi]") {
  const auto world = Communicator::world();
  const core::Axes axes = GENERATE(core::Axes{{24, 2.0}, {20, 1.0, false}, {18, 0.5}}, core::Axes{{31}, {29, 0.1}},
                                   core::Axes{{17, 3.0, false}}, core::Axes{{2}, {3}, {5}});
  const test::Scratch scratch(world);
  const Domain domain(axes);
  core::FieldInfo info;
  info.time = 0.75;
  info.length_unit = "m";
  core::write_field(filled(Decomposition(domain, world.size()), world.rank(), 2), world, scratch.path(), info);
  CHECK(mistakes(scratch.path(), domain, 2, world) == 0);
  if (world.rank() != 0)
    return;
  const auto file = scratch.path() / "field.h5";
  std::vector<double> lengths, spacings;
  std::vector<std::string> boundaries;
  std::vector<hsize_t> points;
  for (const core::GridAxis& axis : axes) {
    lengths.push_back(axis.length);
    spacings.push_back(axis.length / static_cast<double>(axis.points));
    boundaries.push_back(axis.periodic ? "periodic" : "open");
    points.push_back(static_cast<hsize_t>(axis.points));
  }
  CHECK(shape_of(file, "/field/u1") == points);
  CHECK(numbers(file, "/field", "length") == lengths);
  CHECK(numbers(file, "/field", "spacing") == spacings);
  CHECK(numbers(file, "/", "time") == std::vector<double>{0.75});
  CHECK(words(file, "/field", "boundary") == boundaries);
  CHECK(words(file, "/field", "axis_unit") == std::vector<std::string>{"m"});
  const std::vector<std::string> names{"z", "y", "x"};
  CHECK(words(file, "/field", "axes") == std::vector<std::string>(names.end() - domain.dimensions(), names.end()));
}

TEST_CASE("The sidecar of an uneven box has its points and spacings by axis", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const Domain domain(core::Axes{{24, 3.0}, {16, 1.0}, {8, 0.5}}), plane(core::Axes{{16, 1.0}, {8, 2.0}});
  core::write_field(filled(Decomposition(domain, world.size()), world.rank(), 3), world, scratch.path(), {});
  CHECK_THAT(test::read_all(scratch.path() / "field.xmf", world),
             Catch::Contains("Dimensions=\"25 17 9\"") && Catch::Contains("0.125 0.0625 0.0625</DataItem>") &&
                 Catch::Contains("Dimensions=\"24 16 8\"") && Catch::Contains("Dimensions=\"24 16 8 3\""));
  core::write_field(filled(Decomposition(plane, world.size()), world.rank(), 1), world, scratch.path(), {});
  CHECK_THAT(test::read_all(scratch.path() / "field.xmf", world), Catch::Contains("Dimensions=\"2 17 9\"") &&
                                                                      Catch::Contains("0.25 0.0625 0.25</DataItem>") &&
                                                                      Catch::Contains("Dimensions=\"1 16 8\""));
}

TEST_CASE("The sidecar names the mesh and the data", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const Domain domain(3, 8);
  core::write_field(filled(Decomposition(domain, world.size()), world.rank(), 1), world, scratch.path(), {});
  const std::string text = test::read_all(scratch.path() / "field.xmf", world);
  CHECK_THAT(text, Catch::Contains("TopologyType=\"3DCoRectMesh\" Dimensions=\"9 9 9\"") &&
                       Catch::Contains("0.125 0.125 0.125") && Catch::Contains("Center=\"Cell\"") &&
                       Catch::Contains("Dimensions=\"8 8 8\"") && Catch::Contains("field.h5:/field/u"));
}

TEST_CASE("A disk too small for the field leaves nothing behind, and every rank knows", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const test::SmallDisk disk(scratch.path() / "disk", "1m", world);
  if (!disk.mounted()) {
    WARN("skipped: mounting a small disk is not allowed here");
    return;
  }
  const Domain domain(3, 64); // 2 MiB
  const RealField field = filled(Decomposition(domain, world.size()), world.rank(), 1);
  std::string said;
  auto code = core::ExitCode::complete;
  try {
    core::write_field(field, world, scratch.path() / "disk", {});
  } catch (const core::Error& error) {
    said = error.what();
    code = error.code();
  }
  CHECK(code == core::ExitCode::io_failure);
  CHECK_THAT(said, Catch::Contains("field.h5") && Catch::Contains("No space left on device") &&
                       Catch::Contains("bytes needed") && Catch::Contains("bytes free"));
  CHECK(test::names_in(scratch.path() / "disk", world).empty());
}

TEST_CASE("A rank that cannot write makes all ranks fail", "[mpi]") {
  const auto world = Communicator::world();
  const test::Scratch scratch(world);
  const Domain domain(3, 32);
  const RealField field = filled(Decomposition(domain, world.size()), world.rank(), 1);
  const int last = world.size() - 1;
  auto code = core::ExitCode::complete;
  try {
    std::optional<test::FileSizeLimit> limit;
    if (world.rank() == last)
      limit.emplace(100'000); // the file is 256 KiB and more: this rank's part lies beyond
    core::write_field(field, world, scratch.path(), {});
  } catch (const core::Error& error) {
    code = error.code();
  }
  CHECK(code == core::ExitCode::io_failure);
  CHECK(test::names_in(scratch.path(), world).empty());
}
