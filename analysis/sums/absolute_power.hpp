#pragma once
// |x|^p for a list of orders at once.

#include <cmath>
#include <vector>

namespace cascade::analysis {

/// Integer orders up to 16 come from repeated multiplication, others from std::pow.
class PowerList {
public:
  explicit PowerList(std::vector<double> orders) : orders_(std::move(orders)) {
    for (double p : orders_)
      if (p == std::floor(p) && p >= 1 && p <= 16)
        highest_ = std::max(highest_, static_cast<int>(p));
  }
  std::size_t size() const { return orders_.size(); }
  /// result[i] = x^orders[i], x >= 0.
  void raise(double x, double* result) const {
    double powers[17];
    powers[0] = 1;
    for (int p = 1; p <= highest_; ++p)
      powers[p] = powers[p - 1] * x;
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      const double p = orders_[i];
      const bool whole = p == std::floor(p) && p >= 1 && p <= 16;
      result[i] = whole ? powers[static_cast<int>(p)] : std::pow(x, p);
    }
  }

private:
  std::vector<double> orders_;
  int highest_ = 0;
};

} // namespace cascade::analysis
