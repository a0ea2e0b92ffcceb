#include "app/learning/cloud_file.hpp"

#include "app/learning/word_vectors.hpp"
#include "core/arrays/array_file.hpp"
#include "core/arrays/table_array.hpp"
#include "core/files/read_file.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <sstream>

namespace cascade::app {
namespace {

constexpr std::size_t largest_text = std::size_t{1} << 36;

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
  throw core::Error(core::ExitCode::bad_input, core::shown(path, 400) + ": " + why);
}

/// The kinds of files that hold a cloud.
enum class CloudFormat { arrays, one_array, table, words };

CloudFormat format_of_cloud(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".vec" || (ending == ".txt" && holds_words(core::read_file(path, largest_text))))
    return CloudFormat::words;
  const core::ArrayFormat* format = core::format_of(path);
  const std::string name = format == nullptr ? "" : format->name;
  if (name == "hdf5" || name == "npz")
    return CloudFormat::arrays;
  if (name == "npy")
    return CloudFormat::one_array;
  if (name == "table")
    return CloudFormat::table;
  std::vector<std::string> known;
  for (const core::ArrayFormat& one : core::array_formats())
    if (one.name == "hdf5" || one.name == "npz" || one.name == "npy" || one.name == "table")
      known.insert(known.end(), one.endings.begin(), one.endings.end());
  refuse_file(path, fmt::format("files that end in '{}' are not known; allowed: {}, .vec", core::shown(ending),
                                fmt::join(known, ", ")));
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    out.push_back(part);
  }
  return out;
}

/// Rows of a file: those columns that are points, and those that are single numbers.
struct CloudRows {
  std::int64_t rows = 0, columns = 0;
  std::vector<double> points, target, weights;
  std::string doubt;
};

/// The only array with two axes.
std::string only_flat_array(const core::ArrayWish& wish) {
  std::vector<std::string> flat, all;
  for (const core::ArrayListing& one : core::arrays_in(wish)) {
    all.push_back(fmt::format("{} ({})", one.name, fmt::join(one.shape, " x ")));
    if (one.shape.size() == 2)
      flat.push_back(one.name);
  }
  if (flat.size() != 1)
    refuse_file(wish.path, fmt::format("has {} arrays of numbers with two axes; name one with `array`; there are: {}",
                                       flat.size(), all.empty() ? "none" : fmt::format("{}", fmt::join(all, ", "))));
  return flat.front();
}

/// An array of one or two axes as rows and columns.
class FlatArray {
public:
  explicit FlatArray(const core::ArrayWish& wish) : file_(core::open_array(wish)) {
    const core::ArrayHeader& header = file_->header();
    const std::size_t axes = header.shape.size();
    if (axes > 2)
      refuse_file(wish.path, fmt::format("the array has {} axes; allowed: one or two", axes));
    turned_ = header.reversed && axes == 2;
    rows = header.shape[turned_ ? 1 : 0];
    columns = axes == 2 ? header.shape[turned_ ? 0 : 1] : 1;
  }
  /// take(row, column, value) of all values, in the file's order.
  template <class Take>
  void for_each(const Take& take) const {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    const core::ArrayHeader& header = file_->header();
    const std::vector<core::Index> zero(header.shape.size(), 0), one(header.shape.size(), 1);
    const std::int64_t inner = turned_ ? rows : columns;
    file_->read({zero, header.shape, one}, [&](core::Index first, std::span<const double> values) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t at = first + static_cast<std::int64_t>(i), o = at / inner, n = at % inner;
        const double value = header.fill && values[i] == *header.fill ? nothing : values[i];
        take(turned_ ? n : o, turned_ ? o : n, value);
      }
    });
  }
  std::int64_t rows = 0, columns = 0;

private:
  std::unique_ptr<core::ArrayFile> file_;
  bool turned_ = false; ///< the file has it column by column
};

core::ArrayWish array_wish(const std::string& path, const std::string& array) {
  core::ArrayWish wish;
  wish.path = path;
  wish.dataset = array;
  wish.any_numbers = true;
  wish.missing_codes = {"na", "NA", "n/a", "N/A", "null", "NULL", "none", "None", "-"};
  return wish;
}

CloudRows read_table(const CloudFileWish& wish) {
  core::ArrayWish table = array_wish(wish.path, "");
  const std::vector<std::string> names = core::table_columns(table);
  const auto known = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      refuse_file(wish.path,
                  fmt::format("no column '{}'{}; there are: {}", core::shown(name), core::suggestion(name, names),
                              core::shown(fmt::format("{}", fmt::join(names, ", ")), 400)));
    return name;
  };
  std::vector<std::string> single;
  for (const CloudColumn* column : {&wish.target, &wish.weights})
    if (!column->name.empty() && column->name != "log_row" && column->path.empty())
      single.push_back(known(column->name));
  if (wish.columns.empty()) {
    std::copy_if(names.begin(), names.end(), std::back_inserter(table.columns), [&](const std::string& name) {
      return std::find(single.begin(), single.end(), name) == single.end();
    });
  } else {
    for (const std::string& name : split_names(wish.columns))
      table.columns.push_back(known(name));
  }
  CloudRows out;
  const auto points = static_cast<std::int64_t>(table.columns.size());
  table.columns.insert(table.columns.end(), single.begin(), single.end());
  const bool target = !single.empty() && single.front() == wish.target.name;
  const FlatArray found(table);
  found.for_each([&](std::int64_t, std::int64_t column, double value) {
    if (column < points)
      out.points.push_back(value);
    else
      (target && column == points ? out.target : out.weights).push_back(value);
  });
  out.rows = found.rows;
  out.columns = points;
  return out;
}

CloudRows read_points(const std::string& path, const std::string& array, CloudFormat format) {
  CloudRows out;
  if (format == CloudFormat::words) {
    WordVectors words = read_word_vectors(core::read_file(path, largest_text), core::shown(path, 400));
    out.columns = words.columns;
    out.rows = out.columns == 0 ? 0 : static_cast<std::int64_t>(words.values.size()) / out.columns;
    out.points = std::move(words.values);
    out.doubt = std::move(words.doubt);
    return out;
  }
  core::ArrayWish wish = array_wish(path, array);
  if (format == CloudFormat::arrays && array.empty())
    wish.dataset = only_flat_array(wish);
  const FlatArray found(wish);
  out.rows = found.rows;
  out.columns = found.columns;
  out.points.resize(static_cast<std::size_t>(out.rows * out.columns));
  found.for_each([&](std::int64_t row, std::int64_t column, double value) {
    out.points[static_cast<std::size_t>(row * out.columns + column)] = value;
  });
  return out;
}

/// One number a row; empty: none is wanted. `key`: of the input.
std::vector<double> read_single(const CloudFileWish& wish, const CloudColumn& column, const std::string& key,
                                CloudFormat format, std::int64_t rows) {
  if (column.name.empty())
    return {};
  std::string path = column.path, array;
  if (path.empty()) {
    if (format != CloudFormat::arrays)
      refuse_file(wish.path, fmt::format("holds the points alone: data.{} is '{}'; name a file of one column", key,
                                         core::shown(column.name)));
    path = wish.path;
    array = column.name; // another array of the same file
    format = CloudFormat::arrays;
  } else {
    format = format_of_cloud(path);
  }
  CloudRows found;
  if (format == CloudFormat::table) {
    CloudFileWish other;
    other.path = path;
    found = read_table(other);
  } else if (format == CloudFormat::arrays && array.empty()) {
    const auto there = core::arrays_in(array_wish(path, ""));
    if (there.size() != 1)
      refuse_file(path, fmt::format("{} arrays; data.{} is read from a file with one", there.size(), key));
    found = read_points(path, there.front().name, format);
  } else {
    found = read_points(path, array, format);
  }
  if (found.columns != 1 && found.rows != 1)
    refuse_file(path, fmt::format("data.{}: {} columns; allowed: one", key, found.columns));
  if (static_cast<std::int64_t>(found.points.size()) != rows)
    refuse_file(path, fmt::format("{} {} for {} points", found.points.size(), key == "target" ? "targets" : key, rows));
  return found.points;
}

/// Squares of distances must be numbers.
void require_squares(const CloudFileWish& wish, const core::PointCloud& cloud) {
  constexpr double largest = 1e140, smallest = 1e-140;
  double widest = 0;
  for (std::int64_t i = 1; i < cloud.size(); ++i)
    for (std::size_t a = 0; a < static_cast<std::size_t>(cloud.dimension); ++a)
      widest = std::max(widest, std::abs(cloud.row(i)[a] - cloud.row(0)[a]));
  if (!(widest < largest && widest > smallest))
    refuse_file(wish.path, fmt::format("its points are {:.1g} apart, whose square is no number; change the unit, so "
                                       "that they are about 1 apart",
                                       widest));
}

/// Makes their mean 1.
void normalise_weights(const CloudFileWish& wish, std::vector<double>& weights) {
  if (weights.empty())
    return;
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  if (!std::isfinite(mean) || !std::isnormal(mean))
    refuse_file(wish.path, "the weights have no mean that is a number; divide them by their largest");
  for (double& w : weights)
    w /= mean;
}

/// Rows whose coordinates an earlier row has, with another target.
std::int64_t contradictions(const core::PointCloud& cloud) {
  if (cloud.target.empty())
    return 0;
  std::vector<std::int64_t> order(static_cast<std::size_t>(cloud.size()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    const auto x = cloud.row(a), y = cloud.row(b);
    const auto [p, q] = std::mismatch(x.begin(), x.end(), y.begin());
    return p == x.end() ? a < b : *p < *q;
  });
  std::int64_t found = 0, stays = 0; // of equal points the first in the cloud comes first, and stays
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto x = cloud.row(order[i]);
    if (i == 0 || !std::equal(x.begin(), x.end(), cloud.row(stays).begin()))
      stays = order[i];
    else
      found += cloud.target[static_cast<std::size_t>(order[i])] != cloud.target[static_cast<std::size_t>(stays)];
  }
  return found;
}

} // namespace

CloudFileContents read_cloud_file(const CloudFileWish& wish) {
  core::require_readable(wish.path);
  const CloudFormat format = format_of_cloud(wish.path);
  CloudRows table = format == CloudFormat::table ? read_table(wish) : read_points(wish.path, wish.array, format);
  CloudFileContents out;
  out.rows = table.rows;
  out.doubt = table.doubt;
  if (table.columns < 1 || table.rows < 1)
    refuse_file(wish.path, "has no columns of numbers");
  if (wish.target.name == "log_row") {
    for (std::int64_t i = 0; i < table.rows; ++i)
      table.target.push_back(std::log(static_cast<double>(i + 1)));
  } else if (table.target.empty()) {
    table.target = read_single(wish, wish.target, "target", format, table.rows);
  }
  if (table.weights.empty())
    table.weights = read_single(wish, wish.weights, "weights", format, table.rows);
  core::PointCloud& cloud = out.cloud;
  cloud = {table.columns, std::move(table.points), std::move(table.target), std::move(table.weights)};
  std::vector<std::int64_t> kept;
  std::int64_t first_bad = 0;
  for (std::int64_t i = 0; i < table.rows; ++i) {
    const auto row = cloud.row(i);
    const auto finite = [](double v) { return std::isfinite(v); };
    const auto at = static_cast<std::size_t>(i);
    const bool good = std::all_of(row.begin(), row.end(), finite) &&
                      (cloud.target.empty() || finite(cloud.target[at])) &&
                      (cloud.weights.empty() || finite(cloud.weights[at]));
    if (!good && out.invalid++ == 0)
      first_bad = i + 1;
    if (good && !cloud.weights.empty() && cloud.weights[at] < 0)
      refuse_file(wish.path, fmt::format("the weight of row {} is {:g}; allowed: 0 (the row is left out) and more",
                                         i + 1, cloud.weights[at]));
    const bool weightless = good && !cloud.weights.empty() && cloud.weights[at] == 0;
    out.weightless += weightless ? 1 : 0;
    if (good && !weightless)
      kept.push_back(i);
  }
  if (out.invalid > 0 && !wish.drop_invalid)
    refuse_file(wish.path, fmt::format("{} of {} rows hold NaN, infinity or nothing (the first: row {}); mend them, or "
                                       "leave them out with data.invalid: drop",
                                       out.invalid, table.rows, first_bad));
  if (static_cast<std::int64_t>(kept.size()) < table.rows)
    cloud = cloud.subset(kept);
  out.contradictory = contradictions(cloud);
  out.duplicates = core::drop_duplicates(cloud);
  if (cloud.size() < 100)
    refuse_file(wish.path,
                fmt::format("{} different points{}; at least 100 are needed{}", cloud.size(),
                            wish.weights.name.empty() ? "" : " of weight above 0",
                            table.rows < 100 && table.columns >= 100
                                ? fmt::format("; a row is a point: turn the array of {} rows and {} columns over if "
                                              "its columns are",
                                              table.rows, table.columns)
                                : ""));
  require_squares(wish, cloud);
  normalise_weights(wish, cloud.weights);
  if (!cloud.target.empty())
    require_learnable(cloud.target, core::shown(wish.path, 400));
  return out;
}

void require_learnable(const std::vector<double>& target, const std::string& where) {
  constexpr double roundings = 16, largest = 1e140, smallest = 1e-140;
  const auto [low, high] = std::minmax_element(target.begin(), target.end());
  const double size = std::max(std::abs(*low), std::abs(*high));
  const auto refuse = [&](const std::string& why) {
    throw core::Error(core::ExitCode::bad_input, fmt::format("{}: the target {}", where, why));
  };
  if (*low == *high)
    refuse("is the same at every point: there is nothing to learn");
  if (*high - *low <= roundings * std::numeric_limits<double>::epsilon() * size)
    refuse(fmt::format("differs by no more than {:.1g} about {:.6g}, which is rounding: there is nothing to learn; "
                       "take its mean off before it is written",
                       *high - *low, *low));
  if (!(size<largest&& * high - *low> smallest))
    refuse(fmt::format("is as large as {:.1g} and differs by {:.1g}, whose square is no number; change its unit", size,
                       *high - *low));
}

} // namespace cascade::app
