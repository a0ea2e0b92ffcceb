#include "analysis/leaders/wavelets.hpp"

#include <gsl/gsl_wavelet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace cascade::analysis {
namespace {

using Wavelet = std::unique_ptr<gsl_wavelet, decltype(&gsl_wavelet_free)>;

/// Of a line by GSL itself.
std::vector<WaveletOctave> octaves_of_line(std::vector<double> line, const gsl_wavelet& wavelet, double p) {
  const std::size_t n = line.size();
  const std::unique_ptr<gsl_wavelet_workspace, decltype(&gsl_wavelet_workspace_free)> work(
      gsl_wavelet_workspace_alloc(n), &gsl_wavelet_workspace_free);
  gsl_wavelet_transform_forward(&wavelet, line.data(), 1, n, work.get());
  std::vector<WaveletOctave> octaves;
  for (std::size_t count = n / 2, j = 1; count >= 1; count /= 2, ++j) { // coefficients [count, 2 count)
    WaveletOctave& octave = octaves.emplace_back();
    octave.side = count;
    const double scale = std::exp2(-0.5 * static_cast<double>(j));
    for (std::size_t k = 0; k < count; ++k) {
      octave.largest.push_back(scale * std::abs(line[count + k]));
      if (p > 0)
        octave.power.push_back(std::pow(octave.largest.back(), p));
    }
  }
  return octaves;
}

/// One step of the periodic transform along the lines of stride `stride` of n values: low frequencies first.
void halve_line(double* line, std::size_t stride, std::size_t n, const gsl_wavelet& w, std::vector<double>& space) {
  space.assign(n, 0.0);
  for (std::size_t i = 0; i < n / 2; ++i) {
    double low = 0, high = 0;
    for (std::size_t k = 0; k < w.nc; ++k) {
      const double value = line[((2 * i + k + w.nc * n - w.offset) & (n - 1)) * stride];
      low += w.h1[k] * value;
      high += w.g1[k] * value;
    }
    space[i] = low;
    space[n / 2 + i] = high;
  }
  for (std::size_t i = 0; i < n; ++i)
    line[i * stride] = space[i];
}

/// Calls f(cell, place of the cell along each axis) for side^D cells, row-major.
template <class F>
void each_cell(int dimensions, std::size_t side, const F& f) {
  const auto d = static_cast<std::size_t>(dimensions);
  std::array<std::size_t, 3> at{};
  std::size_t cells = 1;
  for (std::size_t a = 0; a < d; ++a)
    cells *= side;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    f(cell, at);
    for (std::size_t a = d; a-- > 0;) {
      if (++at[a] < side)
        break;
      at[a] = 0;
    }
  }
}

std::size_t index_of(const std::array<std::size_t, 3>& at, int dimensions, std::size_t side) {
  std::size_t index = 0;
  for (std::size_t a = 0; a < static_cast<std::size_t>(dimensions); ++a)
    index = index * side + at[a];
  return index;
}

} // namespace

std::vector<WaveletOctave> wavelet_octaves(std::vector<double> values, int dimensions, std::size_t n, int moments,
                                           double p) {
  const Wavelet wavelet(gsl_wavelet_alloc(gsl_wavelet_daubechies, static_cast<std::size_t>(2 * moments)),
                        &gsl_wavelet_free);
  if (dimensions == 1)
    return octaves_of_line(std::move(values), *wavelet, p);
  const auto d = static_cast<std::size_t>(dimensions);
  std::vector<WaveletOctave> octaves;
  std::vector<double> space;
  double scale = 1;
  for (std::size_t side = n; side >= 2; side /= 2) {
    for (std::size_t a = 0, stride = values.size() / side; a < d; ++a, stride /= side)
      for (std::size_t first = 0; first < values.size(); ++first)
        if (first / stride % side == 0)
          halve_line(&values[first], stride, side, *wavelet, space);
    const std::size_t half = side / 2;
    scale *= std::exp2(-0.5 * dimensions);
    WaveletOctave& octave = octaves.emplace_back();
    octave.side = half;
    octave.largest.assign(values.size() >> d, 0.0);
    octave.power.assign(p > 0 ? octave.largest.size() : 0, 0.0);
    std::vector<double> smooth(octave.largest.size());
    each_cell(dimensions, side, [&](std::size_t i, std::array<std::size_t, 3> at) {
      bool detail = false;
      for (std::size_t a = 0; a < d; ++a) {
        detail = detail || at[a] >= half;
        at[a] %= half;
      }
      const std::size_t cell = index_of(at, dimensions, half);
      if (!detail) {
        smooth[cell] = values[i];
        return;
      }
      const double size = scale * std::abs(values[i]);
      octave.largest[cell] = std::max(octave.largest[cell], size);
      if (p > 0)
        octave.power[cell] += std::pow(size, p);
    });
    values = std::move(smooth);
  }
  return octaves;
}

std::vector<std::vector<double>> leaders_of(const std::vector<WaveletOctave>& octaves, int dimensions, double p) {
  const auto d = static_cast<std::size_t>(dimensions);
  const double share = std::exp2(-dimensions);
  std::vector<std::vector<double>> result;
  std::vector<double> below; // sup (or sum of p-th powers) over a cell and everything finer in it
  for (const WaveletOctave& octave : octaves) {
    const std::size_t side = octave.side;
    std::vector<double> cell(octave.largest.size());
    each_cell(dimensions, side, [&](std::size_t i, const std::array<std::size_t, 3>& at) {
      double finer = 0;
      for (std::size_t c = 0; !below.empty() && c < std::size_t{1} << d; ++c) {
        std::array<std::size_t, 3> child{};
        for (std::size_t a = 0; a < d; ++a)
          child[a] = 2 * at[a] + (c >> (d - 1 - a) & 1u);
        const double value = below[index_of(child, dimensions, 2 * side)];
        finer = p > 0 ? finer + value : std::max(finer, value);
      }
      cell[i] = p > 0 ? octave.power[i] + share * finer : std::max(octave.largest[i], finer);
    });
    auto& leaders = result.emplace_back(cell.size());
    each_cell(dimensions, side, [&](std::size_t i, const std::array<std::size_t, 3>& at) {
      double all = 0;
      std::size_t around = 1;
      for (std::size_t a = 0; a < d; ++a)
        around *= 3;
      for (std::size_t c = 0; c < around; ++c) {
        std::array<std::size_t, 3> other{};
        std::size_t rest = c;
        for (std::size_t a = d; a-- > 0; rest /= 3)
          other[a] = (at[a] + side + rest % 3 - 1) % side;
        const double value = cell[index_of(other, dimensions, side)];
        all = p > 0 ? all + value : std::max(all, value);
      }
      leaders[i] = p > 0 ? std::pow(all, 1 / p) : all;
    });
    below = std::move(cell);
  }
  return result;
}

} // namespace cascade::analysis
