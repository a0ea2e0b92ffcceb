#include "app/learning/cloud_file.hpp"

#include "analysis/losses/table_text.hpp"
#include "app/learning/npy_file.hpp"
#include "core/files/hdf5_table.hpp"
#include "core/files/read_file.hpp"
#include "core/input/suggest.hpp"
#include "core/talk/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <set>
#include <sstream>

namespace cascade::app {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 36;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
  throw core::Error(core::ExitCode::bad_input, path + ": " + why);
}

/// A table of numbers, with names where it has them.
struct NumberTable {
  std::int64_t rows = 0, columns = 0;
  std::vector<double> values;
  std::vector<std::string> names;
  bool has_target = false;
  std::vector<double> target;
};

std::string ending(const std::string& path) {
  std::string e = std::filesystem::path(path).extension().string();
  std::transform(e.begin(), e.end(), e.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return e;
}

NumberTable from_shape(const std::vector<std::int64_t>& shape, std::vector<double> values) {
  NumberTable t;
  t.rows = shape[0];
  t.columns = shape.size() == 2 ? shape[1] : 1;
  t.values = std::move(values);
  return t;
}

NumpyArray npz_array(const std::string& path, const std::string& bytes, const std::string& wanted) {
  std::vector<std::string> names, flat;
  std::vector<NumpyArray> arrays;
  for (const auto& [name, data] : npz_members(bytes, path)) {
    names.push_back(name);
    if (wanted.empty() || wanted == name) {
      NumpyArray one = read_npy(data, fmt::format("{}: {}", path, name));
      one.name = name;
      if (!wanted.empty() || one.shape.size() == 2)
        arrays.push_back(std::move(one));
    }
  }
  if (arrays.size() != 1)
    refuse_file(path, fmt::format("{}; name one with `array`; there are: {}",
                                  wanted.empty() ? fmt::format("has {} arrays with two axes", arrays.size())
                                                 : fmt::format("no array '{}'", wanted),
                                  fmt::join(names, ", ")));
  return arrays.front();
}

NumberTable word_vectors(const std::string& path, const std::string& text) {
  NumberTable t;
  std::istringstream lines(text);
  std::string line;
  for (std::int64_t number = 1; std::getline(lines, line); ++number) {
    const std::size_t word = line.find_first_of(" \t");
    if (line.empty() || word == std::string::npos)
      continue;
    std::vector<double> row;
    const char* at = line.c_str() + word;
    for (char* end = nullptr;; at = end) {
      const double value = std::strtod(at, &end);
      if (end == at)
        break;
      row.push_back(value);
    }
    if (number == 1 && row.size() == 1)
      continue; // rows and columns, as word2vec writes them
    while (*at == ' ' || *at == '\t' || *at == '\r')
      ++at;
    if (*at != '\0')
      refuse_file(path, fmt::format("line {}: '{:.20}' is no number", number, at));
    if (t.rows == 0)
      t.columns = static_cast<std::int64_t>(row.size());
    else if (static_cast<std::int64_t>(row.size()) != t.columns)
      refuse_file(path, fmt::format("line {}: {} numbers, {} in the lines before", number, row.size(), t.columns));
    t.values.insert(t.values.end(), row.begin(), row.end());
    ++t.rows;
  }
  return t;
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

NumberTable from_text_table(const CloudFileWish& wish, const std::string& text) {
  analysis::TableComplaints complaints{wish.path, {}};
  const analysis::TextTable table = analysis::read_text_table(text, complaints);
  complaints.throw_if_any();
  const std::vector<std::string>& header = table.header.cells;
  const auto column = [&](const std::string& name) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end())
      refuse_file(wish.path, fmt::format("no column '{}'{}; there are: {}", name, core::suggestion(name, header),
                                         fmt::join(header, ", ")));
    return static_cast<std::size_t>(found - header.begin());
  };
  NumberTable t;
  const bool target_here = !wish.target.empty() && wish.target != "log_row" && wish.target_path.empty();
  const std::size_t target = target_here ? column(wish.target) : header.size();
  std::vector<std::size_t> used;
  if (wish.columns.empty()) {
    for (std::size_t c = 0; c < header.size(); ++c)
      if (c != target)
        used.push_back(c);
  } else {
    for (const std::string& name : split_names(wish.columns))
      used.push_back(column(name));
  }
  const auto number = [&](const analysis::TextRow& row, std::size_t c) {
    if (c >= row.cells.size())
      complaints.add(row.line, fmt::format("{} cells, {} in the header", row.cells.size(), header.size()));
    else if (const double value = analysis::number_in(row.cells[c]); std::isfinite(value))
      return value;
    else if (!analysis::says_nothing(row.cells[c]))
      complaints.add(row.line, fmt::format("{}: '{}' is no number; name the columns that hold numbers with `columns`",
                                           header[c], row.cells[c]));
    return nothing;
  };
  for (const analysis::TextRow& row : table.rows) {
    for (const std::size_t c : used)
      t.values.push_back(number(row, c));
    if (target_here)
      t.target.push_back(number(row, target));
  }
  complaints.throw_if_any();
  t.rows = static_cast<std::int64_t>(table.rows.size());
  t.columns = static_cast<std::int64_t>(used.size());
  t.has_target = target_here;
  return t;
}

NumberTable read_numbers(const CloudFileWish& wish) {
  const std::string kind = ending(wish.path);
  if (kind == ".h5" || kind == ".hdf5") {
    core::Hdf5Table table = core::read_hdf5_table(wish.path, wish.array);
    return from_shape(table.shape, std::move(table.values));
  }
  const std::string bytes = core::read_file(wish.path, largest_file);
  if (kind == ".npy" || kind == ".npz") {
    NumpyArray array = kind == ".npy" ? read_npy(bytes, wish.path) : npz_array(wish.path, bytes, wish.array);
    return from_shape(array.shape, std::move(array.values));
  }
  if (kind == ".csv" || kind == ".tsv")
    return from_text_table(wish, bytes);
  if (kind == ".txt" || kind == ".vec")
    return word_vectors(wish.path, bytes);
  refuse_file(wish.path, fmt::format("files that end in '{}' are not known; allowed: .npy, .npz, .h5, .hdf5, .csv, "
                                     ".tsv, .txt, .vec",
                                     kind));
}

/// The numbers to be learned, one a row of the file; empty: none.
std::vector<double> read_target(const CloudFileWish& wish, const NumberTable& table) {
  if (table.has_target)
    return table.target;
  if (wish.target.empty())
    return {};
  std::vector<double> out;
  if (wish.target == "log_row") {
    for (std::int64_t i = 0; i < table.rows; ++i)
      out.push_back(std::log(static_cast<double>(i + 1)));
    return out;
  }
  CloudFileWish other = wish;
  other.target = other.columns = "";
  if (!wish.target_path.empty()) {
    other.path = wish.target_path;
    other.array = "";
  } else {
    other.array = wish.target; // another array of the same file
  }
  const NumberTable found = read_numbers(other);
  if (found.columns != 1)
    refuse_file(other.path, fmt::format("the target has {} columns; allowed: one", found.columns));
  if (found.rows != table.rows)
    refuse_file(other.path, fmt::format("{} targets for {} points", found.rows, table.rows));
  return found.values;
}

} // namespace

CloudFileContents read_cloud_file(const CloudFileWish& wish) {
  const NumberTable table = read_numbers(wish);
  const std::vector<double> target = read_target(wish, table);
  CloudFileContents out;
  out.rows = table.rows;
  out.cloud.dimension = table.columns;
  if (table.columns < 1)
    refuse_file(wish.path, "has no columns of numbers");
  std::vector<std::int64_t> bad;
  for (std::int64_t i = 0; i < table.rows; ++i) {
    const auto first = table.values.begin() + i * table.columns;
    const bool good = std::all_of(first, first + table.columns, [](double v) { return std::isfinite(v); }) &&
                      (target.empty() || std::isfinite(target[static_cast<std::size_t>(i)]));
    if (!good) {
      bad.push_back(i + 1);
      continue;
    }
    out.cloud.points.insert(out.cloud.points.end(), first, first + table.columns);
    if (!target.empty())
      out.cloud.target.push_back(target[static_cast<std::size_t>(i)]);
  }
  out.invalid = static_cast<std::int64_t>(bad.size());
  if (!bad.empty() && !wish.drop_invalid)
    refuse_file(wish.path, fmt::format("{} of {} rows hold NaN, infinity or nothing (the first: row {}); mend them, or "
                                       "leave them out with data.invalid: drop",
                                       bad.size(), table.rows, bad.front()));
  out.duplicates = core::drop_duplicates(out.cloud);
  if (out.cloud.size() < 100)
    refuse_file(wish.path, fmt::format("{} different points; at least 100 are needed", out.cloud.size()));
  if (!out.cloud.target.empty() && std::all_of(out.cloud.target.begin(), out.cloud.target.end(),
                                               [&](double v) { return v == out.cloud.target.front(); }))
    refuse_file(wish.path, "the target is the same at every point: there is nothing to learn");
  return out;
}

} // namespace cascade::app
