#pragma once
// What a scaling law is, and the table of all of them.

#include "analysis/scaling/laws/jet.hpp"
#include "analysis/scaling/run_table.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// The rows of a table as a law sees them. Logarithms of resources are about their means, which take most of the
/// correlation between amplitudes and exponents away. Empty columns are empty.
struct LawData {
  std::string name;
  std::vector<double> log_n, log_d, log_c, log_u; ///< of N, D, C, unique tokens, each less its mean
  double mean_n = 0, mean_d = 0, mean_c = 0;      ///< mean of log N, log D, log C; of log u that of log D
  std::vector<double> x;                          ///< what stands for the loss where an error is the response
  std::vector<double> log_experts;                ///< of the number of experts, not centred
  std::vector<int> group;                         ///< 0, 1, ...
  std::vector<std::string> group_names;
  std::vector<double> response; ///< L, or an error
  std::vector<double> weight;   ///< empty: 1 each
  std::size_t size() const { return response.size(); }
  LawData subset(const std::vector<std::size_t>& rows) const; ///< the same means
};
/// Rows that differ in a resource, in the number of experts, in x or in group: seeds of one place count once. Pure.
std::size_t places_of(const LawData& data);
/// Of a table: the response is the loss. Pure.
LawData law_data(const RunTable& table);
/// The response is the error column, x the loss; rows without an error are left out. Pure.
LawData error_data(const RunTable& table);

/// A number that a law is quoted by: the exponents, log A, E. Its value and derivatives by the variables.
struct LawNumber {
  std::string name;
  Jet value;
  bool exponent = false; ///< it is variable `variable` itself: profiled
  int variable = -1;
  bool logarithm = false; ///< the variable is the logarithm of the number
};

/// L as a function of a row and of a few variables. Immutable; a pair of files and a line of the table.
class ScalingLaw {
public:
  virtual ~ScalingLaw() = default;
  /// Why the law does not suit these rows; empty: it does.
  virtual std::string unsuited(const LawData& data) const = 0;
  virtual int variables(const LawData& data) const = 0;
  /// log of the law at a row.
  virtual Jet log_law(const std::vector<Jet>& at, const LawData& data, std::size_t row) const = 0;
  /// Where searches begin.
  virtual std::vector<std::vector<double>> starts(const LawData& data) const = 0;
  /// What it is quoted by.
  virtual std::vector<LawNumber> numbers(const std::vector<Jet>& at, const LawData& data) const = 0;
};

struct ScalingLawEntry {
  std::string name, formula, source;
  std::unique_ptr<ScalingLaw> (*make)();
};
/// All laws; one line each in catalogue.cpp.
const std::vector<ScalingLawEntry>& scaling_laws();
const ScalingLawEntry& scaling_law_of(const std::string& name); ///< throws std::out_of_range

/// Exponents outside of these describe one row or none; laws are no number there.
constexpr double lowest_law_exponent = -2, highest_law_exponent = 20;
inline bool exponent_in_range(const Jet& exponent) {
  return exponent.v > lowest_law_exponent && exponent.v < highest_law_exponent;
}

/// Median of the logarithm of the response, and of its lowest tenth: what starts are scaled by.
double typical_log(const LawData& data);
double lowest_log(const LawData& data);

} // namespace cascade::analysis
