#include "analysis/fit/minimise.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace cascade::analysis {
namespace {

using Function = std::function<double(double)>;

struct Trial {
  double at, value;
};

Trial scanned(const Function& f, double low, double high, int steps) {
  Trial best{low, f(low)};
  for (int i = 1; i <= steps; ++i) {
    const double at = low + (high - low) * i / steps, value = f(at);
    if (value < best.value)
      best = {at, value};
  }
  return best;
}

/// Step from x to the vertex of the parabola through three trials; nullopt where there is none.
std::optional<double> to_vertex(const Trial& x, const Trial& w, const Trial& v) {
  if (!std::isfinite(x.value) || !std::isfinite(w.value) || !std::isfinite(v.value))
    return std::nullopt;
  const double r = (x.at - w.at) * (x.value - v.value), q = (x.at - v.at) * (x.value - w.value);
  if (q == r)
    return std::nullopt;
  return -((x.at - v.at) * q - (x.at - w.at) * r) / (2 * (q - r));
}

Trial close_in(const Function& f, double low, double high, Trial x, double tolerance) {
  constexpr double golden = 0.3819660112501051; // (3 - sqrt 5)/2
  Trial w = x, v = x;
  double before = high - low, last = before;
  for (int i = 0; i < 200 && std::max(x.at - low, high - x.at) > 2 * tolerance; ++i) {
    double step = golden * (x.at < 0.5 * (low + high) ? high - x.at : low - x.at);
    if (const auto vertex = to_vertex(x, w, v);
        vertex && std::abs(*vertex) < 0.5 * before && x.at + *vertex > low && x.at + *vertex < high)
      step = *vertex;
    before = std::exchange(last, std::abs(step));
    if (std::abs(step) < tolerance)
      step = x.at < 0.5 * (low + high) ? tolerance : -tolerance;
    const Trial u{x.at + step, f(x.at + step)};
    if (u.value <= x.value) {
      (u.at < x.at ? high : low) = x.at;
      v = std::exchange(w, std::exchange(x, u));
    } else {
      (u.at < x.at ? low : high) = u.at;
      if (u.value <= w.value || w.at == x.at)
        v = std::exchange(w, u);
      else if (u.value <= v.value || v.at == x.at || v.at == w.at)
        v = u;
    }
  }
  return x;
}

} // namespace

LineMinimum minimise(const Function& function, const Search& search) {
  double low = std::max(search.low, search.least), high = std::min(search.high, search.most);
  const double step = (high - low) / search.scan;
  Trial best = scanned(function, low, high, search.scan);
  for (int extensions = 0; extensions < 20; ++extensions) {
    double next = best.at;
    if (best.at <= low && low > search.least)
      next = low = std::max(low - search.scan * step, search.least);
    else if (best.at >= high && high < search.most)
      next = high = std::min(high + search.scan * step, search.most);
    else
      break;
    const Trial farther = scanned(function, std::min(next, best.at), std::max(next, best.at), search.scan);
    if (!(farther.value < best.value))
      break;
    best = farther;
  }
  best = close_in(function, std::max(best.at - step, search.least), std::min(best.at + step, search.most), best,
                  search.tolerance);
  const double near = 4 * search.tolerance;
  return {best.at, best.value, best.at - search.least < near || search.most - best.at < near};
}

} // namespace cascade::analysis
