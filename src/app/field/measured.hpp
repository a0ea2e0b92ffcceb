#pragma once
// From tables and fits to the results of a report. Only measured values here: theory comes in compare.hpp.

#include "analysis/measurement/result.hpp"
#include "analysis/sums/block_table.hpp"

namespace cascade::app {

/// What the fits of a run give: results to be judged, and what a reader must know.
struct Fitted {
  std::vector<analysis::Result> results;
  std::vector<std::string> warnings;
};

/// Names and units of a curve's axes.
struct Axes {
  std::string x_name, y_name, x_unit, y_unit;
};

/// Curve of the table's means with jackknife errors, sample counts and centred local slopes, in increasing x.
analysis::Curve make_curve(const analysis::BlockTable& table, const Axes& axes);

/// Centred differences of log y against log x (one-sided at the ends); NaN where x or y is not positive.
std::vector<double> local_slopes(const std::vector<double>& x, const std::vector<double>& y);

/// The same where x is already a logarithm to base two.
std::vector<double> log2_slopes(const std::vector<double>& log2_x, const std::vector<double>& y);

/// fit.window of an alpha in pieces, as its curve: from the window in cell sides and the sides behind the curve's
/// points
/// (`sides` in the curve's order).
void set_window_in_pieces(analysis::Result& result, const std::vector<double>& sides,
                          const analysis::ExponentFit& in_s);

/// "2", "2.5": orders and loss powers in names and ids.
std::string order_text(double order);
std::string zeta_id(const std::string& method, double order, const std::string& component);
std::string alpha_id(const std::string& method, const analysis::Labels& labels);

} // namespace cascade::app
