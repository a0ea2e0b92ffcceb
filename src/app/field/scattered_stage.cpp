#include "app/field/scattered_stage.hpp"

#include "analysis/fit/corrections.hpp"
#include "analysis/fit/exponent_fit.hpp"
#include "app/field/measured.hpp"
#include "app/field/scattered_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::ExponentFit;
using analysis::Labels;
using analysis::PowerLawModel;
using analysis::Result;

constexpr int fewest_scales = 9;

/// Where the number of pieces comes from.
enum class Pieces { geometry, counted, theory };

struct Context {
  int dimensions = 1;
  int levels = 24;
  Pieces pieces = Pieces::geometry;
  double dimension = 1;  ///< d, of the generator; used for N alone, where it can be neither counted nor geometry
  double decay = 1;      ///< exponent of the variance below a scale, as measured
  std::vector<double> h; ///< roughness as polynomials of degree 0, 1, 2 show it; at most degree + 1
  analysis::FitOptions options;
};

bool asked(const std::vector<std::string>& list, const char* name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// The levels below the last one would have raised the mean of order q at scale x by 1 - kappa (2^L x)^(-decay), to the
/// power q/2. How much of the variance at scale 2^-L they carry depends on field and degree: anything from 0 to 1.
BlockTable completed(const BlockTable& table, double order, double kappa, const Context& c) {
  BlockTable result = table;
  for (std::size_t i = 0; i < table.points(); ++i) {
    const double missing = std::min(kappa * std::pow(std::exp2(c.levels) * table.x[i], -c.decay), 0.9);
    for (auto& block : result.sum)
      block[i] *= std::pow(1 - missing, -0.5 * order);
  }
  return result;
}

ExponentFit fit_mean(const BlockTable& table, double order, int smoothness, const std::string& symbol,
                     const Context& c) {
  const analysis::Roughness roughness{c.h[static_cast<std::size_t>(smoothness - 1)], 0, true};
  const auto models = analysis::mean_power_models(order, smoothness, roughness, false, symbol);
  ExponentFit fit = analysis::fit_exponent(completed(table, order, 0.5, c), models, c.options);
  const auto limit = [&](double kappa) {
    return analysis::refit_exponent(completed(table, order, kappa, c), models.front(), fit);
  };
  fit.systematic_error = std::hypot(fit.systematic_error, 0.5 * (limit(1) - limit(0)));
  analysis::finish(fit, table.blocks());
  return fit;
}

/// Half the exponent of the mean-square loss, at most degree + 1, where it saturates.
double roughness(const BlockTable& squares, int degree, const analysis::FitOptions& options) {
  const double smooth = 2.0 * (degree + 1);
  const PowerLawModel plain{"A s^a", {}},
      bent{"A s^a + B s^2k", {{analysis::Correction::Kind::fixed_power, smooth, {}}}};
  const double slope = analysis::fit_exponent(squares, {plain}, options).exponent;
  if (slope > smooth - 0.1)
    return degree + 1;
  return std::clamp(0.5 * analysis::fit_exponent(squares, {bent}, options).exponent, 0.01, degree + 0.97);
}

/// Roughness from the losses, then the scales that are free of the smallest one.
void choose_scales(const RunConfig& config, const RunPlan& plan, const TableSet& tables, int highest, Context& c,
                   Fitted& fitted) {
  const int scales = plan.sampling.scales;
  bool few = false;
  for (int pass = 0; pass < 2; ++pass) { // the second pass leaves out the scales the first one found incomplete
    c.h.clear();
    for (int k = 0; k <= highest; ++k) {
      const auto table = tables.find(scattered_loss_name(k, 2));
      c.h.push_back(table == tables.end() ? c.h.back() : roughness(table->second, k, c.options));
    }
    c.decay = 2 * c.h.back();
    const int deepest = static_cast<int>(std::floor(c.levels - 6.6 / c.decay));
    const int used = std::min(scales, std::max(deepest, std::min(c.levels - 3, fewest_scales)));
    few = used > deepest;
    c.options.lowest_x = std::exp2(-used);
  }
  if (few)
    fitted.warnings.push_back(fmt::format(
        "the field ends at 2^-{}, which is little for this roughness: scales near 2^-{} miss more than 1% of the "
        "variance. The systematic error allows for it; more octaves (or levels) would lower it.",
        c.levels, static_cast<int>(-std::log2(c.options.lowest_x))));
  if (!config.fit.window.empty())
    c.options.window = config.fit.window;
}

void add_dimension(const ExponentFit& dimension, const BlockTable& cells, Fitted& fitted) {
  Result r;
  r.id = "sampled/dimension_box/active";
  r.stage = "box_counting";
  r.quantity = "dimension_box";
  r.title = "box dimension";
  r.method = "sampled";
  r.labels = analysis::set_labels("active");
  set_fit(r, dimension);
  r.fit.model = "A s^-d";
  r.fit.note =
      "N_j counted by tree descent; the adaptive alpha uses the same N_j, so the two are not independent evidence";
  r.curve = make_curve(cells, {"s", "N", "box side", "cells per tree"});
  fitted.results.push_back(std::move(r));
}

void add_zetas(const std::vector<double>& orders, const TableSet& tables, const Context& c, Fitted& fitted) {
  for (const double p : orders) {
    const BlockTable& table = tables.at(table_name("scattered/zeta", order_text(p)));
    Result r;
    r.id = zeta_id("sampled", p, "");
    r.stage = "structure_function";
    r.quantity = "zeta";
    r.title = "zeta_" + order_text(p);
    r.order = p;
    r.method = "sampled";
    set_fit(r, fit_mean(table, p, 1, "r", c));
    r.fit.note = "pairs lie across a cell, along a random diagonal: r = s sqrt(D)";
    r.curve = make_curve(table, {"r", fmt::format("S_{}", order_text(p)), "box side", "field^p"});
    for (auto* lengths : {&r.curve.x, &r.fit.window})
      for (double& x : *lengths)
        x *= std::sqrt(static_cast<double>(c.dimensions));
    fitted.results.push_back(std::move(r));
  }
}

/// log2 N at each point of the curve, which runs towards larger s.
std::vector<double> log_pieces(const BlockTable& table, const BlockTable* cells, bool adaptive, const Context& c) {
  std::vector<double> log_n;
  const auto count = cells != nullptr ? cells->mean() : std::vector<double>{};
  for (std::size_t i = table.points(); i-- > 0;) {
    const double level = -std::log2(table.x[i]);
    if (!adaptive || c.pieces == Pieces::geometry)
      log_n.push_back(c.dimensions * level);
    else
      log_n.push_back(c.pieces == Pieces::counted ? std::log2(count[i]) : c.dimension * level);
  }
  return log_n;
}

const char* pieces_note(bool adaptive, Pieces pieces) {
  if (pieces == Pieces::geometry)
    return "the field fills its space: every cell is active, and an adaptive partition is the uniform one; N = s^-D is "
           "geometry, not counted";
  if (!adaptive)
    return "N = s^-D is geometry, not counted";
  return pieces == Pieces::counted ? "N counted by tree descent"
                                   : "N = s^-d is the generator's own theory, not counted: the measured exponent is "
                                     "that of the loss in s, and this alpha is no evidence about d";
}

/// alpha(N) from an exponent in s.
void add_alpha(const BlockTable& table, const BlockTable* cells, const ExponentFit& in_s, const ExponentFit* dimension,
               const Labels& labels, const Context& c, Fitted& fitted) {
  Result r;
  r.id = alpha_id("sampled", labels);
  r.stage = "approximation";
  r.quantity = "alpha";
  r.order = labels.number("loss_power");
  r.method = "sampled";
  r.labels = labels;
  const bool adaptive = labels.text("partition") == "adaptive";
  const bool counted = adaptive && c.pieces == Pieces::counted;
  const double fixed = adaptive && c.pieces == Pieces::theory ? c.dimension : c.dimensions;
  set_fit(r, counted ? analysis::ratio_of_exponents(in_s, *dimension) : analysis::scaled(in_s, 1 / fixed));
  r.fit.note = pieces_note(adaptive, c.pieces);
  r.curve = make_curve(table, {"log2 N", "loss", "log2 of pieces", "field^q"});
  r.curve.x_axis.scale = analysis::Scale::log2;
  const std::vector<double> sides = r.curve.x;
  r.curve.x = log_pieces(table, cells, adaptive, c);
  r.fit.window.clear();
  for (std::size_t i = 0; i < sides.size(); ++i)
    if (sides[i] >= in_s.window[0] * (1 - 1e-9) && sides[i] <= in_s.window[1] * (1 + 1e-9))
      r.fit.window.push_back(r.curve.x[i]);
  if (!r.fit.window.empty())
    r.fit.window = {*std::min_element(r.fit.window.begin(), r.fit.window.end()),
                    *std::max_element(r.fit.window.begin(), r.fit.window.end())};
  for (auto* column : {&r.curve.x, &r.curve.y, &r.curve.standard_error, &r.curve.count})
    std::reverse(column->begin(), column->end());
  r.curve.local_slope = log2_slopes(r.curve.x, r.curve.y);
  fitted.results.push_back(std::move(r));
}

void add_alphas(const ApproximationSection& wanted, const TableSet& tables, const Context& c, Fitted& fitted) {
  const auto cells = tables.find("scattered/cells");
  const BlockTable* counted = cells != tables.end() ? &cells->second : nullptr;
  ExponentFit dimension;
  if (counted != nullptr)
    dimension = analysis::scaled(analysis::fit_exponent(*counted, {{"A s^a", {}}}, c.options), -1);
  for (const std::int64_t degree : wanted.degrees)
    for (const double q : wanted.loss_powers) {
      const BlockTable& table = tables.at(scattered_loss_name(degree, q));
      const ExponentFit in_s = fit_mean(table, q, static_cast<int>(degree) + 1, "s", c);
      for (const std::string& average : wanted.averages)
        for (const char* partition : {"uniform", "adaptive"}) {
          const bool volume = average == "volume", adaptive = std::string(partition) == "adaptive";
          if (!asked(wanted.partitions, partition) || (volume && (adaptive || c.pieces != Pieces::geometry)))
            continue;
          add_alpha(table, counted, in_s, &dimension,
                    analysis::loss_labels(partition, average, static_cast<int>(degree), q), c, fitted);
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

void fit_scattered_tables(const RunConfig& config, const RunPlan& plan, const solvers::Generator& generator,
                          const TableSet& tables, Fitted& fitted) {
  if (tables.count(scattered_loss_name(0, 2)) == 0)
    return;
  Context c;
  const auto sample = generator.points()->sample(0);
  c.dimensions = config.field->dimensions();
  c.levels = plan.sampling.levels;
  c.dimension = generator.law()->dimension().value();
  c.pieces = sample.tree ? Pieces::counted : sample.spine ? Pieces::theory : Pieces::geometry;
  const auto& degrees = config.approximation.degrees;
  const int highest = config.approximation.enabled && !degrees.empty()
                          ? static_cast<int>(*std::max_element(degrees.begin(), degrees.end()))
                          : 0;
  const auto& functions = config.analysis.structure_function;
  if (c.pieces != Pieces::geometry) {
    if (functions.enabled)
      fitted.warnings.push_back("structure functions are not measured: eddies of the oriented profile jump across the "
                                "faces of their cells, which has exponents of its own");
    if (config.approximation.enabled && asked(config.approximation.averages, "volume"))
      fitted.warnings.push_back("losses over the volume are not measured: in many dimensions hardly any of it is "
                                "active; averages: [active] says so in the input");
  }
  if (const auto cells = tables.find("scattered/cells"); cells != tables.end()) {
    int extinct = 0;
    for (const auto& block : cells->second.sum)
      extinct += block.back() == 0 ? 1 : 0;
    if (extinct > 0)
      fitted.warnings.push_back(
          fmt::format("{} of {} trees died out above the finest scale, or no descent got there; they count as zeros in "
                      "N and are skipped in averages over the active set",
                      extinct, cells->second.blocks()));
  }
  attempt("scattered points", fitted, [&] {
    choose_scales(config, plan, tables, highest, c, fitted);
    if (c.pieces == Pieces::counted && config.analysis.box_counting.enabled)
      add_dimension(
          analysis::scaled(analysis::fit_exponent(tables.at("scattered/cells"), {{"A s^a", {}}}, c.options), -1),
          tables.at("scattered/cells"), fitted);
    if (functions.enabled && c.pieces == Pieces::geometry)
      add_zetas(functions.orders, tables, c, fitted);
    if (config.approximation.enabled)
      add_alphas(config.approximation, tables, c, fitted);
  });
}

} // namespace cascade::app
