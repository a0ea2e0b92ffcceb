#include "solvers/cascade/multiplier_table.hpp"

#include <gsl/gsl_cdf.h>

#include <cmath>
#include <numbers>

namespace cascade::solvers {

using theory::CascadeModel;

MultiplierTable::MultiplierTable(const theory::Multipliers& multipliers, bool density)
    : multipliers_(multipliers), density_(density) {
  const auto factor = [density](double w) { return density ? w : std::cbrt(0.5 * w); };
  const theory::Multipliers& m = multipliers_;
  switch (m.model) {
  case CascadeModel::lognormal: {
    const double spread = std::sqrt(m.mu * std::numbers::ln2), centre = -0.5 * m.mu * std::numbers::ln2;
    constexpr int per_octave = 1 << fine_bits, nodes = 32 * per_octave;
    for (int i = 0; i <= nodes; ++i) {
      const double place = std::ldexp(1 + static_cast<double>(i % per_octave) / per_octave, i / per_octave - 1);
      const double deviate = gsl_cdf_ugaussian_Pinv(std::ldexp(place, -32));
      lower_.push_back(factor(std::exp(centre + spread * deviate)));
      upper_.push_back(factor(std::exp(centre - spread * deviate)));
    }
    break;
  }
  case CascadeModel::log_poisson: {
    const double mean = 2 * std::numbers::ln2;
    double probability = std::exp(-mean), sum = 0;
    for (int n = 0; last_.empty() || last_.back() != 0xffffffffu; ++n) {
      sum += probability;
      probability *= mean / (n + 1);
      const double words = std::round(sum * 0x1p32);
      last_.push_back(words >= 0x1p32 || n == 40 ? 0xffffffffu : static_cast<std::uint32_t>(words) - 1);
      value_.push_back(factor(std::exp2(2.0 / 3) * std::pow(2.0 / 3, n)));
    }
    break;
  }
  case CascadeModel::p_model:
    value_ = {factor(2 * m.p), factor(2 * (1 - m.p))};
    break;
  case CascadeModel::random_beta:
    value_ = {factor(1), factor(2)};
    halved_last_ = static_cast<std::uint32_t>(std::llround(m.x * 0x1p32) - 1);
    break;
  case CascadeModel::binomial:
    for (int upper = 0; upper <= m.dimensions; ++upper)
      value_.push_back(factor(std::pow(2 * m.p, m.dimensions - upper) * std::pow(2 * (1 - m.p), upper)));
    break;
  }
}

double MultiplierTable::moment(double order) const {
  const theory::Multipliers& m = multipliers_;
  double sum = 0;
  const auto power = [order](double v) { return v > 0 ? std::pow(v, order) : 0.0; };
  switch (m.model) {
  case CascadeModel::lognormal:
    // Between two nodes the factor is linear: Simpson's rule, whose error is far below that of the table.
    for (const std::vector<double>* side : {&lower_, &upper_})
      for (std::size_t i = 0; i + 1 < side->size(); ++i) {
        const double width = std::ldexp(1.0, static_cast<int>(i >> fine_bits) - 1 - fine_bits - 32);
        const double a = (*side)[i], b = (*side)[i + 1];
        sum += width * (power(a) + 4 * power(0.5 * (a + b)) + power(b)) / 6;
      }
    return sum;
  case CascadeModel::log_poisson:
    for (std::size_t n = 0; n < value_.size(); ++n)
      sum += power(value_[n]) * (static_cast<double>(last_[n]) - (n > 0 ? static_cast<double>(last_[n - 1]) : -1.0)) *
             0x1p-32;
    return sum;
  case CascadeModel::p_model:
    return 0.5 * (power(value_[0]) + power(value_[1]));
  case CascadeModel::random_beta: {
    const double x = (static_cast<double>(halved_last_) + 1) * 0x1p-32;
    return (1 - x) * power(value_[0]) + 0.5 * x * power(value_[1]);
  }
  case CascadeModel::binomial:
    break;
  }
  for (std::uint32_t child = 0; child < 1u << m.dimensions; ++child)
    sum += power(value_[static_cast<std::size_t>(__builtin_popcount(child))]);
  return sum / static_cast<double>(1u << m.dimensions);
}

} // namespace cascade::solvers
