#pragma once
// Approaches 1 and 2 of Hoffmann et al. (2022): the envelope of all runs, and parabolas through runs of equal compute.

#include "analysis/losses/loss_fit.hpp"
#include "analysis/scaling/run_table.hpp"
#include "core/ranks/communicator.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// log N = log(coefficient) + exponent log C by least squares; 95% of the exponent by Student's t with n - 2 degrees,
/// NaN for two points.
struct SizeLaw {
  int points = 0;
  double exponent = 0, log_coefficient = 0;
  Interval exponent95{};
  double params(double compute) const;
};
/// `weight`: of each point, 1/sd^2 of its log N; empty: 1 each. NaN below two points. Pure.
SizeLaw size_law(const std::vector<double>& compute, const std::vector<double>& params,
                 const std::vector<double>& weight = {});

struct IsoOptions {
  std::vector<double> budgets;  ///< empty: found
  double tolerance = 0.0953102; ///< of |ln(C/budget)|: ln 1.1
  double window = 0;            ///< only sizes within this factor of the best size of the budget; 0: all
  bool of_log_loss = false;     ///< parabola of log L, not of L
  bool take_outside = false;    ///< vertices outside of the sizes too: what they would be, to study the bias
};

/// One budget: L = c0 + c1 x + c2 x^2, x = ln(N/centre).
struct IsoBudget {
  double compute = 0;            ///< the budget, or the geometric mean of its rows
  std::vector<std::size_t> rows; ///< of the table
  double centre = 0, c0 = 0, c1 = 0, c2 = 0;
  double params = 0, loss = 0; ///< of the vertex, whatever it is
  std::string refused;         ///< why the vertex is none; empty: it is
};

struct IsoFlop {
  std::vector<IsoBudget> budgets; ///< in increasing compute, refused ones too
  SizeLaw law;                    ///< of those that are not refused
  int used = 0;
};

/// Budgets are windows of log C, the fullest first, each row in one at most, with three rows at least: as many as an
/// even spread would put there 2.2 times over, or of one compute. A budget is refused with fewer than four sizes, a
/// curvature that is not above zero, or a vertex outside of its sizes. Pure.
IsoFlop isoflop(const RunTable& table, const IsoOptions& options = {});

/// Three budgets with four sizes or more, which hold a third of the rows. Pure.
bool is_isoflop(const IsoFlop& found, const RunTable& table);

/// What the same parabolas make of losses that follow a law exactly: the bias of this grid. NaN where none is left.
struct ParabolaBias {
  double exponent = 0;              ///< found less true
  double size_factor = 0;           ///< found over true N at `compute`
  std::vector<double> size_factors; ///< of each budget that is not refused
};
ParabolaBias parabola_bias(const RunTable& table, const IsoOptions& options, const LossParameters& law, double compute);

/// Rows whose loss is below that of every row of smaller compute, in increasing compute. Pure.
std::vector<std::size_t> envelope_rows(const RunTable& table);

struct Envelope {
  std::vector<std::size_t> rows;
  int sizes = 0;                               ///< different N on it: its real sample size
  SizeLaw law;                                 ///< N against C; the interval is that of resampled runs
  bool ends_small = false, ends_large = false; ///< its first rows are the smallest model, its last the largest
};
/// Whole runs are drawn with replacement `count` times (rows, where the table has no runs). Pure.
Envelope envelope(const RunTable& table, std::int64_t count, std::uint64_t seed);

} // namespace cascade::analysis
