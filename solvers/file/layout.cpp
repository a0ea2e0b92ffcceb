#include "solvers/file/layout.hpp"

#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>

namespace cascade::solvers {
namespace {

using core::ArrayFile;
using core::ArrayHeader;
using core::ArrayWish;
using core::Index;

constexpr std::size_t most_files = 100000;

/// The arrays that are the components of one realisation.
using Arrays = std::vector<ArrayWish>;

std::string in_folder(const FileWish& wish, const std::string& name) {
  return std::filesystem::path(name).is_absolute() || wish.folder.empty()
             ? name
             : (std::filesystem::path(wish.folder) / name).string();
}

ArrayWish array_wish(const FileWish& wish, const std::string& path, const std::string& dataset) {
  ArrayWish array{path,        wish.format, dataset,        wish.shape,         wish.dtype,    wish.byte_order,
                  wish.offset, wish.column, wish.separator, wish.missing_codes, wish.position, wish.decimal == "comma"};
  if (wish.order == "Fortran")
    std::reverse(array.shape.begin(), array.shape.end());
  return array;
}

Arrays arrays_of(const FileWish& wish, const std::vector<std::string>& paths) {
  std::vector<std::string> datasets = wish.dataset;
  if (paths.size() > 1 && datasets.size() > 1 && paths.size() != datasets.size())
    throw FileProblem("dataset", fmt::format("{} datasets for {} files; give one for all, or one a file",
                                             datasets.size(), paths.size()));
  Arrays arrays;
  for (std::size_t i = 0; i < std::max(paths.size(), datasets.size()); ++i) {
    const std::string& path = paths[paths.size() > 1 ? i : 0];
    if (datasets.empty()) {
      for (const std::string& found : core::default_datasets(array_wish(wish, path, "")))
        arrays.push_back(array_wish(wish, path, found));
    } else {
      arrays.push_back(array_wish(wish, path, datasets[datasets.size() > 1 ? i : 0]));
    }
  }
  return arrays;
}

std::vector<Arrays> all_arrays(const FileWish& wish) {
  if (wish.path.empty() == wish.files.empty())
    throw FileProblem("path", wish.path.empty() ? "missing: name the file that holds the field (or several, as `files: "
                                                  "\"u_*.h5\"`)"
                                                : "both path and files are given; keep one");
  std::vector<Arrays> all;
  if (!wish.path.empty()) {
    std::vector<std::string> paths;
    for (const std::string& path : wish.path) {
      if (path.empty())
        throw FileProblem("path", "the name of a file is empty");
      paths.push_back(in_folder(wish, path));
    }
    all.push_back(arrays_of(wish, paths));
    return all;
  }
  const std::vector<std::string> found = core::files_matching(in_folder(wish, wish.files));
  if (found.empty())
    throw FileProblem("files", fmt::format("no file matches '{}'", core::shown(in_folder(wish, wish.files), 400)));
  if (found.size() > most_files)
    throw FileProblem("files", fmt::format("{} files match; at most {} are taken", found.size(), most_files));
  for (const std::string& path : found)
    all.push_back(arrays_of(wish, {path}));
  return all;
}

/// What each axis of an array is. Axes are those of the input's order here: the file's own, or turned round.
struct Roles {
  std::vector<std::size_t> file_axis; ///< [axis] its number in the file, slowest first
  std::vector<Index> begin, count, step;
  std::vector<std::size_t> space; ///< axes of the box
  std::optional<std::size_t> time, component;
  bool guessed = false; ///< that the axis `component` is one of components
};

/// Of the whole array, axes as the input counts them.
std::string shape_text(const FileWish& wish, const ArrayHeader& header) {
  std::vector<Index> shape = header.shape;
  if (header.reversed != (wish.order == "Fortran"))
    std::reverse(shape.begin(), shape.end());
  return fmt::format("{}", fmt::join(shape, " x "));
}

Index taken(const std::vector<Index>& from, std::size_t axis, Index otherwise) {
  return from.empty() ? otherwise : from[axis];
}

void choose_part(const FileWish& wish, const std::vector<Index>& shape, Roles& roles) {
  for (const auto& [key, list] :
       {std::pair{"first", &wish.first}, std::pair{"count", &wish.count}, std::pair{"step", &wish.step}})
    if (!list->empty() && list->size() != shape.size())
      throw FileProblem(key, fmt::format("{} numbers for an array of shape {}; give one an axis", list->size(),
                                         fmt::join(shape, " x ")));
  for (std::size_t a = 0; a < shape.size(); ++a) {
    const Index first = taken(wish.first, a, 0), step = taken(wish.step, a, 1);
    if (first >= shape[a])
      throw FileProblem("first", fmt::format("{} is beyond axis {} of {} points", first, a + 1, shape[a]));
    const Index there = (shape[a] - first + step - 1) / step, count = taken(wish.count, a, there);
    if (count > there)
      throw FileProblem("count", fmt::format("{} points of axis {} from {} on in steps of {}: there are {}", count,
                                             a + 1, first, step, there));
    roles.begin.push_back(first);
    roles.step.push_back(step);
    roles.count.push_back(count);
  }
}

/// Whether `axis` (the first or the last of the space axes so far) looks like that of a vector's components.
bool looks_like_components(const Roles& roles, std::size_t axis) {
  const std::size_t others = roles.space.size() - 1;
  return others >= 2 && others <= 3 && roles.count[axis] == static_cast<Index>(others);
}

/// An axis that the file itself calls time is none of the box; a series may well be one in time.
void refuse_times(const ArrayHeader& header, const Roles& roles, const std::vector<Index>& shape) {
  for (const std::size_t axis : roles.space) {
    if (header.axes.size() != shape.size() || roles.space.size() < 2 || roles.count[axis] < 2)
      continue;
    std::string name = header.axes[roles.file_axis[axis]].substr(0, 8);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name == "time" || name == "t")
      throw FileProblem("time", fmt::format("missing: axis {} of the array of shape {} is called '{}'; say which time "
                                            "to take (time: 0 is the first; field.first and count, where time is not "
                                            "the slowest axis), or component_axis: none if it is an axis of the box",
                                            axis + 1, fmt::join(shape, " x "), core::shown(name, 8)));
  }
}

/// The axis of components of an array of which nothing is said, none, or a refusal where several guesses are as good.
std::optional<std::size_t> guessed_components(const Roles& roles, const std::vector<Index>& shape) {
  const auto points = [&](std::size_t place) { return roles.count[roles.space[place]]; };
  const std::size_t rank = roles.space.size(), first = roles.space.front(), last = roles.space.back();
  const bool front = looks_like_components(roles, first), back = looks_like_components(roles, last);
  const auto unclear = [&](const std::string& what) {
    return FileProblem("component_axis", fmt::format("an array of shape {}: {}. Say component_axis: first, last, or "
                                                     "none (all are axes of the box); of several times one is taken by "
                                                     "field.time, of several components one by field.first and count",
                                                     fmt::join(shape, " x "), what));
  };
  if (rank == 4 && (front || back)) {
    if (front && back)
      throw unclear("the first and the last axis have as many points as a vector has components");
    if (points(front ? 1 : rank - 2) == points(front ? 0 : rank - 1))
      throw unclear("two neighbouring axes have as many points as a vector has components");
    return front ? first : last;
  }
  if (rank != 3)
    return std::nullopt;
  constexpr Index few = 4, many = 8; // points of what is hardly an axis of a box beside others of so many times more
  for (const std::size_t place : {std::size_t{0}, std::size_t{2}}) {
    const Index others = std::min(points(1), points(2 - place));
    if (points(place) > 2 && points(place) <= few && others >= many * points(place))
      throw unclear(fmt::format("axis {} has {} points, too few for a box of three dimensions beside the others, and "
                                "may be times, or components",
                                roles.space[place] + 1, points(place)));
  }
  if (front != back && points(1) > 3)
    return front ? first : last;
  return std::nullopt;
}

Roles roles_of(const FileWish& wish, const ArrayHeader& header, std::size_t arrays) {
  const bool turned = header.reversed != (wish.order == "Fortran");
  const std::size_t rank = header.shape.size();
  Roles roles;
  std::vector<Index> shape;
  for (std::size_t a = 0; a < rank; ++a) {
    roles.file_axis.push_back(turned ? rank - 1 - a : a);
    shape.push_back(header.shape[roles.file_axis[a]]);
  }
  choose_part(wish, shape, roles);
  for (std::size_t a = 0; a < rank; ++a)
    roles.space.push_back(a);
  if (wish.time) { // the slowest axis of the file
    roles.time = turned ? rank - 1 : 0;
    if (*wish.time >= shape[*roles.time])
      throw FileProblem(
          "time", fmt::format("{} is beyond the {} times of the file; the first is 0", *wish.time, shape[*roles.time]));
    roles.begin[*roles.time] = *wish.time;
    roles.count[*roles.time] = 1;
    std::erase(roles.space, *roles.time);
  }
  const auto take_components = [&](std::size_t axis) {
    roles.component = axis;
    std::erase(roles.space, axis);
  };
  if (wish.component_axis == "first" || wish.component_axis == "last") {
    if (roles.space.size() < 2 || arrays > 1)
      throw FileProblem("component_axis", arrays > 1 ? "every component has an array of its own; leave it out"
                                                     : "the array has no other axis");
    take_components(wish.component_axis == "first" ? roles.space.front() : roles.space.back());
  } else if (wish.component_axis == "auto") {
    refuse_times(header, roles, shape);
    if (arrays == 1 && roles.space.size() >= 3)
      if (const auto axis = guessed_components(roles, shape)) {
        take_components(*axis);
        roles.guessed = true;
      }
  }
  if (roles.space.size() > 1) // a plane or a line of a larger array
    std::erase_if(roles.space, [&](std::size_t a) { return roles.count[a] == 1; });
  if (roles.space.empty() || roles.space.size() > 3)
    throw FileProblem(wish.dataset.empty() ? "path" : "dataset",
                      fmt::format("an array of shape {} has {} axes of a box; a field has 1, 2 or 3. Say what the "
                                  "others are: field.time, field.component_axis, or a part by field.first and count",
                                  fmt::join(shape, " x "), roles.space.size()));
  return roles;
}

/// One value for all axes, or one an axis.
template <class T>
T of_axis(const std::vector<T>& values, std::size_t axis, T otherwise) {
  return values.empty() ? otherwise : values[values.size() > 1 ? axis : 0];
}

core::Domain domain_of(const FileWish& wish, const ArrayHeader& header, Roles& roles) {
  const std::size_t D = roles.space.size();
  for (const auto& [key, size] : {std::pair{"length", wish.length.size()}, std::pair{"periodic", wish.periodic.size()}})
    if (size > 1 && size != D)
      throw FileProblem(key, fmt::format("{} values in {} dimensions; give one, or one an axis", size, D));
  const bool nodes = wish.points_at == "nodes";
  std::vector<bool> periodic;
  std::vector<Index> points;
  for (std::size_t a = 0; a < D; ++a) {
    const std::size_t axis = roles.space[a], own = roles.file_axis[axis];
    const bool whole = roles.count[axis] == header.shape[own];
    periodic.push_back(of_axis<bool>(wish.periodic, a, whole && !header.periodic.empty() && header.periodic[own]));
    if (nodes && roles.count[axis] < 2)
      throw FileProblem("points_at", "nodes at both ends of an axis need two points");
    points.push_back(roles.count[axis]);
    if (nodes && periodic.back()) // the last node is the first again
      --roles.count[axis];
  }
  const Index most = *std::max_element(points.begin(), points.end());
  const bool spaced = !header.spacing.empty() &&
                      std::all_of(roles.space.begin(), roles.space.end(),
                                  [&](std::size_t axis) { return header.spacing[roles.file_axis[axis]] > 0; });
  for (const std::size_t axis : roles.space)
    if (const std::size_t own = roles.file_axis[axis];
        wish.length.empty() && !header.spacing.empty() && std::isnan(header.spacing[own]))
      throw FileProblem("length",
                        fmt::format("missing: the places '{}' along axis {} of the array are not evenly spaced, "
                                    "and exponents need even steps; interpolate first, or say field.length to "
                                    "take the points as they come",
                                    header.axes.empty() ? "" : core::shown(header.axes[own]), axis + 1));
  core::Axes axes;
  for (std::size_t a = 0; a < D; ++a) {
    const std::size_t axis = roles.space[a], own = roles.file_axis[axis];
    const double given = of_axis<double>(wish.length, a, 0.0);
    const auto n = static_cast<double>(points[a]), kept = static_cast<double>(roles.count[axis]);
    double length = 0;
    if (given > 0)
      length = nodes ? given / (n - 1) * kept : given;
    else if (!header.length.empty() && roles.count[axis] == header.shape[own])
      length = header.length[own];
    else if (spaced)
      length = header.spacing[own] * static_cast<double>(roles.step[axis]) * kept;
    else
      length = nodes ? kept / static_cast<double>(most - 1) : kept / static_cast<double>(most);
    axes.push_back({roles.count[axis], length, periodic[a]});
  }
  return core::Domain(axes);
}

void require_same_shape(const ArrayHeader& first, const ArrayHeader& other, const ArrayWish& a, const ArrayWish& b) {
  if (first.shape == other.shape && first.reversed == other.reversed)
    return;
  const auto name = [](const ArrayWish& w) {
    return core::shown(w.path.string() + (w.dataset.empty() ? "" : ": " + w.dataset), 400);
  };
  throw FileProblem("path", fmt::format("shapes differ: {} is {}, {} is {}; arrays of one field have the same", name(a),
                                        fmt::join(first.shape, " x "), name(b), fmt::join(other.shape, " x ")));
}

ComponentPlace place_of(const ArrayWish& array, const Roles& roles, std::optional<Index> component) {
  const std::size_t rank = roles.count.size();
  ComponentPlace place{array, {std::vector<Index>(rank), std::vector<Index>(rank), std::vector<Index>(rank)}, {}};
  place.box_axis.assign(rank, -1);
  const int first_axis = 3 - static_cast<int>(roles.space.size());
  for (std::size_t a = 0; a < rank; ++a) {
    const std::size_t own = roles.file_axis[a];
    place.all.begin[own] = roles.begin[a];
    place.all.count[own] = roles.count[a];
    place.all.step[own] = roles.step[a];
    if (component && roles.component == a) {
      place.all.begin[own] += *component * roles.step[a];
      place.all.count[own] = 1;
    }
  }
  for (std::size_t s = 0; s < roles.space.size(); ++s)
    place.box_axis[roles.file_axis[roles.space[s]]] = first_axis + static_cast<int>(s);
  return place;
}

/// Notes the file of an array, and the one with its numbers where that is another.
void note_files(const ArrayWish& array, const ArrayHeader& header, FileLayout& layout) {
  for (const std::filesystem::path& file : {array.path, header.data})
    if (!file.empty() && (layout.files.empty() || layout.files.back() != file))
      layout.files.push_back(file);
}

} // namespace

FileLayout look_at_files(const FileWish& wish) {
  const std::vector<Arrays> all = all_arrays(wish);
  const Arrays& first = all.front();
  const std::unique_ptr<ArrayFile> file = core::open_array(first.front());
  const ArrayHeader& header = file->header();
  Roles roles = roles_of(wish, header, first.size());
  FileLayout layout;
  note_files(first.front(), header, layout);
  layout.domain = domain_of(wish, header, roles);
  layout.components =
      static_cast<int>(roles.component ? roles.count[*roles.component] : static_cast<Index>(first.size()));
  if (roles.guessed)
    layout.assumed.push_back(fmt::format(
        "axis {} of the array (shape {}, {}) is taken for the {} components of a vector. If it is time, say field.time "
        "(0 is the first); if it is an axis of the box, field.component_axis: none.",
        *roles.component + 1, shape_text(wish, header), wish.order == "Fortran" ? "as Fortran counts" : "slowest first",
        layout.components));
  layout.fill = wish.missing_value ? wish.missing_value : header.fill;
  layout.time = header.time;
  layout.held = file->bytes_held();
  if (wish.running_sum && layout.domain.dimensions() > 1)
    throw FileProblem("running_sum", "a running sum is that of a series, and the field has more axes; leave it out");
  if (layout.components != 1 && layout.components != layout.domain.dimensions() && wish.dataset.empty() &&
      first.size() > 1 && wish.path.size() < 2) { // nobody said that these are components
    std::vector<std::string> names;
    for (const ArrayWish& array : first)
      names.push_back(array.dataset);
    throw FileProblem("dataset", fmt::format("{} arrays of {} axes, and no vector; name one as field.dataset: {}",
                                             names.size(), layout.domain.dimensions(),
                                             core::shown(fmt::format("{}", fmt::join(names, ", ")), 400)));
  }
  if (layout.components != 1 && layout.components != layout.domain.dimensions())
    throw FileProblem(first.size() > 1 ? (wish.dataset.size() > 1 ? "dataset" : "path") : "component_axis",
                      fmt::format("{} components in {} dimensions; a field is a scalar, or a vector with one component "
                                  "an axis",
                                  layout.components, layout.domain.dimensions()));
  for (const Arrays& arrays : all) {
    if (arrays.size() != first.size())
      throw FileProblem("files",
                        fmt::format("{} has {} components, {} has {}", core::shown(arrays.front().path.string(), 400),
                                    arrays.size(), core::shown(first.front().path.string(), 400), first.size()));
    std::vector<ComponentPlace> places;
    for (int c = 0; c < layout.components; ++c) {
      const int from = wish.components_along == "reversed" ? layout.components - 1 - c : c;
      const ArrayWish& array = arrays[roles.component ? 0 : static_cast<std::size_t>(from)];
      if (&array != &first.front() && (c == 0 || !roles.component)) {
        const std::unique_ptr<ArrayFile> other = core::open_array(array);
        require_same_shape(header, other->header(), first.front(), array);
        note_files(array, other->header(), layout);
      }
      places.push_back(place_of(array, roles, roles.component ? std::optional<Index>(from) : std::nullopt));
    }
    layout.realisations.push_back(std::move(places));
  }
  return layout;
}

} // namespace cascade::solvers
