#include "app/scaling/optimum/target.hpp"

#include "analysis/scaling/run_columns.hpp"
#include "analysis/scaling/run_table.hpp"

#include <fmt/format.h>

#include <sstream>

namespace cascade::app {
namespace {

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const auto first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
    if (first != std::string::npos)
      out.push_back(part.substr(first, last - first + 1));
  }
  return out;
}

} // namespace

std::vector<Target> targets_of(const std::string& text, std::string& problem) {
  std::vector<Target> out;
  for (const std::string& one : parts_of(text, ';')) {
    Target t;
    t.text = one;
    for (const std::string& part : parts_of(one, ',')) {
      const auto equals = part.find('=');
      const std::string name = equals == std::string::npos ? "c" : analysis::plain_name(part.substr(0, equals));
      std::string cell = equals == std::string::npos ? part : part.substr(equals + 1);
      cell.erase(0, std::min(cell.find_first_not_of(' '), cell.size()));
      const auto number = analysis::written_number(cell);
      std::optional<double>* const place = name == "c" || name == "flop" || name == "compute"  ? &t.compute
                                           : name == "n" || name == "params" || name == "size" ? &t.params
                                           : name == "d" || name == "tokens"                   ? &t.tokens
                                           : name == "loss" || name == "l"                     ? &t.loss
                                                                                               : nullptr;
      if (place == nullptr || *place || !number || number->percent || !(number->value > 0)) {
        problem = fmt::format("'{}' is no target; allowed: a compute such as 1e24, N=7e9,D=2e12 or loss=2.0, several "
                              "between semicolons",
                              one);
        return out;
      }
      *place = number->value;
    }
    const int kinds = (t.compute ? 1 : 0) + (t.params || t.tokens ? 1 : 0) + (t.loss ? 1 : 0);
    if (kinds != 1 || t.params.has_value() != t.tokens.has_value()) {
      problem = fmt::format("'{}' is no target: one of a compute, both N and D, or a loss", one);
      return out;
    }
    out.push_back(t);
  }
  return out;
}

} // namespace cascade::app
