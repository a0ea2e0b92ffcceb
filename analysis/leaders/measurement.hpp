#pragma once
// The measurement `leaders`: log-cumulants of wavelet leaders.

#include "analysis/measurement/measurement.hpp"

namespace cascade::analysis {

/// With |d(j, k)| the largest of the 2^D - 1 coefficients of a cell of tensor products of a Daubechies wavelet with N
/// vanishing moments on the periodic cube (D = 1, 2, 3), normalised so that of a function of roughness h it is of size
/// 2^(j h) at scale 2^j points, and
///     L(j, k) = max of |d| over the 3^D cells (j, k') about (j, k) and everything finer below these,
/// the cumulants of ln L grow as C_m(j) = const + c_m ln 2^j: c_1 the most frequent roughness, c_2 <= 0 how far it
/// varies, c_3 how skew, zeta_q = c_1 q + c_2 q^2/2 + c_3 q^3/6 + ... (Wendt, Abry, Jaffard, IEEE Signal Process. Mag.
/// 24 (2007) 38; images: Wendt, Roux, Jaffard, Abry, Signal Process. 89 (2009) 1100). D(h) is the Legendre transform of
/// the slopes zeta_q of log2 <L^q>, q from `orders` (legendre.hpp). Leaders need h_min > 0: h_min, the slope of the
/// largest coefficient, is measured too; where it is clearly negative (two errors) leaders are refused, where it is
/// negative at all that is said. With `p` the leaders are the (sum of 2^(D (j' - j)) |d|^p)^(1/p) of the same
/// coefficients instead, j' <= j, which need zeta_p > 0 only, that of the coefficients, by the same rule (p-leaders:
/// Leonarduzzi et al., Physica A 448 (2016) 319). Octaves below `first`, which the grid spoils,
/// are left out of the leaders of lines (not of p-leaders) too (samples are read as averages, eddies of two points fall
/// into them: c_1 of cascades was .03 low), and the slopes have a term for the end they leave (log_slope.hpp), of
/// exponent zeta_p for p-leaders, 2 for those leaders where first > 1, whose
/// fit begins at first + 1 (at `first` they are the largest of nothing finer). Scales from `first` octaves on up to a
/// 32nd of a line (a 16th where that leaves fewer than four octaves), a quarter of a side in two and three dimensions.
/// Refused where values stand still (still.hpp). Blocks: realisations, or sixteenths of the box.
class LeadersMeasurement final : public Measurement {
public:
  void declare(core::ParameterVisitor& v) override;
  std::vector<std::string> silent_keys() const override;
  void validate(const Subject& subject, core::Problems& problems) const override;
  std::vector<Cost> cost(const Subject& subject, const core::Decomposition* grid) const override;
  void measure_grid(const core::GridSample& sample, const Subject& subject, const Batch& batch,
                    Tables& tables) const override;
  void fit(const Subject& subject, View view, const Tables& tables, const Findings& findings,
           Fits& fits) const override;

private:
  std::int64_t moments_ = 3;
  std::int64_t first_ = 3;
  std::optional<double> p_;
  std::vector<double> orders_ = usual_orders();

  static std::vector<double> usual_orders() { return {-3, -2, -1, 0, 1, 2, 3}; }
};

std::optional<Predicted> leaders_law(const theory::Law& law, const Result& result);

} // namespace cascade::analysis
