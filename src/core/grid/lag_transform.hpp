#pragma once
// Correlations of distributed fields at every lag: transforms of padded boxes that are never there as a whole.

#include "core/grid/field.hpp"
#include "core/grid/line_fft.hpp"
#include "core/ranks/communicator.hpp"
#include "core/ranks/memory_part.hpp"

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace cascade::core {

/// Lags along one axis: -largest ... largest, n/2 of a periodic axis, n - 1 of another.
struct LagAxis {
  Index points = 1;
  bool periodic = true;
  Index padded = 1; ///< length of the transform: n, or a fast one >= 2n - 1 that keeps the ends of the axis apart
  Index largest = 0;
  Index lags() const { return 2 * largest + 1; }
  /// Points x of the axis for which x + lag is one too.
  Index pairs(Index lag) const { return periodic ? points : points - (lag < 0 ? -lag : lag); }
  /// Place of a lag in a line of `padded` numbers.
  Index place(Index lag) const { return (lag + padded) % padded; }
};

/// Sums over x of a_m(x) b_n(x + l) of any number of real fields on one grid, for every lag l whose component along the
/// first axis that is there is not negative (the others follow from a(x) b(x + l) = b(x') a(x' - l)). Along an axis
/// that is not periodic the fields are taken for zero outside of the box.
///
/// Three steps: spread() transforms lines of axis 2 and gives each rank some of its modes, with all of both other axes;
/// correlate() does those, mode by mode of axis 2, in scratch of one plane: the spectrum of the padded box never exists
/// as a whole; collect() gives each rank some of the lines of axis 2 of the result. Each line is done by the same
/// one-dimensional plan, whoever has it: the same bits at any number of ranks.
/// Memory of a field between the steps: its share of (modes of axis 2) x max(points, lags) of the others.
class LagTransform {
public:
  LagTransform(const Decomposition& decomposition, const Communicator& communicator);
  LagTransform(LagTransform&&) noexcept;
  ~LagTransform();

  const LagAxis& axis(int axis) const;
  /// Numbers of one field between the steps on this rank.
  Index planes_size() const;
  Index total_modes() const; ///< of the padded box, all three axes: what sums over modes are divided by

  /// Fills the line at local indices (i, j) of the field, points(2) numbers.
  using LineSource = std::function<void(Index i, Index j, double* line)>;
  /// Collective. `planes` has planes_size() numbers.
  void spread(const LineSource& source, Complex* planes) const;

  /// A stretch of modes, all with one k of axis 2: spectra[m][i] is field m, at the wavenumber [i] of the first axis
  /// and the rest given by `window`, the transform of the box (one inside, zero outside) at the same modes. Fills
  /// results.
  struct Modes {
    double weight; ///< 1 or 2: modes of the whole transform that each stands for
    std::size_t count;
    std::span<const Complex* const> spectra;
    const Complex* window;
    std::span<double* const> results; ///< count real numbers each
  };
  using Combine = std::function<void(const Modes&)>;
  /// Result m has the real spectrum that `combine` gives (an even function of the lag), or where odd[m] is true i times
  /// that (an odd one). inputs and outputs as spread() made them; they may be the same. Local.
  void correlate(std::span<Complex* const> inputs, std::span<Complex* const> outputs, const std::vector<bool>& odd,
                 const Combine& combine) const;

  /// visit(l0, l1, lines): lines[m][axis(2).place(l2)] is result m at lag (l0, l1, l2). Each rank has other l0, l1.
  using Visitor = std::function<void(Index l0, Index l1, std::span<const double* const> lines)>;
  /// Collective.
  void collect(std::span<const Complex* const> results, const Visitor& visit) const;

  /// Numbers of one field between the steps, and all that is there beside, on the rank that needs most, for so many
  /// fields and results. Local.
  static MemoryParts memory(const Decomposition& decomposition, std::size_t fields, std::size_t results);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace cascade::core
