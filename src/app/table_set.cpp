#include "app/table_set.hpp"

#include <stdexcept>

namespace cascade::app {

std::string table_name(const std::string& stage, const std::string& a, const std::string& b, const std::string& c) {
  std::string name = stage + "/" + a;
  for (const std::string& part : {b, c})
    if (!part.empty())
      name += "/" + part;
  return name;
}

const analysis::BlockTable& table_of(const TableSet& tables, const std::string& name) {
  const auto found = tables.find(name);
  if (found == tables.end())
    throw std::logic_error("no table " + name);
  return found->second;
}

} // namespace cascade::app
