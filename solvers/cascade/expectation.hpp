#pragma once
// Exact second-order expectations of a cascade on its own grid.

#include "core/grid/domain.hpp"
#include "theory/cascade/cascade_levels.hpp"
#include "theory/expectation.hpp"

namespace cascade::solvers {

/// theory::CascadeLevels at the field's own h: S_2 and the losses of (32) to (34), with N_l = 2^(d l) or the counted
/// numbers, and by shell the energy
///   E(n) = sum_l A_l^2 N_l Q_l(n),   Q_l(n) = n^-2D sum_(k in shell n) (1/D) sum_o prod_a |psi_hat_(l,a)(k_a)|^2,
/// psi_hat the discrete transform of the profile's samples (wave along o, window along the others); docs/theory.md
/// (34c). Orders other than 2, or counts that miss a level: nullopt. Constructor and calls local.
class CascadeExpectation final : public theory::Expectation {
public:
  CascadeExpectation(int dimensions, std::int64_t points, int levels, double dimension, double hurst);
  std::string name() const override { return "sum over the levels of the cascade"; }
  bool conditional() const override { return true; }
  Values increment(const std::string& component, double order, std::span<const double> separations,
                   const theory::Activity* counts) const override;
  Values loss(double order, int degree, bool active, std::span<const double> sides,
              const theory::Activity* counts) const override;
  Values spectrum(const theory::Activity* counts) const override;
  Values cells(std::span<const double> sides) const override;
  std::optional<theory::Branching> branching() const override;

private:
  std::optional<theory::Activity> activity(const theory::Activity* counts) const;
  std::vector<std::int64_t> in_points(std::span<const double> x) const;

  int dimensions_;
  std::int64_t points_;
  double dimension_, hurst_;
  theory::CascadeLevels levels_;
  std::vector<std::vector<double>> shells_; ///< [level][shell] Q_l
};

/// What its Q_l and the transforms they come from take, in bytes.
double spectra_bytes(int dimensions, core::Index points, int levels);

} // namespace cascade::solvers
