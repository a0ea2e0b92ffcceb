#pragma once
// The measurement `structure_function`: S_p(r) = <|f(x+r) - f(x)|^p> and its exponents zeta_p.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Tables "zeta/<order>" (of a vector "zeta/<component>/<order>"): S_p(r), x = r, on the grid (grid.hpp), by descent of
/// a tree (tree.hpp) or on scattered points (scattered.hpp, x = side of the cell a pair lies across). By descent also
/// "active_square", the mean square increment from alive cells, which says how rough the field is: it is measured
/// whoever asks, since it places the corrections of every fit of that view. With `lags: all` also those of
/// lag_tables.hpp. zeta_p is annealed: the mean over realisations comes before the logarithm. With `quenched` also
/// "zeta_quenched/p.." , the slope of the mean over realisations of log2 S_p of each, on the grid (draws of a tree miss
/// the pairs that carry high orders): beyond q_* of a multifractal the two are different numbers. With `tilted` also
/// "zeta_annealed/p..", of realisations drawn towards what carries high orders (tilted.hpp): the mean over the ensemble
/// for every p with moments.
class StructureFunctionMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void choose(const SamplingWish& wish, const Subject& subject, Sampling& choice) const override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  bool owed(const Subject& subject, View view) const override { return view == View::points && !subject.scattered; }
  std::vector<double> moments() const override { return orders_; }
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  std::string why_not(const Subject& subject, View view) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void measure_points(const core::PointSource& source, const Subject& subject, const Batch& batch,
                      Tables& tables) const override;
  void find(const Subject& subject, View view, const Tables& tables, Findings& findings, Fits& fits) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

  void datasets(const Subject& subject, View view, const Tables& tables, Datasets& all) const override;
  std::vector<std::string> silent_keys() const override;

private:
  bool every_lag() const { return lags_ == "all"; }
  bool directed() const { return lags_ == "directions"; }
  void fit_grid(const Subject& subject, const Tables& tables, const Findings& findings, Fits& fits) const;
  void fit_points(const Subject& subject, const Tables& tables, const Findings& findings, Fits& fits) const;
  void fit_quenched(const Subject& subject, const Tables& tables, double lowest, Fits& fits) const;
  bool draws_tilted(const Subject& subject) const { return asked && tilted_ && subject.sampled() && subject.tilted; }
  std::vector<double> sampled_orders() const { return asked ? orders_ : std::vector<double>{2}; }

  std::vector<double> orders_{1, 2, 3, 4, 5, 6};
  std::int64_t separations_per_octave_ = 1;
  std::string lags_ = "axes";
  bool signed_ = true, map_ = false, many_directions_ = false, quenched_ = false, tilted_ = false;
};

/// "zeta/p2", "zeta/longitudinal/p2": ids of results, the method aside.
std::string zeta_id(double order, const std::string& component = "");

/// min(zeta_p, p).
std::optional<Predicted> structure_function_law(const theory::Law& law, const Result& result);
Expected expected_increments(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                             const theory::Activity* counts);

} // namespace cascade::analysis
