#include "analysis/approximation/lattice_fit.hpp"

#include "theory/gaussian/gram_basis.hpp"

#include <cmath>
#include <stdexcept>

namespace cascade::analysis {

double LatticeFit::terms(int dimensions, int degree) {
  const double d = dimensions;
  return degree == 0 ? 1 : degree == 1 ? d + 1 : (d + 1) * (d + 2) / 2;
}

LatticeFit::LatticeFit(int dimensions, int m, int highest_degree)
    : points_(static_cast<std::size_t>(std::llround(std::pow(m, dimensions)))), basis_(3) {
  if (m <= highest_degree)
    throw std::invalid_argument("a polynomial of degree k needs more than k points a side");
  const auto d = static_cast<std::size_t>(dimensions), side = static_cast<std::size_t>(m);
  const auto gram = theory::GramBasis(m, highest_degree).slice(0, m);
  const auto add = [&](const std::vector<int>& degrees, std::size_t total) {
    std::vector<double> values(points_, 1.0);
    for (std::size_t p = 0; p < points_; ++p) {
      std::size_t rest = p;
      for (std::size_t a = d; a-- > 0; rest /= side)
        values[p] *= gram[static_cast<std::size_t>(degrees[a]) * side + rest % side];
    }
    basis_[total].push_back(std::move(values));
  };
  std::vector<int> degrees(d, 0);
  add(degrees, 0);
  for (std::size_t a = 0; a < d && highest_degree >= 1; ++a) {
    degrees[a] = 1;
    add(degrees, 1);
    for (std::size_t b = a; b < d && highest_degree >= 2; ++b) {
      ++degrees[b];
      add(degrees, 2);
      --degrees[b];
    }
    degrees[a] = 0;
  }
}

void LatticeFit::subtract_degree(int degree, std::span<double> values) const {
  for (const auto& g : basis_[static_cast<std::size_t>(degree)]) {
    double c = 0;
    for (std::size_t p = 0; p < points_; ++p)
      c += g[p] * values[p];
    for (std::size_t p = 0; p < points_; ++p)
      values[p] -= c * g[p];
  }
}

} // namespace cascade::analysis
