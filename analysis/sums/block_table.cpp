#include "analysis/sums/block_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace cascade::analysis {
namespace {

std::vector<double> ratio_of_totals(const BlockTable& table, std::size_t omitted) {
  std::vector<double> result(table.points());
  for (std::size_t i = 0; i < table.points(); ++i) {
    double sum = 0, weight = 0;
    for (std::size_t b = 0; b < table.blocks(); ++b) {
      if (b == omitted)
        continue;
      sum += table.sum[b][i];
      weight += table.weight[b][i];
    }
    result[i] = weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN(); // nothing was there to average
  }
  return result;
}

} // namespace

std::vector<double> BlockTable::mean() const {
  return ratio_of_totals(*this, blocks());
}

std::vector<double> BlockTable::mean_without(std::size_t block) const {
  return ratio_of_totals(*this, block);
}

std::vector<double> BlockTable::standard_error() const {
  const auto n = static_cast<double>(blocks());
  std::vector<double> first(points(), 0.0), second(points(), 0.0), result(points(), 0.0);
  if (blocks() < 2)
    return std::vector<double>(points(), std::nan(""));
  for (std::size_t b = 0; b < blocks(); ++b) {
    const auto replicate = mean_without(b);
    for (std::size_t i = 0; i < points(); ++i)
      first[i] += replicate[i] / n;
  }
  for (std::size_t b = 0; b < blocks(); ++b) {
    const auto replicate = mean_without(b);
    for (std::size_t i = 0; i < points(); ++i)
      second[i] += (replicate[i] - first[i]) * (replicate[i] - first[i]);
  }
  for (std::size_t i = 0; i < points(); ++i)
    result[i] = std::sqrt(second[i] * (n - 1) / n);
  return result;
}

void BlockTable::append(const BlockTable& other) {
  if (blocks() == 0) {
    *this = other;
    return;
  }
  if (other.x != x)
    throw std::invalid_argument("BlockTable::append: the abscissas differ");
  sum.insert(sum.end(), other.sum.begin(), other.sum.end());
  weight.insert(weight.end(), other.weight.begin(), other.weight.end());
  for (std::size_t i = 0; i < points(); ++i)
    count[i] += other.count[i];
}

BlockTable BlockTable::collapsed() const {
  BlockTable result{x, {std::vector<double>(points(), 0.0)}, {std::vector<double>(points(), 0.0)}, count};
  for (std::size_t b = 0; b < blocks(); ++b)
    for (std::size_t i = 0; i < points(); ++i) {
      result.sum[0][i] += sum[b][i];
      result.weight[0][i] += weight[b][i];
    }
  return result;
}

BlockTable derived_table(const std::vector<const BlockTable*>& tables,
                         const std::function<double(const std::vector<double>& means)>& number) {
  const BlockTable& first = *tables.front();
  const std::size_t blocks = first.blocks(), points = first.points();
  const auto numbers = [&](std::size_t omitted) {
    std::vector<std::vector<double>> means;
    for (const BlockTable* table : tables)
      means.push_back(ratio_of_totals(*table, omitted));
    std::vector<double> result(points), row(tables.size());
    for (std::size_t i = 0; i < points; ++i) {
      for (std::size_t t = 0; t < tables.size(); ++t)
        row[t] = means[t][i];
      result[i] = number(row);
    }
    return result;
  };
  const std::vector<double> whole = numbers(blocks);
  std::vector<std::vector<double>> without;
  std::vector<double> middle(points, 0.0);
  for (std::size_t b = 0; b < blocks && blocks > 1; ++b) {
    without.push_back(numbers(b));
    for (std::size_t i = 0; i < points; ++i)
      middle[i] += without[b][i] / static_cast<double>(blocks);
  }
  BlockTable result{
      first.x, {}, std::vector<std::vector<double>>(blocks, std::vector<double>(points, 1.0)), first.count};
  for (std::size_t b = 0; b < blocks; ++b) {
    auto& row = result.sum.emplace_back(whole);
    for (std::size_t i = 0; i < points && blocks > 1; ++i)
      row[i] += static_cast<double>(blocks - 1) * (middle[i] - without[b][i]);
  }
  return result;
}

} // namespace cascade::analysis
