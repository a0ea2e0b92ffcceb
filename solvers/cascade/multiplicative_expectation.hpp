#pragma once
// Second-order expectations of a multiplicative cascade.

#include "theory/expectation.hpp"

#include <memory>
#include <utility>

namespace cascade::solvers {

/// Eddies have independent signs whatever their amplitudes are, so that (32) to (34e) of docs/theory.md hold with
/// X_l = 2^(-D l) sum_c A_c^2 for A_l^2 beta^l: those of a space-filling cascade, `sums`, with E X_l = 2^(-l zeta_2) or
/// with the X_l of one tree (`amplitudes`: 2^(D l) X_l in the place of the numbers of cells). Averages over the active
/// set are known where nothing dies.
class MultiplicativeExpectation final : public theory::Expectation {
public:
  MultiplicativeExpectation(std::shared_ptr<const theory::Expectation> sums, double support, bool dies,
                            std::optional<theory::Activity> amplitudes = {})
      : sums_(std::move(sums)), support_(support), dies_(dies), amplitudes_(std::move(amplitudes)) {}
  std::string name() const override { return sums_->name() + ", with the mean square of the amplitudes"; }
  Values increment(const std::string& component, double order, std::span<const double> separations,
                   const theory::Activity*) const override {
    return sums_->increment(component, order, separations, amplitudes());
  }
  Values loss(double order, int degree, bool active, std::span<const double> sides,
              const theory::Activity*) const override {
    if (active && dies_)
      return {};
    return sums_->loss(order, degree, false, sides, amplitudes());
  }
  Values spectrum(const theory::Activity*) const override { return sums_->spectrum(amplitudes()); }
  Values cells(std::span<const double> sides) const override;

private:
  const theory::Activity* amplitudes() const { return amplitudes_ ? &*amplitudes_ : nullptr; }

  std::shared_ptr<const theory::Expectation> sums_;
  double support_;
  bool dies_;
  std::optional<theory::Activity> amplitudes_;
};

} // namespace cascade::solvers
