#pragma once
// What a blind measurement takes from a field: which bands, which blocks, which orders.

#include "analysis/blind/shell_bins.hpp"
#include "analysis/sums/block_table.hpp"

#include <vector>

namespace cascade::analysis {

/// Names the tables of one kind of field; known before anything is measured. Immutable value, no MPI.
/// Blocks a side: 64 (16 below 4096 points) for D = 1, 8 for D = 2, 4 (6 from 96 points) for D = 3.
/// Wavelets: f is filtered with H(k) = (|k|/k_j)^4 exp(-2 (|k|/k_j)^2), k_j = n 2^-j/(2 pi), as long as k_j is at least
/// 2/pi blocks a side: a wave packet of about an octave, local in space (a sharp shell rings over dead regions, and a
/// piecewise fit sees the codimension of smooth ones too small).
class BandLayout {
public:
  /// orders: positive; those of the moments of wavelets, 2 is always there.
  BandLayout(const core::Domain& domain, int components, bool periodic, const std::vector<double>& orders);
  const core::Domain& domain() const { return bins_.domain(); }
  int components() const { return components_; }
  bool periodic() const { return periodic_; }
  /// About how many transforms of one component the bands of such a grid take: what a plan needs, without counting
  /// wave vectors.
  static double transforms(int dimensions, core::Index points);
  const ShellBins& bins() const { return bins_; }
  int blocks_per_side() const { return per_side_; }
  std::size_t blocks() const;
  /// The same of the layout for a grid, without making it.
  static double blocks(const core::Domain& domain);
  /// Rows of its tables, at most.
  static double rows(core::Index points);
  static double wavelet_rows(int dimensions, core::Index points);
  /// Shells whose waves fit at least twice into a block's side: the first of all.
  std::size_t resolved() const { return resolved_; }
  /// First shell that is used: the top half octave, where every field has an end of its own (waves of two points,
  /// eddies of two points, aliases), is left out where there are 12 shells or more.
  std::size_t first_used() const { return bins_.count() >= 12 ? 1 : 0; }
  const std::vector<double>& wavelets() const { return wavelets_; } ///< k_j, falling
  const std::vector<double>& orders() const { return orders_; }     ///< 2, and the others
  /// Independent amplitudes a wave vector and its conjugate share: 1 of a scalar, D - 1 of a (solenoidal) vector.
  double amplitudes() const { return components_ > 1 ? components_ - 1 : 1; }
  /// Share of the modes that counts where the field is tapered (1 for a periodic one).
  double tapered_share() const { return share_; }
  /// Lowest wavenumber that is not spoilt by the taper.
  double lowest_wavenumber() const { return periodic_ ? 0 : 3; }

private:
  ShellBins bins_;
  int components_;
  bool periodic_;
  int per_side_;
  std::size_t resolved_ = 0;
  std::vector<double> wavelets_, orders_;
  double share_ = 1;
};

/// Half the number of wave vectors of independent amplitude behind the energy of a wavelet of wavenumber k in a field
/// of power |k|^-beta, one realisation: (sum H^2 P)^2 / (2 sum H^4 P^2), times amplitudes() tapered_share().
double wavelet_modes(const BandLayout& layout, double wavenumber, double beta);

/// Tables of one realisation, or of several appended: blocks lie realisation by realisation.
struct BandTables {
  BlockTable energy;               ///< x = 1/|k| of the shells, ascending; mean = mean square of the field in the shell
  std::vector<BlockTable> moments; ///< [order] x = 1/k_j; mean = mean of |wavelet|^order
  void append(const BandTables& other);
};

} // namespace cascade::analysis
