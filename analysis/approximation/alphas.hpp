#pragma once
// Exponents alpha of losses against the number of pieces, L ~ N^-alpha, from exponents against the side of a cell.

#include "analysis/fit/exponent_fit.hpp"
#include "analysis/measurement/result.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/sums/block_table.hpp"

#include <optional>
#include <string>

namespace cascade::analysis {

/// "alpha/uniform/volume/k0/q2": ids of results, the method aside.
std::string alpha_id(const std::string& partition, const std::string& average, int degree, double loss_power);

/// Names of tables: losses on uniform partitions of the grid ("uniform_shifted/..." with a random origin), and leaves
/// and losses of adaptive ones.
std::string uniform_table(std::int64_t degree, double power, const std::string& average, bool shifted);
std::string adaptive_table(std::int64_t degree, double power, const std::string& what);
/// Losses on cells of the point view; those of scattered points are not told apart by average.
std::string cell_loss_table(std::int64_t degree, double power, const std::string& average = "", bool shifted = false);
bool of_shifted_cells(const std::string& table);

/// Where the number of pieces of side s comes from: N = s^-D by geometry, a count, or N = s^-d by the generator's word.
struct Pieces {
  enum class Kind { geometry, counted, promised };
  Kind kind = Kind::geometry;
  double dimension = 1;              ///< the exponent, D or d; unused where counted
  const BlockTable* cells = nullptr; ///< counts
  std::string note;                  ///< for a reader of the report

  double count(double side) const;
  double log2_count(double side) const; ///< may exceed what a double holds
};

/// What a loss is the loss of.
struct LossSet {
  std::string partition, average;
  int degree = 0;
  double power = 2;
};

/// The result from the exponent in s: divided by D (or d), or by the counted dimension, errors of both carried by the
/// joint jackknife (`counted` null where nothing is). Curve and window against N, or log2 N.
Result alpha_result(const LossSet& set, const std::string& name, const BlockTable& table, const ExponentFit& in_s,
                    const Pieces& pieces, const ExponentFit* counted, bool log2);

/// Everything of an alpha but its numbers.
Result labelled_alpha(const LossSet& set);

} // namespace cascade::analysis
