#include "app/field/grid_stage.hpp"

#include "analysis/fit/corrections.hpp"
#include "analysis/fit/family_fit.hpp"
#include "analysis/fit/grid_fits.hpp"
#include "app/field/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace cascade::app {
namespace {

using analysis::BlockTable;
using analysis::ExponentFit;

bool asked(const std::vector<std::string>& list, const char* name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Fits of one grid's tables. A member per quantity; all share the counts and the finite-size family.
class GridFits {
public:
  GridFits(const RunConfig& config, const solvers::Generator& generator, const TableSet& tables, Report& report)
      : config_(config), tables_(tables), report_(report), points_(config.field->points()),
        dimensions_(generator.dimensions()), family_(generator.finite_size(points_, highest_degree(config))) {
    if (tables.count("cells") > 0)
      count_activity();
  }

  void run() {
    if (dimension_ && config_.analysis.box_counting.enabled)
      add_dimension("cells", "active", *dimension_);
    if (config_.analysis.box_counting.enabled)
      for (const double t : config_.analysis.box_counting.thresholds)
        add_threshold_set(t);
    if (config_.analysis.spectrum.enabled)
      add_spectrum();
    if (config_.analysis.structure_function.enabled)
      for (const auto& kind : kinds())
        for (const double p : config_.analysis.structure_function.orders)
          add_zeta(kind, p);
    if (config_.approximation.enabled)
      for (const std::int64_t degree : config_.approximation.degrees)
        for (const double q : config_.approximation.loss_powers)
          add_alphas(static_cast<int>(degree), q);
  }

private:
  static int highest_degree(const RunConfig& config) {
    const auto& degrees = config.approximation.degrees;
    return config.approximation.enabled && !degrees.empty()
               ? static_cast<int>(*std::max_element(degrees.begin(), degrees.end()))
               : 0;
  }

  // -- what was counted
  // ------------------------------------------------------------------------------------------------
  void count_activity() {
    const BlockTable& cells = tables_.at("cells");
    activities_.push_back(activity_of(cells.mean()));
    for (std::size_t b = 0; b < cells.blocks(); ++b)
      activities_.push_back(activity_of(cells.mean_without(b)));
    dimension_ = analysis::fit_dimension(cells, window(smallest(2), 0.26).first, window(smallest(2), 0.26).second);
  }

  theory::Activity activity_of(const std::vector<double>& mean) const {
    const BlockTable& cells = tables_.at("cells");
    theory::Activity a;
    for (double s = 1; s * static_cast<double>(points_) >= 2; s /= 2)
      for (std::size_t i = 0; i < cells.points(); ++i)
        if (std::abs(cells.x[i] / s - 1) < 1e-9)
          a.cells.push_back(mean[i]);
    return a;
  }

  const theory::Activity& activity(std::optional<std::size_t> without) const {
    static const theory::Activity none;
    if (activities_.empty())
      return none;
    return activities_[without && *without + 1 < activities_.size() ? *without + 1 : 0];
  }

  double codimension(std::optional<std::size_t> without) const {
    if (!dimension_)
      return 0;
    return dimensions_ - (without ? dimension_->replicates[*without] : dimension_->exponent);
  }

  std::vector<std::int64_t> in_points(const std::vector<double>& x) const {
    std::vector<std::int64_t> r;
    for (const double v : x)
      r.push_back(std::llround(v * static_cast<double>(points_)));
    return r;
  }

  // -- order two
  // -------------------------------------------------------------------------------------------------------
  double smallest(int points_a_side) const { return points_a_side / static_cast<double>(points_); }

  /// The user's window, or the default.
  std::pair<double, double> window(double lowest, double highest) const {
    if (!config_.fit.window.empty())
      return {config_.fit.window[0], config_.fit.window[1]};
    return {lowest, highest};
  }

  /// h from the finite-size curves of increments (degree < 0) or of cells. Their shape is exact for order 2 and an
  /// approximation for others, whose errors grow by the usual scale factor sqrt(chi^2/dof) when it does not fit.
  ExponentFit fit_roughness(const BlockTable& table, double order, int degree, bool active) {
    const auto x = in_points(table.x);
    if (x.size() < 3)
      throw std::invalid_argument("too few scales for this fit");
    const auto curve = [&](double h, std::optional<std::size_t> without) {
      return degree < 0 ? family_->increment(h, order, x, activity(without))
                        : family_->loss(h, order, degree, active, x, activity(without));
    };
    const auto [low, high] = window(smallest(order == 2 ? std::max(1, degree + 2) : std::max(2, degree + 3)), 0.26);
    const std::string name = family_->name() + ", A and h free";
    const auto& known = config_.realisations() < 8 ? covariance_of(degree, table) : no_covariance_;
    if (known.empty()) {
      const ExponentFit fit = analysis::fit_family(table, curve, name, low, high);
      return order == 2 ? fit : analysis::widened(fit, std::clamp(std::sqrt(fit.chi2_per_dof.value_or(1)), 1.0, 3.0));
    }
    auto covariance = known;
    for (auto& row : covariance)
      for (double& v : row)
        v *= order * order / 4 / static_cast<double>(config_.realisations());
    return analysis::fit_family(table, curve, covariance, name, low, high);
  }

  using Matrix = std::vector<std::vector<double>>;
  /// The family's covariance of log E_2 of one field at the abscissas of the table, at the h of a first plain fit:
  /// weights need no more. One evaluation serves all orders of a degree.
  const Matrix& covariance_of(int degree, const BlockTable& table) {
    const auto known = covariances_.find(degree);
    if (known != covariances_.end())
      return known->second;
    const auto x = in_points(table.x);
    Matrix matrix;
    if (!family_->log_covariance(0.5, degree, std::span(x).last(1)).empty()) {
      const double slope = analysis::loglog_slope(table.x, table.mean(), 0, table.points() - 1);
      matrix = family_->log_covariance(std::clamp(0.5 * slope, 0.05, 2.5), degree, x);
    }
    return covariances_.emplace(degree, std::move(matrix)).first->second;
  }

  /// Exponent in x of a mean of any order: through h where there is a family, by corrected power laws otherwise.
  ExponentFit fit_order(const BlockTable& table, double order, int degree, bool active) {
    const int smoothness = std::max(degree + 1, 1);
    const bool shifted = degree >= 0 && config_.approximation.origin == "random"; // the curves are of aligned cells
    if (!family_ || shifted || (active && activities_.empty())) {
      auto models = analysis::mean_power_models(order, smoothness, {}, !active, "x");
      if (order == 2)
        models = analysis::with_pedestal(std::move(models), {});
      const auto [low, high] = window(smallest(std::max(order == 2 ? 2 : 4, degree + 2)), 0.26);
      analysis::FitOptions options{{}, low, high};
      if (!config_.fit.window.empty())
        options.window = config_.fit.window;
      return analysis::fit_exponent(table, models, options);
    }
    const ExponentFit roughness = fit_roughness(table, order, degree, active);
    const double rough = order * roughness.exponent + (active ? 0 : codimension({})), smooth = order * smoothness;
    if (rough > smooth - 0.3) // smooth limit: h no longer shows in the exponent, which is measured as it is
      return fit_smooth(table, order, smoothness, active, roughness.exponent);
    ExponentFit fit = analysis::mapped(roughness, [&](double h, std::optional<std::size_t> block) {
      return order * h + (active ? 0 : codimension(block));
    });
    fit.model += active ? "; exponent = order h" : "; exponent = order h + D - d, d from the counted cells";
    return fit;
  }

  /// Power law with the correction of the other branch, from cells of 8 points a side on.
  ExponentFit fit_smooth(const BlockTable& table, double order, int smoothness, bool active, double hurst) const {
    const analysis::Roughness roughness{hurst, active ? 0 : codimension({}), true};
    const auto [low, high] = window(smallest(8), 0.13);
    return analysis::fit_exponent(table, analysis::mean_power_models(order, smoothness, roughness, !active, "x"),
                                  {{}, low, high});
  }

  const BlockTable* find(const std::string& name) const {
    const auto it = tables_.find(name);
    return it == tables_.end() ? nullptr : &it->second;
  }

  // -- results
  // ---------------------------------------------------------------------------------------------------------
  Result make(const std::string& id, const std::string& stage, const std::string& quantity) const {
    Result r;
    r.id = id;
    r.stage = stage;
    r.quantity = quantity;
    r.method = "grid";
    return r;
  }

  /// A fit that cannot be made (too few scales) is said, and leaves no result.
  void attempt(const std::string& id, const std::function<void()>& add) {
    try {
      add();
    } catch (const std::invalid_argument& e) {
      report_.warnings.push_back(fmt::format("{}: {}; no exponent is given", id, e.what()));
    }
  }

  void add_dimension(const std::string& table, const std::string& set, const ExponentFit& fit) {
    Result r = make("grid/dimension_box/" + set, "box_counting", "dimension_box");
    r.settings.set = set == "active" ? "active" : "threshold";
    set_fit(r, fit);
    r.fit.note = "N counted on the grid";
    r.curve = make_curve(tables_.at(table), {"s", "N", "box side", "boxes"});
    while (!r.curve.y.empty() && r.curve.y.front() <= 0) // sides below the last level hold no eddies to count
      for (auto* column : {&r.curve.x, &r.curve.y, &r.curve.standard_error, &r.curve.count, &r.curve.local_slope})
        column->erase(column->begin());
    r.curve.local_slope = local_slopes(r.curve.x, r.curve.y);
    report_.results.push_back(std::move(r));
  }

  void add_threshold_set(double t) {
    const std::string name = table_name("set", order_text(t)), set = "threshold" + order_text(t);
    attempt("grid/dimension_box/" + set, [&] {
      const auto [low, high] = window(smallest(2), 0.26);
      add_dimension(name, set,
                    analysis::scaled(analysis::fit_exponent(tables_.at(name), {{"A s^-d", {}}}, {{}, low, high}), -1));
    });
  }

  void add_spectrum() {
    attempt("grid/spectrum_slope", [&] {
      const BlockTable& table = tables_.at("spectrum");
      Result r = make("grid/spectrum_slope", "spectrum", "spectrum_slope");
      set_fit(r,
              analysis::fit_spectrum(table, tables_.at("spectrum_error").mean(), 4, static_cast<double>(points_) / 4));
      r.curve = make_curve(table, {"k", "E", "waves per box side", "field^2"});
      if (table.blocks() < 2)
        r.curve.standard_error = tables_.at("spectrum_error").mean();
      report_.results.push_back(std::move(r));
    });
  }

  std::vector<std::string> kinds() const {
    if (config_.field->components() > 1)
      return {"longitudinal", "transverse"};
    return {""};
  }

  void add_zeta(const std::string& kind, double p) {
    attempt(zeta_id("grid", p, kind), [&] {
      const BlockTable& table = tables_.at(table_name("zeta", kind, order_text(p)));
      Result r = make(zeta_id("grid", p, kind), "structure_function", "zeta");
      r.order = p;
      r.settings.component = kind;
      set_fit(r, fit_order(table, p, -1, false));
      r.curve = make_curve(table, {"r", fmt::format("S_{}", order_text(p)), "box side", "field^p"});
      report_.results.push_back(std::move(r));
    });
  }

  void add_alphas(int degree, double q) {
    const auto& wanted = config_.approximation;
    const std::string k = std::to_string(degree), power = order_text(q);
    for (const std::string& average : wanted.averages) {
      const bool active = average == "active";
      const BlockTable* table = find(table_name("uniform", k, power, average));
      if (table == nullptr || (active && wanted.origin == "random"))
        continue; // no active set on this field; or cells that only touch it: the sampled method weighs those
      const auto settings = [&](const char* partition) { return Settings{partition, average, degree, q, "", ""}; };
      attempt(alpha_id("grid", settings("uniform")), [&] {
        const ExponentFit in_s = fit_order(*table, q, degree, active);
        if (asked(wanted.partitions, "uniform"))
          add_alpha(*table, nullptr, analysis::scaled(in_s, 1.0 / dimensions_), settings("uniform"),
                    "N = s^-D is geometry, not counted");
        if (asked(wanted.partitions, "adaptive") && active)
          add_alpha(*table, find("cells"), analysis::ratio_of_exponents(in_s, *dimension_), settings("adaptive"),
                    "N: alive cells counted on the grid");
      });
      if (asked(wanted.partitions, "adaptive") && !active)
        attempt(alpha_id("grid", settings("adaptive")), [&] { add_threshold_tree(degree, q, settings("adaptive")); });
    }
  }

  void add_alpha(const BlockTable& table, const BlockTable* cells, const ExponentFit& fit, const Settings& settings,
                 const std::string& note) {
    Result r = make(alpha_id("grid", settings), "approximation", "alpha");
    r.order = settings.loss_power;
    r.settings = settings;
    set_fit(r, fit);
    r.fit.note = note;
    r.curve = make_curve(table, {"N", "loss", "pieces", "field^q"});
    const auto counted = cells != nullptr ? make_curve(*cells, {}) : Curve{};
    auto sides = r.curve.x;
    std::reverse(sides.begin(), sides.end());
    for (double& x : r.curve.x) {
      const double s = x;
      x = std::pow(s, -dimensions_);
      for (std::size_t i = 0; i < counted.x.size(); ++i)
        if (std::abs(counted.x[i] / s - 1) < 1e-9)
          x = counted.y[i];
    }
    for (auto* column : {&r.curve.x, &r.curve.y, &r.curve.standard_error, &r.curve.count})
      std::reverse(column->begin(), column->end());
    r.curve.local_slope = local_slopes(r.curve.x, r.curve.y);
    set_window_in_pieces(r, sides, fit);
    report_.results.push_back(std::move(r));
  }

  /// What the grid cannot show of the loss of an adaptive partition, from the fit of the uniform one. For order 2 the
  /// variance P below the grid scale is missing from any partition alike. For another order the loss at N pieces lacks
  /// the factor that cells lack whose own mean square lacks P: the tree of order 2 at the same N tells which.
  analysis::MissingPart missing_part(const BlockTable& uniform, int degree, double q) {
    const ExponentFit roughness = fit_roughness(uniform, 2, degree, false);
    analysis::MissingPart missing;
    missing.variance = [this, roughness](std::optional<std::size_t> without) {
      const bool whole = !without || *without >= roughness.replicates.size();
      return (whole ? roughness.amplitude : roughness.replicate_amplitudes[*without]) *
             family_->missing_variance(whole ? roughness.exponent : roughness.replicates[*without], activity(without),
                                       std::exp2(-codimension(without)));
    };
    if (q == 2)
      return missing;
    const std::string k = std::to_string(degree);
    missing.square_pieces = find(table_name("adaptive", k, "2", "pieces"));
    missing.square_loss = find(table_name("adaptive", k, "2", "loss"));
    std::vector<std::int64_t> sides;
    for (std::int64_t s = points_ / 2; s >= degree + 2; s /= 2)
      sides.push_back(s);
    const double decay = std::exp2(-codimension({}));
    missing.square_completion = family_->completion(roughness.exponent, 2, degree, sides, activity({}), decay);
    missing.completion = family_->completion(roughness.exponent, q, degree, sides, activity({}), decay);
    return missing;
  }

  void add_threshold_tree(int degree, double q, const Settings& settings) {
    const std::string k = std::to_string(degree), power = order_text(q);
    const BlockTable* pieces = find(table_name("adaptive", k, power, "pieces"));
    const BlockTable* loss = find(table_name("adaptive", k, power, "loss"));
    if (pieces == nullptr || loss == nullptr)
      return;
    analysis::MissingPart missing;
    const BlockTable* uniform = find(table_name("uniform", k, "2", "volume"));
    if (family_ && uniform != nullptr && config_.approximation.origin != "random")
      missing = missing_part(*uniform, degree, q);
    // Below 2^9 pieces the few largest eddies of this very field decide; above, the smallest leaves.
    const double fewest = 512, most = std::pow(static_cast<double>(points_) / (degree > 0 ? 8 : 4), dimensions_);
    Result r = make(alpha_id("grid", settings), "approximation", "alpha");
    r.order = q;
    r.settings = settings;
    analysis::Roughness known;
    if (family_ && uniform != nullptr)
      known = {std::min(fit_roughness(*uniform, 2, degree, false).exponent, degree + 0.97), codimension({}), true};
    const auto models = analysis::mean_power_models(q, degree + 1, known, true, "s");
    ExponentFit counted = dimension_.value_or(ExponentFit{});
    if (!dimension_) { // a field that fills the box
      counted.exponent = dimensions_;
      counted.replicates.assign(pieces->blocks(), dimensions_);
    }
    set_fit(r, analysis::fit_threshold_curve(*pieces, *loss, fewest, most, counted, models, missing));
    r.fit.note = "N: leaves of the refined tree, dead regions included";
    r.curve = make_curve(*loss, {"N", "loss", "pieces", "field^q"});
    r.curve.x = make_curve(*pieces, {}).y;
    for (auto* column : {&r.curve.x, &r.curve.y, &r.curve.standard_error, &r.curve.count})
      std::reverse(column->begin(), column->end());
    r.curve.local_slope = local_slopes(r.curve.x, r.curve.y);
    report_.results.push_back(std::move(r));
  }

  const RunConfig& config_;
  const TableSet& tables_;
  Report& report_;
  std::int64_t points_;
  int dimensions_;
  std::shared_ptr<const theory::FiniteSize> family_;
  std::vector<theory::Activity> activities_; ///< all blocks, then without each
  std::optional<ExponentFit> dimension_;
  std::map<int, Matrix> covariances_; ///< by degree; -1 for increments
  const Matrix no_covariance_;
};

} // namespace

void fit_grid_tables(const RunConfig& config, const solvers::Generator& generator, const TableSet& tables,
                     Report& report) {
  GridFits(config, generator, tables, report).run();
}

} // namespace cascade::app
