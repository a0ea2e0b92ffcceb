#pragma once
// Exponents of all orders of one kind of field, blind: from its band tables alone.

#include "analysis/blind/band_layout.hpp"
#include "analysis/blind/blind_exponent.hpp"
#include "analysis/blind/flatness.hpp"
#include "analysis/blind/second_order.hpp"

#include <optional>
#include <vector>

namespace cascade::analysis {

/// Everything that is fitted to the tables of one field (any number of realisations appended). Never sees d or h, nor
/// the kind of generator. zeta_2 from the spectrum (second_order.hpp), every other order
///   zeta_q = (q/2) zeta_2 + slope of log F_q (flatness.hpp),
///   error^2 = (q/2)^2 e_2^2 + e_F^2 + 2 rho (q/2) e_2 e_F, at least .35 of the first two terms together,
/// rho the correlation of what the blocks do to the two (0 for a field without excess noise), freedom of Student's t by
/// Welch and Satterthwaite. Fewer than three wavelets give no other order; with three, only a field that is not
/// intermittent (weight of slope zero above one half).
class BlindFits {
public:
  BlindFits(const BandLayout& layout, const BandTables& tables);
  const SecondOrder& second() const { return second_; }
  const std::vector<Flatness>& flatness() const { return flatness_; } ///< in the order of the layout, without order 2
  /// zeta_q, 0 < q; an order the layout does not have throws std::invalid_argument.
  BlindExponent zeta(double order) const;

private:
  BlindExponent combined(const Flatness& flatness) const;

  BandLayout layout_;
  SecondOrder second_;
  WaveletRange wavelets_;
  std::vector<Flatness> flatness_;
  Eigen::MatrixXd influences_; ///< of the blocks on the shells' energies
  Eigen::Index realisations_;
};

} // namespace cascade::analysis
