#include "analysis/scaling/laws/law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace cascade::analysis {
namespace {

std::vector<double> logs(const std::vector<double>& values) {
  std::vector<double> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(), [](double v) { return std::log(v); });
  return out;
}

double centre(std::vector<double>& values) {
  double mean = 0;
  for (const double v : values)
    mean += v / static_cast<double>(values.size());
  for (double& v : values)
    v -= mean;
  return values.empty() ? 0 : mean;
}

std::vector<double> sorted_logs(const LawData& data) {
  std::vector<double> out = logs(data.response);
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace

LawData LawData::subset(const std::vector<std::size_t>& rows) const {
  LawData out = *this;
  const auto pick = [&](auto& to, const auto& from) {
    to.clear();
    if (!from.empty())
      for (const std::size_t i : rows)
        to.push_back(from[i]);
  };
  pick(out.log_n, log_n);
  pick(out.log_d, log_d);
  pick(out.log_c, log_c);
  pick(out.log_u, log_u);
  pick(out.x, x);
  pick(out.log_experts, log_experts);
  pick(out.group, group);
  pick(out.response, response);
  pick(out.weight, weight);
  return out;
}

std::size_t places_of(const LawData& data) {
  std::set<std::array<double, 7>> places;
  const auto at = [](const auto& column, std::size_t i) {
    return i < column.size() ? static_cast<double>(column[i]) : 0.0;
  };
  for (std::size_t i = 0; i < data.size(); ++i)
    places.insert({at(data.log_n, i), at(data.log_d, i), at(data.log_c, i), at(data.log_u, i), at(data.log_experts, i),
                   at(data.x, i), at(data.group, i)});
  return places.size();
}

LawData law_data(const RunTable& table) {
  LawData out;
  out.name = table.name;
  out.response = table.loss;
  out.log_n = logs(table.params);
  out.log_d = logs(table.tokens);
  out.log_c = logs(table.compute);
  out.log_u = logs(table.unique);
  out.mean_n = centre(out.log_n);
  out.mean_d = centre(out.log_d);
  out.mean_c = centre(out.log_c);
  for (double& u : out.log_u)
    u -= out.mean_d;
  out.log_experts = logs(table.experts);
  out.group = table.group;
  out.group_names = table.group_names;
  return out;
}

LawData error_data(const RunTable& table) {
  LawData out;
  out.name = table.name;
  for (std::size_t i = 0; i < table.size(); ++i)
    if (i < table.error.size() && std::isgreater(table.error[i], 0.0)) {
      out.response.push_back(table.error[i]);
      out.x.push_back(table.loss[i]);
      if (!table.group.empty())
        out.group.push_back(table.group[i]);
    }
  out.group_names = table.group_names;
  return out;
}

double typical_log(const LawData& data) {
  const auto all = sorted_logs(data);
  return all[all.size() / 2];
}

double lowest_log(const LawData& data) {
  return sorted_logs(data).front();
}

} // namespace cascade::analysis
