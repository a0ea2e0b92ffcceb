#include "app/field/sampled_stage.hpp"

#include "analysis/fit/corrections.hpp"
#include "app/field/measured.hpp"
#include "app/field/sampled_tables.hpp"
#include "app/field/shared_fits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::ExponentFit;
using analysis::FitOptions;
using analysis::Labels;
using analysis::PowerLawModel;
using analysis::Result;
using analysis::Roughness;

constexpr int fewest_scales = 7;

/// What is known of the field after the descents: where fits may look and which corrections to expect.
struct Context {
  Roughness roughness;
  ExponentFit dimension; ///< minus the exponent of N_j(s)
  FitOptions options;
  int dimensions = 3;
  double zeta2 = 1; ///< exponent of the variance below a scale, as measured
  int levels = 24;
};

PowerLawModel plain(const std::string& symbol) {
  return {fmt::format("A {}^a", symbol), {}};
}

/// Levels below j_max + 6.6/zeta_2 are missing less than 1% of the variance (docs/theory.md, "Levels needed").
void choose_scales(const TableSet& tables, int levels, int scales, const FitSection& fit, Context& context,
                   Fitted& fitted) {
  const PowerLawModel squares{"A r^a + B r^2", {{analysis::Correction::Kind::fixed_power, 2, {}}}};
  context.roughness.measured = true;
  FitOptions counting;
  if (!fit.window.empty())
    counting.window = fit.window;
  context.dimension =
      analysis::scaled(analysis::fit_exponent(table_of(tables, "sampled/cells"), {plain("s")}, counting), -1);
  context.roughness.codimension = std::max(0.0, context.dimensions - context.dimension.exponent);
  context.levels = levels;
  bool few = false;
  for (int pass = 0; pass < 2; ++pass) { // the second pass leaves out the scales the first one found incomplete
    const double h =
        0.5 * analysis::fit_exponent(table_of(tables, "sampled/active_square"), {squares}, context.options).exponent;
    context.roughness.hurst = std::clamp(h, 0.01, 0.97);
    const double zeta2 = 2 * context.roughness.hurst + context.roughness.codimension;
    const int deepest = static_cast<int>(std::floor(levels - 6.6 / zeta2));
    const int used = std::min(scales, std::max(deepest, std::min(levels - 3, fewest_scales + 2)));
    context.zeta2 = zeta2;
    few = used > deepest;
    context.options.lowest_x = std::exp2(-used);
  }
  if (few)
    fitted.warnings.push_back(fmt::format(
        "{} levels are few for this roughness: scales near 2^-{} miss more than 1% of the variance. The fits complete "
        "it from the measured exponent, at the price of a larger systematic error. Raise field.virtual_levels or leave "
        "it unset.",
        levels, static_cast<int>(-std::log2(context.options.lowest_x))));
  if (!fit.window.empty())
    context.options.window = fit.window;
}

/// The levels that are not there lower the variance at scale x by the factor 1 - kappa (2^L x)^(-zeta_2), kappa being
/// the part of what a scale 2^-L shows that they would carry. It is below 1, because larger eddies carry some too,
/// depends on the estimator, and is taken as 0.8 +- 0.2.
constexpr double missing_part = 0.8, missing_part_error = 0.2;

BlockTable completed(const BlockTable& table, double order, double kappa, const Context& c) {
  BlockTable result = table;
  for (std::size_t i = 0; i < table.points(); ++i) {
    const double missing = std::min(kappa * std::pow(std::exp2(c.levels) * table.x[i], -c.zeta2), 0.9);
    for (auto& block : result.sum)
      block[i] *= std::pow(1 - missing, -0.5 * order);
  }
  return result;
}

/// Fit of a mean of any order to the completed table; half the shift between the limits of kappa adds to the systematic
/// error.
ExponentFit fit_mean(const BlockTable& table, double order, int smoothness, bool volume, const std::string& symbol,
                     const Context& c) {
  const auto models = analysis::mean_power_models(order, smoothness, c.roughness, volume, symbol);
  ExponentFit fit = analysis::fit_exponent(completed(table, order, missing_part, c), models, c.options);
  const auto limit = [&](double kappa) {
    return analysis::refit_exponent(completed(table, order, kappa, c), models.front(), fit);
  };
  const double shift = 0.5 * (limit(missing_part + missing_part_error) - limit(missing_part - missing_part_error));
  fit.systematic_error = std::hypot(fit.systematic_error, shift);
  analysis::finish(fit, table.blocks());
  return fit;
}

void add_dimension(const TableSet& tables, const Context& context, Fitted& fitted) {
  Result r;
  r.id = "sampled/dimension_box/active";
  r.stage = "box_counting";
  r.quantity = "dimension_box";
  r.title = "box dimension";
  r.method = "sampled";
  r.labels = analysis::set_labels("active");
  set_fit(r, context.dimension);
  r.fit.model = "A s^-d";
  r.fit.note =
      "N_j counted by tree descent; the adaptive alpha uses the same N_j, so the two are not independent evidence";
  if (context.dimension.statistical_error < 1e-12)
    r.fit.note = "every cell is alive: N_j = 2^(D j) is geometry";
  r.curve = make_curve(table_of(tables, "sampled/cells"), {"s", "N", "box side", "cells per tree"});
  fitted.results.push_back(std::move(r));
}

std::string zeta_table(double order) {
  return table_name("sampled", "zeta", order_text(order));
}

std::string loss_table(std::int64_t degree, double power, const std::string& average) {
  return table_name("sampled/loss", std::to_string(degree), order_text(power), average);
}

/// The fits in x of every mean the input asks for, and of the number of pieces, by table.
class TableFits {
public:
  /// Collective: the ranks share the fits.
  TableFits(const RunConfig& config, const TableSet& tables, const std::string& pieces, const Context& context,
            const core::Communicator& communicator) {
    const auto add = [&](const std::string& name, double order, int smoothness, bool volume, const char* symbol) {
      const BlockTable& table = table_of(tables, name);
      number_[name] =
          fits_.add([=, &table, &context] { return fit_mean(table, order, smoothness, volume, symbol, context); });
    };
    if (config.analysis.structure_function.enabled)
      for (const double order : sampled_orders(config))
        add(zeta_table(order), order, 1, true, "r");
    const ApproximationSection& wanted = config.approximation;
    if (wanted.enabled) {
      for (const std::int64_t degree : wanted.degrees)
        for (const double power : wanted.loss_powers)
          for (const std::string& average : wanted.averages)
            add(loss_table(degree, power, average), power, static_cast<int>(degree) + 1, average == "volume", "s");
      const BlockTable& table = table_of(tables, pieces);
      number_[pieces] =
          fits_.add([&] { return analysis::scaled(analysis::fit_exponent(table, {plain("s")}, context.options), -1); });
    }
    fits_.run(communicator);
  }
  /// Throws std::invalid_argument when the fit could not be made.
  const ExponentFit& of(const std::string& table) const { return fits_.at(number_.at(table)); }

private:
  SharedFits fits_;
  std::map<std::string, std::size_t> number_;
};

void add_zetas(const TableSet& tables, const TableFits& fits, const std::vector<double>& orders, Fitted& fitted) {
  for (std::size_t p = 0; p < orders.size(); ++p) {
    Result r;
    r.id = zeta_id("sampled", orders[p], "");
    r.stage = "structure_function";
    r.quantity = "zeta";
    r.title = "zeta_" + order_text(orders[p]);
    r.order = orders[p];
    r.method = "sampled";
    const BlockTable& moments = table_of(tables, zeta_table(orders[p]));
    set_fit(r, fits.of(zeta_table(orders[p])));
    r.curve = make_curve(moments, {"r", fmt::format("S_{}", order_text(orders[p])), "box side", "field^p"});
    fitted.results.push_back(std::move(r));
  }
}

/// alpha(N) from an exponent in s: N = s^-D is geometry for uniform partitions; the alive cells were counted.
void add_alpha(const BlockTable& table, const BlockTable& cells, const ExponentFit& in_s, const ExponentFit& dimension,
               const Labels& labels, const Context& context, Fitted& fitted) {
  Result r;
  r.id = alpha_id("sampled", labels);
  r.stage = "approximation";
  r.quantity = "alpha";
  r.order = labels.number("loss_power");
  r.method = "sampled";
  r.labels = labels;
  const bool adaptive = labels.text("partition") == "adaptive";
  set_fit(r,
          adaptive ? analysis::ratio_of_exponents(in_s, dimension) : analysis::scaled(in_s, 1.0 / context.dimensions));
  r.fit.note = adaptive ? "N counted by tree descent" : "N = s^-D is geometry, not counted";
  r.curve = make_curve(table, {"N", "loss", "pieces", "field^q"});
  const auto count = cells.mean(); // decreasing x, as the table; the curve is in increasing s
  for (std::size_t i = 0; i < r.curve.x.size(); ++i)
    r.curve.x[i] = adaptive ? count[count.size() - 1 - i] : std::pow(r.curve.x[i], -context.dimensions);
  for (auto* column : {&r.curve.x, &r.curve.y, &r.curve.standard_error, &r.curve.count})
    std::reverse(column->begin(), column->end());
  r.curve.local_slope = local_slopes(r.curve.x, r.curve.y);
  set_window_in_pieces(r, table.x, in_s); // decreasing sides: N grows
  fitted.results.push_back(std::move(r));
}

void add_alphas(const TableSet& tables, const TableFits& fits, const std::string& pieces,
                const ApproximationSection& wanted, const Context& context, Fitted& fitted) {
  const auto asked = [](const std::vector<std::string>& list, const char* name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  const ExponentFit& dimension = fits.of(pieces);
  const BlockTable& cells = table_of(tables, pieces);
  for (std::size_t k = 0; k < wanted.degrees.size(); ++k)
    for (std::size_t q = 0; q < wanted.loss_powers.size(); ++q) {
      const int degree = static_cast<int>(wanted.degrees[k]);
      const double power = wanted.loss_powers[q];
      for (const std::string& average : wanted.averages) {
        const bool volume = average == "volume";
        const std::string name = loss_table(degree, power, average);
        const BlockTable& table = table_of(tables, name);
        const ExponentFit& in_s = fits.of(name);
        if (asked(wanted.partitions, "uniform"))
          add_alpha(table, cells, in_s, dimension, analysis::loss_labels("uniform", average, degree, power), context,
                    fitted);
        if (asked(wanted.partitions, "adaptive") && !volume) // adaptive volume: a true partition, measured on the grid
          add_alpha(table, cells, in_s, dimension, analysis::loss_labels("adaptive", average, degree, power), context,
                    fitted);
      }
    }
}

/// A fit that cannot be made (too few scales) is said; what was measured before it stays.
bool attempt(const std::string& what, Fitted& fitted, const std::function<void()>& fits) {
  try {
    fits();
    return true;
  } catch (const std::invalid_argument& e) {
    fitted.warnings.push_back(fmt::format("{}: {}; exponents are missing", what, e.what()));
    return false;
  }
}

} // namespace

void fit_sampled_tables(const RunConfig& config, const RunPlan& plan, const TableSet& tables,
                        const core::Communicator& communicator, Fitted& fitted) {
  if (!tables.contains("sampled/cells"))
    return;
  const auto& choice = plan.sampling;
  Context context;
  context.dimensions = static_cast<int>(config.field->dimensions());
  const BlockTable& alive = table_of(tables, "sampled/cells");
  const auto extinct =
      std::count_if(alive.sum.begin(), alive.sum.end(), [](const auto& tree) { return tree.back() == 0; });
  if (extinct > 0)
    fitted.warnings.push_back(fmt::format("{} of {} trees died out above the finest scale; they count as zeros in "
                                          "volume averages and are skipped in averages over the active set",
                                          extinct, alive.blocks()));
  if (!attempt("sampled method", fitted,
               [&] { choose_scales(tables, choice.levels, choice.scales, config.fit, context, fitted); }))
    return;
  const std::string pieces = config.approximation.origin == "random" ? "sampled/loss_cells" : "sampled/cells";
  const TableFits fits(config, tables, pieces, context, communicator);
  if (!attempt("sampled method", fitted, [&] {
        if (config.analysis.box_counting.enabled)
          add_dimension(tables, context, fitted);
        if (config.analysis.structure_function.enabled)
          add_zetas(tables, fits, sampled_orders(config), fitted);
      }))
    return;
  ApproximationSection wanted = config.approximation;
  std::sort(wanted.degrees.begin(), wanted.degrees.end());
  if (wanted.enabled)
    attempt("sampled alpha", fitted, [&] { add_alphas(tables, fits, pieces, wanted, context, fitted); });
}

} // namespace cascade::app
