#include "solvers/gaussian/expectation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cascade::solvers {
namespace {

using core::Index;

/// c_p = E |Z|^p of a standard normal Z.
double normal_moment(double order) {
  return std::exp2(order / 2) * std::tgamma((order + 1) / 2) / std::sqrt(std::numbers::pi);
}

/// Power of all fine waves that the coarse grid takes for (k0, k1, k2).
class FoldedPower {
public:
  FoldedPower(const theory::PowerLawBand& band, Index oversampling, double hurst, double scale)
      : band_(band), n_(band.points()), copies_(oversampling), hurst_(hurst), scale_(scale) {}
  double operator()(Index k0, Index k1, Index k2) const {
    const int D = band_.dimensions();
    double sum = 0;
    for (Index a = D > 2 ? -copies_ : 0; a <= (D > 2 ? copies_ : 0); ++a)
      for (Index b = D > 1 ? -copies_ : 0; b <= (D > 1 ? copies_ : 0); ++b)
        for (Index c = -copies_; c <= copies_; ++c)
          sum += power(k0 + a * n_, k1 + b * n_, k2 + c * n_);
    return scale_ * sum;
  }

private:
  double power(Index a, Index b, Index c) const {
    if (std::max({std::abs(a), std::abs(b), std::abs(c)}) > band_.largest() || (a == 0 && b == 0 && c == 0))
      return 0;
    const auto x = static_cast<double>(a), y = static_cast<double>(b), z = static_cast<double>(c);
    return band_.power(x * x + y * y + z * z, hurst_);
  }
  const theory::PowerLawBand& band_;
  Index n_, copies_;
  double hurst_, scale_;
};

} // namespace

GaussianExpectation::GaussianExpectation(const GaussianParameters& p, const core::Decomposition& decomposition,
                                         const core::Communicator& communicator, const theory::ExpectedLosses& losses)
    : band_(static_cast<int>(p.embedding_dimension), decomposition.domain().points(), p.low_cutoff, p.high_cutoff,
            p.oversampling),
      hurst_(p.hurst), components_(p.component_count()), scale_(1 / band_.exact_variance(hurst_)) {
  for (const double q : losses.powers)
    if (q != 2)
      powers_.push_back(q);
  if (components_ > 1 || powers_.empty() || losses.highest_degree < 0)
    return;
  const FoldedPower power(band_, p.oversampling / 2, hurst_, scale_);
  residuals_ = residual_moments(decomposition, communicator, power, losses.highest_degree, powers_);
}

Index GaussianExpectation::in_points(double x) const {
  return std::llround(x * static_cast<double>(band_.points()));
}

theory::Expectation::Values GaussianExpectation::increment(const std::string& component, double order,
                                                           std::span<const double> separations,
                                                           const theory::Activity*) const {
  const double D = band_.dimensions();
  std::vector<double> result;
  for (const double x : separations) {
    const Index r = in_points(x);
    const double square =
        components_ == 1
            ? scale_ * band_.exact_structure_function(r, hurst_)
            : scale_ * D / (D - 1) * band_.exact_vector_structure_function(r, component == "longitudinal", hurst_);
    result.push_back(normal_moment(order) * std::pow(square, order / 2));
  }
  return result;
}

theory::Expectation::Values GaussianExpectation::loss(double order, int degree, bool, std::span<const double> sides,
                                                      const theory::Activity*) const {
  std::vector<double> result;
  const auto place = std::find(powers_.begin(), powers_.end(), order);
  for (const double x : sides) {
    const Index side = in_points(x);
    if (order == 2) {
      result.push_back(components_ * scale_ * band_.exact_cell_error(side, degree, hurst_));
      continue;
    }
    const auto known = residuals_.mean.find({side, degree});
    if (place == powers_.end() || known == residuals_.mean.end())
      return {};
    result.push_back(normal_moment(order) * known->second[static_cast<std::size_t>(place - powers_.begin())]);
  }
  return result;
}

theory::Expectation::Values GaussianExpectation::spectrum(const theory::Activity*) const {
  auto shells = band_.exact_spectrum(hurst_);
  for (double& e : shells)
    e *= scale_ * (components_ > 1 ? 0.5 * components_ : 1.0);
  return shells;
}

} // namespace cascade::solvers
