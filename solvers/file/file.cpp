#include "solvers/file/file.hpp"

#include "core/arrays/fingerprint.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cascade::solvers {
namespace {

using core::Index;

/// The part of a component this rank holds, read into `to`, the rank's box of it in row-major order.
void read_component(const ComponentPlace& place, const core::Box& box, std::span<double> to) {
  core::ArraySelection part = place.all;
  const std::size_t rank = part.count.size();
  const std::array<Index, 3> stride{box.extent(1) * box.extent(2), box.extent(2), 1};
  std::vector<Index> step_in_box(rank, 0);
  for (std::size_t a = 0; a < rank; ++a) {
    if (place.box_axis[a] < 0) {
      part.count[a] = 1;
      continue;
    }
    const auto axis = static_cast<std::size_t>(place.box_axis[a]);
    part.begin[a] += box.begin[axis] * part.step[a];
    part.count[a] = box.extent(place.box_axis[a]);
    step_in_box[a] = stride[axis];
  }
  std::vector<Index> at(rank, 0); // of the next value
  const Index run = part.count[rank - 1], step = step_in_box[rank - 1];
  core::open_array(place.array)->read(part, [&](Index, std::span<const double> values) {
    while (!values.empty()) {
      Index place_in_box = 0;
      for (std::size_t a = 0; a < rank; ++a)
        place_in_box += at[a] * step_in_box[a];
      const auto take = std::min(static_cast<std::size_t>(run - at[rank - 1]), values.size());
      for (std::size_t i = 0; i < take; ++i)
        to[static_cast<std::size_t>(place_in_box + static_cast<Index>(i) * step)] = values[i];
      values = values.subspan(take);
      at[rank - 1] += static_cast<Index>(take);
      for (std::size_t a = rank - 1; a > 0 && at[a] == part.count[a]; --a) {
        at[a] = 0;
        ++at[a - 1];
      }
    }
  });
}

/// "x = 12", "(z, y, x) = (1, 2, 3)", counted from 0.
std::string place_text(const core::Domain& domain, Index at) {
  std::vector<std::string> names, numbers;
  for (int axis = 2; axis >= domain.first_axis(); --axis) {
    names.insert(names.begin(), core::Domain::axis_name(axis));
    numbers.insert(numbers.begin(), std::to_string(at % domain.points(axis)));
    at /= domain.points(axis);
  }
  return names.size() == 1 ? fmt::format("point {}", numbers[0])
                           : fmt::format("point ({}) = ({})", fmt::join(names, ", "), fmt::join(numbers, ", "));
}

// Largest difference of two values: its eighth power, and the square of that of a typical one, are numbers.
constexpr double smallest_reach = 1e-30, largest_reach = 1e30;

/// Missing values and extremes of a sample. Collective where it says so.
class Inspection {
public:
  Inspection(core::RealField& field, std::optional<double> fill) : field_(field) {
    const core::Box& box = field.box();
    const core::Domain& domain = field.domain();
    for (Index i = 0; i < box.extent(0); ++i)
      for (Index j = 0; j < box.extent(1); ++j)
        for (Index k = 0; k < box.extent(2); ++k) {
          const auto local = static_cast<std::size_t>((i * box.extent(1) + j) * box.extent(2) + k);
          if (!look(local, fill))
            continue;
          const Index global =
              ((box.begin[0] + i) * domain.points(1) + box.begin[1] + j) * domain.points(2) + box.begin[2] + k;
          first_ = missing_++ == 0 ? global : std::min(first_, global);
        }
  }

  /// Throws the same on every rank, or says how many values are missing. Collective.
  std::int64_t conclude(const std::string& file, bool exclude, const core::Communicator& communicator) {
    std::int64_t count[] = {missing_}, nearest[] = {missing_ > 0 ? -first_ : std::numeric_limits<std::int64_t>::min()};
    communicator.sum(std::span<std::int64_t>(count));
    communicator.max(std::span<std::int64_t>(nearest));
    double highest[] = {highest_}, lowest[] = {lowest_};
    communicator.max(highest);
    communicator.min(lowest);
    const std::int64_t all = field_.domain().total_points();
    if (count[0] > 0 && !exclude)
      throw core::Error(core::ExitCode::bad_input,
                        fmt::format("{}: {} of {} points have no finite value (NaN, infinity, or the fill value); the "
                                    "first is {}. Mend them, or say missing: exclude",
                                    file, count[0], all, place_text(field_.domain(), -nearest[0])));
    if (count[0] == all)
      throw core::Error(core::ExitCode::bad_input, file + ": every value is missing");
    const double reach = highest[0] - lowest[0];
    if (reach > 0 && !(reach > smallest_reach && reach < largest_reach))
      throw core::Error(
          core::ExitCode::bad_input,
          fmt::format("{}: values from {:g} to {:g}: powers of their differences leave the range of double "
                      "precision; multiply them by a number that makes them of order one",
                      file, lowest[0], highest[0]));
    if (field_.components() == 1 && !(highest[0] > lowest[0]))
      throw core::Error(
          core::ExitCode::bad_input,
          fmt::format("{}: the field is constant, {} everywhere; there is nothing to measure", file, lowest[0]));
    return count[0];
  }

private:
  /// Makes a missing point NaN in all components; true if it is one.
  bool look(std::size_t at, std::optional<double> fill) {
    bool missing = false;
    for (int c = 0; c < field_.components(); ++c) {
      const double value = field_.component(c)[at];
      missing = missing || !std::isfinite(value) || (fill && std::isfinite(*fill) && value == *fill);
    }
    for (int c = 0; c < field_.components(); ++c) {
      double& value = field_.component(c)[at];
      if (missing)
        value = std::numeric_limits<double>::quiet_NaN();
      else
        highest_ = std::fmax(highest_, value), lowest_ = std::fmin(lowest_, value);
    }
    return missing;
  }

  core::RealField& field_;
  std::int64_t missing_ = 0, first_ = 0;
  double highest_ = -std::numeric_limits<double>::infinity(), lowest_ = std::numeric_limits<double>::infinity();
};

/// f_i = sum over j <= i of (f_j - mean): a series, which one rank holds.
void add_up(core::RealField& field) {
  const std::span<double> values = field.component(0);
  double mean = 0, sum = 0;
  for (const double v : values)
    mean += v / static_cast<double>(values.size());
  for (double& v : values) {
    sum += v - mean;
    v = sum;
  }
}

} // namespace

void FieldFileParameters::declare(core::ParameterVisitor& v) {
  v.texts("path", wish.path,
          {"1", "the file, relative to the input's folder; a list: a file for each component of a vector"});
  v.text("files", wish.files,
         {"1", "several files, each a realisation or snapshot, such as \"u_*.h5\" (in place of path)"});
  v.choice("format", wish.format, {"auto", "hdf5", "npy", "npz", "table", "raw", "xdmf"},
           {"1", "what the file is; auto: by the ending of its name"});
  v.texts("dataset", wish.dataset,
          {"1", "path in an HDF5 file, name in an .npz; a list: the components of a vector; default: the only one"});
  v.axis_integers("shape", wish.shape, {1, 0x1p62},
                  {"points", "of a raw file: points of every axis, in the order of `order`"});
  v.choice("dtype", wish.dtype, {"float32", "float64"}, {"1", "of a raw file: its numbers"});
  v.choice("byte_order", wish.byte_order, {"little", "big"}, {"1", "of a raw file"});
  v.integer("offset", wish.offset, {0, 0x1p62}, {"bytes", "of a raw file: bytes before the first number"});
  v.choice("order", wish.order, {"C", "Fortran"},
           {"1", "C: the last axis runs fastest; Fortran: the first, and all lists count axes as Fortran does"});
  v.integer("time", wish.time, {0, 0x1p62}, {"1", "the slowest axis is time: take this one, counted from 0"});
  v.choice(
      "component_axis", wish.component_axis, {"auto", "none", "first", "last"},
      {"1",
       "axis with the components of a vector; auto: the first or last if it has as many points as there are others"});
  v.choice(
      "components_along", wish.components_along, {"axes", "reversed"},
      {"1", "component 1, 2, ... points along axis 1, 2, ... of the array, or along the last, the one before, ..."});
  v.axis_integers("first", wish.first, {0, 0x1p62}, {"1", "first point taken along each axis of the array, from 0"});
  v.axis_integers("count", wish.count, {1, 0x1p62}, {"1", "points taken along each axis of the array"});
  v.axis_integers("step", wish.step, {1, 0x1p62},
                  {"1", "every how many points are taken along each axis of the array"});
  v.text("column", wish.column, {"1", "of a table: name in its header, or number from 1"});
  v.text("position", wish.position,
         {"1", "of a table: column of places or times, which must be evenly spaced; none: the lines are; default: the "
               "first of two columns"});
  v.choice("decimal", wish.decimal, {"point", "comma"}, {"1", "of a table: the decimal sign"});
  v.text("separator", wish.separator, {"1", "of a table: a character, tab or space; default: what the first line has"});
  v.texts("missing_codes", wish.missing_codes, {"1", "of a table: words that stand for a missing value, such as -999"});
  v.real("missing_value", wish.missing_value, {},
         {"1", "number that stands for a missing value; default: what the file says"});
  v.axis_reals(
      "length", wish.length, {1e-300, 1e300},
      {"1",
       "length of the box along its axes; default: what the file says, else equal spacing and 1 along the longest"});
  v.axis_booleans("periodic", wish.periodic,
                  {"1", "whether the box repeats along its axes; default: what the file says, else not"});
  v.choice("points_at", wish.points_at, {"centers", "nodes"},
           {"1", "centers: of cells of length/points; nodes: both ends of the box are points"});
  v.choice(
      "missing", wish.missing, {"refuse", "exclude"},
      {"1", "what NaN, infinities and missing values do: end the run, or leave out the pairs and cells they touch"});
  v.boolean(
      "running_sum", wish.running_sum,
      {"1", "measure the running sum of a series less its mean: of a noise, whose h is negative, that of its path"});
  std::string print = fingerprint_.empty() ? seen() : fingerprint_;
  const std::string known = print;
  v.text("fingerprint", print,
         {"1",
          "bytes and checksum of the files: noted by the program, so that --resume sees other data; if given, other "
          "files are refused"});
  if (print != known)
    fingerprint_ = print;
}

std::string FieldFileParameters::seen() const {
  if (layout_ == nullptr || !(looked_for_ == wish))
    return "";
  if (seen_.empty())
    seen_ = core::fingerprint(layout_->files);
  return seen_;
}

void FieldFileParameters::look_from(const std::string& folder) {
  wish.folder = folder;
  layout_.reset();
}

const FileLayout& FieldFileParameters::layout() const {
  if (layout_ == nullptr || !(looked_for_ == wish)) {
    layout_ = std::make_shared<const FileLayout>(look_at_files(wish));
    looked_for_ = wish;
    seen_.clear();
  }
  return *layout_;
}

void FieldFileParameters::validate(core::Problems& problems) const {
  try {
    layout();
    if (const std::string now = fingerprint_.empty() ? "" : seen(); now != fingerprint_)
      throw FileProblem("fingerprint",
                        fmt::format("the files are others than those this was noted of: now {}; leave it "
                                    "out to measure what is there",
                                    now));
  } catch (const FileProblem& problem) {
    problems.add(problem.key(), problem.what());
  } catch (const core::Error& error) {
    if (error.code() != core::ExitCode::bad_input)
      throw;
    problems.add(wish.files.empty() ? "path" : "files", error.what());
  }
}

Shape FieldFileParameters::shape() const {
  Shape shape{1, 1, 1};
  shape.given = true;
  shape.missing = wish.missing == "exclude";
  try {
    const FileLayout& known = layout();
    shape.dimensions = known.domain.dimensions();
    shape.components = known.components;
    shape.realisations = static_cast<std::int64_t>(known.realisations.size());
    shape.box = known.domain;
    shape.assumed = known.assumed;
    shape.points = known.domain.points(2);
    for (int axis = known.domain.first_axis(); axis < 3; ++axis)
      shape.points = std::min(shape.points, known.domain.points(axis));
  } catch (const std::exception&) {
    // validate() says it
  }
  return shape;
}

FieldFile::FieldFile(const FieldFileParameters& parameters, std::uint64_t) : parameters_(parameters) {}

core::GridSample FieldFile::sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                                   std::uint64_t realisation) const {
  const FileLayout& layout = parameters_.layout();
  if (realisation >= layout.realisations.size())
    throw core::Error(core::ExitCode::bad_input,
                      fmt::format("run.realisations: there are {} in the files, and more were asked for; leave it out",
                                  layout.realisations.size()));
  const std::vector<ComponentPlace>& places = layout.realisations[realisation];
  core::RealField field(decomposition, communicator.rank(), layout.components);
  communicator.agree([&] {
    if (!field.box().empty())
      for (int c = 0; c < layout.components; ++c)
        read_component(places[static_cast<std::size_t>(c)], field.box(), field.component(c));
  });
  Inspection seen(field, layout.fill);
  const std::int64_t missing = seen.conclude(core::shown(places.front().array.path.string(), 400),
                                             parameters_.wish.missing == "exclude", communicator);
  if (parameters_.wish.running_sum) {
    if (missing > 0)
      throw core::Error(core::ExitCode::bad_input,
                        "field.running_sum: values are missing, and a sum over a gap is none");
    add_up(field);
  }
  return {std::move(field), std::nullopt, missing, layout.time};
}

core::MemoryParts FieldFile::scratch_memory(const core::Decomposition&) const {
  return {{"pieces of the file", parameters_.layout().held}};
}

} // namespace cascade::solvers
