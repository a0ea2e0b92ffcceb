// What Hdf5File writes is read back through HDF5 itself; a failed call ends the process with code 4 and leaves no file.
#include "core/files/hdf5_file.hpp"
#include "core/files/safe_file.hpp"
#include "core/talk/errors.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <hdf5.h>
#include <sys/wait.h>

#include <array>

using namespace cascade;
using core::Communicator;
using core::Hdf5File;

namespace {

std::string text_attribute(hid_t file, const char* object, const char* name) {
  const hid_t attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  std::string text(H5Tget_size(type), '\0');
  H5Aread(attribute, type, text.data());
  H5Tclose(type);
  H5Aclose(attribute);
  return text;
}

template <class T>
T number_attribute(hid_t file, const char* object, const char* name, hid_t type) {
  T value{};
  const hid_t attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  H5Aread(attribute, type, &value);
  H5Aclose(attribute);
  return value;
}

} // namespace

TEST_CASE("The image of a file in memory is a complete HDF5 file") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const std::string long_text(200'000, 'q'); // longer than an attribute can be
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  {
    Hdf5File file = Hdf5File::in_memory();
    file.group("/a/b");
    file.group("/a/b"); // again: nothing happens
    file.dataset("/a/b/table", values, {2, 3});
    file.dataset("/c/none", std::vector<double>());
    file.attribute("/a/b/table", "unit", "field^2");
    file.attribute("/", "empty", "");
    file.attribute("/", "long", long_text);
    file.attribute("/", "seed", std::uint64_t{18446744073709551615u});
    file.attribute("/", "ranks", std::int64_t{-3});
    file.attribute("/", "hurst", 0.25);
    file.attribute("/", "axes", std::vector<std::string>{"y", "xx"});
    file.attribute("/", "none", std::vector<std::string>());
    const std::vector<char> bytes = file.image();
    core::write_text(scratch.path() / "a.h5", {bytes.data(), bytes.size()});
  }
  const hid_t file = H5Fopen((scratch.path() / "a.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t table = H5Dopen2(file, "/a/b/table", H5P_DEFAULT);
  std::vector<double> read(6);
  CHECK(H5Dread(table, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, read.data()) >= 0);
  CHECK(read == values);
  const hid_t space = H5Dget_space(table);
  std::array<hsize_t, 2> shape{};
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  CHECK(shape == std::array<hsize_t, 2>{2, 3});
  H5Sclose(space);
  H5Dclose(table);
  CHECK(text_attribute(file, "/a/b/table", "unit") == "field^2");
  CHECK(text_attribute(file, "/", "long") == "see dataset /long_text");
  CHECK(text_attribute(file, "/", "axes").substr(0, 1) == "y");
  CHECK(number_attribute<std::uint64_t>(file, "/", "seed", H5T_NATIVE_UINT64) == 18446744073709551615u);
  CHECK(number_attribute<std::int64_t>(file, "/", "ranks", H5T_NATIVE_INT64) == -3);
  CHECK(number_attribute<double>(file, "/", "hurst", H5T_NATIVE_DOUBLE) == 0.25);
  const hid_t text = H5Dopen2(file, "/long_text", H5P_DEFAULT);
  CHECK(H5Dget_storage_size(text) == long_text.size());
  H5Dclose(text);
  H5Fclose(file);
}

TEST_CASE("A reserved dataset has its space in the file, at the offset that is told") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const auto path = scratch.path() / "a.h5";
  Hdf5File head = Hdf5File::in_memory();
  const std::vector<char> image = head.image();
  core::write_text(path, {image.data(), image.size()});
  Hdf5File edited = Hdf5File::edit(path);
  const std::int64_t offset = edited.reserve_dataset("/field/u", Hdf5File::Type::real, {1000, 1000});
  edited.close();
  CHECK(offset % 4096 == 0); // large data start on a page
  CHECK(test::fs::file_size(path) >= static_cast<std::uintmax_t>(offset) + 8'000'000);
}

// Rank 0 fails while the others wait for it: what a job must survive. Run by the next case in a job of its own.
TEST_CASE("HDF5 fails on rank 0", "[.hdf5-failure]") {
  const auto world = Communicator::world();
  const char* directory = std::getenv("CASCADE_TEST_DIRECTORY");
  if (directory == nullptr)
    return;
  if (world.rank() == 0)
    const Hdf5File file = Hdf5File::edit(test::fs::path(directory) / "bad.h5"); // never comes back
  world.barrier();
}

TEST_CASE("A failed HDF5 call ends the whole job with code 4, says why once and removes the file") {
  const auto self = Communicator::self();
  const test::Scratch scratch(self);
  const int ranks = GENERATE(1, 3);
  core::write_text(scratch.path() / "bad.h5", "this is not an HDF5 file");
  const char* launcher = std::getenv("CASCADE_MPIRUN");
  const std::string said = (scratch.path() / "said.txt").string();
  // A clean environment: this process is an MPI job already.
  const std::string command =
      "env -i PATH=\"$PATH\" HOME=\"$HOME\" OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
      "OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none CASCADE_TEST_DIRECTORY=" +
      scratch.path().string() + " timeout 60 " + (launcher != nullptr ? launcher : "mpirun") + " -n " +
      std::to_string(ranks) + " " + test::fs::read_symlink("/proc/self/exe").string() + " \"[.hdf5-failure]\" >" +
      said + " 2>&1";
  const int status = std::system(command.c_str());
  const std::string text = test::read_all(said);
  INFO(text);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == static_cast<int>(core::ExitCode::io_failure));
  const std::string message = "H5Fopen failed: ";
  const auto first = text.find(message);
  CHECK(first != std::string::npos);
  CHECK(text.find(message, first + 1) == std::string::npos);
  CHECK_THAT(text, !Catch::Contains("HDF5-DIAG"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "bad.h5"));
}
