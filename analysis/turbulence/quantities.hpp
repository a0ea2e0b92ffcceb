#pragma once
// Numbers of a turbulent velocity from its tables of increments, each with its replicates.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/measurement/tables.hpp"
#include "analysis/sums/block_table.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// Means of the tables at hand, of all blocks or without one of them.
struct VelocityMeans {
  std::vector<double> r;
  std::vector<double> second, third; ///< <u_L^2>, <u_L^3>
  std::vector<double> across;        ///< <u_T^2>; empty on a line
  double variance = 0;               ///< of a component
  int dimensions = 3;
};

/// Joins blocks a side in twos (threes ...) until each side is `length` long, as long as two a side are left. Tables of
/// other blocks (one a realisation) come back as they are. `side`: length of the box.
BlockTable joined_blocks(const BlockTable& table, int dimensions, double side, double length);

std::vector<double> dissipation_of(const VelocityMeans& m); ///< - D (D + 2)/12 <u_L^3>/r
std::vector<double> isotropy_of(const VelocityMeans& m);    ///< S_T/(S_L + r S_L'/(D - 1))
double integral_scale_of(const VelocityMeans& m);           ///< NaN where the correlation does not reach zero
double gradient_variance_of(const VelocityMeans& m);        ///< <(d_a u_a)^2>, needs r_0 and 2 r_0
double largest_dissipation_of(const VelocityMeans& m);      ///< of r up to the integral scale; NaN: none is positive

/// A number with its replicates as a fit, errors from the jackknife. Throws NoFit, for the reason `missing`, where it
/// or a replicate is no number, and where there is one block alone.
ExponentFit number_fit(const std::function<double(std::size_t omitted)>& number, std::size_t blocks,
                       const std::string& model, const std::string& missing);

/// Slope of log y against log x, all points the same weight, of tables in the window; replicates by block.
ExponentFit relative_slope(const BlockTable& y, const BlockTable& x, double low, double high);

} // namespace cascade::analysis
