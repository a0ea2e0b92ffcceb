#pragma once
// The measurement `approximation`: losses of piecewise polynomials and their exponents alpha, L ~ N^-alpha.

#include "analysis/approximation/grid_approximation.hpp"
#include "analysis/approximation/sampled_cells.hpp"
#include "analysis/approximation/scattered_cells.hpp"
#include "analysis/approximation/settings.hpp"
#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// Tables of alphas.hpp; with a random origin by descent also "pieces", the number of cells that meet the active set.
/// Adaptive partitions of the grid are refined at the thresholds of realisation 0, so that their tables can be merged.
/// On scattered points the mean-square loss of every degree, and of degree 0 at least, is measured whoever asks: it
/// says how rough the field is.
class ApproximationMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  void choose(const SamplingWish& wish, const Subject& subject, Sampling& choice) const override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  bool owed(const Subject& subject, View view) const override { return view == View::points && subject.scattered; }
  std::vector<double> moments() const override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  theory::ExpectedLosses losses() const override;
  bool wants_pilot() const override { return asked && settings_.partition("adaptive") && settings_.average("volume"); }
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void measure_points(const core::PointSource& source, const Subject& subject, const Batch& batch,
                      Tables& tables) const override;
  void find(const Subject& subject, View view, const Tables& tables, Findings& findings, Fits& fits) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  int highest_degree() const { return asked ? settings_.highest_degree() : 0; }
  std::int64_t least_cell_points(const Subject& subject) const;
  GridApproximationOptions grid_options() const;
  SampledCellSettings lattice_settings(const Sampling& s) const;
  ScatteredCellSettings scattered_settings(const Sampling& s) const;
  void measure_lattices(const core::PointSource& source, const Subject& subject, const Batch& batch,
                        Tables& tables) const;
  void measure_scattered(const core::PointSource& source, const Subject& subject, const Batch& batch,
                         Tables& tables) const;

  ApproximationSettings settings_;
};

/// The table of docs/theory.md, "Exponents of a piecewise fit".
std::optional<Predicted> approximation_law(const theory::Law& law, const Result& result);
Expected expected_losses(const theory::Expectation& expectation, const Result& result, const BlockTable& table,
                         const theory::Activity* counts);

} // namespace cascade::analysis
