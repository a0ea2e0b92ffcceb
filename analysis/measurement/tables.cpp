#include "analysis/measurement/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>

namespace cascade::analysis {

std::string tables_key(View view, const std::string& measurement) {
  return view_name(view) + "/" + measurement;
}

const Tables& tables_of(const TableSet& all, View view, const std::string& measurement) {
  static const Tables none;
  const auto found = all.find(tables_key(view, measurement));
  return found == all.end() ? none : found->second;
}

std::string table_name(const std::string& stage, const std::string& a, const std::string& b, const std::string& c) {
  std::string name = stage;
  for (const std::string& part : {a, b, c})
    if (!part.empty())
      name += "/" + part;
  return name;
}

const BlockTable* find_table(const Tables& tables, const std::string& name) {
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : &found->second;
}

const BlockTable& table_of(const Tables& tables, const std::string& name) {
  const BlockTable* found = find_table(tables, name);
  if (found == nullptr)
    throw std::logic_error("no table " + name);
  return *found;
}

void merge(TableSet& total, const TableSet& part) {
  for (const auto& [key, tables] : part)
    for (const auto& [name, table] : tables)
      total[key][name].append(table);
}

std::string to_bytes(const TableSet& set) {
  std::size_t count = 0;
  for (const auto& [key, tables] : set)
    count += tables.size();
  std::string bytes = fmt::format("{}\n", count);
  const auto put = [&](const std::vector<double>& v) {
    bytes.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(double));
  };
  for (const auto& [key, tables] : set)
    for (const auto& [name, t] : tables) {
      bytes += fmt::format("{} {} {} {}\n", key, name, t.points(), t.blocks());
      put(t.x);
      put(t.count);
      for (std::size_t b = 0; b < t.blocks(); ++b) {
        put(t.sum[b]);
        put(t.weight[b]);
      }
    }
  return bytes;
}

TableSet from_bytes(std::string_view bytes) {
  std::size_t at = 0;
  const auto line = [&] {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    std::istringstream words{std::string(bytes.substr(at, end - at))};
    at = std::min(end + 1, bytes.size());
    return words;
  };
  const auto take = [&](std::size_t points) {
    if (points > (bytes.size() - at) / sizeof(double))
      throw std::invalid_argument("from_bytes: not a set of tables");
    std::vector<double> v(points);
    if (points > 0)
      std::memcpy(v.data(), bytes.data() + at, points * sizeof(double));
    at += points * sizeof(double);
    return v;
  };
  TableSet set;
  std::size_t count = 0;
  line() >> count;
  for (std::size_t i = 0; i < count; ++i) {
    std::string key, name;
    std::size_t points = 0, blocks = 0;
    if (!(line() >> key >> name >> points >> blocks))
      throw std::invalid_argument("from_bytes: not a set of tables");
    BlockTable& t = set[key][name];
    t.x = take(points);
    t.count = take(points);
    for (std::size_t b = 0; b < blocks; ++b) {
      t.sum.push_back(take(points));
      t.weight.push_back(take(points));
    }
  }
  return set;
}

} // namespace cascade::analysis
