#include "analysis/approximation/driven_descent.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cascade::analysis {
namespace {

/// At most `kept` of the cells, each with a chance proportional to chance[i], and the weight that makes up for it.
void resample(std::vector<DrivenCell>& cells, const std::vector<double>& chance, std::size_t kept, double uniform) {
  if (cells.size() <= kept)
    return;
  double total = 0;
  for (const double c : chance)
    total += c;
  if (!(total > 0))
    return;
  const double step = total / static_cast<double>(kept);
  double next = uniform * step, sum = 0;
  std::vector<DrivenCell> chosen;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    sum += chance[i];
    double copies = 0;
    for (; next < sum; next += step)
      ++copies;
    if (copies == 0)
      continue;
    DrivenCell cell = cells[i];
    cell.weight *= copies * step / chance[i]; // copies of a cell are one with a larger weight: all is a function of it
    chosen.push_back(cell);
  }
  cells = std::move(chosen);
}

double open_uniform(DrawStream& stream) {
  return static_cast<double>(stream.wide() >> 11) * 0x1p-53;
}

} // namespace

double DrivenThresholds::at(int i) const {
  return std::exp2(top - static_cast<double>(i) / per_octave);
}

int DrivenThresholds::first_below(double x) const {
  if (!(x > 0))
    return count;
  // theta_i < x: i > (top - log2 x) per_octave
  int i = static_cast<int>(std::clamp(std::floor((top - std::log2(x)) * per_octave), -1.0, static_cast<double>(count)));
  i = std::max(i, 0);
  while (i < count && at(i) >= x)
    ++i;
  while (i > 0 && at(i - 1) < x)
    --i;
  return i;
}

DrivenSums::DrivenSums(int thresholds) : split(static_cast<std::size_t>(thresholds), 0.0), loss(split), forced(split) {}

std::vector<double> DrivenSums::pieces() const {
  std::vector<double> n;
  double sum = 1;
  for (const double s : split)
    n.push_back(sum += s);
  return n;
}

std::vector<double> DrivenSums::unsplit() const {
  std::vector<double> n;
  double sum = 0;
  for (const double s : forced)
    n.push_back(sum += s);
  return n;
}

void add_split(const DrivenThresholds& thresholds, const DrivenCell& cell, const std::vector<DrivenCell>& children,
               const DrivenCells& cells, DrivenSums& sums) {
  const int first = thresholds.first_below(cell.least);
  if (first >= thresholds.count)
    return;
  sums.split[static_cast<std::size_t>(first)] += cell.weight * (static_cast<double>(children.size()) - 1);
  for (const DrivenCell& child : children) {
    const bool ends = !cells.can_be_split(child);
    const int own = thresholds.first_below(child.least), last = ends ? thresholds.count : own;
    for (int i = first; i < last; ++i)
      sums.loss[static_cast<std::size_t>(i)] += cell.weight * child.loss;
    if (ends && own < thresholds.count)
      sums.forced[static_cast<std::size_t>(own)] += cell.weight;
  }
}

void driven_run(DrivenCells& cells, const DrivenThresholds& thresholds, int kept, DrawStream& stream, DrivenSums& sums,
                double most_pieces) {
  constexpr int per_bin = DrivenThresholds::per_octave / 2; // thresholds in a bin
  std::vector<std::vector<DrivenCell>> bins(static_cast<std::size_t>(thresholds.count / per_bin) + 1);
  const auto enter = [&](const DrivenCell& cell) {
    const int first = thresholds.first_below(cell.least);
    if (first < thresholds.count && cells.can_be_split(cell))
      bins[static_cast<std::size_t>(first / per_bin)].push_back(cell);
  };
  enter(cells.root());
  std::vector<double> chance;
  double pieces = 1;
  std::size_t counted = 0;
  for (std::size_t b = 0; b < bins.size() && !(pieces > most_pieces); ++b) {
    auto& bin = bins[b];
    while (!bin.empty()) { // children may fall into the bin of their parent
      std::vector<DrivenCell> now = std::exchange(bin, {});
      chance.clear();
      for (const DrivenCell& cell : now)
        chance.push_back(cell.weight);
      resample(now, chance, static_cast<std::size_t>(kept), open_uniform(stream));
      for (const DrivenCell& cell : now) {
        const auto& children = cells.children(cell);
        add_split(thresholds, cell, children, cells, sums);
        for (const DrivenCell& child : children)
          enter(child);
      }
    }
    // cells of smaller errors add to smaller thresholds only
    for (const std::size_t end = std::min(sums.split.size(), (b + 1) * per_bin); counted < end; ++counted)
      pieces += sums.split[counted];
  }
}

void driven_enumeration(DrivenCells& cells, const DrivenThresholds& thresholds, DrivenSums& sums) {
  std::vector<DrivenCell> left{cells.root()};
  while (!left.empty()) {
    const DrivenCell cell = left.back();
    left.pop_back();
    if (thresholds.first_below(cell.least) >= thresholds.count || !cells.can_be_split(cell))
      continue;
    const auto& children = cells.children(cell);
    add_split(thresholds, cell, children, cells, sums);
    left.insert(left.end(), children.begin(), children.end());
  }
}

std::vector<double> driven_levels(DrivenCells& cells, int levels, int kept, DrawStream& stream) {
  std::vector<double> loss, chance;
  std::vector<DrivenCell> now{cells.root()};
  for (int level = 0;; ++level) {
    double sum = 0;
    for (const DrivenCell& cell : now)
      sum += cell.weight * cell.loss;
    loss.push_back(sum);
    if (level == levels || now.empty() || !cells.can_be_split(now.front()))
      break;
    chance.clear();
    for (const DrivenCell& cell : now)
      chance.push_back(cell.weight * std::max(cell.least, 1e-300));
    resample(now, chance, static_cast<std::size_t>(kept), open_uniform(stream));
    std::vector<DrivenCell> next;
    for (const DrivenCell& cell : now) {
      const auto& children = cells.children(cell);
      next.insert(next.end(), children.begin(), children.end());
    }
    now = std::move(next);
  }
  return loss;
}

} // namespace cascade::analysis
