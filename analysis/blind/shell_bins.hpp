#pragma once
// Half-octave shells of wave vectors: the abscissa of blind spectra.

#include "core/grid/domain.hpp"

#include <cstddef>
#include <vector>

namespace cascade::analysis {

/// Shells k_max 2^(-(t+1)/2) < |k| <= k_max 2^(-t/2), t = 0, 1, ... of the wave vectors k != 0 of a grid,
/// k_max = floor((n - 1)/2): the ball that every direction fills, Nyquist waves and corners left out. Shell 0 has the
/// smallest scales; shells without a wave vector are left out. Wavenumbers in waves a box. Sums over the wave vectors
/// of a shell run over at most 64 nodes, each standing for the wave vectors of 1/64 of the shell's width in log |k|
/// (where a shell holds few lengths, each length is a node of its own). Immutable value, no MPI.
class ShellBins {
public:
  struct Node {
    double log_k;
    double count; ///< wave vectors, k and -k both counted
  };
  struct Shell {
    double above, up_to;     ///< above < |k|^2 <= up_to
    double wavenumber;       ///< root mean square of |k|
    double modes;            ///< number of wave vectors
    std::vector<Node> nodes; ///< in order of |k|
  };
  /// How wave vectors are counted: one by one, or, what large cubes need, by the number of ways in which |k|^2 is a sum
  /// of three squares. Both count the same; sums over them agree to roundoff.
  enum class Counting { one_by_one, by_squares };
  explicit ShellBins(const core::Domain& domain) : ShellBins(domain, usual(domain)) {}
  ShellBins(const core::Domain& domain, Counting counting);
  /// One by one below 1024 points a side, and in one or two dimensions.
  static Counting usual(const core::Domain& domain);
  /// What counting takes while it lasts. Local.
  static double counting_bytes(const core::Domain& domain);
  const core::Domain& domain() const { return domain_; }
  std::size_t count() const { return shells_.size(); }
  const Shell& operator[](std::size_t j) const { return shells_[j]; }

private:
  core::Domain domain_;
  std::vector<Shell> shells_;
};

/// log of the sum of |k|^-beta over the wave vectors of a shell, and its derivative by beta.
struct ShellPower {
  double log_sum;
  double slope; ///< minus the mean of log |k| under the weight |k|^-beta
};
ShellPower shell_power(const ShellBins::Shell& shell, double beta);

/// (sum w)^2 / (N sum w^2), w = |k|^-beta: the share of a shell's N wave vectors that counts for its energy.
double effective_share(const ShellBins::Shell& shell, double beta);

} // namespace cascade::analysis
