#pragma once
// Spectra of all moments of increments from those of powers of the field.

#include "analysis/all_lags/lag_moments.hpp"
#include "core/grid/lag_transform.hpp"
#include "core/ranks/communicator.hpp"
#include "core/sums/exact_sum.hpp"

#include <vector>

namespace cascade::analysis {

/// The field less its mean, times a power of two: its variance is near one.
struct LagScaling {
  std::vector<double> mean; ///< by component
  double factor = 1;
};

/// Of the values that are there: with `holes` a missing one is NaN. Throws Error(numerical_failure) for values that are
/// not finite or too large. Collective.
LagScaling lag_scaling(const core::RealField& field, const core::Communicator& communicator, bool holes);

/// The real spectrum of every moment (imaginary parts of odd ones) at a stretch of modes, and how large the terms are
/// that cancel in it. `moments` must outlive it.
class MomentSpectra {
public:
  explicit MomentSpectra(const LagMoments& moments) : moments_(moments), terms_(moments.outputs.size()) {}
  void operator()(const core::LagTransform::Modes& modes);
  /// Sum over all modes of the squares of the terms of each moment. Collective.
  std::vector<double> sizes(const core::Communicator& communicator);

private:
  const double* squares(std::size_t f, const core::LagTransform::Modes& modes) const {
    return squares_.data() + (f == LagTerm::window ? modes.spectra.size() : f) * modes.count;
  }

  const LagMoments& moments_;
  std::vector<core::ExactSum> terms_;
  std::vector<double> squares_;
};

} // namespace cascade::analysis
