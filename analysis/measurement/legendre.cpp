#include "analysis/measurement/legendre.hpp"

#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/log_slope.hpp"
#include "analysis/fit/no_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace cascade::analysis {
LegendreSpectrum legendre_spectrum(const std::vector<MomentsOfOrder>& moments, double offset, double lowest,
                                   double highest, Axis a_axis, Axis f_axis, std::optional<double> end) {
  if (moments.size() < 3)
    throw NoFit("a spectrum takes three orders at least");
  std::vector<ExponentFit> slope;
  std::vector<double> a, f, error;
  for (const MomentsOfOrder& m : moments) {
    const BlockTable &powers = *m.powers, &logs = *m.logs;
    const ExponentFit e = log_slope(powers.x, powers.blocks(), log_rows(powers), lowest, highest, end);
    slope.push_back(log_slope(powers.x, powers.blocks(), ratio_rows(logs, powers), lowest, highest, end));
    const ExponentFit& s = slope.back();
    a.push_back(s.exponent);
    f.push_back(offset + m.order * s.exponent - e.exponent);
    std::vector<double> replicates;
    for (std::size_t b = 0; b < s.replicates.size(); ++b)
      replicates.push_back(m.order * s.replicates[b] - e.replicates[b]);
    error.push_back(replicates.size() > 1 ? jackknife_error(replicates)
                                          : std::hypot(m.order * s.statistical_error, e.statistical_error));
  }
  const auto by_order = std::minmax_element(moments.begin(), moments.end(),
                                            [](const auto& x, const auto& y) { return x.order < y.order; });
  const ExponentFit &first = slope[static_cast<std::size_t>(by_order.first - moments.begin())],
                    &last = slope[static_cast<std::size_t>(by_order.second - moments.begin())];
  LegendreSpectrum result;
  result.lowest_order = by_order.first->order;
  result.highest_order = by_order.second->order;
  result.width = first;
  result.width.exponent -= last.exponent;
  result.width.loglog_slope = result.width.exponent;
  for (std::size_t b = 0; b < first.replicates.size(); ++b)
    result.width.replicates[b] -= last.replicates[b];
  const std::size_t blocks = first.replicates.size();
  result.width.statistical_error = blocks > 1 ? jackknife_error(result.width.replicates)
                                              : std::hypot(first.statistical_error, last.statistical_error);
  result.width.systematic_error = std::hypot(first.systematic_error, last.systematic_error);
  result.width.model = fmt::format("slopes at q = {:g} and {:g}", by_order.first->order, by_order.second->order);
  finish(result.width, blocks > 1 ? blocks : std::max<std::size_t>(static_cast<std::size_t>(first.points) - 1, 2));
  result.width.profile95[0] = result.width.interval95[0];
  result.width.profile95[1] = result.width.interval95[1];

  std::vector<std::size_t> rank(a.size());
  std::iota(rank.begin(), rank.end(), std::size_t{0});
  std::sort(rank.begin(), rank.end(), [&](std::size_t i, std::size_t j) { return a[i] < a[j]; });
  Curve& curve = result.curve;
  curve.x_axis = std::move(a_axis);
  curve.y_axis = std::move(f_axis);
  for (const std::size_t i : rank) {
    curve.x.push_back(a[i]);
    curve.y.push_back(f[i]);
    curve.standard_error.push_back(error[i]);
  }
  return result;
}

double cells_that_carry(double order, const HalfOrder& half, double offset, double lowest, double highest) {
  const BlockTable &powers = *half.powers, &logs = *half.logs, &squares = *half.squares;
  const auto variance = [&](std::optional<std::size_t> without) {
    auto y = ratio_rows(squares, powers)(without);
    const auto mean = ratio_rows(logs, powers)(without);
    for (std::size_t i = 0; i < y.size(); ++i)
      y[i] -= mean[i] * mean[i];
    return y;
  };
  const ExponentFit e = log_slope(powers.x, powers.blocks(), log_rows(powers), lowest, highest);
  const double p = half.order;
  const double a = log_slope(powers.x, powers.blocks(), ratio_rows(logs, powers), lowest, highest).exponent;
  const double bend = std::log(2) * log_slope(powers.x, powers.blocks(), variance, lowest, highest).exponent;
  const double f = offset + p * a - e.exponent + 0.5 * std::min(bend, 0.0) * (order * order - p * p);
  return std::pow(e.window[0], -f);
}

void mark_few_cells(ExponentFit& fit, double q, const HalfOrder& half, double offset, double lowest, double highest,
                    std::size_t realisations) {
  constexpr double few = 8;
  const double cells = static_cast<double>(realisations) * cells_that_carry(2 * q, half, offset, lowest, highest);
  if (cells < few)
    mark(fit, FitStatus::failed,
         fmt::format("the scatter of order {:g} is that of order {:g}, which few cells carry ({:.2g} in all "
                     "realisations): realisations left out say too little of it",
                     q, 2 * q, cells));
}

Result width_result(const std::string& quantity, const std::string& title, const LegendreSpectrum& spectrum,
                    const ExponentFit& found) {
  Result r;
  r.quantity = quantity;
  r.title = title;
  r.labels = Labels{{"lowest_order", spectrum.lowest_order}, {"highest_order", spectrum.highest_order}};
  r.labels.say(fmt::format("q = {:g} to {:g}", spectrum.lowest_order, spectrum.highest_order));
  set_fit(r, found);
  r.curve = spectrum.curve;
  return r;
}

} // namespace cascade::analysis
