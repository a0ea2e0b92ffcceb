#include "analysis/measurement/grid_means.hpp"

#include "analysis/fit/cells_of_points.hpp"
#include "analysis/fit/corrections.hpp"
#include "analysis/fit/family_fit.hpp"
#include "analysis/fit/no_fit.hpp"
#include "core/talk/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace cascade::analysis {

namespace {

bool equal_spacing(const Subject& subject) {
  if (!subject.box)
    return true;
  for (int axis = subject.box->first_axis(); axis < 3; ++axis)
    if (std::abs(subject.box->spacing(axis) / subject.box->spacing(2) - 1) > 1e-9)
      return false;
  return true;
}

std::vector<PowerLawModel> models_of_square(int degree, const std::vector<double>& pedestal) {
  return with_pedestal(mean_power_models(2, degree + 1, {}, true, "x"), pedestal, 2);
}

/// Square losses on cells of points as those of cells of space would be, at the exponent of the fit without that: of
/// constants they are a third lower at two points a side, and fits of three octaves .03 too low in three dimensions.
/// One step alone: where a loss is short, the next ones run away from the exponent.
ExponentFit fit_losses_of_points(int dimensions, const std::vector<std::int64_t>& sides, BlockTable table, int degree,
                                 const FitOptions& options) {
  const ExponentFit before = fit_exponent(table, models_of_square(degree, {}), options);
  const CellsOfPoints cells = cells_of_points(dimensions, sides, std::clamp(before.exponent, 0.05, 1.95), degree);
  for (auto& block : table.sum)
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] /= cells.share[i];
  ExponentFit fit = fit_exponent(table, models_of_square(degree, cells.pedestal), options);
  for (std::size_t i = 0, row = 0; i < fit.curve.x.size(); ++i) {
    while (table.x[row] < fit.curve.x[i] * (1 - 1e-9))
      ++row;
    fit.curve.y[i] *= cells.share[row];
  }
  fit.model += ", cells of points";
  return fit;
}

} // namespace

ExponentFit fit_as_square(const BlockTable& means, double order,
                          const std::function<ExponentFit(const BlockTable&)>& of_square) {
  if (order == 2)
    return of_square(means);
  const double power = order / 2;
  ExponentFit fit =
      of_square(derived_table({&means}, [&](const std::vector<double>& m) { return std::pow(m[0], 1 / power); }));
  for (double& y : fit.curve.y)
    y = std::pow(y, power);
  fit.model = fmt::format("({})^{:.3g}", fit.model, power);
  fit.amplitude = std::pow(fit.amplitude, power);
  return scaled(std::move(fit), power);
}

GridMeans::GridMeans(const Subject& subject, const Findings& findings, bool aligned)
    : subject_(subject), findings_(findings), aligned_(aligned) {}

GridMeans::Fit GridMeans::exponent(const GridMean& mean) {
  if (by_family(mean))
    typical_.emplace(mean.degree, &mean.table);
  return [self = shared_from_this(), mean] { return self->fit_exponent_of(mean); };
}

GridMeans::Fit GridMeans::plain(const GridMean& mean) const {
  return [self = shared_from_this(), mean] { return self->fit_power(mean); };
}

std::optional<Fits::Number> GridMeans::list_plain(const GridMean& mean, Fits& fits) const {
  if (!by_family(mean))
    return std::nullopt;
  return fits.add(plain(mean));
}

void GridMeans::settle_ways(const std::string& id, Result& result, const GridMean& mean,
                            std::optional<Fits::Number> plain, Fits& fits, const std::string& missing) const {
  const double divisor = mean.degree < 0 ? 1 : subject_.dimensions, smooth = mean.order * std::max(mean.degree + 1, 1);
  Answers answers;
  Answer& own = answers[by_family(mean) ? Way::curve : Way::plain];
  own = result.exponent ? answer_of(*result.exponent) : no_answer(missing);
  own.evidence = by_family(mean) ? Evidence::generators_curve : Evidence::counted;
  if (plain) {
    try {
      answers[Way::plain] = answer_of(scaled(fits.made(*plain), 1 / divisor));
    } catch (const NoFit& why) {
      answers[Way::plain] = no_answer(why.what());
    }
  }
  const bool of_loss = mean.degree >= 0;
  if (const auto blind = findings_.blind.find(mean.order); blind != findings_.blind.end() && !mean.active) {
    answers[Way::blind] = linear(at_most(blind->second, smooth), 1 / divisor, 0);
    if (of_loss) // zeta_q/D of the blind zeta_q: what a law says of alpha, and no measured loss
      answers[Way::blind].evidence = Evidence::theory;
  }
  if (const auto apart = sigmas_apart(answers, Way::blind, Way::curve); apart && *apart > 3) {
    const Measured &blind = answers[Way::blind].measured, &curve = answers[Way::curve].measured;
    fits.warn(fmt::format("grid/{}: {} blind and {} with the generator's curve are {:.1f} errors apart: one of them is "
                          "wrong about this field",
                          id, core::with_error_text(blind.value, blind.standard_error),
                          core::with_error_text(curve.value, curve.standard_error), *apart));
  }
  const auto from_plain = sigmas_apart(answers, Way::blind, Way::plain);
  const bool circular = of_loss && subject_.judge == Way::blind;
  settle(result, std::move(answers), circular ? Way::curve : subject_.judge);
  const auto second = findings_.blind.find(2);
  if (circular && result.judged_by == Way::plain && second != findings_.blind.end() &&
      second->second.status == FitStatus::no_range) { // without a curve a power law needs a range of the field
    result.status = second->second.status;
    result.reason = second->second.reason;
  } else if (circular && result.judged_by == Way::plain && from_plain && *from_plain > 3) {
    // Equal pieces and the spectrum see one and the same field: their laws are no two findings.
    result.status = FitStatus::failed;
    result.reason = fmt::format("it is {:.1f} errors from {} of the same field's spectrum", *from_plain,
                                core::with_error_text(result.answers[Way::blind].measured.value,
                                                      result.answers[Way::blind].measured.standard_error));
    result.fit.status = result.status;
    result.fit.why = result.reason;
  }
}

GridMeans::Fit GridMeans::roughness(const GridMean& mean) {
  typical_.emplace(mean.degree, &mean.table);
  return [self = shared_from_this(), mean] { return self->fit_roughness(mean); };
}

const theory::Activity& GridMeans::activity(std::optional<std::size_t> without) const {
  static const theory::Activity none;
  const auto& known = findings_.activity;
  if (known.empty())
    return none;
  return known[without && *without + 1 < known.size() ? *without + 1 : 0];
}

double GridMeans::codimension(std::optional<std::size_t> without) const {
  if (findings_.cells == nullptr)
    return 0;
  if (!findings_.dimension)
    throw NoFit("the dimension of the active set is not known");
  const ExponentFit& d = *findings_.dimension;
  return subject_.dimensions - (without ? d.replicates[*without] : d.exponent);
}

bool GridMeans::by_family(const GridMean& mean) const {
  const bool shifted = mean.degree >= 0 && !aligned_ && has_family() && !family().stationary();
  return has_family() && !shifted && !(mean.active && findings_.activity.empty());
}

std::vector<std::int64_t> GridMeans::in_points(const std::vector<double>& x) const {
  std::vector<std::int64_t> r;
  for (const double v : x)
    r.push_back(std::llround(v / subject_.smallest(1)));
  return r;
}

ExponentFit GridMeans::fit_roughness(const GridMean& mean) const {
  const auto& [table, order, degree, active, component] = mean;
  const auto x = in_points(table.x);
  const FamilyCurve curve = [&, order = order, degree = degree, active = active](double h,
                                                                                 std::optional<std::size_t> without) {
    return degree < 0 ? family().component_increment(mean.component, h, order, x, activity(without))
                      : family().loss(h, order, degree, active, x, activity(without));
  };
  const auto [low, high] = subject_.window_or(
      subject_.smallest(order == 2 ? std::max(1, degree + 2) : std::max(2, degree + 3)), subject_.largest(0.26));
  const std::string name = family().name() + ", A and h free";
  const Matrix none;
  const Matrix& known = !subject_.realisations_are_blocks() ? covariance_of(degree) : none;
  if (known.empty())
    return fit_family(table, curve, name, low, high, order);
  Matrix covariance = known;
  for (auto& row : covariance)
    for (double& v : row)
      v *= family().order_factor(order, degree) / static_cast<double>(subject_.realisations);
  return fit_family(table, curve, covariance, name, low, high, order);
}

/// The family's covariance of log E_2 of one field, at the h of a first plain fit: weights need no more. One evaluation
/// serves all orders of a degree.
const GridMeans::Matrix& GridMeans::covariance_of(int degree) const {
  const auto known = covariances_.find(degree);
  if (known != covariances_.end())
    return known->second;
  const BlockTable& table = *typical_.at(degree);
  const auto x = in_points(table.x);
  Matrix matrix;
  if (!family().log_covariance(0.5, degree, std::span(x).last(1)).empty()) {
    const double slope = loglog_slope(table.x, table.mean(), 0, table.points() - 1);
    matrix = family().log_covariance(std::clamp(0.5 * slope, 0.05, 2.5), degree, x);
  }
  return covariances_.emplace(degree, std::move(matrix)).first->second;
}

ExponentFit GridMeans::fit_power(const GridMean& mean) const {
  auto models = mean_power_models(mean.order, std::max(mean.degree + 1, 1), {}, !mean.active, "x");
  const bool of_loss = mean.degree >= 0;
  if (mean.order == 2 || (mean.order > 2 && of_loss))
    models = with_pedestal(std::move(models), {}, mean.order);
  int fewest = std::max(mean.order == 2 ? 2 : 4, mean.degree + 2);
  if (subject_.dimensions == 1 && mean.degree > 0)
    fewest = 8; // on a line shares of points are not told from the pedestal, and there are scales enough
  FitOptions options{{}, subject_.smallest(fewest), subject_.largest(0.26)};
  if (!subject_.window.empty()) {
    options.window = subject_.window;
    options.lowest_x = subject_.window[0];
    options.highest_x = subject_.window[1];
  }
  // Beside a family, where this is not what decides: what was generated and written is read back as the same.
  const bool of_points = (subject_.given || by_family(mean)) && of_loss && mean.degree <= 1 && !mean.active;
  if (of_points)
    return fit_as_square(mean.table, mean.order, [&](const BlockTable& square) {
      // On a line P (1 - 1/m) is too much like a small power: 4 of 80 series were lost to it, where the plain fit lost
      // none.
      return subject_.dimensions >= 2 && equal_spacing(subject_)
                 ? fit_losses_of_points(subject_.dimensions, in_points(mean.table.x), square, mean.degree, options)
                 : fit_exponent(square, models_of_square(mean.degree, {}), options);
    });
  return fit_exponent(mean.table, models, options);
}

/// Through h where there is a family, by corrected power laws otherwise.
ExponentFit GridMeans::fit_exponent_of(const GridMean& mean) const {
  if (!by_family(mean))
    return fit_power(mean);
  const double order = mean.order;
  const bool active = mean.active;
  const ExponentFit rough_fit = fit_roughness(mean);
  const double rough = order * rough_fit.exponent + (active ? 0 : codimension({})),
               smooth = order * std::max(mean.degree + 1, 1);
  const double unsure = rough_fit.status == FitStatus::no_range ? 2 * order * rough_fit.standard_error : 0;
  if (rough - unsure > smooth - 0.3) // smooth limit: h no longer shows in the exponent, which is measured as it is
    return fit_smooth(mean, rough_fit.exponent);
  if (rough_fit.status == FitStatus::no_range)
    throw NoFit(rough_fit.reason);
  ExponentFit fit = mapped(rough_fit, [&](double h, std::optional<std::size_t> block) {
    return order * h + (active ? 0 : codimension(block));
  });
  if (!active && findings_.dimension)
    mark(fit, findings_.dimension->status, "the counted dimension: " + findings_.dimension->reason);
  fit.model += active ? "; exponent = order h" : "; exponent = order h + D - d, d from the counted cells";
  return fit;
}

/// Power law with the correction of the other branch, from cells of 8 points a side on. Where this does not describe
/// the curve (what the lattice does to a smooth loss is no power of h), the corrections of any field may.
ExponentFit GridMeans::fit_smooth(const GridMean& mean, double hurst) const {
  const Roughness known{hurst, mean.active ? 0 : codimension({}), true};
  const auto [low, high] = subject_.window_or(subject_.smallest(8), subject_.largest(0.13));
  const ExponentFit own =
      fit_exponent(mean.table, mean_power_models(mean.order, std::max(mean.degree + 1, 1), known, !mean.active, "x"),
                   {{}, low, high});
  if (own.status == FitStatus::good)
    return own;
  try {
    const ExponentFit plain = fit_power(mean);
    return std::pair(plain.status, plain.standard_error) < std::pair(own.status, own.standard_error) ? plain : own;
  } catch (const NoFit&) {
    return own;
  }
}

} // namespace cascade::analysis
