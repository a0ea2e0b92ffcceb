#include "analysis/all_lags/moment_spectra.hpp"

#include "core/sums/clones.hpp"
#include "core/talk/errors.hpp"

#include <algorithm>
#include <cmath>

namespace cascade::analysis {

using core::Complex;
using core::ExactSum;

namespace {

const Complex* spectrum(const core::LagTransform::Modes& modes, std::size_t f) {
  return f == LagTerm::window ? modes.window : modes.spectra[f];
}

CASCADE_CLONES
void norms(const Complex* a, std::size_t n, double* out) {
  const auto* v = reinterpret_cast<const double*>(a);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = v[2 * i] * v[2 * i] + v[2 * i + 1] * v[2 * i + 1];
}
CASCADE_CLONES
void add_real(const Complex* a, const Complex* b, double c, std::size_t n, double* out) {
  const auto *x = reinterpret_cast<const double*>(a), *y = reinterpret_cast<const double*>(b);
  for (std::size_t i = 0; i < n; ++i)
    out[i] += c * (x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1]);
}
CASCADE_CLONES
void add_imaginary(const Complex* a, const Complex* b, double c, std::size_t n, double* out) {
  const auto *x = reinterpret_cast<const double*>(a), *y = reinterpret_cast<const double*>(b);
  for (std::size_t i = 0; i < n; ++i)
    out[i] += c * (x[2 * i + 1] * y[2 * i] - x[2 * i] * y[2 * i + 1]);
}
CASCADE_CLONES
double product(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t lanes = 8;
  double sum[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t l = 0; l < lanes; ++l)
      sum[l] += a[i + l] * b[i + l];
  for (; i < n; ++i)
    sum[0] += a[i] * b[i];
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

} // namespace

LagScaling lag_scaling(const core::RealField& field, const core::Communicator& communicator, bool holes) {
  const auto known = [holes](double v) { return !holes || !std::isnan(v); };
  std::int64_t points[] = {0};
  for (const double v : field.component(0))
    points[0] += known(v) ? 1 : 0;
  communicator.sum(std::span<std::int64_t>(points));
  LagScaling s;
  const auto total = [&](int c, const auto& of) {
    ExactSum sum[1];
    for (const double v : field.component(c))
      if (known(v))
        sum[0].add(of(v));
    communicator.sum(std::span<ExactSum>(sum));
    return sum[0].value() / static_cast<double>(points[0]);
  };
  const auto refuse = [] {
    throw core::Error(core::ExitCode::numerical_failure,
                      "increments at all lags: the field has values that are not finite, or too large to be squared");
  };
  // asked before anything is computed with them: squares beyond the largest number would trap
  double large[1] = {0};
  for (int c = 0; c < field.components(); ++c)
    for (const double v : field.component(c))
      if (known(v) && (!std::isfinite(v) || std::abs(v) > 1e150))
        large[0] = 1;
  communicator.max(std::span<double>(large));
  if (large[0] > 0)
    refuse();
  double variance = 0;
  for (int c = 0; c < field.components(); ++c) {
    const double mean = total(c, [](double v) { return v; });
    s.mean.push_back(mean);
    variance += total(c, [mean](double v) { return (v - mean) * (v - mean); });
  }
  if (!std::isfinite(variance))
    refuse();
  const double size = std::sqrt(variance / field.components());
  if (size > 0)
    s.factor = std::exp2(-std::round(std::log2(size)));
  return s;
}

void MomentSpectra::operator()(const core::LagTransform::Modes& modes) {
  squares_.resize((modes.spectra.size() + 1) * modes.count);
  for (std::size_t f = 0; f <= modes.spectra.size(); ++f)
    norms(spectrum(modes, f == modes.spectra.size() ? LagTerm::window : f), modes.count,
          squares_.data() + f * modes.count);
  for (std::size_t m = 0; m < moments_.outputs.size(); ++m) {
    const bool odd = degree_of(moments_.outputs[m]) % 2 != 0;
    double* out = modes.results[m];
    std::fill_n(out, modes.count, 0.0);
    double size = 0;
    for (const LagTerm& t : moments_.terms[m]) {
      const Complex *later = spectrum(modes, t.later), *earlier = spectrum(modes, t.earlier);
      if (odd)
        add_imaginary(later, earlier, t.coefficient, modes.count, out);
      else
        add_real(later, earlier, t.coefficient, modes.count, out);
      size += t.coefficient * t.coefficient * product(squares(t.later, modes), squares(t.earlier, modes), modes.count);
    }
    terms_[m].add(modes.weight * size);
  }
}

std::vector<double> MomentSpectra::sizes(const core::Communicator& communicator) {
  communicator.sum(std::span<ExactSum>(terms_));
  std::vector<double> all;
  for (const ExactSum& s : terms_)
    all.push_back(s.value());
  return all;
}

} // namespace cascade::analysis
