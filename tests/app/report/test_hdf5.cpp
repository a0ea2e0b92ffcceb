// results.h5 holds every curve of the report, bit for bit.
#include "app/report/hdf5.hpp"
#include "core/files/safe_file.hpp"
#include "support/fp_traps.hpp"
#include "tests/app/sample_report.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>
#include <hdf5.h>
#include <hdf5_hl.h>

using namespace cascade;

namespace {

std::vector<double> read(hid_t file, const std::string& name) {
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  if (set < 0)
    return {};
  const hid_t space = H5Dget_space(set);
  std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Sclose(space);
  H5Dclose(set);
  return values;
}

/// The values of the only scale along an axis; empty where there is none, or more than one.
std::vector<double> scale_along(hid_t file, const std::string& name, unsigned axis) {
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  std::string found;
  if (set >= 0 && H5DSget_num_scales(set, axis) == 1)
    H5DSiterate_scales(
        set, axis, nullptr,
        [](hid_t, unsigned, hid_t scale, void* place) -> herr_t {
          char path[256] = {};
          H5Iget_name(scale, path, sizeof path);
          *static_cast<std::string*>(place) = path;
          return 0;
        },
        &found);
  if (set >= 0)
    H5Dclose(set);
  return found.empty() ? std::vector<double>() : read(file, found);
}

} // namespace

TEST_CASE("Every curve and the slice are read back from results.h5") {
  const test::FpTrapsOff traps_off; // values that are not numbers on purpose
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  app::Report report = test::sample_report();
  report.results[0].result.curve.count.clear();       // a curve without counts
  report.results[1].result.curve = analysis::Curve(); // and a result without a curve
  report.results[1].result.measured.interval95.clear();
  app::Slice slice;
  slice.rows = 2;
  slice.columns = 3;
  slice.values = {1, 2, 3, 4, 5, 6};
  slice.stride = 2;
  slice.spacing = 0.25;
  slice.row_spacing = 0.5;
  const std::vector<char> bytes = app::results_image(report, slice);
  core::write_text(scratch.path() / "r.h5", {bytes.data(), bytes.size()});

  const hid_t file = H5Fopen((scratch.path() / "r.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  for (const app::Judged& j : report.results) {
    const analysis::Result& r = j.result;
    const std::string group = "/results/" + r.id;
    CHECK(read(file, group + "/x") == r.curve.x);
    CHECK(read(file, group + "/y") == r.curve.y);
    CHECK(read(file, group + "/standard_error") == r.curve.standard_error);
    CHECK(read(file, group + "/local_slope") == r.curve.local_slope);
    CHECK(read(file, group + "/count") == r.curve.count);
    CHECK(H5Aexists_by_name(file, group.c_str(), "loss_power", H5P_DEFAULT) > 0);
    for (const char* column : {"/y", "/standard_error", "/local_slope"})
      CHECK(scale_along(file, group + column, 0) == r.curve.x);
    CHECK(scale_along(file, group + "/count", 0) == (r.curve.count.empty() ? std::vector<double>() : r.curve.x));
  }
  CHECK(read(file, "/field/slice") == slice.values);
  CHECK(scale_along(file, "/field/slice", 0) == std::vector<double>{0.125, 0.625}); // every second cell of 1/4
  CHECK(scale_along(file, "/field/slice", 1) == std::vector<double>{0.0625, 0.3125, 0.5625});
  for (const char* name : {"config", "seed", "version", "git", "verdict"})
    CHECK(H5Aexists_by_name(file, "/", name, H5P_DEFAULT) > 0);
  H5Fclose(file);
}

TEST_CASE("Labels and axes of a quantity that nobody knows are in results.h5 under their own names") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  analysis::Result r;
  r.id = "grid/asymmetry/odd";
  r.stage = r.quantity = "asymmetry";
  r.labels = {{"kind", "odd"}, {"lag", std::int64_t{3}}};
  r.curve.x_axis = {"time", "turnover", analysis::Scale::linear};
  r.curve.y_axis = {"asymmetry", "1"};
  r.curve.x = {-1, 0, 1};
  r.curve.y = {0.5, 1, 2};
  app::Report report;
  report.results.push_back(app::unjudged(r));
  const std::vector<char> bytes = app::results_image(report, std::nullopt);
  core::write_text(scratch.path() / "r.h5", {bytes.data(), bytes.size()});
  const hid_t file = H5Fopen((scratch.path() / "r.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const std::string group = "/results/" + r.id;
  const auto has = [&](const std::string& place, const char* name) {
    return H5Aexists_by_name(file, place.c_str(), name, H5P_DEFAULT) > 0;
  };
  CHECK(has(group, "kind"));
  CHECK(has(group, "lag"));
  CHECK_FALSE(has(group, "partition"));
  CHECK(has(group + "/x", "drawn"));
  CHECK_FALSE(has(group + "/y", "drawn"));
  H5Fclose(file);
}
