#include "analysis/all_lags/line_of_lags.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cascade::analysis {

using core::Index;

LineOfLags::LineOfLags(int components, int first_axis, const LagShells& shells,
                       const std::vector<LagQuantity>& quantities, int highest_order)
    : components_(components), first_axis_(first_axis), shells_(shells), quantities_(quantities) {
  const Index largest = shells.largest(2);
  for (Index l = -largest; l <= largest; ++l)
    last.push_back(l);
  const std::size_t n = last.size(), orders = static_cast<std::size_t>(highest_order) + 1;
  for (auto* numbers : {&lengths, &box_weights, &weights, &box_pairs, &pairs})
    numbers->resize(n);
  shell.resize(n);
  values.assign(quantities.size(), std::vector<double>(n));
  size_.assign(orders, std::vector<double>(n));
  power_.assign(orders, std::vector<double>(n, 1.0));
  inverse_ = power_;
}

void LineOfLags::evaluate(Index l0, Index l1, std::span<const double* const> lines) {
  const std::size_t n = last.size();
  for (std::size_t i = 0; i < n; ++i) {
    const Lag lag{l0, l1, last[i]};
    lengths[i] = shells_.length(lag);
    box_pairs[i] = shells_.pairs(lag);
    box_weights[i] = shells_.counted(lag) ? shells_.weight(lag) : 0;
    shell[i] = shells_.shell(lengths[i]);
  }
  take_moments(l0, l1, lines);
  pairs = box_pairs;
  weights = box_weights;
  if (quantities_.back().order == 0) { // numbers, so that roundoff can be taken out whole: it is far below one half
    std::vector<double>& known = values.back();
    for (std::size_t i = 0; i < n; ++i) {
      pairs[i] = known[i] = std::max(0.0, std::round(known[i]));
      weights[i] = pairs[i] > 0 ? weights[i] : 0;
    }
  }
  take_sizes();
}

void LineOfLags::take_moments(Index l0, Index l1, std::span<const double* const> lines) {
  const std::size_t n = last.size();
  if (components_ > 1)
    for (std::size_t p = 1; p < power_.size(); ++p)
      for (std::size_t i = 0; i < n; ++i) {
        power_[p][i] = power_[p - 1][i] * shells_.spacing(2) * static_cast<double>(last[i]);
        inverse_[p][i] = lengths[i] > 0 ? inverse_[p - 1][i] / lengths[i] : 0;
      }
  const Index largest = shells_.largest(2);
  const auto negative = static_cast<std::size_t>(largest);
  for (std::size_t q = 0; q < quantities_.size(); ++q) {
    std::vector<double>& out = values[q];
    std::fill(out.begin(), out.end(), 0.0);
    for (const LagPart& part : quantities_[q].parts) {
      double c = part.coefficient;
      int along_last = 0;
      for (int k = 0; k < components_ && components_ > 1; ++k) {
        const int axis = first_axis_ + k, e = part.direction[static_cast<std::size_t>(k)];
        if (axis == 2)
          along_last = e;
        else
          for (int i = 0; i < e; ++i)
            c *= shells_.spacing(axis) * static_cast<double>(axis == 0 ? l0 : l1);
      }
      const double* moment = lines[part.moment];
      const double *high = power_[static_cast<std::size_t>(along_last)].data(),
                   *low = inverse_[static_cast<std::size_t>(degree_of(part.direction))].data();
      if (c == 0)
        continue;
      if (components_ == 1) {
        for (std::size_t i = 0; i < negative; ++i)
          out[i] = c * moment[shells_.axis(2).place(last[i])];
        for (std::size_t i = negative; i < n; ++i)
          out[i] = c * moment[i - negative];
        continue;
      }
      const double* before = moment + shells_.axis(2).place(-largest); // where -largest is
      for (std::size_t i = 0; i < negative; ++i)
        out[i] += c * before[i] * high[i] * low[i];
      for (std::size_t i = negative; i < n; ++i)
        out[i] += c * moment[i - negative] * high[i] * low[i];
    }
  }
}

void LineOfLags::take_sizes() {
  for (auto& size : size_)
    std::fill(size.begin(), size.end(), 0.0);
  for (std::size_t q = 0; q < quantities_.size(); ++q) {
    const LagQuantity& quantity = quantities_[q];
    if (quantity.order % 2 != 0 || quantity.kind == "mixed")
      continue;
    const double c = quantity.kind == "transverse" ? mean_power_across(3 - first_axis_, quantity.order) : 1;
    auto& size = size_[static_cast<std::size_t>(quantity.order)];
    for (std::size_t i = 0; i < size.size(); ++i)
      size[i] += std::max(0.0, values[q][i] / c);
  }
}

void LineOfLags::worsen(int p, double absolute, std::vector<double>& error) const {
  if (absolute == 0)
    return;
  const int even = p % 2 == 0 ? p : std::max(2, p - 1);
  const std::vector<double>& size = size_[static_cast<std::size_t>(even)];
  for (std::size_t i = 0; i < error.size(); ++i) {
    if (pairs[i] == 0)
      continue;
    double whole = size[i];
    if (p == 1)
      whole = std::sqrt(whole * pairs[i]);
    else if (p != even)
      whole *= std::pow(whole / pairs[i], 1.0 / even);
    error[i] = std::max(error[i], whole > 0 ? absolute / whole : std::numeric_limits<double>::infinity());
  }
}

} // namespace cascade::analysis
