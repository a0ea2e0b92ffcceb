#pragma once
// Exponents of means over a grid: from the exact finite-size curves of the field's kind where there are any.

#include "analysis/measurement/findings.hpp"
#include "analysis/measurement/fits.hpp"
#include "analysis/measurement/subject.hpp"
#include "analysis/sums/block_table.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::analysis {

/// A mean of |increment|^order (degree < 0) or of |f - P|^order on cells, P of this degree, over the volume or the
/// active set. The table must outlive the fit.
struct GridMean {
  const BlockTable& table;
  double order = 2;
  int degree = -1;
  bool active = false;
  std::string component = {}; ///< of a vector's increments
};

/// The fit `of_square` makes of the means to the power 2/order, in terms of the means themselves. Smooth scales and
/// what is missing enter that power as they do the square: of a Gaussian field (A s^2h + B s^2(k+1))^(order/2) is the
/// loss, whose term s^(2h (order/2 - 1) + 2(k+1)) a sum of a rough power and s^(order (k+1)) has not.
ExponentFit fit_as_square(const BlockTable& means, double order,
                          const std::function<ExponentFit(const BlockTable&)>& of_square);

/// Fits of the means of one measurement; nothing here is told d or h. Where there is a family of finite-size curves its
/// amplitude and h are fitted, given the activity counted in the field; otherwise power laws with the known
/// corrections. The functions that come back make the fit when called, and may throw NoFit then; they hold this object.
/// Where a field's largest scales span all its blocks, the family's own covariance weighs the points; its weights are
/// those of the first table asked about at a degree, whatever the order of the fits.
class GridMeans : public std::enable_shared_from_this<GridMeans> {
public:
  using Fit = std::function<ExponentFit()>;
  /// `aligned`: cells are those of the field's own grid, which the curves know; of a stationary field they know all.
  /// Both must outlive the fits.
  GridMeans(const Subject& subject, const Findings& findings, bool aligned = true);

  /// Exponent in x.
  Fit exponent(const GridMean& mean);
  /// The same without the family.
  Fit plain(const GridMean& mean) const;
  /// Whether exponent() leans on the family.
  bool by_family(const GridMean& mean) const;
  /// Lists the fit of plain(), where that is another than exponent().
  std::optional<Fits::Number> list_plain(const GridMean& mean, Fits& fits) const;
  /// Puts beside one another, within the making of the result `id` (Fits::give), the fit of exponent() it is made of,
  /// that of list_plain(), and the blind zeta_q of this order, all divided by D where the result is an alpha. Warns
  /// where blind and curve are more than three of their errors apart. `missing`: why there is no fit of exponent();
  /// throws NoFit with it where no other way gives a number.
  void settle_ways(const std::string& id, Result& result, const GridMean& mean, std::optional<Fits::Number> plain,
                   Fits& fits, const std::string& missing = {}) const;
  /// h from the family; there must be one. Its shape is exact for order 2 and an approximation for others, whose errors
  /// grow by the usual scale factor sqrt(chi^2/dof) when it does not fit.
  Fit roughness(const GridMean& mean);

  int dimensions() const { return subject_.dimensions; }
  bool has_family() const { return subject_.family != nullptr; }
  const theory::FiniteSize& family() const { return *subject_.family; }
  /// Counted on all blocks, or without one.
  const theory::Activity& activity(std::optional<std::size_t> without) const;
  /// D - d, d counted; 0 for a field that fills the box. Throws NoFit where d could not be had.
  double codimension(std::optional<std::size_t> without) const;

private:
  using Matrix = std::vector<std::vector<double>>;
  ExponentFit fit_exponent_of(const GridMean& mean) const;
  ExponentFit fit_roughness(const GridMean& mean) const;
  ExponentFit fit_power(const GridMean& mean) const;
  ExponentFit fit_smooth(const GridMean& mean, double hurst) const;
  std::vector<std::int64_t> in_points(const std::vector<double>& x) const;
  const Matrix& covariance_of(int degree) const;

  const Subject& subject_;
  const Findings& findings_;
  bool aligned_;
  std::map<int, const BlockTable*> typical_; ///< by degree: the table whose slope decides the weights
  mutable std::map<int, Matrix> covariances_;
};

} // namespace cascade::analysis
