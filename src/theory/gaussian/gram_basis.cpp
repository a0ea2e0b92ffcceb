#include "theory/gaussian/gram_basis.hpp"

#include <cmath>
#include <stdexcept>

namespace cascade::theory {

GramBasis::GramBasis(std::int64_t points, int degree)
    : points_(points), degree_(degree), beta_(static_cast<std::size_t>(degree) + 1, 0.0),
      norm_(static_cast<std::size_t>(degree) + 1) {
  if (degree < 0 || degree >= points)
    throw std::invalid_argument("GramBasis: the degree must be below the number of points");
  const auto s = static_cast<double>(points);
  double square = s;
  for (int d = 0; d <= degree; ++d) {
    const auto at = static_cast<std::size_t>(d);
    if (d > 0) {
      beta_[at] = d * d * (s - d) * (s + d) / (4.0 * (4.0 * d * d - 1));
      square *= beta_[at];
    }
    norm_[at] = std::sqrt(square);
  }
}

std::vector<double> GramBasis::slice(std::int64_t first, std::int64_t count) const {
  std::vector<double> result(static_cast<std::size_t>((degree_ + 1) * count));
  for (std::int64_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(first + i) - 0.5 * static_cast<double>(points_ - 1);
    double before = 0, p = 1;
    for (int d = 0; d <= degree_; ++d) {
      const auto at = static_cast<std::size_t>(d);
      result[static_cast<std::size_t>(d * count + i)] = p / norm_[at];
      const double next = t * p - beta_[at] * before; // beta_0 does not matter: p_(-1) = 0
      before = p;
      p = next;
    }
  }
  return result;
}

} // namespace cascade::theory
