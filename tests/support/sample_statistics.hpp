#pragma once
// Mean and standard error of independent numbers: the yardstick of the statistical tests.

#include <cmath>
#include <cstddef>
#include <limits>

namespace cascade::test {

/// Independent numbers of one distribution, added one by one.
class Sample {
public:
  void add(double x) {
    ++count_;
    const double step = x - mean_;
    mean_ += step / static_cast<double>(count_);
    squares_ += step * (x - mean_);
  }
  std::size_t count() const { return count_; }
  double mean() const { return mean_; }
  /// Of the mean.
  double standard_error() const {
    const auto n = static_cast<double>(count_);
    return std::sqrt(squares_ / (n - 1) / n);
  }
  /// Distance of the mean from `expected` in standard errors; numbers that do not scatter must agree to roundoff.
  double z(double expected) const {
    const double distance = mean_ - expected, error = standard_error();
    const double roundoff = 1e-12 * (std::abs(mean_) + std::abs(expected));
    if (std::abs(distance) <= roundoff)
      return 0;
    return error > 0 ? distance / error : std::numeric_limits<double>::max();
  }

private:
  std::size_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

} // namespace cascade::test
