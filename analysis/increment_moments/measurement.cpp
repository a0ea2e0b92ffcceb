#include "analysis/increment_moments/measurement.hpp"

#include "analysis/fit/hotelling.hpp"
#include "analysis/fit/jackknife.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"
#include "analysis/sums/even_axes.hpp"
#include "analysis/sums/grid_blocks.hpp"
#include "analysis/sums/pair_sums.hpp"
#include "analysis/sums/present_pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cascade::analysis {
namespace {

const std::array<const char*, 3> power_names{"square", "cube", "fourth"};

/// Sums of d^2, d^3, d^4 in eight lanes, whatever the machine's.
void add_moments(std::span<const double> left, std::span<const double> right, std::span<double> sums) {
  constexpr std::size_t lanes = 8;
  double total[3][lanes] = {};
  for (std::size_t first = 0; first < left.size(); first += lanes)
    for (std::size_t l = 0; l < std::min(lanes, left.size() - first); ++l) {
      const double d = right[first + l] - left[first + l], square = d * d;
      total[0][l] += square;
      total[1][l] += square * d;
      total[2][l] += square * square;
    }
  for (std::size_t m = 0; m < 3; ++m)
    for (std::size_t l = 0; l < lanes; ++l)
      sums[m] += total[m][l];
}

double skewness_of(const std::vector<double>& means) { // <d^2>, <d^3>
  return means[1] / std::pow(means[0], 1.5);
}
double flatness_of(const std::vector<double>& means) { // <d^2>, <d^4>
  return means[1] / (means[0] * means[0]);
}

/// Mean of the table's rows with lowest <= x <= highest, weighted by their errors.
ExponentFit mean_over_scales(const BlockTable& table, double lowest, double highest) {
  const auto value = table.mean(), error = table.standard_error();
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.points(); ++i)
    if (table.x[i] >= lowest * (1 - 1e-9) && table.x[i] <= highest * (1 + 1e-9) && std::isfinite(value[i]) &&
        error[i] > 0)
      rows.push_back(i);
  if (rows.size() < 3)
    throw NoFit("too few scales for this fit");
  const auto mean = [&](const std::vector<double>& y) {
    double sum = 0, weight = 0;
    for (const std::size_t i : rows) {
      sum += y[i] / (error[i] * error[i]);
      weight += 1 / (error[i] * error[i]);
    }
    return sum / weight;
  };
  ExponentFit fit;
  fit.exponent = mean(value);
  for (std::size_t b = 0; b < table.blocks(); ++b)
    fit.replicates.push_back(mean(table.mean_without(b)));
  fit.statistical_error = jackknife_error(fit.replicates); // a mean has no model that could be wrong
  fit.model = "mean over r, weighted by the errors";
  fit.window[0] = table.x[rows.front()];
  fit.window[1] = table.x[rows.back()];
  fit.points = static_cast<int>(rows.size());
  fit.chi2_per_dof = fit.p_value = fit.loglog_slope = std::numeric_limits<double>::quiet_NaN();
  finish(fit, table.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

/// zeta_4 - 2 zeta_2 from the fits of both, errors of both carried by the joint jackknife where there is one.
ExponentFit flatness_exponent(const ExponentFit& fourth, const ExponentFit& second) {
  ExponentFit fit = fourth;
  fit.curve = {}; // it is that of the fourth power, and says nothing of the ratio
  fit.exponent = fourth.exponent - 2 * second.exponent;
  const bool joint = !fourth.replicates.empty() && fourth.replicates.size() == second.replicates.size();
  fit.replicates.clear();
  for (std::size_t b = 0; joint && b < fourth.replicates.size(); ++b)
    fit.replicates.push_back(fourth.replicates[b] - 2 * second.replicates[b]);
  fit.statistical_error =
      joint ? jackknife_error(fit.replicates) : std::hypot(fourth.statistical_error, 2 * second.statistical_error);
  fit.systematic_error = std::hypot(fourth.systematic_error, 2 * second.systematic_error);
  fit.loglog_slope = fourth.loglog_slope - 2 * second.loglog_slope;
  fit.model = "zeta_4 - 2 zeta_2; " + fourth.model;
  finish(fit, joint ? fit.replicates.size() : std::size_t{1} << 30);
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

/// Slope of log F against log r where the field's finite-size curves are not known: what a finite grid does to <d^4>
/// and <d^2> is nearly the same, and leaves their ratio alone. Either sign; the systematic part is half the spread when
/// the smallest or the largest scale is left out.
ExponentFit flatness_slope(const BlockTable& flatness, const Subject& subject) {
  const auto [low, high] = subject.window_or(subject.smallest(2), subject.largest(0.26));
  FitData data = prepare(flatness);
  std::size_t first = 0, last = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    first += data.x[i] < low * (1 - 1e-9) ? 1 : 0;
    last = data.x[i] <= high * (1 + 1e-9) ? i : last;
  }
  if (last < first + 3 || data.replicates.size() < 2)
    throw NoFit("too few scales for this fit");
  set_errors(data, first, last);
  const auto slope = [&](const std::vector<double>& y, std::size_t from, std::size_t to) {
    double w = 0, u = 0, v = 0, uu = 0, uv = 0;
    for (std::size_t i = from; i <= to; ++i) {
      const double weight = 1 / (data.error[i] * data.error[i]), x = std::log(data.x[i]), z = std::log(y[i]);
      w += weight;
      u += weight * x;
      v += weight * z;
      uu += weight * x * x;
      uv += weight * x * z;
    }
    return (w * uv - u * v) / (w * uu - u * u);
  };
  ExponentFit fit;
  fit.exponent = slope(data.y, first, last);
  for (const auto& replicate : data.replicates)
    fit.replicates.push_back(slope(replicate, first, last));
  fit.statistical_error = jackknife_error(fit.replicates);
  const double low_end = slope(data.y, first + 1, last), high_end = slope(data.y, first, last - 1);
  fit.systematic_error =
      0.5 * (std::max({fit.exponent, low_end, high_end}) - std::min({fit.exponent, low_end, high_end}));
  fit.loglog_slope = loglog_slope(data.x, data.y, first, last);
  fit.model = "A r^a";
  fit.window[0] = data.x[first];
  fit.window[1] = data.x[last];
  fit.points = static_cast<int>(last - first + 1);
  fit.chi2_per_dof = fit.p_value = std::numeric_limits<double>::quiet_NaN();
  finish(fit, flatness.blocks());
  fit.profile95[0] = fit.interval95[0];
  fit.profile95[1] = fit.interval95[1];
  return fit;
}

Labels labels_of(const std::string& component) {
  return component.empty() ? Labels{} : Labels{{"component", component}};
}

} // namespace

void IncrementMomentsMeasurement::declare(core::ParameterVisitor& v) {
  v.integer("separations_per_octave", separations_per_octave_, {1, 8}, {"1", "separations r per factor of two"});
}

std::vector<Cost> IncrementMomentsMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (grid == nullptr)
    return {};
  const GridExtent e = extent_of(subject, *grid);
  const double pairs = e.points * e.axes * e.log_side * static_cast<double>(separations_per_octave_);
  const std::size_t chosen = log_separations(fewest_points(grid->domain(), even_axes(grid->domain())),
                                             static_cast<int>(separations_per_octave_))
                                 .size();
  const double tables = pair_kinds(subject.components) * static_cast<double>(power_names.size());
  return {{pair_memory(*grid, subject.components, power_names.size(), chosen),
           3 * pairs,
           "pairs x moments",
           rates::pairs,
           {},
           bytes_of_grid_tables(subject, tables, static_cast<double>(chosen), GridBlocks(grid->domain()).count())}};
}

void IncrementMomentsMeasurement::measure_grid(const core::GridSample& sample, const Subject&, const Batch& batch,
                                               Tables& tables) const {
  const std::vector<int> axes = even_axes(sample.field.domain());
  PairTables sums = (sample.missing > 0 ? sum_over_present_pairs : sum_over_pairs)(
      sample.field, batch.ranks, power_names.size(), add_moments,
      log_separations(fewest_points(sample.field.domain(), axes), static_cast<int>(separations_per_octave_)), axes);
  for (std::size_t kind = 0; kind < sums.kinds.size(); ++kind)
    for (std::size_t m = 0; m < power_names.size(); ++m)
      tables[table_name(power_names[m], sums.kinds[kind])] = std::move(sums.tables[kind][m]);
}

void IncrementMomentsMeasurement::fit(const Subject& subject, View, const Tables& tables, const Findings& findings,
                                      Fits& fits) const {
  const auto means = std::make_shared<GridMeans>(subject, findings);
  const auto [lowest, highest] = subject.window_or(subject.smallest(1), subject.largest(0.26));
  const auto components =
      subject.components > 1 ? std::vector<std::string>{"longitudinal", "transverse"} : std::vector<std::string>{""};
  for (const std::string& component : components) {
    const auto moment = [&](const char* power) { return &table_of(tables, table_name(power, component)); };
    const BlockTable *square = moment("square"), *cube = moment("cube"), *fourth = moment("fourth");
    const auto give = [&](const std::string& quantity, const char* symbol, const char* title, const BlockTable& table,
                          Fits::Number fit) {
      const std::string name = table_name(quantity, component);
      fits.give(name, fit, [=, &table](const ExponentFit& number) {
        Result r;
        r.quantity = quantity;
        r.title = title;
        r.labels = labels_of(component);
        set_fit(r, number);
        r.curve = make_curve(name, table, {"r", "box side"}, {symbol, "1", Scale::linear});
        return r;
      });
    };
    const BlockTable& skewness =
        fits.keep(table_name("skewness", component), derived_table({square, cube}, skewness_of));
    give("skewness", "S", "skewness of increments", skewness,
         fits.add([&skewness, low = lowest, high = highest] { return mean_over_scales(skewness, low, high); }));
    const BlockTable& flatness =
        fits.keep(table_name("flatness", component), derived_table({square, fourth}, flatness_of));
    const auto second = means->exponent({*square, 2, -1, false, component}),
               last = means->exponent({*fourth, 4, -1, false, component});
    const auto by_curves = [second, last] { return flatness_exponent(last(), second()); };
    const auto by_slope = [&flatness, &subject] { return flatness_slope(flatness, subject); };
    give("flatness", "F", "flatness exponent", flatness,
         means->has_family() ? fits.add(by_curves) : fits.add(by_slope));
  }
}

Expected expected_increment_moments(const theory::Expectation& expectation, const Result& result,
                                    const BlockTable& table, const theory::Activity* counts) {
  const std::string component = result.labels.text("component");
  const auto moment = [&](double order) { return expectation.increment(component, order, table.x, counts); };
  const auto second = moment(2), fourth = moment(4), sixth = moment(6);
  const auto ratio = [&](const theory::Expectation::Values& values, double power) {
    std::vector<double> all;
    for (std::size_t i = 0; second && values && i < table.points(); ++i)
      all.push_back((*values)[i] / std::pow((*second)[i], power));
    return all;
  };
  const std::vector<double> flatness = ratio(fourth, 2), hyperflatness = ratio(sixth, 3);
  Expected expected;
  if (result.quantity == "flatness") {
    if (!flatness.empty())
      expected.values = flatness;
    return expected;
  }
  const auto all_are = [](const std::vector<double>& values, double number) {
    return !values.empty() &&
           std::all_of(values.begin(), values.end(), [&](double v) { return std::abs(v / number - 1) < 1e-9; });
  };
  if (component != "longitudinal" || (all_are(flatness, 3) && all_are(hyperflatness, 15)))
    expected.values = std::vector<double>(table.points(), 0.0);
  else
    expected.missing = "no exact expectation: nothing makes longitudinal increments symmetric";
  return expected;
}

std::vector<Combination> tested_separations(const Subject& subject, const BlockTable& table,
                                            const std::vector<double>& expected, std::size_t most) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < table.points(); ++i)
    if (std::pow(table.x[i], -subject.dimensions) >= fewest_cells_to_test && std::isfinite(expected[i]))
      usable.push_back(i);
  std::vector<Combination> chosen;
  for (const std::size_t place : evenly_spread(usable.size(), most))
    chosen.push_back({{usable[place], 1.0}});
  return chosen;
}

} // namespace cascade::analysis
