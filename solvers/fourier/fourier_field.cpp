#include "solvers/fourier/fourier_field.hpp"

#include "core/sums/vector_math.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::solvers {
namespace {

constexpr int group = FourierField::group, block = FourierField::block;

/// values[p] += sum over the group's modes of a cos(2 pi (k.x_p + phase)); x is [axis][block], k is [axis][group].
CASCADE_CLONES void add_group(int dimensions, const double* __restrict x, const double* __restrict k,
                              const double* __restrict phase, const double* __restrict amplitude,
                              double* __restrict values) {
  double turns[group][block];
  for (int m = 0; m < group; ++m)
    for (int p = 0; p < block; ++p)
      turns[m][p] = phase[m];
  for (int a = 0; a < dimensions; ++a)
    for (int m = 0; m < group; ++m)
      for (int p = 0; p < block; ++p)
        turns[m][p] += k[a * group + m] * x[a * block + p];
  for (int m = 0; m < group; ++m)
    for (int p = 0; p < block; ++p) {
      constexpr double to_integer = 0x1.8p52;
      const double v = turns[m][p] - ((turns[m][p] + to_integer) - to_integer);
      values[p] += amplitude[m] * core::vector_math::turn(v).cosine;
    }
}

} // namespace

FourierField::FourierField(int dimensions, const std::vector<FourierMode>& modes)
    : dimensions_(dimensions), count_(modes.size()) {
  const auto d = static_cast<std::size_t>(dimensions), g = static_cast<std::size_t>(group);
  const std::size_t groups = (count_ + g - 1) / g;
  wavevector_.assign(groups * g * d, 0.0);
  phase_.assign(groups * g, 0.0);
  amplitude_.assign(groups * g, 0.0);
  for (std::size_t m = 0; m < count_; ++m) {
    for (std::size_t a = 0; a < d; ++a)
      wavevector_[(m / g * d + a) * g + m % g] = modes[m].wavevector[a];
    phase_[m] = modes[m].phase;
    amplitude_[m] = modes[m].amplitude;
  }
}

void FourierField::evaluate(std::span<const core::Coordinate> points, std::span<double> values) const {
  const auto d = static_cast<std::size_t>(dimensions_), g = static_cast<std::size_t>(group);
  constexpr auto width = static_cast<std::size_t>(block);
  std::vector<double> x(d * width, 0.0);
  double sum[block];
  for (std::size_t first = 0; first < values.size(); first += width) {
    const std::size_t count = std::min(width, values.size() - first);
    for (std::size_t p = 0; p < count; ++p)
      for (std::size_t a = 0; a < d; ++a)
        x[a * width + p] = static_cast<double>(static_cast<std::int64_t>(points[(first + p) * d + a] >> 11)) * 0x1p-53;
    std::fill_n(sum, block, 0.0);
    for (std::size_t m = 0; m < phase_.size(); m += g)
      add_group(dimensions_, x.data(), &wavevector_[m * d], &phase_[m], &amplitude_[m], sum);
    std::copy_n(sum, count, values.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

double FourierField::increment(std::span<const double> separation) const {
  double sum = 0;
  for (std::size_t m = 0; m < count_; ++m) {
    double turns = 0;
    for (std::size_t a = 0; a < separation.size(); ++a)
      turns += wavevector_[(m / group * separation.size() + a) * group + m % group] * separation[a];
    const double sine = std::sin(std::numbers::pi * std::remainder(turns, 1.0)); // 1 - cos without cancellation
    sum += amplitude_[m] * amplitude_[m] * 2 * sine * sine;
  }
  return sum;
}

double FourierField::variance() const {
  double sum = 0;
  for (const double a : amplitude_)
    sum += 0.5 * a * a;
  return sum;
}

FourierMode FourierField::mode(std::size_t m) const {
  const auto d = static_cast<std::size_t>(dimensions_), g = static_cast<std::size_t>(group);
  FourierMode result{std::vector<double>(d), phase_[m], amplitude_[m]};
  for (std::size_t a = 0; a < d; ++a)
    result.wavevector[a] = wavevector_[(m / g * d + a) * g + m % g];
  return result;
}

} // namespace cascade::solvers
