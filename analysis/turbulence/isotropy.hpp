#pragma once
// The isotropic ratio of a velocity, and what its periodic box does to it.

#include "analysis/measurement/tables.hpp"
#include "analysis/turbulence/isotropic_box.hpp"
#include "analysis/turbulence/quantities.hpp"

#include <vector>

namespace cascade::analysis {

/// Mean over low <= r <= high of S_T/(S_L + r S_L'/(D - 1)), divided by `of_box` where that is not empty; NaN: no r.
double isotropy_between(const VelocityMeans& m, const std::vector<double>& of_box, double low, double high);

/// The ratio of an isotropic field with these energies.
std::vector<double> isotropy_of_box(const IsotropicBox& box, const std::vector<double>& energy, int dimensions,
                                    const std::vector<double>& r);

/// A table of numbers by row, values[b] without block b and the last one of all blocks: its mean is the last, its
/// errors those of the jackknife. Rows with one that is no number are left out.
BlockTable table_of_rows(const std::vector<double>& x, const std::vector<double>& count,
                         const std::vector<std::vector<double>>& values);

/// Tables "waves" and "wave_scatter" of a velocity in a periodic box (IsotropicBox::suits), m its means: energies of
/// its waves, and the squared error of isotropy_between that follows from their scatter. Collective.
void measure_waves(const core::RealField& velocity, const core::Communicator& communicator, const VelocityMeans& m,
                   double low, double high, Tables& tables);

/// The error of one field, or of few, from "wave_scatter": its sub-boxes share the waves that are as long as the box.
void set_wave_error(const BlockTable& scatter, ExponentFit& fit);

} // namespace cascade::analysis
