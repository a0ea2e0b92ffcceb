#include "solvers/gaussian/spectrum.hpp"

#include "core/sums/vector_math.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace cascade::solvers {
namespace {

CASCADE_CLONES
void power_row(double other_squared, double first, double exponent, double low, double high, int count, double* out) {
  for (int i = 0; i < count; ++i) {
    const double k = first + i;
    const double square = other_squared + k * k;
    // At k = 0 the value is finite nonsense, masked below as low >= 1.
    const double value = core::vector_math::exponential(exponent * core::vector_math::natural_log(square));
    out[i] = square >= low && square <= high ? value : 0.0;
  }
}

/// Number of wave vectors that differ from (a, b, c), a >= b >= c >= 0, by order and signs of their D components only.
double multiplicity(int dimensions, core::Index a, core::Index b, core::Index c) {
  const std::array<core::Index, 3> k{c, b, a};
  double signs = 1;
  for (int i = 0; i < dimensions; ++i)
    signs *= k[static_cast<std::size_t>(i)] != 0 ? 2 : 1;
  if (dimensions == 1)
    return signs;
  if (dimensions == 2)
    return (b == c ? 1 : 2) * signs;
  return (a == b && b == c ? 1 : (a == b || b == c ? 3 : 6)) * signs;
}

} // namespace

PowerLawSpectrum::PowerLawSpectrum(int dimensions, core::Index points, double hurst, std::optional<double> low_cutoff,
                                   std::optional<double> high_cutoff)
    : dimensions_(dimensions), points_(points), exponent_(-(2 * hurst + dimensions) / 4),
      low_squared_(std::max(1.0, low_cutoff.value_or(0.0) * low_cutoff.value_or(0.0))),
      high_squared_(high_cutoff ? *high_cutoff * *high_cutoff : std::numeric_limits<double>::max()) {}

void PowerLawSpectrum::amplitudes(double other_squared, core::Index first, std::span<double> out) const {
  const auto count = static_cast<core::Index>(out.size());
  const core::Index kept = std::clamp<core::Index>(largest() + 1 - first, 0, count);
  power_row(other_squared, static_cast<double>(first), exponent_, low_squared_, high_squared_, static_cast<int>(kept),
            out.data());
  std::fill(out.begin() + kept, out.end(), 0.0);
}

// Rows of wave vectors (a, b, c) with c = 0 .. last; a and b count for as many dimensions as there are beyond one.
double PowerLawSpectrum::row_total(core::Index a, core::Index b, core::Index last, std::span<double> row) const {
  const auto used = row.first(static_cast<std::size_t>(last + 1));
  const double other =
      (dimensions_ > 2 ? static_cast<double>(a * a) : 0.0) + (dimensions_ > 1 ? static_cast<double>(b * b) : 0.0);
  amplitudes(other, 0, used);
  double sum = 0;
  for (core::Index c = 0; c <= last; ++c) {
    const double amplitude = used[static_cast<std::size_t>(c)];
    sum += multiplicity(dimensions_, a, b, c) * (amplitude * amplitude);
  }
  return sum;
}

// One of the 48 (3-D) or 8 (2-D) sectors that symmetry maps onto each other; rows are dealt out by their first
// component.
double PowerLawSpectrum::total(const core::Communicator& communicator) const {
  std::vector<double> row(static_cast<std::size_t>(largest() + 1));
  std::array<core::ExactSum, 1> sum;
  const core::Index rank = communicator.rank(), ranks = communicator.size();
  if (dimensions_ == 1 && rank == 0)
    sum[0].add(row_total(0, 0, largest(), row));
  for (core::Index a = rank; dimensions_ > 1 && a <= largest(); a += ranks) {
    if (dimensions_ == 2)
      sum[0].add(row_total(a, a, a, row));
    for (core::Index b = 0; dimensions_ == 3 && b <= a; ++b)
      sum[0].add(row_total(a, b, b, row));
  }
  communicator.sum(sum);
  return sum[0].value();
}

} // namespace cascade::solvers
