#include "theory/beta_law.hpp"

#include <utility>

namespace cascade::theory {

BetaLaw::BetaLaw(int embedding_dimension, double dimension, double hurst, std::string reference)
    : embedding_dimension_(embedding_dimension), dimension_(dimension), hurst_(hurst),
      reference_(std::move(reference)) {}

double BetaLaw::zeta(double order) const {
  return order * hurst_ + embedding_dimension_ - dimension_;
}

} // namespace cascade::theory
