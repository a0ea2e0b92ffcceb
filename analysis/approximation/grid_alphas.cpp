#include "analysis/approximation/grid_alphas.hpp"

#include "analysis/approximation/alphas.hpp"
#include "analysis/fit/corrections.hpp"
#include "analysis/fit/grid_fits.hpp"
#include "analysis/fit/no_fit.hpp"
#include "analysis/measurement/curves.hpp"
#include "analysis/measurement/grid_means.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cascade::analysis {
namespace {

/// Of a box that is no cube, those of a cube of as many points.
double points_a_side(const Subject& subject) {
  return subject.box && !subject.box->cube()
             ? std::pow(static_cast<double>(subject.box->total_points()), 1.0 / subject.dimensions)
             : static_cast<double>(subject.points);
}

class GridAlphas {
public:
  GridAlphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
             const Findings& findings, Fits& fits)
      : settings_(settings), subject_(subject), tables_(tables), findings_(findings), fits_(fits),
        means_(std::make_shared<GridMeans>(subject, findings, !settings.random_origin())) {}

  void give(int degree, double power, const std::string& average) {
    const bool active = average == "active";
    const std::string name = uniform_table(degree, power, average, settings_.random_origin());
    const BlockTable* table = find_table(tables_, name);
    if (table == nullptr || (active && settings_.random_origin()))
      return; // no active set on this field; or cells that only touch it: the sampled method weighs those
    const GridMeans::Fit in_s = means_->exponent({*table, power, degree, active});
    const bool uniform = settings_.partition("uniform"), adaptive = settings_.partition("adaptive"),
               oracle = settings_.partition("oracle");
    if (uniform || (oracle && active)) {
      const Fits::Number number = fits_.add(in_s);
      if (uniform)
        give_uniform({"uniform", average, degree, power}, name, {*table, power, degree, active}, number);
      if (oracle && active)
        give_alive_cells({"oracle", average, degree, power}, name, {*table, power, degree, active}, number);
    }
    if (adaptive && !active)
      give_tree({"adaptive", average, degree, power});
  }

private:
  void give_uniform(const LossSet& set, const std::string& name, const GridMean& mean, Fits::Number in_s) {
    const Pieces pieces{Pieces::Kind::geometry, static_cast<double>(subject_.dimensions), nullptr,
                        "N = s^-D is geometry, not counted"};
    const std::string id = alpha_id(set.partition, set.average, set.degree, set.power);
    const auto plain = means_->list_plain(mean, fits_);
    fits_.give(id, in_s, [=, &fits = fits_, means = means_](const ExponentFit& fit) {
      Result r = alpha_result(set, name, mean.table, fit, pieces, nullptr, false);
      means->settle_ways(id, r, mean, plain, fits);
      return r;
    });
  }

  void give_alive_cells(const LossSet& set, const std::string& name, const GridMean& mean, Fits::Number in_s) {
    const Pieces pieces{Pieces::Kind::counted, static_cast<double>(subject_.dimensions), findings_.cells,
                        "N: alive cells counted on the grid"};
    fits_.give(alpha_id(set.partition, set.average, set.degree, set.power), in_s,
               [=, means = means_, &findings = findings_](const ExponentFit& fit) {
                 if (!findings.dimension)
                   throw NoFit("the dimension of the active set is not known");
                 Result r = alpha_result(set, name, mean.table, fit, pieces, &*findings.dimension, false);
                 if (means->by_family(mean))
                   r.evidence = Evidence::generators_curve;
                 return r;
               });
  }

  void give_tree(const LossSet& set) {
    const std::string name = adaptive_table(set.degree, set.power, "loss");
    const BlockTable *loss = find_table(tables_, name),
                     *leaves = find_table(tables_, adaptive_table(set.degree, set.power, "pieces"));
    if (leaves == nullptr || loss == nullptr)
      return;
    const bool corrected = means_->has_family() && !settings_.random_origin();
    fits_.give(alpha_id(set.partition, set.average, set.degree, set.power), tree_fit(set, *leaves, *loss),
               [=](const ExponentFit& fit) {
                 Result r = labelled_alpha(set);
                 set_fit(r, fit);
                 r.fit.note = "N: leaves of the refined tree, dead regions included";
                 if (corrected) // by what the generator's curve says is missing
                   r.evidence = Evidence::generators_curve;
                 const Curve by_threshold = make_curve(name, *loss, {"tau", ""}, {"loss", "field^q"});
                 std::vector<double> n;
                 const auto mean = leaves->mean();
                 for (const std::size_t i : by_threshold.origin.points)
                   n.push_back(mean[i]);
                 r.curve = turned(against(by_threshold, {"N", "pieces"}, std::move(n)));
                 return r;
               });
  }

  std::function<ExponentFit()> tree_fit(const LossSet& set, const BlockTable& leaves, const BlockTable& loss) {
    const BlockTable* squares = find_table(tables_, uniform_table(set.degree, 2, "volume", settings_.random_origin()));
    GridMeans::Fit roughness;
    if (means_->has_family() && squares != nullptr)
      roughness = means_->roughness({*squares, 2, set.degree, false});
    // Below 2^9 pieces the few largest eddies of this very field decide; above, the smallest leaves.
    const double fewest = 512, most = std::pow(points_a_side(subject_) / (set.degree > 0 ? 8 : 4), subject_.dimensions);
    if (subject_.given && !roughness)
      return tree_fit_beside(set, leaves, loss, squares, fewest, most);
    return [=, &leaves, &loss, &subject = subject_, &tables = tables_, &findings = findings_, means = means_,
            aligned = !settings_.random_origin()] {
      MissingPart missing;
      Roughness known;
      FitStatus completed_by = FitStatus::good;
      std::string completed_why;
      if (roughness) {
        const ExponentFit rough = roughness();
        completed_by = rough.status;
        completed_why = rough.reason;
        known = {std::min(rough.exponent, set.degree + 0.97), means->codimension({}), true};
        if (aligned)
          missing = missing_part(*means, rough, set, subject, tables);
      }
      const ExponentFit counted = dimension_of_pieces(*means, findings, leaves.blocks());
      const auto models = mean_power_models(set.power, set.degree + 1, known, true, "s");
      ExponentFit fit = fit_threshold_curve(leaves, loss, fewest, most, counted, models, missing);
      mark(fit, counted.status, "the counted dimension: " + counted.reason);
      if (!decides(completed_by))
        mark(fit, completed_by, "the roughness that completes the loss: " + completed_why);
      return fit;
    };
  }

  /// The same of a field without a curve of its own: what is missing below its grid is what the losses of equal pieces
  /// say, and of any order that of order 2 in the same tree, as of one roughness (Gaussian cells: the power 2/order of
  /// their loss is their mean square, whose share (L + P)/L is missing). Without losses of order 2 those of the order
  /// itself say it. Failed where nothing says it.
  std::function<ExponentFit()> tree_fit_beside(const LossSet& set, const BlockTable& leaves, const BlockTable& loss,
                                               const BlockTable* squares, double fewest, double most) const {
    const double told_by = squares != nullptr ? 2 : set.power;
    const BlockTable* const equal_loss =
        squares != nullptr
            ? squares
            : find_table(tables_, uniform_table(set.degree, set.power, "volume", settings_.random_origin()));
    const bool told = equal_loss != nullptr && (told_by == 2 || set.degree <= 1);
    const GridMeans::Fit of_equal =
        told ? means_->plain({*equal_loss, told_by, set.degree, false}) : [] { return ExponentFit{}; };
    return [=, &leaves, &loss, &tables = tables_, &findings = findings_, means = means_] {
      const ExponentFit equal = of_equal();
      MissingPart missing;
      if (told)
        missing.variance = [&equal](std::optional<std::size_t> without) {
          const bool whole = !without || *without >= equal.replicate_missing.size();
          return std::max(0.0, whole ? equal.missing : equal.replicate_missing[*without]);
        };
      if (told && set.power != told_by) {
        missing.square_pieces = find_table(tables, adaptive_table(set.degree, 2, "pieces"));
        missing.square_loss = find_table(tables, adaptive_table(set.degree, 2, "loss"));
        missing.square_completion = missing.completion = {1, 1e6};
      }
      const ExponentFit counted = dimension_of_pieces(*means, findings, leaves.blocks());
      const auto models = mean_power_models(2, set.degree + 1, {}, true, "s");
      ExponentFit fit = fit_as_square(loss, set.power, [&](const BlockTable& square) {
        ExponentFit of_square = fit_threshold_curve(leaves, square, fewest, most, counted, models, missing);
        // what windows and corrections leave open about P there, they leave open here
        of_square.systematic_error =
            std::hypot(of_square.systematic_error, equal.systematic_error * 2 / told_by / means->dimensions());
        finish(of_square, leaves.blocks());
        return of_square;
      });
      mark(fit, counted.status, "the counted dimension: " + counted.reason);
      if (!told)
        mark(fit, FitStatus::failed, "what is missing below the grid is not known; pieces of loss power 2 tell it");
      if (!decides(equal.status))
        mark(fit, equal.status, "equal pieces, which complete the loss: " + equal.reason);
      if (const auto zeta = findings.blind.find(set.power); zeta != findings.blind.end() && zeta->second.decisive()) {
        const Measured& spectrum = zeta->second.measured;
        const double alpha = std::min(spectrum.value, set.power * (set.degree + 1)) / means->dimensions(),
                     errors = (alpha - fit.exponent) /
                              std::hypot(spectrum.standard_error / means->dimensions(), fit.standard_error);
        if (errors > 3)
          mark(fit, FitStatus::failed,
               fmt::format("refined pieces lose no slower than equal ones, whose {:.3g} by the spectrum is {:.1f} "
                           "errors above",
                           alpha, errors));
      }
      return fit;
    };
  }

  static ExponentFit dimension_of_pieces(const GridMeans& means, const Findings& findings, std::size_t blocks) {
    if (findings.dimension)
      return *findings.dimension;
    ExponentFit whole; // a field that fills the box
    whole.exponent = means.dimensions() - means.codimension({});
    whole.replicates.assign(blocks, whole.exponent);
    return whole;
  }

  /// What the grid cannot show of the loss of an adaptive partition, from the fit of the uniform one. For order 2 the
  /// variance P below the grid scale is missing from any partition alike. For another order the loss at N pieces lacks
  /// the factor that cells lack whose own mean square lacks P: the tree of order 2 at the same N tells which.
  static MissingPart missing_part(const GridMeans& means, const ExponentFit& roughness, const LossSet& set,
                                  const Subject& subject, const Tables& tables) {
    MissingPart missing;
    missing.variance = [&means, roughness](std::optional<std::size_t> without) {
      const bool whole = !without || *without >= roughness.replicates.size();
      return (whole ? roughness.amplitude : roughness.replicate_amplitudes[*without]) *
             means.family().missing_variance(whole ? roughness.exponent : roughness.replicates[*without],
                                             means.activity(without), std::exp2(-means.codimension(without)));
    };
    if (set.power == 2)
      return missing;
    missing.square_pieces = find_table(tables, adaptive_table(set.degree, 2, "pieces"));
    missing.square_loss = find_table(tables, adaptive_table(set.degree, 2, "loss"));
    std::vector<std::int64_t> sides;
    for (std::int64_t s = subject.points / 2; s >= set.degree + 2; s /= 2)
      sides.push_back(s);
    const double decay = std::exp2(-means.codimension({}));
    const auto completion = [&](double order) {
      return means.family().completion(roughness.exponent, order, set.degree, sides, means.activity({}), decay);
    };
    missing.square_completion = completion(2);
    missing.completion = completion(set.power);
    return missing;
  }

  const ApproximationSettings& settings_;
  const Subject& subject_;
  const Tables& tables_;
  const Findings& findings_;
  Fits& fits_;
  std::shared_ptr<GridMeans> means_;
};

} // namespace

void fit_grid_alphas(const ApproximationSettings& settings, const Subject& subject, const Tables& tables,
                     const Findings& findings, Fits& fits) {
  GridAlphas alphas(settings, subject, tables, findings, fits);
  for (const std::int64_t degree : settings.degrees)
    for (const double power : settings.loss_powers)
      for (const std::string& average : settings.averages)
        alphas.give(static_cast<int>(degree), power, average);
}

} // namespace cascade::analysis
