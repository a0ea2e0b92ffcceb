#include "analysis/measurement/order_text.hpp"

#include <fmt/format.h>

#include <map>

namespace cascade::analysis {

std::string order_text(double order) {
  return fmt::format("{:g}", order);
}

void require_names(const std::vector<double>& list, const std::string& key, core::Problems& problems) {
  std::map<std::string, double> named;
  for (const double order : list) {
    const auto [first, added] = named.emplace(order_text(order), order);
    if (added)
      continue;
    problems.add(key, fmt::format("{} and {} would both be called {} in results; allowed: numbers that differ in their "
                                  "first six digits",
                                  first->second, order, first->first));
    return;
  }
}

} // namespace cascade::analysis
