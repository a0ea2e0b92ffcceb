#include "analysis/approximation/cell_fit.hpp"

#include "analysis/sums/simd.hpp"

#include <stdexcept>

namespace cascade::analysis {
namespace {

using core::Index;
using simd::Lanes8;

/// Everything a kernel needs, in plain pointers.
struct Kernel {
  const double* data;
  Index n0, n1, n2, stride0, stride1;
  const double *g0, *g1, *g2; ///< value of g_d at point i: g[d * m + i] on axes 0, 1, 2
  Index m0, m1, m2;
  const std::array<int, 3>* terms;
  int term_count;
};

/// moments[d] = sum_i f[i] g[d * stride + i] in eight lanes and a tail, whatever the machine.
template <int degree>
[[gnu::always_inline]] inline void row_moments(const double* f, const double* g, Index count, Index stride,
                                               double* moments) {
  Lanes8 sums[degree + 1] = {};
  Index i = 0;
  for (; i + 8 <= count; i += 8) {
    Lanes8 value, weight;
    simd::load(value, f + i);
    for (int d = 0; d <= degree; ++d) {
      simd::load(weight, g + d * stride + i);
      sums[d] += value * weight;
    }
  }
  for (int d = 0; d <= degree; ++d)
    moments[d] = count < 8 ? 0.0 : simd::reduce(sums[d]);
  for (; i < count; ++i)
    for (int d = 0; d <= degree; ++d)
      moments[d] += f[i] * g[d * stride + i];
}

template <int degree>
[[gnu::always_inline]] inline void project_kernel(const Kernel& k, double* coefficients) {
  for (Index a = 0; a < k.n0; ++a)
    for (Index b = 0; b < k.n1; ++b) {
      double moments[degree + 1];
      row_moments<degree>(k.data + a * k.stride0 + b * k.stride1, k.g2, k.n2, k.m2, moments);
      for (int t = 0; t < k.term_count; ++t) {
        const auto& [d0, d1, d2] = k.terms[t];
        coefficients[t] += k.g0[d0 * k.m0 + a] * k.g1[d1 * k.m1 + b] * moments[d2];
      }
    }
}

template <int degree>
[[gnu::always_inline]] inline void residual_kernel(const Kernel& k, const double* coefficients, double* out) {
  for (Index a = 0; a < k.n0; ++a)
    for (Index b = 0; b < k.n1; ++b, out += k.n2) {
      double along[degree + 1] = {}; // the polynomial of this row
      for (int t = 0; t < k.term_count; ++t) {
        const auto& [d0, d1, d2] = k.terms[t];
        along[d2] += k.g0[d0 * k.m0 + a] * k.g1[d1 * k.m1 + b] * coefficients[t];
      }
      const double* f = k.data + a * k.stride0 + b * k.stride1;
      const double constant = along[0] * k.g2[0]; // g_0 is the same everywhere
      for (Index i = 0; i < k.n2; ++i) {
        double fit = constant;
        for (int d = 1; d <= degree; ++d)
          fit += along[d] * k.g2[d * k.m2 + i];
        out[i] = f[i] - fit;
      }
    }
}

CASCADE_CLONES
void run_project(const Kernel& k, int degree, double* coefficients) {
  if (degree == 0)
    project_kernel<0>(k, coefficients);
  else if (degree == 1)
    project_kernel<1>(k, coefficients);
  else
    project_kernel<2>(k, coefficients);
}

CASCADE_CLONES
void run_residual(const Kernel& k, int degree, const double* coefficients, double* out) {
  if (degree == 0)
    residual_kernel<0>(k, coefficients, out);
  else if (degree == 1)
    residual_kernel<1>(k, coefficients, out);
  else
    residual_kernel<2>(k, coefficients, out);
}

Kernel make_kernel(const Region& r, const RegionBasis& basis, const std::vector<std::array<int, 3>>& terms,
                   const core::Box& part) {
  Kernel k{};
  k.data = r.data + part.begin[0] * r.stride0 + part.begin[1] * r.stride1 + part.begin[2];
  k.n0 = part.extent(0);
  k.n1 = part.extent(1);
  k.n2 = part.extent(2);
  k.stride0 = r.stride0;
  k.stride1 = r.stride1;
  k.g0 = basis.axis[0].data() + part.begin[0];
  k.g1 = basis.axis[1].data() + part.begin[1];
  k.g2 = basis.axis[2].data() + part.begin[2];
  k.m0 = r.extent[0];
  k.m1 = r.extent[1];
  k.m2 = r.extent[2];
  k.terms = terms.data();
  k.term_count = static_cast<int>(terms.size());
  return k;
}

} // namespace

RegionBasis region_basis(int dimensions, int degree, Index side, const core::Index3& offset,
                         const core::Index3& extent) {
  const theory::GramBasis gram(side, degree);
  RegionBasis result;
  for (std::size_t a = 0; a < 3; ++a)
    result.axis[a] = static_cast<int>(a) < 3 - dimensions ? std::vector<double>{1.0} : gram.slice(offset[a], extent[a]);
  return result;
}

CellFit::CellFit(int dimensions, int degree) : degree_(degree) {
  if (dimensions < 1 || dimensions > 3 || degree < 0 || degree > highest_degree)
    throw std::invalid_argument("CellFit: dimensions 1 to 3, degree 0 to 2");
  for (int a = 0; a <= (dimensions > 2 ? degree : 0); ++a)
    for (int b = 0; b <= (dimensions > 1 ? degree - a : 0); ++b)
      for (int c = 0; c <= degree - a - b; ++c)
        terms_.push_back({a, b, c});
}

void CellFit::project(const Region& region, const RegionBasis& basis, double* coefficients) const {
  run_project(make_kernel(region, basis, terms_, {{0, 0, 0}, region.extent}), degree_, coefficients);
}

void CellFit::residual(const Region& region, const RegionBasis& basis, const double* coefficients,
                       const core::Box& part, double* residual) const {
  run_residual(make_kernel(region, basis, terms_, part), degree_, coefficients, residual);
}

} // namespace cascade::analysis
