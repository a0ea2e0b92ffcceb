#include "analysis/blind/measurement.hpp"

#include "analysis/blind/band_pass.hpp"
#include "analysis/blind/blind_fits.hpp"
#include "analysis/blind/cubes.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/order_text.hpp"
#include "analysis/sums/even_axes.hpp"
#include "core/grid/distributed_fft.hpp"

#include <fmt/format.h>

#include <utility>

namespace cascade::analysis {
namespace {

constexpr const char* taper_prefix = "tapered/";

/// Of the periodic cube with this field's points, whatever the field itself is; of a box that is none its shortest
/// side.
BandLayout layout_of(const Subject& subject, bool periodic) {
  return {core::Domain(subject.dimensions, subject.points), subject.components, periodic, subject.moments};
}

bool is_periodic(const core::Domain& domain) {
  for (int axis = domain.first_axis(); axis < 3; ++axis)
    if (!domain.periodic(axis))
      return false;
  return true;
}

std::string moment_table(double order) {
  return table_name("moment", order_text(order));
}

BandTables band_tables_of(const BandLayout& layout, const Tables& tables, const std::string& prefix) {
  BandTables bands;
  bands.energy = table_of(tables, prefix + "energy");
  for (const double order : layout.orders())
    bands.moments.push_back(table_of(tables, prefix + moment_table(order)));
  return bands;
}

/// Through an array of Eigen's own: its exp() of several numbers at once and of one differ in the last bit, and which
/// ones are taken together in a std::vector depends on where that lies.
std::vector<double> exponentials(const Eigen::ArrayXd& logarithms) {
  const Eigen::ArrayXd values = logarithms.exp();
  return {values.begin(), values.end()};
}

/// Points whose logarithms were fitted, and the fit.
FittedPoints fitted_points(FittedPoints points, const Eigen::ArrayXd& x, const Eigen::ArrayXd& log_y,
                           const Eigen::ArrayXd& deviation, const Eigen::ArrayXd& log_fit) {
  points.x.assign(x.begin(), x.end());
  points.y = exponentials(log_y);
  points.fitted = exponentials(log_fit);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    points.standard_error.push_back(points.y[static_cast<std::size_t>(i)] * deviation(i));
    points.residual.push_back((log_y(i) - log_fit(i)) / deviation(i));
  }
  return points;
}

/// The energies of the shells, or the flatness of the wavelets with the line of the mean slope through it.
FittedPoints points_of(const BlindFits& fits, double order) {
  const SecondOrder& second = fits.second();
  if (order == 2)
    return second.fitted.size() == 0
               ? FittedPoints{}
               : fitted_points({"k", "waves per box side", "energy of a wave", "field^2", {}, {}, {}, {}, {}},
                               second.wavenumbers, second.log_energy,
                               second.gaussian.cwiseProduct(second.noise).cwiseSqrt(), second.fitted);
  for (const Flatness& f : fits.flatness()) {
    if (f.order != order)
      continue;
    const Eigen::ArrayXd log_s = f.scales.array().log(), weight = f.variance.array().inverse();
    const Eigen::ArrayXd line = f.slope * log_s;
    const double level = (weight * (f.log_flatness.array() - line)).sum() / weight.sum();
    return fitted_points({"1/k of the wavelets",
                          "box side",
                          fmt::format("<|w|^{0:g}>/<w^2>^{1:g}", order, order / 2),
                          "1",
                          {},
                          {},
                          {},
                          {},
                          {}},
                         f.scales, f.log_flatness, f.variance.cwiseSqrt(), line + level);
  }
  return {};
}

Answer answer_of(const BlindExponent& found, const BlindFits& fits, double order) {
  Answer answer;
  answer.measured.value = found.value;
  answer.measured.standard_error = found.error;
  if (found.usable())
    answer.measured.interval95 = {found.interval95[0], found.interval95[1]};
  answer.status = found.status;
  answer.reason = found.reason;
  answer.model = order == 2 ? "blind: power law of the spectrum, half-octave shells, mean over ranges and corrections"
                            : fmt::format("blind: {:g} zeta_2 of the spectrum + slope of log <|w|^{:g}>/<w^2>^{:g}, "
                                          "wavelets w of an octave each",
                                          order / 2, order, order / 2);
  answer.points = static_cast<int>(fits.second().wavenumbers.size());
  answer.chi2_per_dof = found.chi2_per_dof;
  if (found.usable())
    answer.p_value = found.p_value;
  answer.octaves = found.octaves;
  answer.widened_by = found.widening;
  answer.points_of_its_own = points_of(fits, order);
  return answer;
}

} // namespace

std::vector<Cost> BlindMeasurement::cost(const Subject& subject, const core::Decomposition* grid) const {
  if (!asked || grid == nullptr || subject.moments.empty() || !evenly_spaced(grid->domain()))
    return {};
  const GridExtent e = extent_of(subject, *grid);
  const std::size_t orders = subject.moments.size() + 1;
  const core::Domain cube(subject.dimensions, subject.points);
  const bool whole = grid->domain().cube();
  const auto cubes = static_cast<double>(whole ? 1 : cube_layout(grid->domain()).blocks());
  const double blocks = BandLayout::blocks(cube) * cubes * static_cast<double>(subject.realisations); // all are kept
  core::MemoryParts memory =
      whole ? band_memory(*grid, subject.components, is_periodic(grid->domain()), orders)
            : core::together(band_memory(core::Decomposition(cube, 1), subject.components, false, orders),
                             cubes_memory(*grid, subject.components));
  const double wavelets = BandLayout::wavelet_rows(subject.dimensions, subject.points);
  return {{std::move(memory),
           e.points * e.log_side * e.axes * BandLayout::transforms(subject.dimensions, subject.points),
           "points x log2 n",
           rates::transform,
           {},
           bytes_of_tables(1, BandLayout::rows(subject.points), blocks) +
               bytes_of_tables(static_cast<double>(orders), wavelets, blocks)}};
}

std::string BlindMeasurement::why_not(const Subject& subject, View view) const {
  return view == View::grid && subject.box && !evenly_spaced(*subject.box)
             ? "blind exponents are not measured: the axes have different spacing; resample the field to one, or say "
               "fit.judge: plain"
             : "";
}

void BlindMeasurement::measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                                    Tables& tables) const {
  if (sample.missing > 0)
    return; // no transform
  const bool whole = sample.field.domain().cube(), periodic = whole && is_periodic(sample.field.domain());
  const BandLayout layout = layout_of(subject, periodic);
  BandTables bands =
      whole ? band_tables(sample.field, layout, batch.ranks) : band_tables_of_cubes(sample.field, layout, batch.ranks);
  const std::string prefix = periodic ? "" : taper_prefix;
  tables[prefix + "energy"] = std::move(bands.energy);
  for (std::size_t q = 0; q < layout.orders().size(); ++q)
    tables[prefix + moment_table(layout.orders()[q])] = std::move(bands.moments[q]);
}

void BlindMeasurement::find(const Subject& subject, View view, const Tables& tables, Findings& findings,
                            Fits& fits) const {
  if (view != View::grid)
    return;
  const bool periodic = find_table(tables, "energy") != nullptr;
  if (!periodic && find_table(tables, std::string(taper_prefix) + "energy") == nullptr) {
    for (const double order : subject.moments)
      findings.blind[order] = no_answer("values are missing: the spectrum needs all of them");
    return;
  }
  const BandLayout layout = layout_of(subject, periodic);
  const BlindFits found(layout, band_tables_of(layout, tables, periodic ? "" : taper_prefix));
  for (const double order : layout.orders())
    findings.blind[order] = answer_of(found.zeta(order), found, order);
  if (const Answer& second = findings.blind.at(2); !second.decisive())
    fits.warn(fmt::format("grid: {} ({}): other ways are shown for what they are, and no law is judged by them unless "
                          "fit.judge asks for one",
                          second.reason, to_text(second.status)));
}

void BlindMeasurement::fit(const Subject& subject, View view, const Tables&, const Findings& findings,
                           Fits& fits) const {
  if (view != View::grid || !subject.given || !findings.blind.contains(2))
    return;
  fits.give_anyhow(
      "hurst", []() -> ExponentFit { throw NoFit("it is blind"); },
      [&findings](const ExponentFit*, const std::string&) {
        Result r;
        r.quantity = "hurst";
        r.title = "h (blind)";
        settle(r, {{Way::blind, linear(findings.blind.at(2), 0.5, 0)}}, Way::blind);
        r.fit.note = "h = zeta_2/2 of a field that fills its box; on a set of dimension d it is (zeta_2 - D + d)/2";
        return r;
      });
}

} // namespace cascade::analysis
